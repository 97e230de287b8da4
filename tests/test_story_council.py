"""六方议事: six sides are called, a quorum of four sits, resolutions become tasks."""

import pytest
from stage import CHAIR, DESK, RESIDENT, UNITS, U, clerk

D1, D2, C, F1, F2, RUNNER, N, S = (UNITS[n] for n in ["D1", "D2", "C", "F1", "F2", "O", "N", "S"])


@pytest.fixture
def council(stage):
    return stage.file(
        "council", CHAIR, "call", date=stage.at(hours=5), department=[D1, D2], committee=C,
        firm=[F1, F2], operator=RUNNER, university=[N], street=S,
    )  # fmt: skip


def attend(stage, id, *units):
    for unit in units:
        stage.step(id, "attend", clerk(unit))


def sit(stage, id):
    attend(stage, id, F1, D1, C, N)
    stage.step(id, "sit", CHAIR)


def test_a_resolution_is_published_when_it_is_settled(stage, council):
    sit(stage, council)
    stage.step(council, "resolve", CHAIR, text="停车位共享")
    stage.step(council, "rise", CHAIR, text2="纪要")
    task = stage.kid(council, "tasks")
    stage.no("out_of_turn", council, "end", CHAIR)
    stage.step(task, "hand_out", DESK, unit=U, date=stage.at(days=4))
    stage.step(task, "answer", clerk(U), outcome="solved", text="已办")
    stage.step(task, "call_back", DESK, reached="yes", solved="yes")
    stage.step(task, "strike_off", DESK, looks=[720])
    assert stage.state(council) == "published"


def test_two_firms_are_one_side(stage, council):
    attend(stage, council, F1, F2, D1, D2)
    stage.no("no_quorum", council, "sit", CHAIR)
    attend(stage, council, C)
    stage.no("no_quorum", council, "sit", CHAIR)
    attend(stage, council, N)
    stage.step(council, "sit", CHAIR)


def test_the_quorum_must_hold_for_each_resolution(stage, council):
    sit(stage, council)
    attend(stage, council, S)
    stage.step(council, "leave", clerk(C))
    stage.step(council, "resolve", CHAIR, text="还有四方")
    stage.step(council, "leave", clerk(N))
    stage.no("no_quorum", council, "resolve", CHAIR, text="只剩三方")


def test_who_was_not_called_does_not_attend(stage, council):
    stage.no("not_yours", council, "attend", RESIDENT)
    attend(stage, council, F1)
    stage.no("already", council, "attend", clerk(F1))
    stage.no("not_yours", council, "leave", clerk(F2))


def test_without_a_resolution(stage, council):
    sit(stage, council)
    stage.no("no_children", council, "rise", CHAIR, text2="纪要")
    stage.step(council, "end", CHAIR)
    assert stage.state(council) == "published"
