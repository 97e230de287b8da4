"""Undo: the last act is taken back by whoever could take it, while nobody has acted on it."""

import pytest
from stage import (
    CITIZENS,
    COUNTY,
    DESK,
    HERE,
    MEMBERS,
    NEIGHBOUR,
    RESIDENT,
    SUPERVISOR,
    Stage,
    U,
    V,
    also,
    clerk,
    post,
)  # fmt: skip

from lianxin.core.step import chain
from lianxin.core.step.facts import SIDES, side
from lianxin.core.step.refused import Refused

CLERK = clerk(U)
SAID = {"place": HERE, "text": "路灯不亮"}
OTHER_DESK = also(NEIGHBOUR, "desk")


@pytest.fixture
def order(stage):
    return stage.file("five-orders", RESIDENT, **SAID)


def facts(stage, *ids):
    """All facts of orders but for the visit, which moves on."""
    return [{name: side(stage.order(id), name) for name in SIDES if name != "visit"} for id in ids]


def no_undo(stage, code, id, who):
    before = facts(stage, id)
    with pytest.raises(Refused, match=code):
        stage.undo(id, who)
    assert facts(stage, id) == before


def grabbed(stage, id):
    stage.step(id, "dispatch", DESK, unit=U)
    stage.step(id, "accept", CLERK, seats=1)
    stage.step(id, "grab", MEMBERS[0])


STEPS = [
    ("filed", "dispatch", DESK, {"unit": U, "severity": "high"}),
    ("filed", "pass_up", DESK, {}),
    ("filed", "refuse", DESK, {"reason": "不归本县"}),
    ("filed", "split", DESK, {"parts": ["路灯", "井盖"]}),
    ("filed", "urge", RESIDENT, {}),
    ("grabbed", "redispatch", DESK, {"unit": V, "reason": "改派"}),
    ("grabbed", "release", MEMBERS[0], {"reason": "生病"}),
    ("grabbed", "ask_park", CLERK, {"reason": "冬季"}),
    ("grabbed", "handle", CLERK, {"outcome": "solved", "text": "好了"}),
]


@pytest.mark.parametrize(("state", "verb", "who", "given"), STEPS, ids=lambda v: str(v)[:12])
def test_a_step_and_its_undo_leave_the_facts_as_they_were(stage, order, state, verb, who, given):
    if state == "grabbed":
        grabbed(stage, order)
    before, visit = facts(stage, order), stage.order(order).visit
    stage.wait(minutes=5)
    stage.step(order, verb, who, **given)
    moved = stage.order(order).visit != visit
    stage.wait(minutes=5)
    stage.undo(order, who)
    assert facts(stage, order) == before
    assert stage.order(order).visit == visit + 2 * moved
    last = stage.events(order)[-1]
    assert (last.verb, last.given) == ("undo", {"of": verb, "nth": last.nth - 1})
    assert chain.first_break(stage.events(order), stage.order(order).head) is None


def test_a_form_made_before_is_too_late(stage, order):
    visit = stage.order(order).visit
    stage.step(order, "dispatch", DESK, unit=U)
    stage.undo(order, DESK)
    stage.no("too_late", order, "dispatch", DESK, visit=visit, unit=V)
    stage.step(order, "dispatch", DESK, unit=V)


def test_another_at_the_same_desk_may(stage, order):
    stage.step(order, "dispatch", DESK, unit=U)
    no_undo(stage, "not_yours", order, CLERK)
    no_undo(stage, "not_yours", order, RESIDENT)
    stage.undo(order, OTHER_DESK)
    assert stage.state(order) == "filed"


def test_a_seat_is_given_back_by_who_took_it(stage, order):
    stage.step(order, "dispatch", DESK, unit=U)
    stage.step(order, "accept", CLERK, seats=2)
    stage.step(order, "grab", MEMBERS[0])
    no_undo(stage, "not_yours", order, MEMBERS[1])
    stage.undo(order, MEMBERS[0])
    assert not stage.order(order).party("holder")


def test_once_somebody_has_acted_it_stands(stage, order):
    stage.step(order, "dispatch", DESK, unit=U)
    dispatch = [c.event for c in stage.family.journal[-1:]]
    stage.step(order, "comment", RESIDENT, text="快一点")
    with pytest.raises(Refused, match="undo_too_late"):
        stage.family.undo(dispatch, DESK, stage.now)


