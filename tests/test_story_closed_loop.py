"""闭环: collected, handed out, answered, called back, struck off, and looked back at."""

import pytest
from stage import DESK, RESIDENT, U, V, clerk

DONE = {"outcome": "solved", "text": "已整改"}
YES, NO = {"reached": "yes", "solved": "yes"}, {"reached": "yes", "solved": "no"}
MONTH, QUARTER = 720, 2160  # hours


@pytest.fixture
def loop(stage):
    return stage.file("closed-loop", RESIDENT, text="反映小区停车难")


def handed(stage, id):
    stage.step(id, "hand_out", DESK, unit=U, date=stage.at(days=4))


def struck(stage, id):
    handed(stage, id)
    stage.step(id, "answer", clerk(U), **DONE)
    stage.step(id, "call_back", DESK, **YES)
    stage.step(id, "strike_off", DESK, looks=[MONTH, QUARTER])
    return stage.kids(id, "look_backs")


def test_handed_back_until_it_is_solved(stage, loop):
    stage.no("out_of_turn", loop, "answer", clerk(U), **DONE)
    handed(stage, loop)
    stage.no("not_yours", loop, "answer", clerk(V), **DONE)
    stage.step(loop, "answer", clerk(U), **DONE)
    stage.no("out_of_turn", loop, "strike_off", DESK, looks=[MONTH])
    stage.step(loop, "call_back", DESK, **NO)
    assert stage.state(loop) == "handed"
    stage.step(loop, "answer", clerk(U), **DONE)
    stage.step(loop, "call_back", DESK, **YES)
    assert stage.state(loop) == "called"


def test_a_relapse_opens_the_next_round(stage, loop):
    first, second = struck(stage, loop)
    stage.no("out_of_turn", first, "hold", DESK, text="没有反弹")
    stage.wait(hours=MONTH + 1)
    stage.step(first, "relapse", DESK, text="又乱停了")
    assert (stage.state(loop), stage.order(loop).round) == ("handed", 2)
    stage.step(loop, "answer", clerk(U), **DONE)
    stage.wait(hours=QUARTER)
    assert stage.state(second) == "due"


def test_it_held(stage, loop):
    first, second = struck(stage, loop)
    for hours, look in ((MONTH, first), (QUARTER, second)):
        stage.wait(hours=hours + 1)
        stage.step(look, "hold", DESK, text="没有反弹")
    assert stage.state(loop) == "struck"


def test_a_look_back_that_relapses_while_it_is_being_done_changes_nothing(stage, loop):
    first, second = struck(stage, loop)
    stage.wait(hours=QUARTER + 1)
    stage.step(first, "relapse", DESK, text="又乱停了")
    stage.step(second, "relapse", DESK, text="还是乱停")
    assert (stage.state(loop), stage.order(loop).round) == ("handed", 2)
    assert stage.verbs(loop)[-1] == "void"


def test_the_answer_is_due_when_the_hand_out_says(stage, loop):
    handed(stage, loop)
    assert stage.due(loop, "handed").isoformat() == stage.at(days=4)
