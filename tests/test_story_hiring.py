"""公开招聘: a vacancy, its applications, seats counted over all of them, an objection."""

import pytest
from stage import CITIZENS, DESK, PASSER_BY, RESIDENT, REVIEWERS

APPLICANTS = CITIZENS[:4]


@pytest.fixture
def vacancy(stage):
    return stage.file(
        "vacancy", DESK, "notice", post="worker", places=2, date=stage.at(days=5), text="网格员"
    )


def applied(stage, id):
    for who in APPLICANTS:
        stage.step(id, "apply", who)
    return stage.kids(id, "applications")


def ranked(stage, id):
    applications = applied(stage, id)
    stage.wait(days=5, hours=1)
    for n, one in enumerate(applications):
        for reviewer in REVIEWERS[:2]:
            stage.step(one, "vet", reviewer)
        stage.step(one, "mark", DESK, number=90 - n)
    return applications


def choose(stage, id, n):
    stage.step(id, "choose", DESK, chosen=APPLICANTS[n].id)


def test_two_places_and_one_who_moves_up(stage, vacancy):
    first, second, third, fourth = ranked(stage, vacancy)
    choose(stage, first, 0)
    choose(stage, second, 1)
    stage.no("too_late", third, "choose", DESK, chosen=APPLICANTS[2].id)
    stage.step(third, "pass_over", DESK)
    stage.step(fourth, "withdraw", APPLICANTS[3])
    stage.step(vacancy, "show", DESK)
    stage.step(vacancy, "object", RESIDENT, objection="是亲戚")
    stage.step(vacancy, "uphold", DESK, reason="查实")
    stage.step(second, "unchoose", DESK, reason="查实")
    stage.step(third, "reopen", DESK)
    stage.no("children_open", vacancy, "show", DESK)
    choose(stage, third, 2)
    stage.step(vacancy, "show", DESK)
    stage.wait(days=10)
    assert stage.state(vacancy) == "hired"


def test_what_is_left_of_the_publicity_waits_while_an_objection_is_looked_into(stage, vacancy):
    first, *others = ranked(stage, vacancy)
    choose(stage, first, 0)
    for one in others:
        stage.step(one, "pass_over", DESK)
    stage.step(vacancy, "show", DESK)
    stage.step(vacancy, "object", stage.nobody, objection="是亲戚")
    stage.wait(days=30)
    stage.step(vacancy, "object_too", PASSER_BY, objection="还有一件")
    stage.no("not_yours", vacancy, "dismiss", PASSER_BY, reason="x")
    stage.step(vacancy, "dismiss", DESK, reason="查无此事")
    assert stage.state(vacancy) == "publicity"
    stage.wait(days=10)
    assert stage.state(vacancy) == "hired"


def test_applying_in_time(stage, vacancy):
    applied(stage, vacancy)
    stage.no("not_yours", vacancy, "show", PASSER_BY)
    stage.no("out_of_turn", vacancy, "show", DESK)
    stage.wait(days=6)
    stage.no("out_of_turn", vacancy, "apply", PASSER_BY)
    stage.no("children_open", vacancy, "show", DESK)


def test_without_an_account_one_applies_by_name_and_phone(stage, vacancy):
    stage.step(vacancy, "apply", stage.nobody, applicant="欧阳静", phone="13900139000")
    [one] = stage.kids(vacancy, "applications")
    assert stage.state(one) == "sent"
    stage.no("not_yours", one, "withdraw", RESIDENT)


def test_an_application_is_between_the_applicant_and_the_desk(stage, vacancy):
    one = applied(stage, vacancy)[0]
    stage.step(one, "vet", REVIEWERS[0])
    stage.no("twice", one, "reject", REVIEWERS[0], reason="x")
    stage.no("not_yours", one, "withdraw", APPLICANTS[1])
    stage.step(one, "withdraw", APPLICANTS[0])
    assert stage.state(one) == "out"


def test_nobody_is_hired_while_an_application_is_open_again(stage, vacancy):
    """The clock may not close a case over an open child; it comes back when the child has ended."""
    first, second, third, fourth = ranked(stage, vacancy)
    choose(stage, first, 0)
    for one in (second, third, fourth):
        stage.step(one, "pass_over", DESK)
    stage.step(vacancy, "show", DESK)
    stage.step(second, "reopen", DESK)
    stage.wait(days=10)
    assert (stage.state(vacancy), stage.verbs(vacancy)[-1]) == ("publicity", "void")
    choose(stage, second, 1)
    assert stage.state(vacancy) == "hired"
