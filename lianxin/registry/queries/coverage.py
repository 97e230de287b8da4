"""Covered twice: whether each quarter, building and group has its organisation, and whether each of
these took part in something that somebody else confirmed. Each count is a count of rows here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Left

from lianxin.core.place.path import second
from lianxin.registry.models import Area, Belonging, Building, Cover, Door, Organisation, Part
from lianxin.registry.models.dated import in_force
from lianxin.registry.organisations import organisations

COVERED = ("quarters", "buildings", "groups")  # with a branch, a group, a core household
WORKED = ("branch_work", "group_work", "household_work")
MEASURES = (*COVERED, *WORKED)
KINDS = {"branches": "branch", "building_groups": "group", "core_households": "household"}
THIN = "thin"  # branches that have fallen below what they were set up with
WORK_OF = {"branch_work": "branch", "group_work": "group", "household_work": "household"}
NEXT = {2: 4, 4: 6, 6: 9, 9: 12, 12: 15, 15: 18}  # digits of a place → of its parts


@dataclass(frozen=True, slots=True)
class Tally:
    """So many of so many. No rate of nothing."""

    covered: int = 0
    of: int = 0

    @property
    def rate(self) -> float | None:
        return self.covered / self.of if self.of else None

    @property
    def gaps(self) -> int:
        return self.of - self.covered


@dataclass(frozen=True, slots=True)
class Line:
    """The tallies of a place by measure."""

    path: str
    tallies: Mapping[str, Tally]

    @property
    def organisation(self) -> Tally:
        return together(self.tallies[name] for name in COVERED)

    @property
    def work(self) -> Tally:
        return together(self.tallies[name] for name in WORKED)


@dataclass(frozen=True, slots=True)
class Coverage:
    """Of a place on a day. `stand`, `new`: organisations by kind, all and those set up since."""

    on: date
    since: date
    whole: Line
    parts: list[Line]
    stand: Mapping[str, int]
    new: Mapping[str, int]


def together(tallies: Iterable[Tally]) -> Tally:
    """Covered of all three kinds ÷ all of the three kinds."""
    known = list(tallies)
    return Tally(sum(t.covered for t in known), sum(t.of for t in known))


def year_before(on: date) -> date:
    """1 January of the year before: since when what is new is counted, unless asked otherwise."""
    return date(on.year - 1, 1, 1)


def coverage(path: str, on: date, since: date | None = None, parts: bool = True) -> Coverage:
    """The tallies of a place and of its parts; eight queries at most, whatever the size."""
    begun = since or year_before(on)
    counted = {name: _counted(name, path, on, below(path)) for name in MEASURES} if parts else {}
    lines = [
        Line(part, {name: counted[name].get(part, Tally()) for name in MEASURES})
        for part in sorted({part for found in counted.values() for part in found})
    ]
    stand, new = _standing(path, on, begun)
    return Coverage(on, begun, _whole(path, on, counted), lines, stand, new)


def below(path: str) -> int:
    """Digits of the parts that a place is shown by.

    >>> below("5226"), below("522632001001"), below("P370113001")
    (6, 15, 13)
    """
    return len(path) + 3 if second(path) else NEXT.get(len(path), len(path))


# ── the rows ─────────────────────────────────────────────────────────────────────────────────────


def rows(measure: str, path: str, on: date) -> QuerySet[Any]:
    """What a measure counts in a place on a day, each with `covered`."""
    if measure == "quarters":
        found = Area.objects.on(on).filter(kind="quarter", path__startswith=path)
        return found.annotate(covered=Exists(_live("branch", on).filter(area=OuterRef("pk"))))
    if measure == "buildings":
        here = Door.objects.filter(building=OuterRef("pk"), area__path__startswith=path)
        return Building.objects.filter(Exists(here)).annotate(covered=_grouped("pk", on))
    if measure == "groups":
        hosts = _live("household", on).filter(parent=OuterRef("pk"))
        return standing("group", path, on).annotate(covered=Exists(hosts))
    return standing(WORK_OF[measure], path, on).annotate(covered=worked(on))


def standing(kind: str, path: str, on: date) -> QuerySet[Any]:
    """The organisations of a kind in a place on a day."""
    return _live(kind, on).filter(area__path__startswith=path)


def thin(path: str, on: date) -> QuerySet[Any]:
    """Branches with fewer full members than the table wants of one that is set up, with `full`, how
    many they have: they stand, and somebody should know."""
    held = Belonging.objects.filter(in_force(on), organisation=OuterRef("pk"), full=True)
    counted = held.order_by().values("organisation").annotate(n=Count("pk")).values("n")
    found = standing("branch", path, on).annotate(full=Coalesce(Subquery(counted), 0))
    return found.filter(full__lt=organisations().kinds["branch"].members)


def worked(on: date) -> Exists:
    """Whether an organisation took part in something in the days up to that one, which somebody
    else has confirmed by then."""
    first = on - timedelta(days=organisations().work)
    known = Part.objects.filter(organisation=OuterRef("pk"), on__gt=first, on__lte=on)
    return Exists(known.filter(confirmed__lte=on))


def _live(kind: str, on: date) -> QuerySet[Organisation]:
    return Organisation.objects.filter(in_force(on), kind=kind)


def _grouped(key: str, on: date) -> Exists:
    """Whether a building has a live group."""
    held = Cover.objects.filter(in_force(on), in_force(on, "organisation__"))
    return Exists(held.filter(building=OuterRef(key), organisation__kind="group"))


# ── the counts ───────────────────────────────────────────────────────────────────────────────────


def _counted(measure: str, path: str, on: date, digits: int) -> dict[str, Tally]:
    """By the first digits of where each lies; a building stands in each part that it has a door
    in."""
    if measure == "buildings":
        found: Any = Door.objects.filter(area__path__startswith=path)
        found, key = found.annotate(covered=_grouped("building", on)), "building"
        where = "area__path"
    else:
        found, key = rows(measure, path, on), "pk"
        where = "path" if measure == "quarters" else "area__path"
    told = found.annotate(part=Left(where, digits)).order_by().values("part").annotate(
        n=Count(key, distinct=True), held=Count(key, filter=Q(covered=True), distinct=True)
    )  # fmt: skip
    return {part: Tally(held, n) for part, n, held in told.values_list("part", "n", "held")}


def _whole(path: str, on: date, counted: Mapping[str, Mapping[str, Tally]]) -> Line:
    """The parts together; buildings anew, for one may stand in two parts."""
    tallies = {}
    for name in MEASURES:
        if counted and name != "buildings":
            tallies[name] = together(counted[name].values())
        else:
            tallies[name] = together(_counted(name, path, on, len(path)).values())
    return Line(path, tallies)


def _standing(path: str, on: date, since: date) -> tuple[dict[str, int], dict[str, int]]:
    found = Organisation.objects.filter(in_force(on), area__path__startswith=path)
    told = found.order_by().values("kind").annotate(
        n=Count("pk"), new=Count("pk", filter=Q(since__gte=since))
    )  # fmt: skip
    known = {kind: (n, new) for kind, n, new in told.values_list("kind", "n", "new")}
    return (
        {name: known.get(kind, (0, 0))[0] for name, kind in KINDS.items()},
        {name: known.get(kind, (0, 0))[1] for name, kind in KINDS.items()},
    )
