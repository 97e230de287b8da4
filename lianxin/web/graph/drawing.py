"""The graph on one sheet of A3: the tree as deep as fits, half of it to either side of the root."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import accumulate

from lianxin.core.step.who import Grant
from lianxin.core.tree import tidy
from lianxin.registry.queries.graph import Node, levels
from lianxin.web.graph.words import Told, told
from lianxin.web.words import say

WIDTH, HEIGHT = 420.0, 297.0  # of the sheet, in millimetres
MARGIN, TOP, TALL = 10.0, 28.0, 251.0  # at the sides, above the tree; room for the tree itself
MOST = 170  # ends of branches to one side that can still be read
ONE_SIDE = 36  # up to so many, the root stands at the left edge
TALLEST, LETTER = 7.0, 0.72  # of a row, in millimetres; of its letters, as a share of the row
SIGNS_OF = 20  # Chinese letters of a column
JOINT = 4.0  # between a node's line and those below it
PLAIN = 0.56  # width of a Latin letter, as a share of a Chinese one
SIGNS = dict.fromkeys([*range(32), 0xFFFE, 0xFFFF])  # what no drawing may hold


@dataclass(frozen=True, slots=True)
class Grown:
    """A tree as a list: `parts[n]` are the nodes below node n, of which the first is the root.
    `cut`: more lies below than fits."""

    nodes: list[Told]
    parts: list[list[int]]
    cut: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """One node: its line from x to `end` at height y; `name` and what is `missing` stand on it,
    from `at` on, towards the `side` they read to (start or end). `joints`: paths of the lines to
    what is below."""

    x: float
    end: float
    y: float
    at: float
    side: str
    name: str
    rest: str
    missing: str
    joints: list[str]

    @property
    def text(self) -> float:
        """The words stand just above their line."""
        return self.y - 0.5


@dataclass(frozen=True, slots=True)
class Sheet:
    width: float
    height: float
    letter: float
    marks: list[Mark]
    n: int
    cut: bool


def grown(root: Node, reader: Grant, on: date) -> Grown:
    """Level after level, while the ends of the branches fit on the sheet. Each level takes the same
    number of queries, however many nodes it has."""
    tree, edge = Grown([told(root)], [[]], False), [0]
    while True:
        opening = {tree.nodes[n].key: n for n in edge if tree.nodes[n].parts}
        if not opening:
            return tree
        first, more = len(tree.nodes), sum(tree.nodes[n].parts for n in opening.values())
        if first > 1 and more > 2 * MOST:
            return replace(tree, cut=True)
        deeper = one_more(tree, opening, levels(opening, reader, on))
        if first > 1 and too_tall(deeper.parts):
            return replace(tree, cut=True)
        tree, edge = deeper, list(range(first, len(deeper.nodes)))


def one_more(tree: Grown, opening: Mapping[str, int], found: Mapping[str, Sequence[Node]]) -> Grown:
    """The tree with what was found below these nodes."""
    nodes, parts = list(tree.nodes), [list(row) for row in tree.parts]
    for key, below in found.items():
        for node in below:
            parts[opening[key]].append(len(nodes))
            nodes.append(told(node))
            parts.append([])
    return Grown(nodes, parts, tree.cut)


def too_tall(parts: Sequence[Sequence[int]]) -> bool:
    ends = ends_of(parts)
    return any(sum(ends[top] for top in side) > MOST for side in halves(parts))


def ends_of(parts: Sequence[Sequence[int]]) -> list[int]:
    """How many branches end below each node; a part always stands behind its parent."""
    ends = [0] * len(parts)
    for n in range(len(parts) - 1, -1, -1):
        ends[n] = sum(ends[part] for part in parts[n]) or 1
    return ends


def drawn(tree: Grown) -> Sheet:
    """Where each line and word stands, in millimetres."""
    left, right = halves(tree.parts)
    sides = [side for side in (side_of(tree, right, 1), side_of(tree, left, -1)) if side]
    across = max(side.span for side in sides) + 1 if sides else 1
    row = min(TALLEST, TALL / across)
    deep = max((side.deep for side in sides), default=0)
    columns = 2 * deep + 1 if left else deep + 1
    column = (WIDTH - 2 * MARGIN) / columns
    x = MARGIN + (deep if left else 0) * column
    room = Room(column, row, x)
    marks = [room.root(tree, sides)]
    marks += [mark for side in sides for mark in room.marks(tree, side)]
    return Sheet(WIDTH, HEIGHT, round(room.letter, 2), marks, len(tree.nodes), tree.cut)


def halves(parts: Sequence[Sequence[int]]) -> tuple[list[int], list[int]]:
    """The root's parts for the left and the right, in order, with about as many ends each; all to
    the right where they are few.

    >>> halves([[1, 2, 3], [], [], []])
    ([], [1, 2, 3])
    """
    ends, below = ends_of(parts), list(parts[0])
    if ends[0] <= ONE_SIDE or len(below) < 2:
        return [], below
    sums = list(accumulate(ends[part] for part in below))
    cut = min(range(1, len(below)), key=lambda n: abs(2 * sums[n - 1] - sums[-1]))
    return below[:cut], below[cut:]


@dataclass(frozen=True, slots=True)
class Side:
    """One half: `rows` of its nodes by node, `depth` likewise; to the right or left (1, -1)."""

    rows: dict[int, float]
    depth: dict[int, int]
    way: int
    tops: list[int]

    @property
    def span(self) -> float:
        return max(self.rows.values())

    @property
    def deep(self) -> int:
        return max(self.depth.values())

    @property
    def middle(self) -> float:
        return (self.rows[self.tops[0]] + self.rows[self.tops[-1]]) / 2


def side_of(tree: Grown, tops: list[int], way: int) -> Side | None:
    """The tidy tree of one half, under a root that is not drawn twice."""
    if not tops:
        return None
    order, depth = [0], {0: 0}
    for node in order:
        for part in tops if node == 0 else tree.parts[node]:
            depth[part] = depth[node] + 1
            order.append(part)
    at = {node: n for n, node in enumerate(order)}
    own = [[at[part] for part in (tops if node == 0 else tree.parts[node])] for node in order]
    across = tidy(own)
    rows = {node: across[n] for n, node in enumerate(order) if node}
    return Side(rows, {node: depth[node] for node in rows}, way, tops)


@dataclass(frozen=True, slots=True)
class Room:
    """The sheet: how wide a column and how tall a row is, and where the root begins."""

    column: float
    row: float
    x: float

    @property
    def letter(self) -> float:
        """Millimetres: the row allows no more, and some twenty are to stand on a line."""
        return min(self.row * LETTER, self.column / SIGNS_OF)

    def at(self, side: Side, node: int) -> float:
        return self.height(side, side.rows[node])

    def height(self, side: Side, row: float) -> float:
        """Each half stands in the middle of the sheet."""
        return TOP + (TALL - side.span * self.row) / 2 + row * self.row

    def root(self, tree: Grown, sides: Sequence[Side]) -> Mark:
        x, end, y = self.x, self.x + self.column - JOINT, TOP + TALL / 2
        if len(sides) == 2:
            x += JOINT
        elif sides:
            y = self.height(sides[0], sides[0].middle)
        joints = [
            joint(end if side.way > 0 else x, y, self.start(side, 1), self.at(side, top))
            for side in sides for top in side.tops
        ]  # fmt: skip
        return self.mark(tree.nodes[0], x, end, y, 1, joints)

    def start(self, side: Side, depth: int) -> float:
        """Where the lines of a level begin, on the side of the root."""
        if side.way > 0:
            return self.x + depth * self.column
        return self.x - (depth - 1) * self.column

    def marks(self, tree: Grown, side: Side) -> Iterator[Mark]:
        for node, depth in side.depth.items():
            x, y = self.start(side, depth), self.at(side, node)
            end, onward = x + side.way * (self.column - JOINT), self.start(side, depth + 1)
            joints = [
                joint(end, y, onward, self.at(side, part)) for part in tree.parts[node]
            ]  # fmt: skip
            yield self.mark(tree.nodes[node], x, end, y, side.way, joints)

    def mark(self, node: Told, x: float, end: float, y: float, way: int, joints: list[str]) -> Mark:
        """As many words as fit on the line: the name, what is missing, who answers."""
        signs = (abs(end - x) - 1) / self.letter
        room = wide(lacking(node.gaps, 0)) + 1 if node.gaps else 0
        name = short(node.name, signs - room)
        missing = lacking(node.gaps, signs - wide(name) - 1)
        said = " ".join(f"{role} {who}" for role, who in node.answers)
        rest = short(said, signs - wide(name) - wide(missing) - 1)
        return Mark(
            round(x, 2), round(end, 2), round(y, 2), round(x + 0.5 * way, 2),
            "start" if way > 0 else "end", name, rest, missing, joints,
        )  # fmt: skip


def lacking(gaps: Sequence[str], signs: float) -> str:
    """What is missing, or where that does not fit, that something is."""
    if not gaps:
        return ""
    whole = f"▲{'，'.join(gaps)}"
    return whole if wide(whole) <= signs else f"▲{say('graph.gap')}"


def joint(x: float, y: float, onward: float, below: float) -> str:
    """A line from the end of one node to the beginning of another, bent twice."""
    middle = (x + onward) / 2
    return f"M{x:.1f} {y:.1f}H{middle:.1f}V{below:.1f}H{onward:.1f}"


def wide(text: str) -> float:
    """Roughly, in Chinese letters.

    >>> wide("社区 A")
    3.12
    """
    return round(sum(PLAIN if ord(sign) < 0x2E80 else 1 for sign in text), 2)


def short(text: str, signs: float) -> str:
    """As much of a text as fits; nothing where only two letters would.

    >>> short("幸福社区党组织", 5), short("幸福社区", 5), short("幸福社区", 2)
    ('幸福社区…', '幸福社区', '')
    """
    text = text.translate(SIGNS)
    if wide(text) <= signs:
        return text
    if signs < 3:
        return ""
    kept = ""
    for sign in text:
        if wide(kept + sign) > signs - 0.6:
            return f"{kept}…"
        kept += sign
    return kept
