"""The four levels of organisation go into the demo, with officers, members and what they did."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from lianxin.demo.land import Land
from lianxin.demo.organisation_plan import (
    COMMUNITY,
    IDLE,
    STALE,
    UNSAID,
    Org,
    last_election,
    planned,
)
from lianxin.demo.people import Names, PersonRow
from lianxin.registry.actions.officers import later
from lianxin.registry.actions.pour import next_key, pour
from lianxin.registry.actions.stamp import Stamp
from lianxin.registry.models import (
    Belonging,
    Cover,
    Door,
    Officer,
    Organisation,
    Part,
    Person,
    Post,
)
from lianxin.registry.organisations import organisations

LEAST = 2  # people of a grid beside its worker, so that every branch finds its three
DEEDS = (
    "和居民一起清理楼道里的杂物", "陪独居老人去社区医院复查", "周末值守充电棚，劝离飞线充电",
    "帮新搬来的住户办好门禁和停车", "入户讲防诈骗，留下联系电话", "组织楼里商量加装扶手的位置",
    "台风前逐户检查窗台花盆", "给楼下的孩子辅导功课", "把路灯不亮的几处报给社区并盯到修好",
    "清点消防器材，补上缺的灭火器", "调解楼上楼下漏水的争执", "带居民到公园捡拾垃圾",
)  # fmt: skip


@dataclass
class Hands:
    """Who is there: people by the grid they live in, desks and secretaries by community."""

    homes: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    desks: dict[str, int] = field(default_factory=dict)
    secretaries: dict[str, int] = field(default_factory=dict)


def found(
    stamp: Stamp, land: Land, areas: dict[str, int], scale: float,
    pour_people: Callable[[Stamp, Iterator[PersonRow], dict[str, int]], object],
) -> None:  # fmt: skip
    """Pour all organisations into a registry that holds this land and its people."""
    rng, today = Random(land.seed + 4), stamp.day
    rows = planned(land, rng, today, next_key(Organisation), scale)
    pour_people(stamp, newcomers(rows, hands(), rng), areas)
    known = hands()
    leaders = {row.id: leader(row, known) for row in rows}
    pour_organisations(stamp, rows, areas)
    pour_covers(stamp, rows, rng)
    pour_officers(stamp, rows, leaders, known, today)
    pour_members(stamp, rows, known)
    pour_parts(stamp, rows, leaders, known, rng, today)


def hands() -> Hands:
    found = Hands()
    homes = Person.objects.filter(home__kind="grid", became=None).order_by("pk")
    for person, path in homes.values_list("pk", "home__path"):
        found.homes[path].append(person)
    posts = Post.objects.filter(role__in=("desk", "secretary"), area__kind="community", until=None)
    for role, path, person in posts.order_by("-pk").values_list("role", "area__path", "person"):
        (found.desks if role == "desk" else found.secretaries)[path] = person
    return found


def newcomers(rows: Iterable[Org], known: Hands, rng: Random) -> Iterator[PersonRow]:
    """Where a grid has too few people for its households and its branch, some more live there."""
    names = Names(rng)
    for row in rows:
        if row.kind == "group":
            path = row.area.path
            wanted = max(len(row.parts), LEAST) + 1
            for n in range(len(known.homes[path]), wanted):
                yield PersonRow(f"h{path}-{n}", names.next(), path, ())


def leader(row: Org, known: Hands) -> int | None:
    """A secretary of the community, of a quarter or a grid somebody who lives there; a group is led
    by whoever hosts its first household."""
    path = row.area.path
    if row.kind == "community":
        return known.secretaries.get(path) or known.desks.get(path)
    if row.kind == "branch":
        return next(iter(members_of(row, known)), None)
    people = known.homes[path]
    if row.kind == "group" or row.parent is None:
        return people[1 % len(people)]
    return people[(1 + row.parent.parts.index(row)) % len(people)]


def members_of(row: Org, known: Hands) -> list[int]:
    """Of a branch: the hosts of its quarter and, behind them, the workers of its grids."""
    grids = [part.area.path for part in row.parts if part.kind == "group"]
    grids = grids or [p for p in known.homes if p.startswith(row.area.path)]
    hosts = [p for grid in grids for p in known.homes[grid][1 : LEAST + 2]]
    workers = [p for grid in grids for p in known.homes[grid][:1]]
    return list(dict.fromkeys([*hosts, *workers]))


# ── the rows ─────────────────────────────────────────────────────────────────────────────────────


def pour_organisations(stamp: Stamp, rows: list[Org], areas: dict[str, int]) -> None:
    kinds, count = organisations().kinds, defaultdict[tuple[str, str], int](int)
    for row in rows:
        key = row.kind, row.area.path
        count[key] += 1
        row.name = kinds[row.kind].named.format(area=row.area.name, n=count[key])
    pour(
        stamp, Organisation, ("id", "kind", "name", "parent_id", "area_id", "number", "since"),
        (
            (r.id, r.kind, r.name, r.parent and r.parent.id, areas[r.area.path], r.number, r.since)
            for r in rows
        ),
    )  # fmt: skip


def pour_covers(stamp: Stamp, rows: Iterable[Org], rng: Random) -> None:
    """A group has the buildings of its grid, a household lives in one of them."""
    here: dict[str, list[int]] = defaultdict(list)
    for path, key in Door.objects.order_by("pk").values_list("area__path", "building"):
        here[path].append(key)
    held = []
    for row in rows:
        buildings = here[row.area.path] if row.kind in ("group", "household") else []
        if row.kind == "household" and buildings:
            buildings = [rng.choice(buildings)]
        held += [(row.id, key, row.since) for key in buildings]
    _numbered(stamp, Cover, ("organisation_id", "building_id", "since"), held)


def pour_officers(
    stamp: Stamp, rows: Iterable[Org], leaders: dict[int, int | None], known: Hands, today: date
) -> None:
    """As they were elected last; a branch has a committee of three."""
    held = []
    for row in rows:
        day = last_election(row, today)
        first = organisations().first_office(row.kind)
        chosen = [(first, leaders[row.id])]
        if row.kind == "branch":
            chosen += zip(("deputy", "committee"), members_of(row, known)[1:3], strict=False)
        held += [(row.id, who, name, day, later(day, 3)) for name, who in chosen if who]
    columns = ("organisation_id", "person_id", "office", "since", "term")
    _numbered(stamp, Officer, columns, held)


def pour_members(stamp: Stamp, rows: Iterable[Org], known: Hands) -> None:
    """Who belongs to a branch; of a grid without a quarter to the community's organisation."""
    belongs: set[int] = set()
    held = []
    for row in rows:
        if row.kind in ("community", "branch"):
            direct = row.kind == "branch" or any(part.kind == "group" for part in row.parts)
            fresh = [p for p in members_of(row, known) if p not in belongs] if direct else []
            belongs |= set(fresh)
            held += [(row.id, person, True, row.since) for person in fresh]
    _numbered(stamp, Belonging, ("organisation_id", "person_id", "full", "since"), held)


