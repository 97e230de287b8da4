"""A unit without account answers: by its link, or on paper that the desk copies; never for more."""

from typing import Any

import pytest
from stage import BUREAU, COUNTY_DESK, DESK, HERE, RESIDENT, SQUAD, U, V, clerk, post

from lianxin.core.step.who import VIA, Voice, Who
from lianxin.orders.receivers import receiver

ROW = receiver("five-orders")
OUTCOME = {"outcome": "solved", "text": "灯管换好了"}


def by_link(id: str, unit: str = U, name: str = "张师傅") -> Who:
    """Whoever holds the link that this unit was given for this order."""
    return Who("", party=(id, "unit"), unit=unit, voice=Voice("link", name), only=ROW.only)


def on_paper(id: str, copier: Who = DESK, unit: str = U) -> Who:
    voice = Voice("paper", "张师傅")
    return Who(copier.id, party=(id, "unit"), unit=unit, voice=voice, only=ROW.only)


def handed(stage: Any, unit: str = U) -> str:
    id = stage.file("five-orders", RESIDENT, place=HERE, text="楼道灯不亮", phone="13800138000")
    stage.step(id, "dispatch", DESK, unit=unit)
    return id


def test_it_takes_it_up_and_says_when_it_is_done(stage):
    id = handed(stage)
    stage.step(id, "keep", by_link(id))
    stage.step(id, "handle", by_link(id), **OUTCOME)
    assert stage.verbs(id) == ["file", "dispatch", "keep", "handle"]
    last = stage.events(id)[-1]
    assert (last.actor, last.capacity, last.unit) == ("", "unit", U)
    assert last.given[VIA] == "link"
    assert "_voice" in last.digests, "the name may be erased, so the event keeps its digest alone"
    assert "张师傅" not in str((last.given, last.now))
    stage.step(id, "rate", RESIDENT, rating=5)
    stage.step(id, "call_back", DESK, callback="solved")


def test_what_the_desk_copies_is_the_units_word(stage):
    id = handed(stage)
    stage.step(id, "return", on_paper(id), reason="不归我们管")
    last = stage.events(id)[-1]
    assert (last.actor, last.capacity, last.unit) == (DESK.id, "unit", U)
    assert last.given[VIA] == "paper"
    assert stage.order(id).party("unit") == ()


def test_the_copier_takes_a_slip_of_the_pen_back_and_nobody_else(stage):
    id = handed(stage)
    stage.step(id, "return", on_paper(id), reason="看错了行")
    for stranger in (COUNTY_DESK, post("worker", "grid_worker"), by_link(id)):
        with pytest.raises(Exception, match=r"not_yours|not_found"):
            stage.undo(id, stranger)
    stage.undo(id, DESK)
    assert stage.state(id) == "dispatched"
    stage.step(id, "keep", by_link(id))


@pytest.mark.parametrize(
    ("verb", "given"),
    [
        ("accept", {"seats": 2}), ("grab", {}), ("assign", {"holder": "1"}), ("start", {}),
        ("ask_park", {"reason": "x"}), ("comment", {"text": "x"}), ("urge", {}),
        ("redact", {"entry": 1, "reason": "x"}), ("dispatch", {"unit": V}), ("give_link", {}),
        ("withdraw", {}), ("rate", {"rating": 1}),
    ],
)  # fmt: skip
def test_a_link_opens_its_answers_and_nothing_else(stage, verb, given):
    id = handed(stage)
    stage.no("not_yours", id, verb, by_link(id), **given)


def test_it_asks_for_more_time_once_it_is_at_work(stage):
    id = handed(stage)
    stage.no("out_of_turn", id, "ask_extend", by_link(id), reason="等备件")
    stage.step(id, "keep", by_link(id))
    stage.step(id, "ask_extend", by_link(id), reason="等备件")
    assert stage.kids(id, "extension")
    stage.no("already_asked", id, "ask_extend", by_link(id), reason="还是等备件")


@pytest.mark.parametrize("who", [lambda id: by_link(id, V), lambda id: by_link("0" * 32)])
def test_no_other_unit_and_no_other_order(stage, who):
    id = handed(stage)
    stage.no("not_yours", id, "keep", who(id))
    stage.no("not_yours", id, "return", who(id), reason="x")


LEFT = [
    [("return", clerk(U), {"reason": "x"})],
    [("redispatch", DESK, {"unit": V, "reason": "x"})],
    [("withdraw", RESIDENT, {})],
    [("return", clerk(U), {"reason": "x"}), ("dispatch", DESK, {"unit": V})],
]


@pytest.mark.parametrize("steps", LEFT)
def test_once_the_order_has_left_the_unit_its_link_does_nothing(stage, steps):
    id = handed(stage)
    for verb, who, given in steps:
        stage.step(id, verb, who, **given)
    for verb, given in (("keep", {}), ("handle", OUTCOME), ("return", {"reason": "x"})):
        with pytest.raises(Exception, match=r"not_yours|out_of_turn|not_found"):
            stage.step(id, verb, by_link(id), **given)


def test_it_never_speaks_for_the_house_of_whom_it_is_against(stage):
    id = stage.file("five-orders", RESIDENT, place=HERE, text="投诉", against=[BUREAU])
    stage.no("same_house", id, "dispatch", DESK, unit=SQUAD)
    stage.step(id, "dispatch", DESK, unit=U)
    for unit in (SQUAD, BUREAU):
        stage.no("not_yours", id, "keep", by_link(id, unit))
    stage.step(id, "keep", by_link(id))


def test_phones_are_not_for_a_link(stage):
    id = handed(stage)
    assert "phone" in stage.hidden(id, by_link(id))
    assert "address" not in stage.hidden(id, by_link(id))
    assert "phone" not in stage.hidden(id, clerk(U))


def test_an_askers_link_takes_no_step_of_the_unit(stage):
    id = handed(stage)
    asker = Who("", party=(id, "filer"))
    stage.no("not_yours", id, "keep", asker)
    stage.no("not_yours", id, "return", asker, reason="x")
