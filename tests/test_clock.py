"""The four clocks: cases from a table, the arithmetic of a page, stopping, and laws."""

from __future__ import annotations

import json
import pickle
import tomllib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lianxin.core.clock import (
    Calendar,
    OutsideCalendar,
    Remainder,
    before,
    due,
    left,
    over,
    read_calendar,
    resume,
)
from lianxin.core.flow.page import Span, Unit

PARAMS = Path(__file__).parents[1] / "lianxin/params"
CASES = tomllib.loads((Path(__file__).parent / "cases/clock.toml").read_text("utf-8"))
TEXTS = {int(f.stem): f.read_text("utf-8") for f in (PARAMS / "calendars").glob("*.toml")}
HOURS = (PARAMS / "clocks.toml").read_text("utf-8")
CALENDAR = read_calendar(TEXTS, HOURS, "Asia/Shanghai")
WORKING: tuple[Unit, ...] = ("working hours", "working days")
STEADY: tuple[Unit, ...] = ("urgent hours", "days", *WORKING)


def at(day: int, hour: int, minute: int = 0, month: int = 10) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=CALENDAR.zone)


def local(moment: datetime) -> datetime:
    return moment.replace(tzinfo=CALENDAR.zone)


def span(text: str) -> Span:
    number, unit = text.split(" ", 1)
    unit = unit if unit.endswith("s") else unit + "s"
    assert unit in get_args(Unit)
    return Span(int(number), unit)  # type: ignore[arg-type]


WEDNESDAY = at(30, 16, 30, month=9)


# ── cases ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("case", CASES["due"], ids=lambda c: f"{c['start']}+{c['span']}")
def test_due(case: dict[str, Any]) -> None:
    deadline = due(local(case["start"]), span(case["span"]), CALENDAR)
    assert deadline.due == local(case["due"]), case["why"]


@pytest.mark.parametrize("case", CASES["rung"], ids=lambda c: f"{c['due']}{c['offset']}")
def test_rung(case: dict[str, Any]) -> None:
    assert before(local(case["due"]), span(case["offset"]), CALENDAR) == local(case["at"])


@pytest.mark.parametrize(("year", "worked"), CASES["days_worked"].items())
def test_days_worked(year: str, worked: int) -> None:
    new_year = date(int(year), 1, 1)
    days = [new_year + timedelta(n) for n in range(366)]
    assert sum(CALENDAR.works(d) for d in days if d.year == new_year.year) == worked


def test_any_zone_comes_in_and_the_calendars_goes_out() -> None:
    deadline = due(WEDNESDAY.astimezone(UTC), Span(4, "working hours"), CALENDAR)
    assert deadline.due == at(8, 12)
    assert deadline.due.tzinfo is deadline.start.tzinfo is CALENDAR.zone


def test_summer_hours_hold_from_their_day() -> None:
    row = '  { since = 2026-10-09, spells = ["08:00-16:00"] },\n]\n\n#'
    calendar = read_calendar(TEXTS, HOURS.replace("]\n\n#", row), "Asia/Shanghai")
    assert due(at(8, 16), Span(1, "working days"), calendar).due == at(9, 16)
    assert due(at(8, 16, 30), Span(9, "working hours"), calendar).due == at(9, 16)
    assert due(at(8, 16), Span(1, "working days"), CALENDAR).due == at(9, 17, 30)


# ── the arithmetic of a page ──────────────────────────────────────────────────────────────────


def test_working_hours_show_each_stretch() -> None:
    deadline = due(at(30, 10, 0, month=9), Span(8, "working hours"), CALENDAR)
    assert [(r.start, r.end, r.seconds) for r in deadline.counted] == [
        (at(30, 10, month=9), at(30, 12, month=9), 7200),
        (at(30, 13, 30, month=9), at(30, 17, 30, month=9), 14400),
        (at(8, 9), at(8, 11), 7200),
    ]
    assert [s.date for s in deadline.skipped] == [date(2026, 10, n) for n in range(1, 8)]
    assert {(s.reason, s.words.zh, s.words.en) for s in deadline.skipped} == {
        ("holiday", "国庆节", "National Day")
    }


def test_working_days_show_the_days_and_why_others_are_not() -> None:
    deadline = due(WEDNESDAY, Span(5, "working days"), CALENDAR)
    assert [r.date.day for r in deadline.counted] == [8, 9, 10, 12, 13]
    assert [r.date.day for r in deadline.counted if r.exchanged] == [10]
    assert deadline.counted[2].exchanged.zh == "国庆节"
    assert {(r.start.hour, r.end.hour, r.seconds) for r in deadline.counted} == {(9, 17, 25200)}
    reasons = [s.reason for s in deadline.skipped]
    assert reasons == ["first_day", *["holiday"] * 7, "weekend"]
    assert deadline.skipped[0].words.zh == "起算当日不计"
    assert deadline.skipped[-1].words.zh == "周末"


