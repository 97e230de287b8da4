"""吹哨报到: the desk calls departments, they come, one leads, and they are scored."""

import pytest
from stage import ARBITER, DESK, HERE, RESIDENT, U, V, W, clerk

SPOT = [107.97, 26.58]
SAID = {"place": HERE, "text": "占道经营，多部门才管得住"}
DONE = {"outcome": "solved", "text": "已清理"}


@pytest.fixture
def whistle(stage):
    return stage.file("whistle", DESK, **SAID)


def blow(stage, id, *units, hours=10):
    stage.step(id, "blow", DESK, departments=list(units), date=stage.at(hours=hours))
    return stage.kids(id, "calls")


def gathered(stage, id):
    calls = blow(stage, id, U, V, W)
    for call, unit in zip(calls, (U, V, W), strict=True):
        stage.step(call, "sign_in", clerk(unit), point=SPOT)
    return calls


def test_called_come_solved_scored(stage, whistle):
    calls = blow(stage, whistle, U, V, W)
    stage.step(calls[0], "sign_in", clerk(U), point=SPOT)
    stage.step(calls[1], "dispute", clerk(V), reason="不归我们管")
    stage.step(calls[1], "rule", ARBITER, reason="须到场")
    stage.no("too_often", calls[1], "dispute", clerk(V), reason="还是不归")
    stage.step(calls[1], "sign_in", clerk(V), point=SPOT)
    stage.wait(hours=11)
    assert stage.state(calls[2]) == "absent"
    assert stage.state(whistle) == "present"
    stage.step(whistle, "begin", DESK, lead=U, assist=[V])
    stage.step(whistle, "solve", clerk(U), **DONE)
    for score in stage.kids(whistle, "scores")[:2]:
        stage.step(score, "score", DESK, rating=4)
    assert stage.state(whistle) == "solved"
    stage.wait(days=4)
    assert stage.state(whistle) == "closed"
    assert stage.verbs(whistle) == ["file", "blow", "gather", "begin", "solve", "close"]


def test_before_all_have_come_nobody_leads(stage, whistle):
    stage.no("not_yours", whistle, "gather", DESK)
    calls = blow(stage, whistle, U, V)
    stage.no("out_of_turn", whistle, "begin", DESK, lead=U)
    stage.no("not_yours", calls[0], "sign_in", clerk(V), point=SPOT)


def test_a_resident_blows_no_whistle(stage, whistle):
    later = stage.at(hours=1)
    stage.no_file("not_yours", "whistle", RESIDENT, **SAID)
    stage.no("not_yours", whistle, "blow", RESIDENT, departments=[U], date=later)


def test_the_same_department_is_called_once(stage, whistle):
    assert len(blow(stage, whistle, U, U, V)) == 2


def test_freed_by_the_arbiter(stage, whistle):
    calls = blow(stage, whistle, U, V)
    stage.step(calls[0], "sign_in", clerk(U), point=SPOT)
    stage.step(calls[1], "dispute", clerk(V), reason="不归我们管")
    stage.no("not_yours", calls[1], "uphold", DESK, reason="x")
    stage.step(calls[1], "uphold", ARBITER, reason="属实")
    assert stage.state(whistle) == "present"


def test_whoever_is_last_ends_it(stage, whistle):
    gathered(stage, whistle)
    assert stage.state(whistle) == "present"
    assert stage.verbs(whistle)[-1] == "gather"


def test_all_late_at_the_same_moment(stage, whistle):
    calls = blow(stage, whistle, U, V, W, hours=1)
    stage.wait(hours=1)
    assert [stage.state(c) for c in calls] == ["absent"] * 3
    assert stage.verbs(whistle).count("gather") == 1


def test_only_the_caller_scores(stage, whistle):
    gathered(stage, whistle)
    stage.step(whistle, "begin", DESK, lead=U)
    stage.no("not_yours", whistle, "solve", clerk(V), **DONE)
    stage.step(whistle, "solve", clerk(U), **DONE)
    score = stage.kid(whistle, "scores")
    stage.no("not_yours", score, "score", clerk(U), rating=5)
    stage.no("out_of_range", score, "score", DESK, rating=6)


def test_a_call_is_at_the_desk_of_its_whistle(stage, whistle):
    call = stage.order(blow(stage, whistle, U)[0])
    assert (call.desk, call.path) == (stage.order(whistle).desk, stage.order(whistle).path)
