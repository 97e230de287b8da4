"""Thousands of careers at once: what they come to, what changed, and that no grade falls."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from careers_town import ENTERED, fact, hired, person, stamp, stop_the_clock
from django.db import connection
from django.test.utils import CaptureQueriesContext
from test_grades import FIRST, built
from town import COMMUNITY, Town, settled

from lianxin.cli import grades, main
from lianxin.core.career import CareerError
from lianxin.growth import careers as tables
from lianxin.growth.actions.careers import write
from lianxin.growth.jobs import reckon_all
from lianxin.growth.models import Fact, Standing
from lianxin.growth.queries.careers import everybody, reckon, row_of, stale
from lianxin.orders import book
from lianxin.registry.models import Person

ON = date(2024, 3, 1)


@pytest.fixture(autouse=True)
def day(monkeypatch: pytest.MonkeyPatch) -> None:
    stop_the_clock(monkeypatch)


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with settled(request) as town:
        yield town


def paper(town: Town, name: str, grade: int) -> None:
    write(stamp(), town.people[name], fact("grade", date(2021, 3, 1), n=grade, number="P1"))


def test_the_tally_says_who_differs_and_who_rises(town: Town) -> None:
    for name in ("a", "b", "c", "d"):
        hired(town, name)
    paper(town, "a", 4)  # as reckoned
    paper(town, "b", 3)  # to rise
    paper(town, "c", 6)  # too high on paper
    found = reckon(everybody(), ON)
    assert (found.reckoned, found.out, found.unwritten) == (4, 0, 1)
    assert (found.differs, found.rise, found.wrong) == (2, 1, ())
    row = Standing.objects.get(person=town.people["b"])
    assert (row.on, row.grade, row.recorded) == (ON, 4, 3)
    assert (row.pay, row.next_on) == (3050 + 200, date(2027, 3, 1))


def test_who_left_stands_nowhere(town: Town) -> None:
    hired(town, "a", until=date(2023, 1, 1))
    assert reckon(everybody(), date(2022, 1, 1)).out == 0
    assert Standing.objects.count() == 1
    found = reckon(everybody(), ON)
    assert (found.reckoned, found.out) == (1, 1)
    assert not Standing.objects.exists()


def test_a_career_that_contradicts_itself_is_named_and_stops_nobody(town: Town) -> None:
    hired(town, "a")
    odd = hired(town, "b")
    Fact.objects.create(person=odd, kind="post", name="head", since=ENTERED)
    found = reckon(everybody(), ON)
    assert [(key, no.code) for key, no in found.wrong] == [(odd.pk, "two_posts")]
    assert list(Standing.objects.values_list("person__username", flat=True)) == ["a"]


def test_many_cost_as_many_statements_as_one(town: Town) -> None:
    hired(town, "a")
    with CaptureQueriesContext(connection) as few:
        reckon(everybody(), ON)
    for n in range(30):
        hired(town, f"w{n}")
    with CaptureQueriesContext(connection) as many:
        assert reckon(everybody(), ON).reckoned == 31
    assert len(many) == len(few)


def test_a_void_fact_counts_for_nothing() -> None:
    row = row_of([("worked", "", None, ENTERED, ENTERED), ("degree", "master", None, ENTERED, None),
                  ("grade", "", 5, ENTERED, None)])  # fmt: skip
    assert row["worked"] == []
    assert row["degrees"] == [{"name": "master", "since": ENTERED}]


def test_every_night_all_are_reckoned(town: Town) -> None:
    hired(town, "a")
    Standing.objects.all().delete()
    reckon_all(1_709_308_800)  # in March 2024
    assert Standing.objects.get().on == date(2024, 3, 2)


# --- a table that changes


@pytest.fixture
def own_tables(tmp_path: Path, settings: Any) -> Iterator[Path]:
    folder = tmp_path / "params"
    (folder / "careers").mkdir(parents=True)
    settings.PARAMS = folder
    yield folder / "careers"
    settings.PARAMS = None
    tables.careers.cache_clear()


def test_a_new_table_shows_in_the_next_reckoning(
    town: Town, own_tables: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hired(town, "a")
    hired(town, "b", place="522602001001")
    reckon(everybody(), ON)
    ours = (book.OURS / "careers" / "2017-01-01.toml").read_text("utf-8")
    (own_tables / "2024-01-01.toml").write_text(ours.replace("3050", "3060"), "utf-8")
    tables.careers.cache_clear()
    assert stale(date(2023, 12, 31), None, ON)
    assert not stale(ON, None, ON)
    assert stale(date(2024, 2, 1), ON, ON), "a day of rising came since"
    args = ["--recompute", "--on", "2024-03-01", "--json", "--area", COMMUNITY]
    assert run(args) == 0
    told = json.loads(capsys.readouterr().out)
    assert told.pop("seconds") >= 0
    assert told == {"on": "2024-03-01", "reckoned": 1, "in_service": 1, "unwritten": 1,
                    "differs": 0, "rise": 0, "wrong": 0}  # fmt: skip
    pays = dict(Standing.objects.values_list("person__username", "pay"))
    assert pays == {"a": 3260, "b": 3250}


def run(words: list[str]) -> int:
    parser = grades.argparse.ArgumentParser()
    grades.add(parser)
    return grades.run(parser.parse_args(words))


def test_the_terminal_names_careers_that_do_not_read(
    town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    odd = person(town, "b")
    Fact.objects.create(person=odd, kind="post", name="head", since=ENTERED)
    assert run(["--recompute", "--on", "2024-03-01"]) == 1
    said = capsys.readouterr().out
    assert "重算 0 人" in said
    assert "✗ b: 没有入职日期" in said


@pytest.mark.django_db
def test_before_the_first_table_nothing_is_reckoned(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(Exception, match="加一张"):
        run(["--recompute", "--on", "2011-03-01"])


def test_the_command_needs_its_word(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["grades"])
    assert "--recompute" in capsys.readouterr().err


# --- no grade falls without an event, on rows


def random_facts(rng: Random) -> list[tuple[str, Any, date]]:
    def day() -> date:
        return date(2016, 1, 1) + timedelta(days=rng.randrange(4000))

    kinds = {"degree": FIRST["degrees"], "certificate": FIRST["certificates"],
             "result": FIRST["results"], "post": FIRST["posts"]}  # fmt: skip
    found = []
    for _ in range(rng.randrange(9)):
        kind = rng.choice([*kinds, "away", "fall"])
        what = rng.choice(list(kinds[kind])) if kind in kinds else rng.randrange(1, 4)
        found.append((kind, what * 60 if kind == "away" else what, day()))
    return found


def poured(town: Town, n: int, rng: Random) -> dict[int, set[date]]:
    """Persons with random careers, and the days on which something was decided about each."""
    rows, decided = [], {}
    for k in range(n):
        who = Person.objects.create(username=f"random{k}", name="r", password="!")
        try:
            career = built(
                date(2016, 1, 1) + timedelta(days=rng.randrange(3000)), random_facts(rng)
            )
        except CareerError:
            continue
        add = {"worked": career.worked, "away": career.away}
        rows += [Fact(person=who, kind=kind, since=s.since, until=s.until, area=town.grid)
                 for kind, spells in add.items() for s in spells]  # fmt: skip
        rows += [Fact(person=who, kind="post", name=p.post, since=p.since) for p in career.posts]
        for kind in ("degree", "certificate"):
            rows += [Fact(person=who, kind=kind, name=g.name, since=g.since, until=g.until)
                     for g in getattr(career, f"{kind}s")]  # fmt: skip
        rows += [Fact(person=who, kind="result", name=r.result, n=r.year, since=r.known)
                 for r in career.results]  # fmt: skip
        rows += [Fact(person=who, kind="fall", n=f.by, since=f.on) for f in career.falls]
        decided[who.pk] = {p.since for p in career.posts[1:]} | {f.on for f in career.falls}
    Fact.objects.bulk_create(rows)
    return decided


@pytest.mark.parametrize("seed", [1, 2])
def test_no_grade_in_the_register_falls_without_an_event(town: Town, seed: int) -> None:
    rng = Random(seed)
    decided = poured(town, 60, rng)
    assert len(decided) > 30
    before: dict[int, int] = {}
    last = date(2017, 1, 1)
    for day in sorted(last + timedelta(days=rng.randrange(4000)) for _ in range(14)):
        assert reckon(decided, day).wrong == ()
        now = dict(Standing.objects.values_list("person_id", "grade"))
        for key, grade in now.items():
            quiet = not any(last < on <= day for on in decided[key])
            assert not quiet or grade >= before.get(key, 0), (key, last, day)
        before, last = now, day
    assert len(before) > 30
