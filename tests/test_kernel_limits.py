"""Limits where the grammar is finest: stopped twice, extended while stopped, recounted."""

from datetime import datetime, timedelta

import pytest
from stage import (
    DESK,
    HERE,
    PARAMS,
    START,
    ZONE,
    Stage,
    U,
    book_of,
    calendar,
    calendar_texts,
    clerk,
    rules,
)  # fmt: skip

from lianxin.core.clock import read_calendar
from lianxin.core.flow.page import Span
from lianxin.core.step.agenda import next_at
from lianxin.core.step.family import Family

CLERK = clerk(U)
WORK = """
[parties]
unit = { ~, holds = "unit" }
[fields]
until = { ~, type = "date" }
[states]
new    = { ~, turn = "unit", within = "1 day" }
doing  = { ~, turn = "unit", within = "5 days" }
more   = { ~, turn = "unit" }
asleep = { ~, turn = "unit", within = "30 days", late = "wake", clock = "stopped" }
frozen = { ~, turn = "unit", within = "9 days", late = "wake", clock = "stopped" }
dated  = { ~, turn = "unit", within = "field until" }
done   = { ~, final = true }
[limits]
all  = { ~, over = ["doing", "more", "asleep"], within = "10 days" }
only = { ~, over = ["more"], within = "2 days" }
[steps]
file   = { ~, to = "new", by = "desk", asks = ["unit"], casts = "unit" }
begin  = { ~, from = ["new"], to = "doing", by = "unit" }
fresh  = { ~, from = ["doing"], to = "doing", by = "unit" }
go     = { ~, from = ["doing", "more", "asleep", "dated"], to = "more", by = "unit" }
sleep  = { ~, from = ["doing", "more", "asleep", "frozen"], to = "asleep", by = "unit" }
freeze = { ~, from = ["doing", "asleep"], to = "frozen", by = "unit" }
wake   = { ~, from = ["asleep", "frozen"], to = "back", by = ["unit", "clock"] }
longer = { ~, from = ["doing", "more", "asleep"], by = "unit", extends = "all" }
plea   = { ~, from = ["doing", "more", "asleep"], by = "unit", before = "all" }
date   = { ~, from = ["doing", "more"], to = "dated", by = "unit", asks = ["until"] }
end    = { ~, from = ["doing", "more", "dated"], to = "done", by = "unit" }
"""


@pytest.fixture
def stage():
    return Stage(book=book_of(work=WORK))


@pytest.fixture
def order(stage):
    id = stage.file("work", DESK, unit=U)
    stage.step(id, "begin", CLERK)
    return id


def press(stage, id, *verbs):
    for verb in verbs:
        stage.step(id, verb, CLERK)


def left(stage, id, limit):
    return stage.due(id, limit) - stage.now


def days(n):
    return timedelta(days=n)


def test_a_fresh_entry_restarts_the_states_own_limit_and_no_other(stage, order):
    stage.wait(days=2)
    press(stage, order, "fresh")
    assert left(stage, order, "doing") == days(5)
    assert left(stage, order, "all") == days(8)


def test_a_limit_of_one_state_is_gone_when_the_state_is_left(stage, order):
    press(stage, order, "go")
    assert sorted(stage.order(order).limits) == ["all", "only"]
    stage.wait(days=1)
    press(stage, order, "go")
    assert left(stage, order, "only") == days(2)
    assert left(stage, order, "all") == days(9)


def test_while_it_stands_still_only_the_states_own_limit_runs(stage, order):
    stage.wait(days=2)
    press(stage, order, "sleep")
    running = {n for n, r in stage.order(order).limits.items() if r.due}
    assert running == {"asleep"}
    stage.wait(days=20)
    press(stage, order, "wake")
    assert stage.state(order) == "doing"
    assert (left(stage, order, "all"), left(stage, order, "doing")) == (days(8), days(3))


