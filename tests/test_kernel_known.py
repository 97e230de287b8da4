"""Whose turn it is has the time from when they could know of it; who asked, from when they did."""

from datetime import timedelta

from stage import (
    COUNTY_DESK,
    DESK,
    HERE,
    MEMBERS,
    RESIDENT,
    SUPERVISOR,
    WORKER,
    Stage,
    U,
    clerk,
)

LATER = timedelta(hours=5)  # from nine in the morning


def started(stage: Stage, id: str, limit: str) -> timedelta:
    return stage.order(id).limits[limit].start - START


START = Stage().now
CLERK = clerk(U)


def test_a_call_of_the_morning_taken_down_in_the_afternoon_finds_its_desk_in_time() -> None:
    stage = Stage()
    stage.now = START + LATER
    id = stage.file("five-orders", WORKER, "file_for", as_of=START, text="早上说的", place=HERE)
    assert stage.events(id)[0].at == START
    assert started(stage, id, "filed") == LATER
    stage.wait(hours=1)
    assert (stage.state(id), stage.order(id).desk) == ("filed", stage.order(id).desks[0])
    stage.wait(hours=2)
    assert stage.verbs(id)[-1] == "pass_up"  # two urgent hours after the desk could know of it


def test_what_was_promised_to_the_asker_runs_from_when_it_was_done() -> None:
    stage = Stage()
    id = stage.file("five-orders", RESIDENT, text="路灯不亮", place=HERE)
    stage.step(id, "dispatch", DESK, unit=U)
    stage.now = START + LATER
    stage.step(id, "accept", CLERK, as_of=START + timedelta(hours=1), seats=1)
    assert started(stage, id, "accepted") == LATER  # the unit's own time to find hands
    assert started(stage, id, "handling") == timedelta(hours=1)  # what the asker was promised


def test_what_is_pressed_at_once_begins_at_once() -> None:
    stage = Stage()
    id = stage.file("five-orders", RESIDENT, text="路灯不亮", place=HERE)
    assert started(stage, id, "filed") == timedelta(0)


def test_time_itself_is_never_late_to_know() -> None:
    """A clock that slept makes up for it at each moment, and the next desk's time runs from it."""
    stage = Stage()
    id = stage.file("five-orders", RESIDENT, text="路灯不亮", place=HERE)
    stage.wait(hours=3)
    assert stage.verbs(id) == ["file", "pass_up"]
    assert started(stage, id, "filed") == timedelta(hours=2)


def test_a_member_who_was_out_of_reach_is_asked_from_when_they_told() -> None:
    stage = Stage()
    id = stage.file("five-orders", RESIDENT, text="路灯不亮", place=HERE)
    stage.step(id, "dispatch", DESK, unit=U)
    stage.step(id, "accept", CLERK, seats=1)
    stage.step(id, "grab", MEMBERS[0])
    stage.now = START + LATER
    early = START + timedelta(hours=1)
    stage.step(id, "handle", MEMBERS[0], as_of=early, outcome="solved", text="亮了")
    assert started(stage, id, "done") == LATER  # the asker's three days begin when they can read it
    assert stage.events(id)[-1].at == early


def test_parts_told_of_later_begin_when_they_could_be_known() -> None:
    stage = Stage()
    id = stage.file("five-orders", RESIDENT, text="灯坏了，井盖也没了", place=HERE)
    stage.now = START + LATER
    stage.step(id, "split", DESK, as_of=START + timedelta(minutes=30), parts=["灯", "井盖"])
    for part in stage.kids(id, "parts"):
        assert stage.events(part)[0].at == START + timedelta(minutes=30)
        assert started(stage, part, "filed") == LATER
    stage.wait(hours=1)
    assert {stage.verbs(part)[-1] for part in stage.kids(id, "parts")} == {"part"}
    stage.wait(hours=2)
    assert {stage.verbs(part)[-1] for part in stage.kids(id, "parts")} == {"pass_up"}


def test_what_a_paper_told_of_later_sets_going_begins_when_it_could_be_known() -> None:
    stage = Stage()
    id = stage.file("five-orders", RESIDENT, text="路灯不亮", place=HERE)
    stage.step(id, "dispatch", DESK, unit=U)
    stage.step(id, "keep", CLERK)
    stage.step(id, "ask_park", CLERK, reason="等配件")
    stage.now = START + LATER
    paper = stage.kid(id, "parking")
    stage.step(paper, "grant", SUPERVISOR, as_of=START + timedelta(hours=1))
    assert (stage.state(id), started(stage, id, "parked")) == ("parked", LATER)


def test_what_time_does_by_itself_runs_from_its_own_moment() -> None:
    stage = Stage()
    id = stage.file("five-orders", RESIDENT, text="路灯不亮", place=HERE)
    stage.now = START + timedelta(days=1)
    stage.step(id, "dispatch", COUNTY_DESK, unit=U)
    passed = next(e for e in stage.events(id) if e.verb == "pass_up")
    assert passed.recorded == stage.now and passed.at < stage.now
    assert passed.now["limits"]["filed"]["start"] == passed.at.isoformat()
