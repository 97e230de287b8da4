"""A tidy drawing of a tree: a parent stands over the middle of its parts, and none meets another.

Reingold and Tilford's rules in linear time (Buchheim, Jünger, Leipert: Improving Walker's algorithm
to run in linear time, 2002). The tree is walked from its left and from its right, and the two are
averaged: so the mirror image of a tree is drawn as the mirror image of its drawing.
"""

from __future__ import annotations

from collections.abc import Sequence

Parts = Sequence[Sequence[int]]
NONE = -1


def tidy(parts: Parts, root: int = 0) -> list[float]:
    """Where each node stands across its level; neighbours of a level are at least 1 apart, and the
    leftmost node of all stands at 0.

    `parts[n]`: the nodes below node n, in order. Raises ValueError for what is no tree.

    >>> tidy([[1, 2], [], [3, 4], [], []])
    [0.5, 0.0, 1.0, 0.5, 1.5]
    """
    down = preorder(parts, root)
    if len(down) != len(parts):
        raise ValueError(f"{len(parts) - len(down)} nodes are not under the root")
    left = Walk(parts, down).placed()
    turned = [list(reversed(row)) for row in parts]
    right = Walk(turned, preorder(turned, root)).placed()
    across = [(a - b) / 2 for a, b in zip(left, right, strict=True)]
    first = min(across)
    return [x - first for x in across]


def preorder(parts: Parts, root: int = 0) -> list[int]:
    """Every node under the root, a parent before its parts. Raises ValueError where a node stands
    under two others, or under itself.

    >>> preorder([[2, 1], [], [3], []])
    [0, 2, 3, 1]
    """
    seen, waiting, found = {root}, [root], []
    while waiting:
        node = waiting.pop()
        found.append(node)
        for part in reversed(parts[node]):
            if part in seen:
                raise ValueError(f"node {part} stands under two others")
            seen.add(part)
            waiting.append(part)
    return found


class Walk:
    """One walk from the left. `at` and `moved` are the prelim and mod of the paper, `thread` leads
    on along a contour where a subtree has ended, `chief` is the ancestor that a contour belongs
    to."""

    def __init__(self, parts: Parts, down: Sequence[int]) -> None:
        n = len(parts)
        self.parts, self.down = parts, down
        self.parent, self.nth = [NONE] * n, [0] * n
        self.at, self.moved = [0.0] * n, [0.0] * n
        self.shift, self.change = [0.0] * n, [0.0] * n
        self.thread, self.chief = [NONE] * n, list(range(n))
        for node in down:
            for i, part in enumerate(parts[node]):
                self.parent[part], self.nth[part] = node, i

    def placed(self) -> list[float]:
        default = [row[0] if row else NONE for row in self.parts]
        for node in self.upwards():
            self.stand(node)
            above = self.parent[node]
            if above != NONE:
                default[above] = self.apportion(node, default[above])
        across, sums = [0.0] * len(self.parts), [0.0] * len(self.parts)
        for node in self.down:
            across[node] = self.at[node] + sums[node]
            for part in self.parts[node]:
                sums[part] = sums[node] + self.moved[node]
        return across

    def upwards(self) -> list[int]:
        """The parts before their parent, from left to right."""
        waiting, found = [self.down[0]], []
        while waiting:
            node = waiting.pop()
            found.append(node)
            waiting.extend(self.parts[node])
        return found[::-1]

    def before(self, node: int) -> int:
        """The neighbour to the left under the same parent."""
        if not self.nth[node]:
            return NONE
        return self.parts[self.parent[node]][self.nth[node] - 1]

    def stand(self, node: int) -> None:
        """Beside its left neighbour, its parts around it."""
        before, below = self.before(node), self.parts[node]
        beside = self.at[before] + 1 if before != NONE else 0.0
        if not below:
            self.at[node] = beside
            return
        self.spread(below)
        middle = (self.at[below[0]] + self.at[below[-1]]) / 2
        self.at[node] = beside if before != NONE else middle
        self.moved[node] = self.at[node] - middle

    def spread(self, below: Sequence[int]) -> None:
        """What moved one part aside is shared out among those before it."""
        shift = change = 0.0
        for part in reversed(below):
            self.at[part] += shift
            self.moved[part] += shift
            change += self.change[part]
            shift += self.shift[part] + change

    def apportion(self, node: int, default: int) -> int:
        """Moves a subtree so far to the right that it is clear of all those before it: down the
        right contour of these and the left contour of its own."""
        before = self.before(node)
        if before == NONE:
            return default
        # inner and outer contours (left, right), and how far each has been moved so far
        lo, li, ri, ro = self.parts[self.parent[node]][0], before, node, node
        slo, sli, sri, sro = (self.moved[n] for n in (lo, li, ri, ro))
        while (next_li := self.right(li)) != NONE and (next_ri := self.left(ri)) != NONE:
            lo, li, ri, ro = self.left(lo), next_li, next_ri, self.right(ro)
            self.chief[ro] = node
            if (far := self.at[li] + sli - self.at[ri] - sri + 1) > 0:
                self.move(self.chief_of(li, node, default), node, far)
                sri, sro = sri + far, sro + far
            slo, sli = slo + self.moved[lo], sli + self.moved[li]
            sri, sro = sri + self.moved[ri], sro + self.moved[ro]
        if self.right(li) != NONE and self.right(ro) == NONE:
            self.thread[ro] = self.right(li)
            self.moved[ro] += sli - sro
        if self.left(ri) != NONE and self.left(lo) == NONE:
            self.thread[lo] = self.left(ri)
            self.moved[lo] += sri - slo
            return node
        return default

    def move(self, first: int, last: int, far: float) -> None:
        share = far / (self.nth[last] - self.nth[first])
        self.change[last] -= share
        self.change[first] += share
        self.shift[last] += far
        self.at[last] += far
        self.moved[last] += far

    def chief_of(self, contour: int, node: int, default: int) -> int:
        chief = self.chief[contour]
        return chief if self.parent[chief] == self.parent[node] else default

    def left(self, node: int) -> int:
        return self.parts[node][0] if self.parts[node] else self.thread[node]

    def right(self, node: int) -> int:
        return self.parts[node][-1] if self.parts[node] else self.thread[node]