def test_a_start_after_the_close_is_explained() -> None:
    deadline = due(at(20, 19, month=11), Span(1, "working hours"), CALENDAR)
    assert [s.reason for s in deadline.skipped] == ["closed", "weekend", "weekend"]


def test_running_clocks_count_one_stretch_and_skip_nothing() -> None:
    deadline = due(WEDNESDAY, Span(3, "days"), CALENDAR)
    (row,) = deadline.counted
    assert (row.start, row.end, row.seconds) == (WEDNESDAY, at(3, 16, 30), 3 * 86_400)
    assert deadline.skipped == ()


def test_provisional_when_the_working_time_runs_into_2027() -> None:
    december = at(30, 16, month=12)
    assert due(december, Span(5, "working days"), CALENDAR).provisional
    assert not due(december, Span(1, "working days"), CALENDAR).provisional
    assert not due(december, Span(1, "years"), CALENDAR).provisional
    assert resume(december, Remainder("working", 90_000), CALENDAR).provisional


def test_a_published_year_changes_the_deadline() -> None:
    text = TEXTS[2026].replace("2026-10-10]", "2026-10-17]")
    later = read_calendar({**TEXTS, 2026: text}, HOURS, "Asia/Shanghai")
    assert later != CALENDAR
    assert due(WEDNESDAY, Span(5, "working days"), later).due == at(14, 17, 30)


# ── refusals ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("start", "number", "year"),
    [
        (datetime(2016, 12, 30, 9), 1, 2016),
        (datetime(2027, 12, 31, 17), 1, 2028),
        (datetime(2028, 1, 3, 9), 1, 2028),
    ],
)
@pytest.mark.parametrize("unit", WORKING)
def test_outside_the_table(start: datetime, number: int, year: int, unit: Unit) -> None:
    with pytest.raises(OutsideCalendar, match=f"add params/calendars/{year}.toml") as caught:
        due(local(start), Span(number, unit), CALENDAR)
    assert caught.value.year == year


@pytest.mark.parametrize("unit", WORKING)
def test_a_rung_before_the_table(unit: Unit) -> None:
    with pytest.raises(OutsideCalendar, match=r"add params/calendars/2016\.toml"):
        before(local(datetime(2017, 1, 3, 9)), Span(-1, unit), CALENDAR)


def test_a_naive_start_and_a_negative_span() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        due(datetime(2026, 9, 30), Span(1, "days"), CALENDAR)
    with pytest.raises(ValueError, match=r"before\(\) counts back"):
        due(WEDNESDAY, Span(-1, "days"), CALENDAR)


@pytest.mark.parametrize("row", [{}, {"hours": 3}, {"working": "3"}, {"working": 1, "running": 1}])
def test_no_remainder(row: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="no remainder"):
        Remainder.read(row)


# ── stopping and lateness ─────────────────────────────────────────────────────────────────────


def test_a_parked_order_resumes_with_what_it_had() -> None:
    end = due(WEDNESDAY, Span(4, "working hours"), CALENDAR).due
    had = left(at(30, 17, month=9), end, "working hours", CALENDAR)
    assert had.row() == {"working": 12_600}
    assert resume(at(20, 9, month=11), had, CALENDAR).due == at(20, 14, month=11)


def test_a_running_limit_keeps_plain_seconds() -> None:
    end = due(WEDNESDAY, Span(1, "months"), CALENDAR).due
    had = left(WEDNESDAY + timedelta(days=20), end, "months", CALENDAR)
    assert had.row() == {"running": 10 * 86_400}
    assert resume(at(1, 8), had, CALENDAR).due == at(11, 8)


def test_what_was_late_comes_back_as_late() -> None:
    had = left(at(14, 10), at(13, 17, 30), "working days", CALENDAR)
    assert had == Remainder("working", -3600)
    again = resume(at(20, 14, 30, month=11), had, CALENDAR)
    assert again.due == at(20, 12, month=11)
    assert over(again.due, again.start, "working days", CALENDAR) == 3600
    assert (again.counted, again.skipped) == ((), ())


@pytest.mark.parametrize(
    ("answered", "unit", "seconds"),
    [
        (at(13, 17, 30), "working days", 0),
        (at(13, 20), "working days", 1),
        (at(14, 9), "working days", 1),
        (at(14, 9, 10), "working days", 600),
        (at(17, 12), "working hours", 3 * 25_200),
        (at(14, 17, 30), "urgent hours", 86_400),
        (at(12, 9), "days", 0),
    ],
)
def test_over(answered: datetime, unit: Unit, seconds: int) -> None:
    assert over(at(13, 17, 30), answered, unit, CALENDAR) == seconds


def test_half_a_second_late_is_late() -> None:
    end = at(13, 17, 30)
    assert over(end, end + timedelta(milliseconds=500), "urgent hours", CALENDAR) == 1


