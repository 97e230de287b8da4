"""The four teams as questions: who is counted, what they are per 10,000, what is missing."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from team_town import BARE, EMPTY, FAR, grid_post, last_year, somebody, stamp, with_teams
from town import COMMUNITY, COUNTY, DAY, GRID, Town, settled

from lianxin.cli.teams import row_of
from lianxin.growth.actions.figures import note_figure
from lianxin.growth.actions.workers import leave
from lianxin.growth.models import Fact
from lianxin.growth.queries import teams
from lianxin.growth.queries.teams import Asked, counts, everything, table, under
from lianxin.registry.actions import end_post, stand_in
from lianxin.registry.models import Post
from lianxin.registry.refusal import NotPossible


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with settled(request) as town:
        yield with_teams(town)


def asked(on: date | None = None, year: int | None = None) -> Asked:
    on = on or timezone.localdate()
    return Asked(everything, on, year or on.year - 1)


def test_each_team_is_counted_by_its_rows(town: Town) -> None:
    last_year(town)
    here = counts(asked(), COUNTY)
    assert here == {
        "workers": 3, "grid_workers": 1, "grids": 2, "staffed": 1, "members": 1, "reserves": 2,
        "studying": 1, "classes": 1, "attendances": 2, "trainees": 2, "civil": 1, "institution": 2,
        "communities": 2,
    }  # fmt: skip
    assert counts(asked(), "522602", ("workers", "members", "reserves", "attendances")) == {
        "workers": 1, "members": 1, "reserves": 1, "attendances": 0,
    }  # fmt: skip


def test_the_day_decides(town: Town) -> None:
    before = asked(date(2020, 2, 1))
    assert counts(before, COUNTY, ("workers", "staffed", "reserves")) == {
        "workers": 0, "staffed": 1, "reserves": 0,
    }  # fmt: skip
    spell = Fact.objects.get(kind="worked", person=town.people["w3"])
    leave(stamp(), spell, date(2025, 1, 1))
    assert counts(asked(date(2024, 12, 31)), COUNTY, ("workers",)) == {"workers": 3}
    assert counts(asked(date(2025, 1, 1)), COUNTY, ("workers",)) == {"workers": 2}


def test_who_only_stands_in_staffs_no_grid(town: Town) -> None:
    today = timezone.localdate()
    post = Post.objects.get(person=town.people["worker"])
    stand_in(stamp(), post, town.people["w2"], today, today + timedelta(days=9))
    assert counts(asked(), COUNTY, ("grid_workers", "staffed")) == {"grid_workers": 1, "staffed": 1}
    end_post(stamp(), post, today)
    assert counts(asked(), COUNTY, ("grid_workers", "staffed")) == {"grid_workers": 0, "staffed": 0}
    assert [a.path for a in teams.vacant(today).order_by("path")] == [GRID, EMPTY]


def test_per_10000_says_which_row_it_used_and_guesses_none(town: Town) -> None:
    row = row_of(town.areas[COUNTY], asked())
    assert row["per_10000"] == 20.98  # 3 ÷ 1,430 × 10,000
    assert row["population"] == {"value": 1430, "source": "演示", "on": "2025-12-31"}
    street = row_of(town.areas[COMMUNITY], asked())
    assert (street["per_10000"], street["population"]) == (None, None)
    earlier = row_of(town.areas[COUNTY], asked(date(2025, 12, 30)))
    assert earlier["per_10000"] is None, "that row was not there yet"


def test_a_later_figure_corrects_and_none_is_overwritten(town: Town) -> None:
    county = town.areas[COUNTY]
    note_figure(stamp(), county, "urban_residents", Decimal(1500), date(2025, 12, 31), "统计公报")
    assert row_of(county, asked())["population"]["source"] == "统计公报"
    with pytest.raises(NotPossible, match="figure_differs"):
        note_figure(stamp(), county, "urban_residents", Decimal(9), date(2025, 12, 31), "演示")
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(NotPossible, match="day_to_come"):
        note_figure(stamp(), county, "urban_residents", Decimal(9), tomorrow, "演示")
    with pytest.raises(NotPossible, match="no_source"):
        note_figure(stamp(), county, "urban_residents", Decimal(9), date(2025, 1, 1), " ")


def test_the_parts_add_up_and_what_lies_above_them_has_its_own_line(town: Town) -> None:
    last_year(town)
    lines = {line.path: line for line in table(asked(), COUNTY)}
    assert lines[COMMUNITY[:9]].counts["workers"] == 3
    assert lines[COUNTY].exact and lines[COUNTY].counts["classes"] == 1, "the county's own class"
    whole = counts(asked(), COUNTY)
    for column in teams.COLUMNS:
        assert sum(line.counts[column] for line in lines.values()) == whole[column], column
    grids = {line.path: line.counts for line in table(asked(), COMMUNITY)}
    assert (grids[GRID]["members"], grids[COMMUNITY]["workers"]) == (1, 3)


def test_what_is_missing(town: Town) -> None:
    today = timezone.localdate()
    assert [a.path for a in teams.without_reserve(asked(), COUNTY)] == [BARE]
    assert list(teams.overburdened(COUNTY, today)) == []
    for n in range(2, 4):
        path = f"{COMMUNITY}00000{n}"
        town.areas[path] = type(town.grid)(kind_id="grid", path=path, name=path, since=DAY)
        town.areas[path].save()
        grid_post(town, "worker", path)
    worker = town.people["worker"]
    assert list(teams.overburdened(COUNTY, today)) == [(worker.pk, "worker", 3)]


def test_the_year_is_the_latest_that_has_any(town: Town) -> None:
    today = timezone.localdate()
    assert teams.latest_year(everything, COUNTY, today) == today.year
    last_year(town)
    assert teams.latest_year(everything, COUNTY, today) == today.year - 1
    assert teams.latest_year(everything, "522602", today) == today.year


def test_a_post_reads_its_own_place_alone(town: Town) -> None:
    last_year(town)
    stranger = town["stranger"].grants[0]
    mine = Asked(under(stranger), timezone.localdate(), timezone.localdate().year - 1)
    names = ("workers", "members", "reserves", "classes", "attendances")
    assert counts(mine, "5226", names) == {
        "workers": 1, "members": 1, "reserves": 1, "classes": 0, "attendances": 0,
    }  # fmt: skip
    worker = Asked(under(town["worker"].grants[0]), timezone.localdate(), 2025)
    assert set(counts(worker, "5226", names).values()) == {0}, "a worker's post reads no register"
    clerk = Asked(under(town["clerk"].grants[0]), timezone.localdate(), 2025)
    assert counts(clerk, "5226", ("members", "reserves")) == {"members": 2, "reserves": 0}


def test_the_queries_are_counted(town: Town) -> None:
    with CaptureQueriesContext(
        connection,
    ) as one:
        table(asked(), COUNTY)
    for n in range(20):
        somebody(town, f"more{n}")
    with CaptureQueriesContext(connection) as more:
        table(asked(), COUNTY)
    assert len(one) == len(more) <= len(teams.COLUMNS) + 4
    with CaptureQueriesContext(connection) as whole:
        counts(asked(), COUNTY)
    assert len(whole) == len(teams.MEASURES)


@pytest.mark.parametrize("more", [[], ["--on", "2026-01-01"]])
def test_what_the_terminal_says(
    town: Town, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, more: list[str]
) -> None:
    last_year(town)
    row = told(capsys, monkeypatch, "--area", COUNTY, "--json", *more)
    assert set(row) >= {
        "area", "on", "community_workers", "per_10000", "grids", "grids_staffed",
        "members_checked_in", "reserves", "reserves_studying", "classes", "attendances",
        "trainees", "posts_reserved",
    }  # fmt: skip
    assert (row["area"], row["community_workers"], row["per_10000"]) == (COUNTY, 3, 20.98)
    assert row["posts_reserved"] == {"civil": 1, "institution": 2}


def test_the_terminal_speaks_both_languages_and_knows_no_such_place(
    town: Town, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    said = told_text(capsys, monkeypatch, "--area", FAR)
    assert "社区工作者 1 人，每万人 —" in said and "1 community workers, — per 10,000" in said
    from lianxin.cli.teams import run
    from lianxin.trouble import Trouble

    with pytest.raises(Trouble, match="449999"):
        run(arguments("--area", "449999"))


def arguments(*words: str):
    import argparse

    from lianxin.cli import teams as command

    parser = argparse.ArgumentParser()
    command.add(parser)
    return parser.parse_args(words)


def told_text(capsys, monkeypatch, *words: str) -> str:
    from lianxin.cli import teams as command

    assert command.run(arguments(*words)) == 0
    return capsys.readouterr().out


def told(capsys, monkeypatch, *words: str) -> dict:
    return json.loads(told_text(capsys, monkeypatch, *words))
