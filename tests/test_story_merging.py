"""合并、拆分: one thing reported twice, two things reported as one, and a merge that was wrong."""

import pytest
from stage import (
    CITIZENS,
    DESK,
    HERE,
    NEIGHBOUR,
    RESIDENT,
    STREET_DESK,
    Stage,
    U,
    V,
    clerk,
)  # fmt: skip

CLERK = clerk(U)
SAID = {"place": HERE, "text": "路灯不亮"}
DONE = {"outcome": "solved", "text": "已更换灯泡"}


@pytest.fixture
def order(stage: Stage) -> str:
    return stage.file("five-orders", RESIDENT, **SAID)


def dispatch(stage: Stage, id: str) -> None:
    stage.step(id, "dispatch", DESK, unit=U)


def struck(stage: Stage, id: str) -> None:
    dispatch(stage, id)
    stage.step(id, "keep", CLERK)
    stage.step(id, "handle", CLERK, **DONE)
    stage.step(id, "rate", RESIDENT, rating=5)
    stage.step(id, "call_back", DESK, callback="solved")
    stage.step(id, "strike_off", DESK)


def test_merge_and_the_closed_one_opens_again(stage):
    a, b, c = (stage.file("five-orders", who, **SAID) for who in CITIZENS[:3])
    stage.step(a, "merge", DESK, into=b)
    assert stage.state(a) == "merged"
    assert [h.who for h in stage.order(b).party("filer")] == [CITIZENS[1].id, CITIZENS[0].id]
    stage.no("circle", b, "merge", DESK, into=a)
    stage.step(b, "withdraw", CITIZENS[1])
    stage.no("target_closed", c, "merge", DESK, into=a)
    assert stage.state(c) == "filed"


def test_a_merge_into_a_struck_order_reopens_it(stage, order):
    struck(stage, order)
    other = stage.file("five-orders", NEIGHBOUR, **SAID)
    stage.step(other, "merge", DESK, into=order)
    assert stage.state(order) == "filed"


def test_the_merged_asker_sees_the_state_and_presses_nothing(stage):
    a, b = (stage.file("five-orders", who, **SAID) for who in CITIZENS[:2])
    stage.step(a, "merge", DESK, into=b)
    stage.no("not_yours", b, "withdraw", CITIZENS[0])


def test_a_wrong_merge_is_taken_back_and_both_stories_stay(stage):
    a, b = (stage.file("five-orders", who, **SAID) for who in CITIZENS[:2])
    stage.no("out_of_turn", a, "unmerge", DESK, reason="不是一件事")
    stage.step(a, "merge", DESK, into=b)
    dispatch(stage, b)
    stage.wait(hours=1)
    stage.no("not_yours", a, "unmerge", CLERK, reason="不是一件事")
    stage.no("missing", a, "unmerge", DESK)
    stage.step(a, "unmerge", DESK, reason="不是一件事")
    assert (stage.state(a), stage.state(b)) == ("filed", "dispatched")
    assert [h.who for h in stage.order(b).party("filer")] == [CITIZENS[1].id]
    assert [h.who for h in stage.order(a).party("filer")] == [CITIZENS[0].id]
    assert stage.verbs(a) == ["file", "merge", "unmerge"]
    assert stage.verbs(b) == ["file", "joined", "dispatch", "parted"]
    assert stage.due(a, "filed") > stage.now
    stage.step(a, "dispatch", DESK, unit=V)
    stage.step(b, "merge", DESK, into=a)  # it goes the other way as well
    assert {h.who for h in stage.order(a).party("filer")} == {c.id for c in CITIZENS[:2]}


def test_a_wrong_merge_is_taken_back_along_the_whole_row(stage):
    a, b, c = (stage.file("five-orders", who, **SAID) for who in CITIZENS[:3])
    stage.step(a, "merge", DESK, into=b)
    stage.step(b, "merge", DESK, into=c)
    assert len(stage.order(c).party("filer")) == 3
    stage.step(a, "unmerge", DESK, reason="不是一件事")
    assert [h.who for h in stage.order(c).party("filer")] == [CITIZENS[2].id, CITIZENS[1].id]
    assert stage.verbs(c)[-1] == stage.verbs(b)[-1] == "parted"
    assert stage.state(b) == "merged"


def test_taking_a_merge_back_may_itself_be_undone(stage):
    a, b = (stage.file("five-orders", who, **SAID) for who in CITIZENS[:2])
    stage.step(a, "merge", DESK, into=b)
    stage.step(a, "unmerge", DESK, reason="不是一件事")
    stage.undo(a, DESK)
    assert stage.state(a) == "merged"
    assert len(stage.order(b).party("filer")) == 2


def test_whoever_the_other_is_kept_from_stays_kept_from_it(stage):
    """The complaint that was merged is parted; that its unit is not to have the other one stays."""
    complaint = stage.file("five-orders", CITIZENS[0], against=[U], **SAID)
    other = stage.file("five-orders", CITIZENS[1], **SAID)
    stage.step(complaint, "merge", DESK, into=other)
    stage.step(complaint, "unmerge", DESK, reason="不是一件事")
    stage.no("same_house", other, "dispatch", DESK, unit=U)
    stage.no("same_house", complaint, "dispatch", DESK, unit=U)


def test_a_reopened_target_stays_open_when_the_merge_is_taken_back(stage, order):
    struck(stage, order)
    other = stage.file("five-orders", NEIGHBOUR, **SAID)
    stage.step(other, "merge", DESK, into=order)
    stage.step(other, "unmerge", DESK, reason="不是一件事")
    assert (stage.state(order), stage.state(other)) == ("filed", "filed")


def test_split_keeps_the_asker(stage):
    whole = stage.file("five-orders", CITIZENS[2], **SAID)
    stage.step(whole, "split", DESK, parts=["路灯", "井盖"])
    parts = [stage.kid(whole, "parts", n) for n in (0, 1)]
    assert [stage.order(p).party("filer")[0].who for p in parts] == [CITIZENS[2].id] * 2


def test_a_complaint_is_not_merged_into_the_hands_of_whom_it_complains_of(stage, order):
    dispatch(stage, order)
    complaint = stage.file("five-orders", NEIGHBOUR, against=[U], **SAID)
    stage.no("same_house", complaint, "merge", DESK, into=order)


def test_whoever_merges_has_both_orders_in_hand(stage, order):
    stage.step(order, "pass_up", DESK)
    other = stage.file("five-orders", NEIGHBOUR, **SAID)
    stage.no("not_yours", other, "merge", DESK, into=order)
    stage.step(other, "merge", STREET_DESK, into=order)


def test_the_asker_for_whom_it_was_filed_goes_along(stage, order):
    other = stage.file("five-orders", DESK, "file_for", filer=[NEIGHBOUR.id], **SAID)
    stage.step(other, "merge", DESK, into=order)
    assert {h.who for h in stage.order(order).party("filer")} == {RESIDENT.id, NEIGHBOUR.id}