def test_asleep_twice_remembers_where_it_came_from_and_what_it_had(stage, order):
    stage.wait(days=2)
    press(stage, order, "sleep")
    stage.wait(days=3)
    press(stage, order, "sleep", "freeze")
    stage.wait(days=3)
    assert left(stage, order, "frozen") == days(6)
    press(stage, order, "wake")
    assert stage.state(order) == "doing"
    assert left(stage, order, "all") == days(8)


def test_out_of_sleep_by_another_way_it_goes_on_with_what_it_had(stage, order):
    stage.wait(days=2)
    press(stage, order, "sleep")
    stage.wait(days=5)
    press(stage, order, "go")
    assert left(stage, order, "all") == days(8)


def test_an_extension_while_it_sleeps_is_owed(stage, order):
    stage.wait(days=2)
    press(stage, order, "sleep", "longer", "wake")
    assert left(stage, order, "all") == days(18)
    press(stage, order, "sleep", "wake")
    assert left(stage, order, "all") == days(18)


def test_before_looks_at_a_limit_that_sleeps(stage, order):
    stage.wait(days=9)
    press(stage, order, "sleep", "plea", "wake")
    stage.wait(days=2)
    stage.no("overdue", order, "plea", CLERK)
    press(stage, order, "sleep")
    stage.no("overdue", order, "plea", CLERK)


def test_a_day_is_due_when_it_is_over(stage, order):
    stage.step(order, "date", CLERK, until="2026-03-10")
    assert stage.due(order, "dated") == datetime(2026, 3, 11, tzinfo=ZONE)


def test_late_is_written_once_where_the_limit_ends(stage, order):
    stage.wait(days=12)
    press(stage, order, "sleep", "wake", "end")
    over = [(e.verb, e.over) for e in stage.events(order) if e.over]
    assert over == [("end", {"all": 2 * 86_400, "doing": 7 * 86_400})]


# ── a newly published year ───────────────────────────────────────────────────────────────────────

LAW, NOTICE = "from = 2027-01-01, to = 2027-01-01", "from = 2027-01-01, to = 2027-01-05"


def with_a_longer_new_year():
    texts = calendar_texts()
    assert LAW in texts[2027]
    texts[2027] = texts[2027].replace(LAW, NOTICE)
    return read_calendar(texts, (PARAMS / "clocks.toml").read_text("utf-8"), str(ZONE))


def test_a_new_year_moves_what_runs_and_says_so():
    facts = {"span": lambda order: Span(5, "working days")}
    stage = Stage(**facts)
    stage.now = datetime(2026, 12, 30, 10, tzinfo=ZONE)
    running = stage.file("five-orders", DESK, "file_for", place=HERE, text="x")
    stage.step(running, "dispatch", DESK, unit=U)
    stage.step(running, "keep", CLERK)
    waiting = stage.file("five-orders", DESK, "file_for", place=HERE, text="x")
    due = stage.due(running, "handling")
    family = Family(rules(calendar=with_a_longer_new_year(), **facts), stage.family.orders.values())
    assert family.recount(stage.now) == [running]
    moved = family.orders[running]
    assert moved.limits["handling"].due > due
    assert family.journal[-1].event.given == {"limits": ["handling"]}
    assert next_at(family.page(moved), moved, family.rules) > START
    assert family.orders[waiting] == stage.order(waiting)
    assert family.recount(stage.now) == []


def test_the_same_year_moves_nothing():
    stage = Stage()
    id = stage.file("five-orders", DESK, "file_for", place=HERE, text="x")
    stage.step(id, "dispatch", DESK, unit=U)
    assert Family(rules(calendar=calendar()), [stage.order(id)]).recount(stage.now) == []


def test_a_recount_keeps_what_was_resumed_and_extended():
    work = WORK.replace('within = "10 days"', 'within = "10 working days"')
    stage = Stage(book=book_of(work=work))
    id = stage.file("work", DESK, unit=U)
    press(stage, id, "begin")
    stage.wait(days=1)
    press(stage, id, "longer", "sleep", "longer", "wake")
    assert Family(rules(book=stage.family.rules.book), [stage.order(id)]).recount(stage.now) == []
