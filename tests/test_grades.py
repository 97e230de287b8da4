"""Grades of workers: cases a clerk can check, what never happens, and what is refused."""

from __future__ import annotations

import copy
import tomllib
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lianxin.core.career import Career, CareerError, career_in, grade_on, read_tables

FILE = Path(__file__).parent / "cases" / "grades.toml"
PARAMS = Path(__file__).parents[1] / "lianxin" / "params" / "careers"
WHOLE = tomllib.loads(FILE.read_text("utf-8"))
FACTS = ("worked", "posts", "away", "degrees", "certificates", "results", "falls")


def laid(under: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    both = copy.deepcopy(under)
    for key, value in over.items():
        if isinstance(value, dict):
            both[key] = laid(both.get(key, {}), value)
        else:
            both[key] = value
    return both


FIRST, SECOND = (WHOLE["tables"][day] for day in ("2017-01-01", "2025-07-01"))
ROWS = {date(2017, 1, 1): FIRST, date(2025, 7, 1): laid(FIRST, SECOND)}
TABLES = read_tables(ROWS)


@pytest.mark.parametrize("case", WHOLE["case"], ids=lambda case: case["why"])
def test_a_grade_as_the_clerk_reckons_it(case: dict[str, Any]) -> None:
    career = career_in({name: case[name] for name in FACTS if name in case})
    found = grade_on(career, case["on"], TABLES)
    if case["grade"] == 0:
        assert found is None
        return
    assert found is not None
    assert found.grade == case["grade"]
    if "next" in case or "top" in case:
        assert found.next_on == case.get("next")
    if "pay" in case:
        assert found.pay == case["pay"]


def test_there_are_cases_of_every_kind() -> None:
    assert len(WHOLE["case"]) >= 40
    for name in FACTS:
        assert sum(name in case for case in WHOLE["case"]) >= 4, name


def test_the_sum_stands_line_by_line() -> None:
    career = career_in({
        "worked": [{"since": date(2018, 3, 1)}],
        "posts": [{"post": "worker", "since": date(2018, 3, 1)}],
        "away": [{"since": date(2019, 3, 1), "until": date(2019, 3, 31)}],
        "degrees": [{"name": "bachelor", "since": date(2017, 6, 30)}],
        "results": [{"year": 2020, "result": "failed", "known": date(2021, 1, 20)}],
    })  # fmt: skip
    found = grade_on(career, date(2021, 3, 5), TABLES)
    assert found is not None
    assert [(line.what, line.facts) for line in found.lines] == [
        ("entered", {"on": date(2018, 3, 1)}),
        ("away", {"days": 30}),
        ("year", {"year": 2020, "result": "failed", "days": 366}),
        ("degree", {"name": "bachelor", "months": 36}),
        ("begins", {"on": date(2016, 4, 1)}),
        ("band", {"post": "worker", "low": 2, "high": 13}),
        ("steps", {"steps": 1}),
        ("grade", {"grade": 3}),
        ("next", {"grade": 4, "on": date(2022, 4, 1)}),
    ]


# --- what never happens

DAYS = st.dates(date(2016, 1, 1), date(2027, 12, 31))
FACT = st.one_of(
    st.tuples(st.just("degree"), st.sampled_from(["bachelor", "master", "doctor"]), DAYS),
    st.tuples(st.just("certificate"), st.sampled_from(list(FIRST["certificates"])), DAYS),
    st.tuples(st.just("away"), st.integers(1, 400), DAYS),
    st.tuples(st.just("result"), st.sampled_from(list(FIRST["results"])), DAYS),
    st.tuples(st.just("post"), st.sampled_from(list(FIRST["posts"])), DAYS),
    st.tuples(st.just("fall"), st.integers(1, 3), DAYS),
)


def built(entered: date, facts: list[tuple[str, Any, date]]) -> Career:
    """A career in which these things happened, as far as they could."""
    row: dict[str, list[dict[str, Any]]] = {name: [] for name in FACTS}
    row["worked"], row["posts"] = [{"since": entered}], [{"post": "worker", "since": entered}]
    free = entered
    for kind, what, day in sorted(facts, key=lambda fact: fact[2]):
        if day <= entered:
            continue
        if kind in ("degree", "certificate"):
            until = {"until": day + timedelta(days=500)} if kind == "certificate" else {}
            row[f"{kind}s"].append({"name": what, "since": day} | until)
        elif kind == "away" and day >= free:
            free = day + timedelta(days=what)
            row["away"].append({"since": day, "until": free})
        elif kind == "result" and day.year not in {r["year"] for r in row["results"]}:
            known = date(day.year + 1, 1, 1 + day.day % 28)
            row["results"].append({"year": day.year, "result": what, "known": known})
        elif kind == "post" and day != row["posts"][-1]["since"]:
            row["posts"].append({"post": what, "since": day})
        elif kind == "fall":
            row["falls"].append({"on": day, "by": what})
    return career_in(row)


@settings(max_examples=120, deadline=None)
@given(DAYS, st.lists(FACT, max_size=8), st.lists(DAYS, min_size=2, max_size=12))
def test_no_grade_falls_without_a_decision(
    entered: date, facts: list[tuple[str, Any, date]], days: list[date]
) -> None:
    """Neither a table, a year's result, a certificate that ran out, nor leave takes one away."""
    career = built(entered, facts)
    decided = {held.since for held in career.posts[1:]} | {fall.on for fall in career.falls}
    asked = sorted({max(day, date(2017, 1, 1)) for day in days})
    for day, later in pairwise(asked):
        before, after = (grade_on(career, at, TABLES) for at in (day, later))
        if before and not any(day < on <= later for on in decided):
            assert after is not None
            assert after.grade >= before.grade


@settings(max_examples=80, deadline=None)
@given(DAYS, st.lists(FACT, max_size=6), DAYS)
def test_a_grade_lies_in_a_band_and_its_next_day_ahead(
    entered: date, facts: list[tuple[str, Any, date]], day: date
) -> None:
    day = max(day, date(2017, 1, 1))
    found = grade_on(built(entered, facts), day, TABLES)
    if found is None:
        assert day < entered
        return
    assert 1 <= found.grade <= 20
    assert found.pay >= FIRST["grades"]["pay"][found.grade - 1]
    assert found.next_on is None or found.next_on > day


# --- what is refused

SERVICE = {"worked": [{"since": date(2018, 3, 1)}]}
POST = {"posts": [{"post": "worker", "since": date(2018, 3, 1)}]}


@pytest.mark.parametrize(("code", "row"), [
    ("bad_shape", {"worked": [{"from": date(2018, 3, 1)}], **POST}),
    ("bad_shape", POST),
    ("never_began", {"worked": [], **POST}),
    ("backwards", {"worked": [{"since": date(2018, 3, 1), "until": date(2018, 3, 1)}], **POST}),
    ("overlap", {"worked": [{"since": date(2018, 3, 1)}, {"since": date(2019, 1, 1)}], **POST}),
    ("away_outside", {**SERVICE, **POST, "away": [{"since": date(2018, 2, 1)}]}),
    ("away_outside", {"worked": [{"since": date(2018, 3, 1), "until": date(2019, 3, 1)}], **POST,
                      "away": [{"since": date(2018, 4, 1)}]}),
    ("no_post", {**SERVICE, "posts": []}),
    ("no_post", {**SERVICE, "posts": [{"post": "worker", "since": date(2018, 4, 1)}]}),
    ("before_entry", {**SERVICE, "posts": [{"post": "worker", "since": date(2018, 2, 1)}]}),
    ("two_posts", {**SERVICE, "posts": [
        {"post": p, "since": date(2018, 3, 1)} for p in ("worker", "head")]}),
    ("two_results", {**SERVICE, **POST, "results": [
        {"year": 2019, "result": r, "known": date(2020, 1, 9)} for r in ("basic", "failed")]}),
    ("early_result", {**SERVICE, **POST, "results": [
        {"year": 2019, "result": "failed", "known": date(2019, 6, 1)}]}),
    ("no_fall", {**SERVICE, **POST, "falls": [{"on": date(2017, 6, 1), "by": 1}]}),
    ("no_fall", {**SERVICE, **POST, "falls": [{"on": date(2019, 6, 1), "by": 0}]}),
])  # fmt: skip
def test_a_career_that_contradicts_itself_is_refused(code: str, row: dict[str, Any]) -> None:
    with pytest.raises(CareerError) as no:
        career_in(row)
    assert no.value.code == code


@pytest.mark.parametrize(("kind", "facts"), [
    ("post", {"posts": [{"post": "mayor", "since": date(2018, 3, 1)}]}),
    ("degree", {**POST, "degrees": [{"name": "magister", "since": date(2017, 3, 1)}]}),
    ("certificate", {**POST, "certificates": [{"name": "driver", "since": date(2017, 3, 1)}]}),
    ("result", {**POST, "results": [{"year": 2018, "result": "C", "known": date(2019, 1, 1)}]}),
])  # fmt: skip
def test_what_the_table_does_not_know_is_named(kind: str, facts: dict[str, Any]) -> None:
    with pytest.raises(CareerError) as no:
        grade_on(career_in(SERVICE | facts), date(2020, 1, 1), TABLES)
    assert (no.value.code, no.value.facts["kind"]) == ("unknown", kind)


def test_before_the_first_table_there_is_no_grade() -> None:
    career = career_in(SERVICE | POST)
    with pytest.raises(LookupError, match="2017-01-01"):
        grade_on(career, date(2016, 12, 31), TABLES)


PAY = FIRST["grades"]["pay"]


@pytest.mark.parametrize(("over", "says"), [
    ({"grades": {"pay": [*PAY[:6], 0, *PAY[7:]]}}, "grade 7 has no pay"),
    ({"grades": {"pay": PAY[:-1]}}, "19 grades need 18"),
    ({"grades": {"pay": [*PAY[:6], 3000, *PAY[7:]]}}, "grade 7 pays 3000"),
    ({"grades": {"years": [0, *[3] * 18]}}, "in grade 1"),
    ({"grades": {"years": [1.5, *[3] * 18]}}, "whole years"),
    ({"posts": {"head": {"band": [9, 21]}}}, "posts.head.band"),
    ({"posts": {"head": {"band": [12, 9]}}}, "posts.head.band"),
    ({"results": {"basic": {"counts": 1.5}}}, "results.basic.counts"),
    ({"degrees": {"bachelor": {"years": 0.3}}}, "no whole months"),
    ({"posts": {"head": {"band": [9]}}}, "2017-01-01: band"),
    ({"certificates": {"driver": {"years": 1}}}, "'zh'"),
])  # fmt: skip
def test_a_table_nobody_can_be_paid_by_is_refused(over: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        read_tables({date(2017, 1, 1): laid(FIRST, over)})


def test_our_tables_can_be_read() -> None:
    texts = {date.fromisoformat(p.stem): p.read_text("utf-8") for p in PARAMS.glob("*.toml")}
    tables = read_tables({day: tomllib.loads(text) for day, text in texts.items()})
    assert [(len(t.posts), len(t.pay)) for t in tables.rows] == [(5, 20)]
