"""督导: a visit, what was found, each finding put right, and the case that waits for all."""

import pytest
from stage import DESK, HERE, INSPECTOR, SUPERVISOR, U, V, clerk

SPOT = [107.97, 26.58]
SHOWN = {"text": "已整改", "photo": ["p1"]}


@pytest.fixture
def visit(stage):
    id = stage.file("inspection", INSPECTOR, "plan", place=HERE, date=stage.at(hours=10))
    stage.step(id, "arrive", INSPECTOR, point=SPOT)
    return id


def find(stage, id, unit):
    stage.step(id, "find", INSPECTOR, about_what="rules", whose=unit, text="台账不全")
    return stage.kid(id, "findings")


def test_each_finding_is_put_right(stage, visit):
    first, second = find(stage, visit, U), find(stage, visit, V)
    stage.no("children_open", visit, "pass", INSPECTOR)
    stage.step(visit, "notify", INSPECTOR)
    stage.no("not_yours", first, "show", clerk(V), **SHOWN)
    stage.step(first, "show", clerk(U), **SHOWN)
    stage.step(first, "fail", INSPECTOR, reason="还不全")
    assert stage.state(first) == "noticed"
    stage.step(first, "show", clerk(U), **SHOWN)
    stage.step(first, "pass", INSPECTOR)
    assert stage.state(visit) == "noticed"
    stage.step(second, "excuse", SUPERVISOR, reason="已搬迁")
    assert stage.state(visit) == "closed"


def test_the_only_finding_may_end_before_it_is_handed_out(stage, visit):
    only = find(stage, visit, U)
    stage.step(only, "excuse", SUPERVISOR, reason="当场改正")
    stage.step(visit, "notify", INSPECTOR)
    assert stage.state(visit) == "closed"


def test_nothing_found(stage, visit):
    stage.no("no_children", visit, "notify", INSPECTOR)
    stage.step(visit, "pass", INSPECTOR)
    assert stage.state(visit) == "closed"


def test_a_visit_is_the_inspectors(stage):
    id = stage.file("inspection", INSPECTOR, "plan", place=HERE, date=stage.at(hours=10))
    stage.no("not_yours", id, "arrive", DESK, point=SPOT)
    stage.no("out_of_turn", id, "find", INSPECTOR, about_what="rules", whose=U, text="x")
    stage.step(id, "arrive", INSPECTOR, point=SPOT)
    stage.no("not_yours", id, "rest", INSPECTOR)


def test_words_must_show_it_and_no_photo_is_forced(stage, visit):
    finding = find(stage, visit, U)
    stage.no("missing", finding, "show", clerk(U))
    stage.step(finding, "show", clerk(U), text="已整改")
    assert stage.state(finding) == "shown"
