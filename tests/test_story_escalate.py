"""提级办理: a supervisor has the next desk up take over what its first desk does not get done."""

import pytest
from stage import (
    BUREAU,
    COUNTY,
    DESK,
    HERE,
    MEMBERS,
    NEIGHBOUR,
    RESIDENT,
    SQUAD,
    STREET,
    STREET_DESK,
    SUPERVISOR,
    WORKER,
    Stage,
    U,
    V,
    clerk,
)

CLERK = clerk(U)
WHY = {"reason": "多次超时仍未办好"}


@pytest.fixture
def order(stage: Stage) -> str:
    """In the hands of members, with a paper still open."""
    id = stage.file("five-orders", RESIDENT, place=HERE, text="路灯不亮")
    stage.step(id, "dispatch", DESK, unit=U)
    stage.step(id, "accept", CLERK, seats=1)
    stage.step(id, "grab", MEMBERS[0])
    stage.step(id, "ask_extend", CLERK, reason="下雨")
    return id


def test_the_street_takes_it_over(stage: Stage, order: str) -> None:
    stage.step(order, "escalate", SUPERVISOR, **WHY)
    now = stage.order(order)
    assert (now.state, now.desk) == ("filed", STREET)
    assert (now.ids("holder"), now.ids("unit")) == (set(), {U})  # the unit reads why it lost it
    stage.no("out_of_turn", order, "keep", CLERK)
    stage.no("not_yours", order, "dispatch", DESK, unit=V)  # no longer the community's
    stage.step(order, "dispatch", STREET_DESK, unit=V)
    assert stage.order(order).ids("unit") == {V}
    stage.step(order, "keep", clerk(V))


def test_it_goes_up_as_far_as_there_are_desks(stage: Stage, order: str) -> None:
    stage.step(order, "escalate", SUPERVISOR, **WHY)
    stage.step(order, "escalate", SUPERVISOR, **WHY)
    assert stage.order(order).desk == COUNTY
    stage.no(
        "not_yours", order, "escalate", SUPERVISOR, **WHY
    )  # its own county's desk is not below


def test_who_may_not_and_when(stage: Stage, order: str) -> None:
    for who in (RESIDENT, CLERK, DESK, WORKER, STREET_DESK, MEMBERS[0]):
        stage.no("not_yours", order, "escalate", who, **WHY)
    stage.no("missing", order, "escalate", SUPERVISOR)
    stage.step(order, "handle", MEMBERS[0], outcome="solved", text="好了")
    stage.no("out_of_turn", order, "escalate", SUPERVISOR, **WHY)


def test_it_may_be_taken_back_while_nobody_has_acted(stage: Stage, order: str) -> None:
    stage.step(order, "escalate", SUPERVISOR, **WHY)
    stage.undo(order, SUPERVISOR)
    now = stage.order(order)
    assert (now.state, now.ids("holder")) == ("grabbed", {MEMBERS[0].id})
    assert now.desk != STREET


def test_the_desk_above_may_give_it_to_the_same_unit_again(stage: Stage, order: str) -> None:
    stage.step(order, "escalate", SUPERVISOR, **WHY)
    before = next(h.since for h in stage.order(order).hands if h.name == "unit")
    stage.step(order, "dispatch", STREET_DESK, unit=U)
    [hand] = stage.order(order).party("unit")
    assert hand.who == U and hand.since > before, "it has it anew: a link of before is no use"
    stage.step(order, "keep", CLERK)


# ── against those it was taken from ──────────────────────────────────────────────────────────────


@pytest.mark.parametrize("named", [SQUAD, BUREAU], ids=["the unit", "its house"])
def test_it_turns_out_to_be_about_those_it_was_taken_from(stage: Stage, named: str) -> None:
    id = stage.file("five-orders", RESIDENT, place=HERE, text="执法粗暴")
    stage.step(id, "dispatch", DESK, unit=SQUAD)
    stage.step(id, "escalate", SUPERVISOR, **WHY)
    assert stage.order(id).ids("unit") == {SQUAD}, "until then it reads why it lost it"
    stage.step(id, "establish", STREET_DESK, against=[named])
    assert (stage.order(id).ids("unit"), stage.order(id).ids("against")) == (set(), {named})
    stage.no("not_yours", id, "comment", clerk(SQUAD), text="没有的事")
    stage.no("same_house", id, "dispatch", STREET_DESK, unit=SQUAD)
    stage.undo(id, STREET_DESK)
    assert stage.order(id).ids("unit") == {SQUAD}
    stage.step(id, "establish", STREET_DESK, against=[named])
    stage.step(id, "dispatch", STREET_DESK, unit=V)


def test_others_it_was_taken_from_stay_to_read_why(stage: Stage, order: str) -> None:
    stage.step(order, "escalate", SUPERVISOR, **WHY)
    stage.step(order, "establish", STREET_DESK, against=[SQUAD])
    assert stage.order(order).ids("unit") == {U}


def test_a_complaint_is_merged_into_what_they_have_no_more(stage: Stage) -> None:
    other = stage.file("five-orders", NEIGHBOUR, place=HERE, text="占道")
    stage.step(other, "dispatch", DESK, unit=BUREAU)
    stage.step(other, "escalate", SUPERVISOR, **WHY)
    complaint = stage.file("five-orders", RESIDENT, place=HERE, text="执法粗暴", against=[SQUAD])
    stage.step(complaint, "pass_up", DESK)
    stage.step(complaint, "merge", STREET_DESK, into=other)
    assert stage.order(other).ids("unit") == set()
    stage.no("same_house", other, "dispatch", STREET_DESK, unit=BUREAU)


def test_nor_into_what_may_come_back_to_them(stage: Stage) -> None:
    other = stage.file("five-orders", NEIGHBOUR, place=HERE, text="占道")
    stage.step(other, "dispatch", DESK, unit=BUREAU)
    stage.step(other, "keep", clerk(BUREAU))
    stage.step(other, "handle", clerk(BUREAU), outcome="solved", text="好了")
    complaint = stage.file("five-orders", RESIDENT, place=HERE, text="执法粗暴", against=[SQUAD])
    stage.no("same_house", complaint, "merge", DESK, into=other)