def test_once_time_has_acted_it_stands(stage, order):
    stage.step(order, "dispatch", DESK, unit=U)
    stage.step(order, "accept", CLERK, seats=2)
    accept = [c.event for c in stage.family.journal[-1:]]
    stage.now = stage.due(order, "accepted")
    with pytest.raises(Refused, match="undo_too_late"):
        stage.family.undo(accept, CLERK, stage.now)
    assert stage.state(order) == "accepted"


def test_what_time_had_done_first_is_not_taken_back(stage, order):
    stage.now = stage.due(order, "filed")
    stage.step(order, "dispatch", post("street-desk", "desk", "522601001"), unit=U)
    stage.undo(order, post("street-desk", "desk", "522601001"))
    assert stage.verbs(order) == ["file", "pass_up", "dispatch", "undo"]
    assert stage.order(order).desk == "522601001"


def test_a_child_that_was_opened_is_void(stage, order):
    grabbed(stage, order)
    stage.step(order, "ask_park", CLERK, reason="冬季")
    paper = stage.kid(order, "parking")
    stage.undo(order, CLERK)
    assert stage.state(paper) == "void"
    stage.step(order, "ask_park", CLERK, reason="冬季，再申请")


def test_a_child_that_has_moved_keeps_it(stage, order):
    grabbed(stage, order)
    stage.step(order, "ask_park", CLERK, reason="冬季")
    stage.step(stage.kid(order, "parking"), "deny", SUPERVISOR, reason="不行")
    no_undo(stage, "undo_too_late", order, CLERK)


def test_a_childs_end_goes_back_with_its_parent(stage, order):
    grabbed(stage, order)
    stage.step(order, "ask_extend", CLERK, reason="雨")
    paper = stage.kid(order, "extension")
    before = facts(stage, order, paper)
    stage.step(paper, "grant", SUPERVISOR)
    assert facts(stage, order) != before[:1]
    stage.undo(paper, post("supervisor", "supervisor", COUNTY))
    assert facts(stage, order, paper) == before


def test_voided_papers_come_back(stage, order):
    grabbed(stage, order)
    stage.step(order, "ask_extend", CLERK, reason="雨")
    paper = stage.kid(order, "extension")
    before = facts(stage, order, paper)
    stage.step(order, "redispatch", DESK, unit=V, reason="改派")
    assert stage.state(paper) == "void"
    stage.undo(order, DESK)
    assert facts(stage, order, paper) == before
    stage.step(paper, "grant", SUPERVISOR)


def test_a_wrong_merge(stage, order):
    other = stage.file("five-orders", CITIZENS[0], **SAID)
    before = facts(stage, order, other)
    stage.step(other, "merge", DESK, into=order)
    stage.undo(other, DESK)
    assert facts(stage, order, other) == before
    stage.step(other, "withdraw", CITIZENS[0])


def test_filing_is_not_undone_but_withdrawn(stage, order):
    no_undo(stage, "undo_door", order, RESIDENT)


def test_an_undo_is_not_undone(stage, order):
    stage.step(order, "dispatch", DESK, unit=U)
    stage.undo(order, DESK)
    no_undo(stage, "undo_too_late", order, DESK)


def test_time_is_not_undone(stage, order):
    stage.wait(hours=2)
    assert stage.verbs(order)[-1] == "pass_up"
    no_undo(stage, "undo_too_late", order, post("street-desk", "desk", "522601001"))


def test_whoever_was_told_is_told_again(stage, order):
    stage.step(order, "dispatch", DESK, unit=U)
    stage.undo(order, DESK)
    assert stage.family.journal[-1].words == ("correct",)
    stage.step(order, "comment", DESK, text="x")
    stage.undo(order, DESK)
    assert stage.family.journal[-1].words == ()


class Sold:
    """A row beside an order that cannot be taken back."""

    def check(self, order, verb, given):
        if verb == "undo":
            raise Refused("too_late")

    def write(self, change):
        """Nothing to write: what matters here is what is refused."""


def test_the_row_beside_may_refuse():
    stage = Stage({"park.Card": Sold()})
    card = stage.file("supply", CLERK, "post", text="钢材")
    stage.step(card, "close", CLERK)
    no_undo(stage, "too_late", card, CLERK)