def pour_parts(
    stamp: Stamp, rows: Iterable[Org], leaders: dict[int, int | None], known: Hands, rng: Random,
    today: date,
) -> None:  # fmt: skip
    """What each took part in last, written down by its leader and confirmed by the desk."""
    held = []
    for row in rows:
        desk = known.desks.get(row.area.path[:COMMUNITY])
        if row.work == IDLE or row.kind == "community":
            continue
        ago = rng.randint(120, 200) if row.work == STALE else rng.randint(2, 20)
        on = max(row.since, today - timedelta(days=ago))
        said = row.work == UNSAID or desk is None or desk == leaders[row.id]
        confirmed = (None, None) if said else (desk, min(on + timedelta(days=1), today))
        held.append((row.id, on, rng.choice(DEEDS), leaders[row.id], *confirmed))
    columns = ("organisation_id", "on", "text", "by_id", "confirmed_by_id", "confirmed")
    _numbered(stamp, Part, columns, held)


def _numbered(
    stamp: Stamp, model: type[Cover | Officer | Belonging | Part], columns: tuple[str, ...],
    rows: Iterable[tuple[object, ...]],
) -> None:  # fmt: skip
    pour(
        stamp, model, ("id", *columns),
        ((key, *row) for key, row in enumerate(rows, next_key(model))),
    )  # fmt: skip
