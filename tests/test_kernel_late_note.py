"""A step made offline that came too late is kept as a note, with all it carried."""

import pytest
from stage import DESK, HERE, MEMBERS, NEIGHBOUR, RESIDENT, START, U, clerk, member

from lianxin.core.step.chain import digest, first_break
from lianxin.core.step.refused import Refused

CARRIED = {"outcome": "solved", "text": "夜里修好了", "photo": ["p1", "p2"]}


@pytest.fixture
def order(stage):
    id = stage.file("five-orders", RESIDENT, place=HERE, text="路灯不亮")
    stage.step(id, "dispatch", DESK, unit=U)
    stage.step(id, "accept", clerk(U), seats=1)
    stage.step(id, "grab", MEMBERS[0])
    stage.wait(hours=1)
    stage.step(id, "redispatch", DESK, unit=U, reason="换人")
    return id


def keep(stage, id, who, verb="handle", **given):
    return stage.family.keep(id, verb, who, given or CARRIED, stage.now, START)


def test_all_it_carried_is_kept(stage, order):
    before = stage.order(order)
    stage.no("out_of_turn", order, "handle", MEMBERS[0], **CARRIED)
    after = keep(stage, order, MEMBERS[0])
    change = stage.family.journal[-1]
    event = change.event
    assert (event.verb, event.target, event.actor) == ("kept", None, MEMBERS[0].id)
    assert event.given == {"step": "handle", "at": START.isoformat(), "outcome": "solved"}
    words = {c.name: c for c in change.contents}
    assert words["text"].value == "夜里修好了"
    assert words["photo"].value == ["p1", "p2"]
    assert event.digests["text"] == digest(words["text"].salt, "夜里修好了")
    assert (after.state, after.visit, after.fields) == (before.state, before.visit, before.fields)
    assert first_break(stage.events(order), after.head) is None


def test_half_an_answer_is_kept_too(stage, order):
    keep(stage, order, MEMBERS[0], outcome="solved")
    assert stage.family.journal[-1].event.given["outcome"] == "solved"


@pytest.mark.parametrize("who", [NEIGHBOUR, member(0, "2")], ids=["stranger", "another unit"])
def test_a_stranger_writes_nothing(stage, order, who):
    with pytest.raises(Refused, match="not_yours"):
        keep(stage, order, who)


@pytest.mark.parametrize(
    ("verb", "given", "code"),
    [
        ("nonsense", {"text": "x"}, "unknown_step"),
        ("handle", {"outcome": "x"}, "no_choice"),
        ("handle", {"seats": 3}, "not_asked"),
    ],
)
def test_it_must_make_sense(stage, order, verb, given, code):
    with pytest.raises(Refused, match=code):
        keep(stage, order, MEMBERS[0], verb, **given)
