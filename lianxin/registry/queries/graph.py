"""The graph: what stands below a place or a group, with who answers there and what is missing.

A node is a place with the organisation that stands there, a building group, or a core household.
Its key is the path of the place, or `o-` and the number of the organisation. However many nodes a
level has, it takes the same number of queries (`graph_rows.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from lianxin.core.place import path as paths
from lianxin.core.step.who import Grant
from lianxin.registry.models import Area, Organisation
from lianxin.registry.queries import graph_rows as rows
from lianxin.registry.queries.graph_rows import COMMUNITY, COUNTED, Tally

ORGANISATION = "o-"  # how the key of a group or household begins
MOST = 500  # nodes below one
BARE = {"community": "no_organisation", "quarter": "no_branch", "grid": "no_worker"}


@dataclass(frozen=True, slots=True)
class Answer:
    """Who answers there. `role`: secretary, head, host, worker, contact; `n`: how many more."""

    role: str
    name: str
    n: int = 0


@dataclass(frozen=True, slots=True)
class Gap:
    """`what`: no_organisation, no_branch, no_worker, no_secretary, no_head, no_host, no_household,
    no_group (buildings that are in none). `n`: how often, at the node and below it."""

    what: str
    n: int = 1


@dataclass(frozen=True, slots=True)
class Node:
    """`kind`: of an area, or group, household. `above`: the key over it. `path`: where it lies.
    `organisation`: its name. `parts`: how many open below it. `homes`: core households of a group,
    of whom a reader from further away sees the number alone. `holds`: how many communities,
    quarters and grids lie below. `address`: of a core household."""

    key: str
    kind: str
    name: str
    path: str
    above: str = ""
    organisation: str = ""
    answers: tuple[Answer, ...] = ()
    gaps: tuple[Gap, ...] = ()
    parts: int = 0
    homes: int | None = None
    holds: tuple[tuple[str, int], ...] = ()
    address: str = ""


def near(reader: str) -> bool:
    """Whether a reader with a post at this path is close enough for core households: within their
    community. Whoever stands higher is told how many there are."""
    return not paths.second(reader) and len(reader) >= COMMUNITY


def node(key: str, reader: Grant, on: date) -> Node | None:
    """One node alone; None where there is none, or none for this reader."""
    if key.startswith(ORGANISATION):
        row = rows.organisation(number(key), reader, on)
        if row is None or row.kind not in own_kinds(reader):
            return None
        made = _groups([row], reader, on) if row.kind == "group" else _households([row], on)
        return made[0]
    area = Area.objects.on(on).filter(path=key, path__startswith=reader.path).first()
    if area is None:
        return None
    return _places([area], rows.tallies([(key, len(key))], on), reader, on)[0]


def own_kinds(reader: Grant) -> tuple[str, ...]:
    """The kinds of organisation that are nodes of their own for this reader."""
    return ("group", "household") if near(reader.path) else ("group",)


def levels(keys: Iterable[str], reader: Grant, on: date) -> dict[str, list[Node]]:
    """The nodes directly below each of these, which lie at the reader's place (`line`): those of a
    place in the order of their paths, then its groups. Below a household, and for readers from
    afar below a group, there is nothing."""
    opened = list(dict.fromkeys(keys))
    below: dict[str, list[Node]] = {key: [] for key in opened}
    areas = [key for key in opened if not key.startswith(ORGANISATION)]
    if areas:
        places = rows.below(areas, on)[: MOST * len(areas)]
        tallies = rows.tallies([(path, len(path) + step(path)) for path in areas], on)
        for made in _places(places, tallies, reader, on):
            below[made.above].append(made)
        for made in _groups(rows.groups(areas, reader, on), reader, on):
            below[made.above].append(made)
    groups = [number(key) for key in opened if key.startswith(ORGANISATION)]
    if groups and near(reader.path):
        for made in _households(rows.households(groups, reader, on), on):
            below[made.above].append(made)
    return {key: found[:MOST] for key, found in below.items()}


def step(path: str) -> int:
    """How many digits the next level adds."""
    return 2 if not paths.second(path) and len(path) < 6 else 3


def number(key: str) -> int:
    """The number in a key of an organisation; 0, which none has, for what is no key."""
    text = key.removeprefix(ORGANISATION)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


def line(reader: Grant, key: str, on: date) -> list[str]:
    """The keys from the reader's own place down to a node, both included; [] where it does not lie
    there, or is not for this reader."""
    if not key.startswith(ORGANISATION):
        root = reader.path
        found = [path for path in [*paths.ancestors(key), key] if path.startswith(root)]
        live = set(Area.objects.on(on).filter(path__in=found).values_list("path", flat=True))
        return [path for path in found if path in live] if key in live and found[0] == root else []
    row = rows.organisation(number(key), reader, on)
    if row is None or row.kind not in own_kinds(reader) or key != f"{ORGANISATION}{row.pk}":
        return []
    above = f"{ORGANISATION}{row.parent_id}" if row.kind == "household" else row.area.path
    over = line(reader, above, on)
    return [*over, key] if over else []


# ── dressing ─────────────────────────────────────────────────────────────────────────────────────


def _places(
    places: Sequence[Area], tallies: Mapping[str, Tally], reader: Grant, on: date
) -> list[Node]:
    ids = [area.pk for area in places]
    stands, leads = rows.standing(ids, reader, on), rows.leading(ids, reader, on)
    grids = [area.pk for area in places if area.kind_id == "grid"]
    works = rows.working(grids, on) if grids else {}
    low = [area.path for area in places if area.kind_id in ("quarter", "grid")]
    bare = rows.uncovered(low, on) if low else {}
    hung = rows.hung([area.pk for area in places if len(area.path) >= COMMUNITY], on)
    made = []
    for area in places:
        tally, own = tallies.get(area.path, Tally()), stands.get(area.pk)
        answers = [Answer("secretary", own.head)] if own and own.head else []
        answers += _first("worker", works.get(area.pk, []))
        answers += _first("contact", leads.get(area.pk, []))
        gaps = [Gap(BARE[kind], tally.gaps[kind]) for kind in COUNTED if tally.gaps.get(kind)]
        gaps += [Gap("no_secretary")] if own and not own.head else []
        gaps += [Gap("no_group", bare[area.path])] if bare.get(area.path) else []
        made.append(Node(
            area.path, area.kind_id, area.name, area.path, paths.parent(area.path) or "",
            own.name if own else "", tuple(answers), tuple(gaps),
            parts=tally.parts + hung.get(area.pk, 0),
            holds=tuple((k, n) for k in COUNTED if k != area.kind_id
                        and (n := tally.holds.get(k, 0))),
        ))  # fmt: skip
    return made


def _first(role: str, names: Sequence[str]) -> list[Answer]:
    return [Answer(role, names[0], len(names) - 1)] if names else []


def _groups(found: Sequence[Organisation], reader: Grant, on: date) -> list[Node]:
    """From afar none of them opens, and only the number of its core households is told."""
    ids = [row.pk for row in found]
    heads, homes = rows.elected(ids, "head", on), rows.homes(ids, on)
    made = []
    for row in found:
        n, head = homes.get(row.pk, 0), heads.get(row.pk)
        gaps = [] if head else [Gap("no_head")]
        gaps += [] if n else [Gap("no_household")]
        answers = (Answer("head", head),) if head else ()
        made.append(Node(
            f"{ORGANISATION}{row.pk}", "group", row.name, row.area.path, row.area.path, "",
            answers, tuple(gaps), n if near(reader.path) else 0, homes=n,
        ))  # fmt: skip
    return made


def _households(found: Sequence[Organisation], on: date) -> list[Node]:
    ids = [row.pk for row in found]
    hosts, homes = rows.elected(ids, "host", on), rows.addresses(ids, on)
    return [
        Node(
            f"{ORGANISATION}{row.pk}", "household", row.name, row.area.path,
            f"{ORGANISATION}{row.parent_id}",
            answers=(Answer("host", hosts[row.pk]),) if row.pk in hosts else (),
            gaps=() if row.pk in hosts else (Gap("no_host"),), address=homes.get(row.pk, ""),
        )
        for row in found
    ]  # fmt: skip