def test_a_deadline_travels() -> None:
    deadline = due(WEDNESDAY, Span(5, "working days"), CALENDAR)
    assert pickle.loads(pickle.dumps(deadline)) == deadline
    assert replace(deadline, due=at(9, 12)) != deadline


# ── laws ──────────────────────────────────────────────────────────────────────────────────────

moments = st.datetimes(datetime(2017, 6, 1), datetime(2026, 6, 1), timezones=st.just(CALENDAR.zone))
numbers = st.integers(1, 200)
pairs = st.tuples(moments, moments).map(sorted)


def law(*strategies: st.SearchStrategy[Any]) -> Callable[[Callable[..., None]], Any]:
    """`given`, without a limit on the time an example takes."""
    return lambda test: settings(deadline=None)(given(*strategies)(test))


def spans(*units: Unit) -> st.SearchStrategy[Span]:
    return st.builds(Span, numbers, st.sampled_from(units))


@law(pairs, spans(*STEADY))
def test_a_later_start_is_never_due_earlier(pair: list[datetime], some: Span) -> None:
    one, other = (due(start, some, CALENDAR).due for start in pair)
    assert one <= other


@law(pairs, st.builds(Span, st.integers(1, 12), st.sampled_from(["months", "years"])))
def test_months_never_fall_on_an_earlier_date(pair: list[datetime], some: Span) -> None:
    one, other = (due(start, some, CALENDAR).due.date() for start in pair)
    assert one <= other


@law(moments, st.builds(Span, st.integers(0, 200), st.sampled_from(get_args(Unit))))
def test_more_is_due_later(start: datetime, some: Span) -> None:
    more = Span(some.number + 1, some.unit)
    assert due(start, some, CALENDAR).due < due(start, more, CALENDAR).due


@law(moments, spans("working hours"))
def test_counted_stretches_sum_up_to_the_span(start: datetime, some: Span) -> None:
    deadline = due(start, some, CALENDAR)
    assert sum(row.seconds for row in deadline.counted) == some.number * 3600
    assert all(row.seconds == (row.end - row.start).total_seconds() for row in deadline.counted)
    assert deadline.counted[-1].end == deadline.due


@law(moments, spans("working days"))
def test_counted_days_are_as_many_as_the_span(start: datetime, some: Span) -> None:
    deadline = due(start, some, CALENDAR)
    assert len(deadline.counted) == some.number
    assert deadline.counted[-1].end == deadline.due


@law(moments, spans(*WORKING))
def test_every_day_on_the_way_is_counted_or_explained(start: datetime, some: Span) -> None:
    deadline = due(start, some, CALENDAR)
    rows = {row.date for row in deadline.counted} | {row.date for row in deadline.skipped}
    assert len(rows) == (deadline.due.date() - deadline.start.date()).days + 1


@law(moments, moments, spans(*get_args(Unit)))
def test_stopping_and_resuming_at_once_changes_nothing(
    start: datetime, now: datetime, some: Span
) -> None:
    some = replace(some, number=min(some.number, 40))
    deadline = due(start, some, CALENDAR)
    row = json.loads(json.dumps(left(now, deadline.due, some.unit, CALENDAR).row()))
    assert resume(now, Remainder.read(row), CALENDAR).due == deadline.due


@law(moments, moments, spans(*WORKING))
def test_a_stop_gives_and_takes_no_working_second(
    start: datetime, again: datetime, some: Span
) -> None:
    had = left(start, due(start, some, CALENDAR).due, some.unit, CALENDAR)
    deadline = resume(again, had, CALENDAR)
    assert sum(row.seconds for row in deadline.counted) == had.seconds


@law(moments, spans(*STEADY))
def test_a_rung_as_long_as_the_limit_fires_where_it_began(start: datetime, some: Span) -> None:
    end = due(start, some, CALENDAR).due
    began = before(end, Span(-some.number, some.unit), CALENDAR)
    assert due(began, some, CALENDAR).due == end


@law(moments, moments, st.sampled_from(get_args(Unit)))
def test_over_is_zero_exactly_when_in_time(end: datetime, answered: datetime, unit: Unit) -> None:
    assert (over(end, answered, unit, CALENDAR) == 0) == (answered <= end)


@law(moments, st.integers(1, 40))
def test_against_a_clock_that_walks(start: datetime, number: int) -> None:
    """The slow way: go through the minutes of the working day one by one."""
    start = start.replace(second=0, microsecond=0)
    end, rest = start, number * 60
    while rest:
        rest -= open_at(end, CALENDAR)
        end += timedelta(minutes=1)
        if not CALENDAR.works(end.date()):
            end = (end + timedelta(days=1)).replace(hour=0, minute=0)
    assert due(start, Span(number, "working hours"), CALENDAR).due == end


def open_at(moment: datetime, calendar: Calendar) -> bool:
    second = moment.hour * 3600 + moment.minute * 60
    return any(start <= second < to for start, to in calendar.spells(moment.date()))
