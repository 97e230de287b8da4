"""Covered twice: the counts are those of a recount by hand, in a few queries whatever the size."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from organised import BEGUN, GRID2, GRID3, QUARTER2, Organised, ago, organised, stamp
from town import COMMUNITY, COUNTY, GRID, QUARTER, settled

from lianxin.cli import coverage as cli
from lianxin.cli import main
from lianxin.registry.actions import add_door
from lianxin.registry.actions.organisations import end
from lianxin.registry.models import Area, Building, Door, Organisation, Part
from lianxin.registry.queries.coverage import (
    COVERED,
    MEASURES,
    WORK_OF,
    WORKED,
    Tally,
    coverage,
    rows,
    year_before,
)
from lianxin.trouble import Trouble


@pytest.fixture
def o(request: pytest.FixtureRequest) -> Iterator[Organised]:
    with settled(request) as town:
        yield organised(town)


def live(kind: str, path: str, on: date) -> list[Organisation]:
    found = Organisation.objects.filter(kind=kind, since__lte=on).select_related("area")
    return [
        x for x in found
        if x.area.path.startswith(path) and (x.until is None or x.until > on)
    ]  # fmt: skip


def by_hand(path: str, on: date) -> dict[str, Tally]:
    """The same once more, in plain loops over plain rows."""
    groups = live("group", "", on)
    quarters = [
        a for a in Area.objects.filter(kind="quarter", path__startswith=path)
        if a.since <= on and (a.until is None or a.until > on)
    ]  # fmt: skip
    doors = Door.objects.filter(area__path__startswith=path)
    buildings = set(doors.values_list("building", flat=True))
    held = {
        c.building_id for g in groups for c in g.covers.all()
        if c.since <= on and (c.until is None or c.until > on)
    }  # fmt: skip
    homes = {h.parent_id for h in live("household", "", on)}
    branches = {b.area_id for b in live("branch", "", on)}
    told = {
        "quarters": Tally(sum(q.pk in branches for q in quarters), len(quarters)),
        "buildings": Tally(len(buildings & held), len(buildings)),
        "groups": Tally(
            sum(g.pk in homes for g in live("group", path, on)), len(live("group", path, on))
        ),
    }
    for name, kind in WORK_OF.items():
        found = live(kind, path, on)
        told[name] = Tally(sum(worked(x, on) for x in found), len(found))
    return told


def worked(row: Organisation, on: date) -> bool:
    return any(
        part.confirmed and part.confirmed <= on and on - timedelta(90) < part.on <= on
        for part in Part.objects.filter(organisation=row)
    )


def busy(o: Organised) -> None:
    """A second group with nothing done, one building in two grids, some work old, some unsaid."""
    o.rows["second"] = o.set_up("group", GRID2, parent=o["community"],
                                buildings=[o.buildings[f"{GRID2[-6:]}-1栋"]])  # fmt: skip
    add_door(stamp(), o.buildings[f"{GRID[-6:]}-2栋"], o.area(GRID3), "后门")
    o.worked("branch", ago(89))
    o.worked("group", ago(90))
    o.worked("household", ago(2), confirmed=False)


@pytest.mark.parametrize("path", [COUNTY, COMMUNITY, QUARTER, QUARTER2, GRID, "522602"])
@pytest.mark.parametrize("days", [0, 1, 60, 4000])
def test_every_number_is_the_one_counted_by_hand(o: Organised, path: str, days: int) -> None:
    busy(o)
    on = ago(days)
    found, hand = coverage(path, on).whole, by_hand(path, on)
    assert dict(found.tallies) == hand
    for name in MEASURES:
        told = list(rows(name, path, on))
        assert (sum(row.covered for row in told), len(told)) == (
            hand[name].covered, hand[name].of,
        )  # fmt: skip
    for one, names in ((found.organisation, COVERED), (found.work, WORKED)):
        assert one.of == sum(hand[n].of for n in names)
        assert one.covered == sum(hand[n].covered for n in names)


def test_the_work_of_ninety_days_and_no_longer(o: Organised) -> None:
    busy(o)
    found = coverage(COUNTY, ago(0)).whole.tallies
    assert [found[name] for name in WORKED] == [Tally(1, 1), Tally(0, 2), Tally(0, 1)]


def test_a_place_is_the_sum_of_its_parts_but_for_a_house_in_two(o: Organised) -> None:
    busy(o)
    found = coverage(COMMUNITY, ago(0))
    paths = [line.path for line in found.parts]
    assert paths == [COMMUNITY + "000", QUARTER, QUARTER2]
    for name in MEASURES:
        total = sum(line.tallies[name].of for line in found.parts)
        assert total - found.whole.tallies[name].of == (1 if name == "buildings" else 0)
    alone = {line.path: line for line in found.parts}
    assert alone[QUARTER].tallies == coverage(QUARTER, ago(0)).whole.tallies


def test_nothing_to_be_a_share_of_is_no_rate(o: Organised) -> None:
    found = coverage("522602", ago(0))
    assert (found.whole.organisation.rate, found.whole.work.rate) == (None, None)
    assert found.parts == []


def test_what_is_new_is_what_still_stands(o: Organised) -> None:
    on = ago(0)
    first = year_before(on)
    assert first == date(on.year - 1, 1, 1)
    for since in (first, first - timedelta(1)):
        o.set_up("group", GRID2, parent=o["community"], on=since)
    gone = o.set_up("group", GRID2, parent=o["community"], on=first)
    assert coverage(COUNTY, on).new["building_groups"] == 2
    end(stamp(), gone, on)
    found = coverage(COUNTY, on)
    assert (found.new["building_groups"], found.stand["building_groups"]) == (1, 3)
    assert coverage(COUNTY, on, BEGUN).new["building_groups"] == 3


def test_as_many_queries_for_a_town_as_for_a_county(o: Organised) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            coverage(COUNTY, ago(0))
        return len(queries)

    before = asked()
    busy(o)
    for n in range(30):
        building = Building.objects.create(name=f"{n}栋")
        add_door(stamp(), building, o.area(GRID2))
        o.set_up("group", GRID2, parent=o["community"], buildings=[building])
    assert asked() == before <= 8


# --- the command


def printed(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    args = cli_args(*words, "--json")
    assert cli.run(args) == 0
    return json.loads(capsys.readouterr().out)


def cli_args(*words: str) -> Any:
    import argparse

    parser = argparse.ArgumentParser()
    cli.add(parser)
    return parser.parse_args(words)


def test_the_command_prints_what_the_page_counts(o: Organised, capsys: Any) -> None:
    busy(o)
    row = printed(capsys, "--area", COUNTY)
    found = coverage(COUNTY, timezone.localdate())
    assert (row["area"], row["on"], row["since"]) == (
        COUNTY, f"{ago(0)}", f"{year_before(ago(0))}",
    )  # fmt: skip
    assert [row[kind] for kind in ("branches", "building_groups", "core_households")] == [1, 2, 1]
    assert (row["branches_new"], row["building_groups_new"], row["core_households_new"]) == (
        0,
        0,
        0,
    )
    assert (row["quarters"], row["buildings"]) == (2, 6)
    assert row["organisation"] == round(found.whole.organisation.rate, 4)
    assert row["work"] == 0.25
    earlier = printed(capsys, "--area", COUNTY, "--since", f"{BEGUN}")
    assert (earlier["branches_new"], earlier["core_households_new"]) == (1, 1)
    assert printed(capsys, "--area", "522602")["work"] is None


def test_the_command_in_words_says_both_languages(o: Organised, capsys: Any) -> None:
    assert cli.run(cli_args("--area", "522602")) == 0
    told = capsys.readouterr().out
    assert "组织覆盖 —" in told and "Set up —" in told


@pytest.mark.parametrize("code", ["34", "999999", "定远", "5226010", "341125'; --"])
def test_a_code_that_is_none_is_said_in_both_languages(o: Organised, code: str) -> None:
    with pytest.raises(Trouble) as no:
        cli.run(cli_args("--area", code))
    zh, en = str(no.value).split("\n")
    assert code in zh and code in en


def test_since_after_the_day_is_refused(o: Organised) -> None:
    with pytest.raises(Trouble):
        cli.run(cli_args("--area", COUNTY, "--on", "2025-01-01", "--since", "2025-01-02"))


def test_a_day_that_is_none_is_no_day(capsys: Any) -> None:
    with pytest.raises(SystemExit):
        main(["coverage", "--area", COUNTY, "--on", "gestern"])
