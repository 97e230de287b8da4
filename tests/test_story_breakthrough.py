"""突破项目: a secretary owns it for a year, with gates on dates; three others score it."""

from datetime import datetime

import pytest
from stage import DESK, REVIEWERS, SECRETARY, ZONE, also


@pytest.fixture
def project(stage):
    return stage.file("breakthrough", SECRETARY, "start", year=2026, text="老旧小区改造")


def scored(stage, id):
    for verb in ("propose", "report", "review"):
        stage.step(id, verb, SECRETARY, text=verb)


def test_a_year_and_its_three_scores(stage, project):
    stage.no("not_yours", project, "propose", DESK, text="x")
    stage.step(project, "propose", SECRETARY, text="目标")
    stage.step(project, "milestone", SECRETARY, text="开工")
    stage.step(project, "report", SECRETARY, text="过半")
    stage.step(project, "review", SECRETARY, text="完成")
    for reviewer in REVIEWERS[:2]:
        stage.step(project, "score", reviewer, rating=4)
    stage.no("twice", project, "score", REVIEWERS[0], rating=1)
    stage.step(project, "score", REVIEWERS[2], rating=5)
    assert stage.state(project) == "published"


def test_gates_stand_on_days_of_its_year(stage, project):
    assert stage.due(project, "drafted") == datetime(2026, 2, 1, tzinfo=ZONE)
    stage.step(project, "propose", SECRETARY, text="目标")
    assert stage.due(project, "under_way") == datetime(2026, 7, 1, tzinfo=ZONE)
    stage.step(project, "report", SECRETARY, text="过半")
    assert stage.due(project, "midyear") == datetime(2027, 1, 1, tzinfo=ZONE)


def test_what_came_late_is_written_down(stage, project):
    stage.step(project, "propose", SECRETARY, text="目标")
    late = stage.events(project)[-1].over
    assert list(late) == ["drafted"]
    assert late["drafted"] > 29 * 86_400


def test_nobody_scores_their_own(stage, project):
    scored(stage, project)
    stage.no("interested", project, "score", also(SECRETARY, "reviewer", "522601"), rating=5)


def test_only_a_secretary_starts_one(stage):
    stage.no_file("not_yours", "breakthrough", DESK, "start", year=2026, text="x")
