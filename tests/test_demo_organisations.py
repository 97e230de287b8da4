"""The organisations of the demo: Dingyuan whole and newly built, elsewhere with gaps."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from random import Random
from typing import Any

import pytest
from django.utils import timezone

from lianxin.demo import load
from lianxin.demo.land import make_land
from lianxin.demo.organisation_plan import FULL, NEW, planned
from lianxin.orders import world
from lianxin.registry.actions.pour import next_key
from lianxin.registry.actions.stamp import Stamp
from lianxin.registry.models import Belonging, Cover, Officer, Organisation, Part, Unit
from lianxin.registry.queries.coverage import coverage

COUNTY = "522634"  # one of the prefecture's sixteen
TODAY = timezone.localdate()


@pytest.fixture(scope="module")
def land() -> Any:
    return make_land(seed=load.SEED, counties=[FULL, COUNTY])


@pytest.fixture(scope="module")
def poured(standing: None, land: Any) -> None:
    """Two counties, whole: places, workers, some members, and the organisations."""
    rng, stamp = Random(load.SEED), Stamp(None, timezone.now())
    areas = load.pour_places(stamp, land, rng)
    counties = [(a.path, a.name) for a in land.of("county")]
    offices = list(load.units.units(counties, next_key(Unit)))
    load.pour_units(stamp, offices, areas)
    grids = len(land.of("grid", "5226"))
    size = load.Size(workers=grids + 40, members=400)
    load.pour_people(stamp, load.everybody(land, offices, rng, size), areas)
    load.organisations.found(stamp, land, areas, 1.0, load.pour_people)


@pytest.fixture
def demo(poured: None, db: None) -> Iterator[None]:
    world.forget()
    yield
    world.forget()


def test_what_was_newly_set_up_in_dingyuan_beside_what_stood(demo: None) -> None:
    found = coverage(FULL, TODAY)
    assert dict(found.new) == {
        "branches": 67, "building_groups": 153, "core_households": 377,
    }  # fmt: skip
    assert all(found.stand[name] > found.new[name] for name in found.new)
    assert found.since == date(TODAY.year - 1, 1, 1)


def test_both_coverages_are_whole_there_and_not_elsewhere(demo: None) -> None:
    there, elsewhere = coverage(FULL, TODAY).whole, coverage("5226", TODAY).whole
    assert (there.organisation.rate, there.work.rate) == (1, 1)
    assert there.organisation.of > 1000
    assert elsewhere.tallies["quarters"].rate == 1, "every quarter of the prefecture has its branch"
    for rate in (elsewhere.organisation.rate, elsewhere.work.rate):
        assert rate is not None and 0.5 < rate < 1
    assert all(elsewhere.tallies[name].gaps for name in elsewhere.tallies if name != "quarters")


def test_what_was_poured_holds_by_the_rules_of_the_register(demo: None) -> None:
    branches = Organisation.objects.filter(kind="branch")
    assert all(branch.belongings.filter(full=True).count() >= 3 for branch in branches)
    for kind, office in (("branch", "secretary"), ("group", "head"), ("household", "host")):
        rows = Organisation.objects.filter(kind=kind)
        assert Officer.objects.filter(organisation__in=rows, office=office).count() == rows.count()
    for row in Organisation.objects.select_related("area", "parent__area").exclude(parent=None):
        assert row.area.path.startswith(row.parent.area.path) and row.since >= row.parent.since
        assert row.since <= TODAY and row.number
    groups = Cover.objects.filter(organisation__kind="group")
    assert groups.count() == groups.values("building").distinct().count()
    assert Belonging.objects.count() == Belonging.objects.values("person").distinct().count()
    for part in Part.objects.exclude(confirmed=None).select_related("organisation")[:200]:
        held = Officer.objects.filter(organisation=part.organisation, person=part.confirmed_by)
        assert part.confirmed_by_id != part.by_id and not held.exists()
        assert part.organisation.since <= part.on <= part.confirmed <= TODAY
    soon = Officer.objects.filter(term__lte=TODAY)
    assert not soon.exists(), "nobody stays in office beyond the term"


@pytest.mark.parametrize("today", [date(2026, 1, 1), date(2028, 2, 29), date(2027, 12, 31)])
def test_the_figures_hold_whatever_the_day(land: Any, today: date) -> None:
    rows = [r for r in planned(land, Random(1), today, 1, 1.0) if r.area.path.startswith(FULL)]
    first = date(today.year - 1, 1, 1)
    for kind, n in NEW.items():
        assert sum(row.kind == kind and row.since >= first for row in rows) == n
    assert all(row.since < today for row in rows)
    assert all(row.since >= row.parent.since for row in rows if row.parent)
