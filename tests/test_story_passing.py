"""Passing up and back: the story tells from which desk to which, by whom and why; it ends at the
top, comes back to where it began, and the clock passes on what nobody looks at."""

import pytest
from stage import (
    COMMUNITY,
    COUNTY,
    COUNTY_DESK,
    DESK,
    HERE,
    RESIDENT,
    STREET,
    STREET_DESK,
    WORKER,
    U,
    clerk,
)


def filed(stage):
    return stage.file("five-orders", RESIDENT, place=HERE, text="桥栏杆松了")


def between(stage, id):
    """(from, to) of each event that moved it from desk to desk."""
    events = stage.events(id)[1:]
    return [(e.was["desk"], e.now["desk"]) for e in events if "desk" in e.was]


def test_up_to_the_county_and_back(stage):
    id = filed(stage)
    stage.step(id, "pass_up", DESK, reason="社区管不了桥")
    stage.no("not_yours", id, "pass_up", DESK, reason="再报一次")
    stage.step(id, "pass_up", STREET_DESK, reason="要住建局看")
    stage.no("top", id, "pass_up", COUNTY_DESK)
    stage.no("missing", id, "pass_down", COUNTY_DESK)
    stage.step(id, "pass_down", COUNTY_DESK, reason="桥归街道管")
    stage.step(id, "pass_down", STREET_DESK, reason="先由社区围起来")
    stage.no("bottom", id, "pass_down", DESK, reason="x")
    up, down = [(COMMUNITY, STREET), (STREET, COUNTY)], [(COUNTY, STREET), (STREET, COMMUNITY)]
    assert between(stage, id) == up + down
    assert stage.order(id).desk == COMMUNITY
    stage.step(id, "dispatch", DESK, unit=U)


def test_each_desk_has_its_own_time(stage):
    id = filed(stage)
    first = stage.due(id, "filed")
    stage.wait(minutes=90)
    stage.step(id, "pass_up", DESK)
    assert stage.due(id, "filed") > first
    stage.wait(minutes=90)
    assert stage.order(id).desk == STREET, "the street has not had its two hours yet"
    stage.wait(minutes=31)
    assert stage.order(id).desk == COUNTY


def test_a_reason_is_welcome_and_not_demanded(stage):
    id = filed(stage)
    stage.step(id, "pass_up", DESK)
    assert "reason" not in stage.events(id)[-1].digests


@pytest.mark.parametrize("who", [RESIDENT, WORKER])
def test_nobody_else_passes_it_on(stage, who):
    id = filed(stage)
    stage.no("not_yours", id, "pass_up", who)
    stage.no("not_yours", id, "pass_down", who, reason="x")


def test_what_came_back_returned_goes_up_too(stage):
    id = filed(stage)
    stage.step(id, "dispatch", DESK, unit=U)
    stage.step(id, "return", clerk(U), reason="不归我们管")
    stage.step(id, "pass_up", DESK, reason="没有单位接")
    assert (stage.state(id), stage.order(id).desk) == ("filed", STREET)
    stage.undo(id, DESK)
    assert (stage.state(id), stage.order(id).desk) == ("returned", COMMUNITY)
