"""Which units are one house: a unit, all that it belongs to, and all that belongs to it."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from functools import lru_cache

from lianxin.registry.models import Unit

FRESH_FOR = 5  # seconds a look at the tree may be old: every list of somebody with a unit asks

Tree = dict[str, list[str]]


def house(units: Iterable[str]) -> frozenset[str]:
    """These units with those above and below them, whether still in force or not. Others under the
    same roof are not: one department of a county may look into another."""
    asked = list(units)
    if not asked:
        return frozenset()
    up, down = tree(int(time.monotonic() / FRESH_FOR))
    return frozenset((*asked, *along(up, asked), *along(down, asked)))


def along(tree: Tree, units: Iterable[str]) -> Iterator[str]:
    """All that is reached from these units; each once, should the tree bite its own tail."""
    seen: set[str] = set()
    line = [*units]
    for unit in line:
        for other in tree.get(unit, ()):
            if other not in seen:
                seen.add(other)
                line.append(other)
                yield other


@lru_cache(maxsize=1)
def tree(tick: int) -> tuple[Tree, Tree]:
    """unit → what it belongs to, and unit → what belongs to it; two sheets of the same rows."""
    up: Tree = {}
    down: Tree = {}
    for unit, parent in Unit.objects.exclude(parent=None).values_list("pk", "parent_id"):
        up.setdefault(str(unit), []).append(str(parent))
        down.setdefault(str(parent), []).append(str(unit))
    return up, down


def forget() -> None:
    """Look at the tree again: between tests."""
    tree.cache_clear()
