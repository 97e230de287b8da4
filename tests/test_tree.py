"""A tidy tree: nothing meets, parents are centred, mirror images mirror, like trees look alike."""

import doctest
from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from lianxin.core import tree
from lianxin.core.tree import preorder, tidy

Parts = list[list[int]]
NEAR = 1e-6


@some.composite
def trees(draw: some.DrawFn) -> Parts:
    """Each node after the first hangs under one before it: broad trees, deep ones, combs."""
    n = draw(some.integers(1, 40))
    back = draw(some.sampled_from((1, 2, 5, 40)))
    parts: Parts = [[] for _ in range(n)]
    for node in range(1, n):
        parts[draw(some.integers(max(0, node - back), node - 1))].append(node)
    return parts


def levels(parts: Parts) -> Iterator[list[int]]:
    """The nodes of each level, from left to right."""
    row = [0]
    while row:
        yield row
        row = [part for node in row for part in parts[node]]


@given(trees())
def test_neighbours_of_a_level_never_meet_and_keep_their_order(parts: Parts) -> None:
    across = tidy(parts)
    for row in levels(parts):
        for left, right in pairwise(row):
            assert across[right] - across[left] >= 1 - NEAR
    assert min(across) == 0


@given(trees())
def test_a_parent_stands_over_the_middle_of_its_parts(parts: Parts) -> None:
    across = tidy(parts)
    for node, row in enumerate(parts):
        if row:
            assert across[node] == pytest.approx((across[row[0]] + across[row[-1]]) / 2)


@given(trees())
def test_the_mirror_image_of_a_tree_is_drawn_as_the_mirror_image(parts: Parts) -> None:
    across, turned = tidy(parts), tidy([row[::-1] for row in parts])
    wide = max(across)
    assert [wide - x for x in across] == pytest.approx(turned, abs=NEAR)


@given(trees())
def test_the_same_subtree_looks_the_same_wherever_it_hangs(parts: Parts) -> None:
    """The tree twice under one root: both are drawn alike, and as it is drawn alone."""
    alone, n = tidy(parts), len(parts)
    both = [[1, n + 1], *([part + 1 for part in row] for row in parts),
            *([part + n + 1 for part in row] for row in parts)]  # fmt: skip
    across = tidy(both)
    for first in (1, n + 1):
        moved = [x - across[first] + alone[0] for x in across[first : first + n]]
        assert moved == pytest.approx(alone, abs=NEAR)


def test_a_known_tree_is_drawn_as_one_would_by_hand() -> None:
    """The second of three is centred between its neighbours, though the first reaches far."""
    parts = [[1, 2, 3], [4, 5, 6], [], [7, 8, 9], *([[]] * 6)]
    across = tidy(parts)
    assert across[1:4] == pytest.approx([1, 2.5, 4])
    assert across[0] == across[2]


def test_a_long_chain_and_a_wide_row_need_no_recursion() -> None:
    n = 20_000
    chain = [[node + 1] for node in range(n - 1)] + [[]]
    assert set(tidy(chain)) == {0}
    row = [list(range(1, n)), *([[]] * (n - 1))]
    assert tidy(row)[1:] == [float(x) for x in range(n - 1)]


class Counted(list):
    """A row of parts that counts how often it is looked at."""

    looks = 0

    def __getitem__(self, at):  # type: ignore[no-untyped-def]
        Counted.looks += 1
        return super().__getitem__(at)


def test_the_work_grows_as_the_tree_does() -> None:
    """A comb whose every tooth reaches as deep as all before it: the worst for contours."""

    def looks(n: int) -> int:
        parts: Parts = [[] for _ in range(2 * n - 1)]
        for node in range(n - 1):
            parts[node] = Counted([n + node, node + 1])
        Counted.looks = 0
        tidy(parts)
        return Counted.looks

    assert looks(4000) < 4.4 * looks(1000)


@pytest.mark.parametrize("parts", [[[1], [0]], [[1, 1], []], [[1, 2], [2], []], [[], []]])
def test_what_is_no_tree_is_refused(parts: Parts) -> None:
    with pytest.raises(ValueError, match=r"stands under|not under the root"):
        tidy(parts)


def test_the_examples_hold() -> None:
    assert doctest.testmod(tree).failed == 0
    assert preorder([[2, 1], [], []]) == [0, 2, 1]
