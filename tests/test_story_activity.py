"""主题活动: seats and a waiting list, checked in, recorded; its place is known when announced."""

import pytest
from stage import AREAS, CITIZENS, DESK, RESIDENT

GUESTS = CITIZENS[:4]


@pytest.fixture
def activity(stage):
    id = stage.file("activity", DESK, "plan", text="重阳节包粽子")
    stage.step(id, "announce", DESK, seats=2, starts=stage.at(days=2), place="5")
    return id


def test_two_seats_and_one_who_waits(stage, activity):
    stage.step(activity, "sign_up", GUESTS[0])
    stage.no("already", activity, "sign_up", GUESTS[0])
    stage.step(activity, "sign_up", GUESTS[1])
    stage.no("too_late", activity, "sign_up", GUESTS[2])
    stage.step(activity, "wait", GUESTS[2])
    stage.step(activity, "sign_off", GUESTS[0])
    stage.step(activity, "sign_up", GUESTS[2])
    stage.no("not_yours", activity, "check_in", GUESTS[3])
    stage.step(activity, "check_in", GUESTS[1])
    stage.wait(days=2)
    stage.step(activity, "record", DESK, heads=40, photo=["p1"])
    assert stage.state(activity) == "closed"


def test_it_is_where_it_was_announced(stage, activity):
    assert (stage.order(activity).area, stage.order(activity).path) == ("5", AREAS["5"])
    planned = stage.file("activity", DESK, "plan", text="x")
    starts = stage.at(days=2)
    stage.no("unknown", planned, "announce", DESK, seats=2, starts=starts, place="999")


def test_a_plan_is_the_desks(stage):
    stage.no_file("not_yours", "activity", RESIDENT, "plan", text="x")


def test_nobody_checks_in_before_signing_up(stage, activity):
    stage.no("not_yours", activity, "check_in", GUESTS[0])
    stage.step(activity, "sign_up", GUESTS[0])
    stage.step(activity, "check_in", GUESTS[0])
    stage.no("already", activity, "check_in", GUESTS[0])


def test_cancelled(stage, activity):
    stage.step(activity, "cancel", DESK, reason="下雨")
    stage.no("out_of_turn", activity, "sign_up", GUESTS[0])
