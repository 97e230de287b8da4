"""后备力量: recommended, vetted by two, paired with a mentor, deemed ready, appointed."""

import pytest
from stage import CITIZENS, DESK, REVIEWERS, SECRETARY, SUPERVISOR, also

YOUNG, OLD = CITIZENS[0], CITIZENS[1]
COUNTY = "522601"


@pytest.fixture
def reserve(stage):
    return stage.file("reserve", SECRETARY, "recommend", candidate=YOUNG.id, reason="能干")


def rearing(stage, id):
    for reviewer in REVIEWERS[:2]:
        stage.step(id, "vet", reviewer)
    stage.step(id, "pair", DESK, mentor=OLD.id)


def test_from_recommended_to_appointed(stage, reserve):
    rearing(stage, reserve)
    stage.step(reserve, "study", OLD, text="网格工作法", hours=8)
    stage.step(reserve, "put_up", OLD)
    stage.step(stage.kid(reserve, "readiness"), "deny", SUPERVISOR, reason="再练练")
    stage.no("too_often", reserve, "put_up", OLD)
    stage.wait(days=31)
    stage.step(reserve, "put_up", OLD)
    stage.step(stage.kid(reserve, "readiness"), "grant", SUPERVISOR)
    assert stage.state(reserve) == "ready"
    stage.step(reserve, "appoint", DESK, text="任命")
    assert stage.state(reserve) == "appointed"


def test_nobody_vets_themselves_or_whom_they_named(stage, reserve):
    stage.no("interested", reserve, "vet", also(YOUNG, "reviewer", COUNTY))
    stage.no("interested", reserve, "vet", also(SECRETARY, "reviewer", COUNTY))
    stage.step(reserve, "vet", REVIEWERS[0])
    stage.no("twice", reserve, "vet", REVIEWERS[0])


def test_nobody_is_their_own_mentor(stage, reserve):
    for reviewer in REVIEWERS[:2]:
        stage.step(reserve, "vet", reviewer)
    stage.no("interested", reserve, "pair", DESK, mentor=YOUNG.id)


def test_best_of_three(stage, reserve):
    stage.step(reserve, "vet", REVIEWERS[0])
    stage.step(reserve, "fail", REVIEWERS[1], reason="材料不全")
    stage.step(reserve, "fail", REVIEWERS[2], reason="材料不全")
    assert stage.state(reserve) == "dropped"


def test_it_must_be_about_somebody(stage):
    stage.no_file("missing", "reserve", SECRETARY, "recommend", reason="能干")


def test_three_years_and_a_reminder(stage, reserve):
    rearing(stage, reserve)
    stage.wait(days=3 * 365 + 2)
    assert (stage.state(reserve), stage.verbs(reserve)[-1]) == ("rearing", "overdue")
