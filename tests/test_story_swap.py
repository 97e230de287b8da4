"""A seat changes hands: offered by name or to whoever can; until then the first one keeps it."""

from typing import Any

import pytest
from stage import DESK, HERE, MEMBERS, RESIDENT, U, V, clerk, member

FIRST, SECOND, THIRD, FOURTH = MEMBERS[:4]


@pytest.fixture
def taken(stage: Any) -> str:
    id = stage.file("five-orders", RESIDENT, place=HERE, text="修凳子")
    stage.step(id, "dispatch", DESK, unit=U)
    stage.step(id, "accept", clerk(U), seats=2)
    for who in (FIRST, SECOND):
        stage.step(id, "grab", who)
    return id


def party(stage: Any, id: str, name: str) -> set[str]:
    return set(stage.order(id).ids(name))


def test_to_one_by_name_and_nobody_else(stage: Any, taken: str) -> None:
    stage.step(taken, "offer", FIRST, relief=[THIRD.id], reason="孩子病了")
    assert party(stage, taken, "holder") == {FIRST.id, SECOND.id}, "until then nothing has changed"
    assert stage.state(taken) == "grabbed"
    stage.no("no_offer", taken, "take_over", FOURTH)
    stage.no("no_offer", taken, "take_over", SECOND)
    stage.step(taken, "take_over", THIRD)
    assert party(stage, taken, "holder") == {SECOND.id, THIRD.id}
    assert not party(stage, taken, "leaving") and not party(stage, taken, "relief")
    assert stage.events(taken)[-1].given["leaving"] == [FIRST.id], "the story says for whom"
    stage.no("not_yours", taken, "handle", FIRST, outcome="solved", text="好了")
    stage.step(taken, "handle", THIRD, outcome="solved", text="好了")
    assert stage.state(taken) == "done"


def test_to_whoever_can_and_the_first_has_it(stage: Any, taken: str) -> None:
    stage.step(taken, "offer", FIRST)
    assert stage.buttons(taken, FOURTH)["take_over"] is None
    stage.step(taken, "take_over", FOURTH)
    stage.no("no_offer", taken, "take_over", THIRD)
    assert party(stage, taken, "holder") == {SECOND.id, FOURTH.id}


def test_who_has_offered_may_keep_it_finish_or_go(stage: Any, taken: str) -> None:
    stage.step(taken, "offer", FIRST, relief=[THIRD.id])
    stage.no("already", taken, "offer", FIRST)
    stage.step(taken, "stay", FIRST)
    assert not party(stage, taken, "leaving") and not party(stage, taken, "relief")
    stage.no("no_offer", taken, "take_over", THIRD)
    stage.step(taken, "offer", FIRST)
    stage.step(taken, "release", FIRST, reason="走了")
    stage.no("no_offer", taken, "take_over", THIRD)
    stage.step(taken, "grab", THIRD)
    stage.step(taken, "offer", SECOND, relief=[FOURTH.id])
    stage.step(taken, "handle", SECOND, outcome="solved", text="好了")
    assert not party(stage, taken, "leaving") and not party(stage, taken, "relief")


def test_two_offers_at_once(stage: Any, taken: str) -> None:
    stage.step(taken, "offer", FIRST)
    stage.step(taken, "offer", SECOND, relief=[THIRD.id])
    stage.step(taken, "take_over", THIRD)
    assert party(stage, taken, "holder") == {FIRST.id, THIRD.id}, "the one made to them by name"
    assert party(stage, taken, "leaving") == {FIRST.id}
    stage.no("no_offer", taken, "take_over", FOURTH, leaving=[THIRD.id])
    stage.step(taken, "take_over", FOURTH, leaving=[FIRST.id])
    assert party(stage, taken, "holder") == {THIRD.id, FOURTH.id}


def test_no_stranger_takes_over_and_nobody_is_asked_who_is_none_of_them(
    stage: Any, taken: str
) -> None:
    stage.no("not_among", taken, "offer", FIRST, relief=[member(0, V).id])
    stage.no("not_yours", taken, "offer", THIRD)
    stage.step(taken, "offer", FIRST)
    stage.no("not_yours", taken, "take_over", member(0, V))
    stage.no("not_yours", taken, "take_over", RESIDENT)
    stage.no("no_offer", taken, "take_over", FIRST)


def test_it_can_be_taken_back_like_any_press(stage: Any, taken: str) -> None:
    stage.step(taken, "offer", FIRST, relief=[THIRD.id])
    stage.step(taken, "take_over", THIRD)
    stage.undo(taken, THIRD)
    assert party(stage, taken, "holder") == {FIRST.id, SECOND.id}
    assert party(stage, taken, "leaving") == {FIRST.id}
    stage.step(taken, "take_over", THIRD)
    assert party(stage, taken, "holder") == {SECOND.id, THIRD.id}


def test_a_seat_sent_back_to_be_dispatched_is_nobodys_to_offer(stage: Any, taken: str) -> None:
    stage.step(taken, "offer", FIRST, relief=[THIRD.id])
    stage.step(taken, "redispatch", DESK, unit=V, reason="不归他们")
    assert not party(stage, taken, "leaving") and not party(stage, taken, "relief")
