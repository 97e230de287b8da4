"""Which organisations the demo has: all of them in Dingyuan, most of them elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from lianxin.demo.land import Land
from lianxin.demo.land.rows import Area
from lianxin.registry.actions.officers import later

FULL = "341125"  # where both coverages are whole
NEW = {"branch": 67, "group": 153, "household": 377}  # set up there since January of last year
COMMUNITY, QUARTER = 12, 15
NO_GROUP, NO_HOUSEHOLD, NO_WORK, LATELY = 0.12, 0.15, 0.2, 0.2  # elsewhere, of a hundred
# When something new was set up, as shares of the days since January of last year: a branch before
# its groups, a group before its households.
WHEN = {"branch": (0.02, 0.4), "group": (0.42, 0.7), "household": (0.72, 0.93)}
WORKS, STALE, UNSAID, IDLE = "works", "stale", "unsaid", "idle"


@dataclass(eq=False)
class Org:
    """One organisation; `parent` is the one it hangs on."""

    id: int
    kind: str
    area: Area
    since: date
    parent: Org | None = None
    number: str = ""
    name: str = ""
    work: str = WORKS
    new: bool = False
    parts: list[Org] = field(default_factory=list)


@dataclass
class Plan:
    """All of them, from the top down; ids from `first`."""

    land: Land
    rng: Random
    today: date
    first: int
    rows: list[Org] = field(default_factory=list)

    @property
    def january(self) -> date:
        return date(self.today.year - 1, 1, 1)

    def found(self, kind: str, area: Area, parent: Org | None, new: bool, work: str) -> Org:
        row = Org(
            self.first + len(self.rows), kind, area, self.day(kind, parent, new), parent,
            work=work, new=new,
        )  # fmt: skip
        self.rows.append(row)
        if parent is not None:
            parent.parts.append(row)
        return row

    def day(self, kind: str, parent: Org | None, new: bool) -> date:
        """A day that fits: not before what it hangs on."""
        if new:
            low, high = WHEN[kind]
            share = low + (high - low) * self.rng.random()
            made = self.january + timedelta(days=int((self.today - self.january).days * share))
        else:
            ago = self.rng.randint(30, 365 * 6)
            made = self.january - timedelta(days=ago)
        return max(made, parent.since) if parent else made


def planned(land: Land, rng: Random, today: date, first: int, scale: float) -> list[Org]:
    """Every organisation of the demo, parents before their parts."""
    plan = Plan(land, rng, today, first)
    for county in land.of("county"):
        under = Land(land.seed, [a for a in land.areas if a.path.startswith(county.path)], [], [])
        if county.path == FULL:
            _whole(plan, under, {kind: round(n * scale) for kind, n in NEW.items()})
        else:
            _most(plan, under)
    for row, names in zip(plan.rows, _numbers(plan.rows, land), strict=True):
        row.number = names
    return plan.rows


def last_election(row: Org, today: date) -> date:
    """Every three years since it was set up.

    >>> area = Area("34", "province", None, None, "")
    >>> last_election(Org(1, "branch", area, date(2018, 5, 1)), date(2026, 1, 1)).isoformat()
    '2024-05-01'
    """
    day = row.since
    while later(day, 3) <= today:
        day = later(day, 3)
    return day


# ── Dingyuan ─────────────────────────────────────────────────────────────────────────────────────


def _whole(plan: Plan, land: Land, new: dict[str, int]) -> None:
    """Every quarter its branch, every grid its group, every group its households; all at work."""
    tops = _communities(plan, land)
    quarters = land.of("quarter")
    fresh = {a.path for a in plan.rng.sample(quarters, min(new["branch"], len(quarters)))}
    branches = {
        q.path: plan.found("branch", q, tops[q.path[:COMMUNITY]], q.path in fresh, WORKS)
        for q in quarters
    }
    groups = _groups(plan, land.of("grid"), branches, tops, new["group"])
    for n in range(new["household"] if groups else 0):
        group = groups[n % len(groups)]
        plan.found("household", group.area, group, True, WORKS)
    for group in groups:
        if not group.new:
            plan.found("household", group.area, group, False, WORKS)


def _groups(
    plan: Plan, grids: Sequence[Area], branches: dict[str, Org], tops: dict[str, Org], new: int
) -> list[Org]:
    """One a grid, the new ones first: all under new branches, and others until they are enough."""

    def over(grid: Area) -> Org:
        return branches.get(grid.path[:QUARTER]) or tops[grid.path[:COMMUNITY]]

    ordered = sorted(grids, key=lambda grid: not over(grid).new)
    return [plan.found("group", g, over(g), n < new, WORKS) for n, g in enumerate(ordered)]


# ── elsewhere ────────────────────────────────────────────────────────────────────────────────────


def _most(plan: Plan, land: Land) -> None:
    """Every quarter its branch; some groups and households missing, some doing nothing."""
    tops, chance = _communities(plan, land), plan.rng.random
    branches = {
        q.path: plan.found("branch", q, tops[q.path[:COMMUNITY]], chance() < LATELY, _at(plan.rng))
        for q in land.of("quarter")
    }
    for grid in land.of("grid"):
        if chance() < NO_GROUP:
            continue
        over = branches.get(grid.path[:QUARTER]) or tops[grid.path[:COMMUNITY]]
        group = plan.found("group", grid, over, over.new or chance() < LATELY, _at(plan.rng))
        if chance() >= NO_HOUSEHOLD:
            for _ in range(plan.rng.choice((1, 1, 2))):
                new = group.new or chance() < LATELY
                plan.found("household", grid, group, new, _at(plan.rng))


def _communities(plan: Plan, land: Land) -> dict[str, Org]:
    return {a.path: plan.found("community", a, None, False, IDLE) for a in land.of("community")}


def _at(rng: Random) -> str:
    return WORKS if rng.random() >= NO_WORK else rng.choice((STALE, UNSAID, IDLE))


def _numbers(rows: Iterable[Org], land: Land) -> Iterator[str]:
    """The numbers of the papers that approved them, counted by county and year."""
    names = {a.path: a.name.rstrip("县市区")[:2] for a in land.of("county")}
    count: dict[tuple[str, int], int] = {}
    for row in rows:
        key = row.area.path[:6], row.since.year
        count[key] = count.get(key, 0) + 1
        yield f"{names[key[0]]}组〔{key[1]}〕{count[key]}号"
