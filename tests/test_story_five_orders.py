"""五单: one order all the way round, and every way it may leave the road."""

from datetime import timedelta

import pytest
from stage import (
    CITIZENS,
    COUNTY,
    COUNTY_DESK,
    DESK,
    HERE,
    MEMBERS,
    RESIDENT,
    REVIEWERS,
    START,
    STREET,
    STREET_DESK,
    SUPERVISOR,
    WORKER,
    Stage,
    U,
    V,
    also,
    clerk,
    member,
)  # fmt: skip

CLERK = clerk(U)
SAID = {"place": HERE, "text": "路灯不亮"}
DONE = {"outcome": "solved", "text": "已更换灯泡"}


@pytest.fixture
def order(stage: Stage) -> str:
    return stage.file("five-orders", RESIDENT, **SAID)


def dispatch(stage: Stage, id: str, unit: str = U) -> None:
    stage.step(id, "dispatch", DESK, unit=unit)


def accept(stage: Stage, id: str, seats: int = 3) -> None:
    dispatch(stage, id)
    stage.step(id, "accept", CLERK, seats=seats)


def done(stage: Stage, id: str) -> None:
    dispatch(stage, id)
    stage.step(id, "keep", CLERK)
    stage.step(id, "handle", CLERK, **DONE)


def struck(stage: Stage, id: str) -> None:
    done(stage, id)
    stage.step(id, "rate", RESIDENT, rating=5)
    stage.step(id, "call_back", DESK, callback="solved")
    stage.step(id, "strike_off", DESK)


def test_one_order_all_the_way_round(stage, order):
    accept(stage, order)
    for who in MEMBERS[:3]:
        stage.step(order, "grab", who)
    assert stage.state(order) == "grabbed"
    stage.step(order, "handle", MEMBERS[0], **DONE)
    stage.step(order, "rate", RESIDENT, rating=5)
    stage.step(order, "call_back", DESK, callback="solved")
    stage.step(order, "strike_off", DESK)
    assert stage.state(order) == "struck"
    assert stage.order(order).outcome == "solved"
    assert stage.verbs(order) == [
        "file", "dispatch", "accept", "grab", "grab", "grab", "handle", "rate", "call_back",
        "strike_off",
    ]  # fmt: skip


def test_whose_turn_it_is_not(stage, order):
    stage.no("out_of_turn", order, "accept", CLERK, seats=3)
    stage.no("not_yours", order, "dispatch", RESIDENT, unit=U)
    stage.no("missing", order, "dispatch", DESK)
    stage.no("unknown_step", order, "nonsense", DESK)
    stage.no("not_asked", order, "dispatch", DESK, unit=U, seats=3)


def test_a_comment_in_between_costs_nobody_the_step(stage, order):
    visit = stage.order(order).visit
    stage.step(order, "urge", RESIDENT)
    stage.step(order, "comment", RESIDENT, text="又坏了一盏")
    stage.step(order, "dispatch", DESK, visit=visit, unit=U)
    stage.no("too_often", order, "urge", RESIDENT)
    stage.no("too_late", order, "redispatch", DESK, visit=visit, unit=V, reason="x")


def test_a_unit_returns_twice_and_no_more(stage, order):
    for _ in range(2):
        dispatch(stage, order)
        stage.no("not_yours", order, "accept", clerk(V), seats=1)
        stage.step(order, "return", CLERK, reason="不归我们管")
        assert stage.state(order) == "returned"
    dispatch(stage, order)
    stage.no("too_often", order, "return", CLERK, reason="还是不归")


def test_seats(stage, order):
    accept(stage, order, seats=3)
    visit = stage.order(order).visit
    stage.no("no_quorum", order, "start", CLERK)
    for who, state in zip(MEMBERS, ["accepted", "accepted", "grabbed"], strict=False):
        stage.step(order, "grab", who, visit=visit)
        assert stage.state(order) == state
    stage.no("too_late", order, "grab", MEMBERS[3])
    stage.no("not_yours", order, "grab", member(0, V))
    stage.step(order, "release", MEMBERS[0], reason="生病")
    entered = stage.order(order).visit
    stage.step(order, "grab", MEMBERS[3])
    assert (stage.state(order), stage.order(order).visit) == ("grabbed", entered)
    stage.no("not_yours", order, "release", MEMBERS[0], reason="again")
    stage.step(order, "no_show", CLERK, holder=[MEMBERS[3].id])
    stage.no("not_cast", order, "no_show", CLERK, holder=[MEMBERS[3].id])


def test_the_last_to_leave_gives_the_order_back(stage, order):
    accept(stage, order, seats=1)
    stage.step(order, "grab", MEMBERS[0])
    stage.step(order, "release", MEMBERS[0], reason="生病")
    assert stage.state(order) == "accepted"


def test_unfilled_returns_to_the_unit(stage, order):
    accept(stage, order, seats=2)
    stage.wait(days=2)
    assert stage.state(order) == "kept"
    stage.step(order, "handle", CLERK, **DONE)


def test_extension_adds_the_original_length_once(stage, order):
    accept(stage, order)
    due = stage.due(order, "handling")
    stage.step(order, "ask_extend", CLERK, reason="下雨")
    stage.no("already_asked", order, "ask_extend", CLERK, reason="雨")
    paper = stage.kid(order, "extension")
    stage.no("interested", paper, "grant", also(CLERK, "supervisor", COUNTY))
    stage.step(paper, "grant", SUPERVISOR)
    assert stage.state(paper) == "granted"
    assert stage.due(order, "handling") > due


def test_parked_keeps_what_it_had(stage, order):
    accept(stage, order)
    for who in MEMBERS[:3]:
        stage.step(order, "grab", who)
    stage.step(order, "ask_park", CLERK, reason="冬季")
    stage.wait(hours=1)
    rest = stage.due(order, "handling") - stage.now
    stage.step(stage.kid(order, "parking"), "grant", SUPERVISOR)
    assert stage.state(order) == "parked"
    stage.wait(days=14)  # two weeks without a holiday, so the same rest on the same weekday
    stage.step(order, "unpark", CLERK)
    assert stage.state(order) == "grabbed"
    assert stage.due(order, "handling") - stage.now == rest
    stage.no("too_often", order, "ask_park", CLERK, reason="x")


def test_parked_comes_back_by_itself(stage, order):
    accept(stage, order)
    stage.step(order, "ask_park", CLERK, reason="冬季")
    stage.step(stage.kid(order, "parking"), "grant", SUPERVISOR)
    stage.wait(days=366)
    assert "unpark" in stage.verbs(order)


def test_a_paper_granted_too_late_leaves_the_order_where_it_is(stage, order):
    accept(stage, order)
    stage.step(order, "ask_extend", CLERK, reason="迟了")
    paper = stage.kid(order, "extension")
    for who in MEMBERS[:3]:
        stage.step(order, "grab", who)
    stage.step(order, "handle", MEMBERS[1], **DONE)
    stage.step(paper, "grant", SUPERVISOR)
    assert (stage.state(order), stage.verbs(order)[-1]) == ("done", "void")


def test_unrated_goes_on_by_itself(stage, order):
    done(stage, order)
    stage.wait(days=3, seconds=1)
    assert stage.state(order) == "rated"
    stage.no("out_of_turn", order, "rate", RESIDENT, rating=5)


def test_unsolved_is_redone_or_given_up_by_the_supervisor(stage, order):
    done(stage, order)
    stage.step(order, "rate", RESIDENT, rating=1)
    stage.step(order, "call_back", DESK, callback="unsolved")
    stage.no("not_yours", order, "give_up", DESK, reason="x")
    stage.step(order, "redo", DESK)
    assert (stage.state(order), stage.order(order).round) == ("dispatched", 2)


def test_the_handler_may_not_call_back(stage, order):
    accept(stage, order, seats=1)
    stage.step(order, "grab", MEMBERS[1])
    stage.step(order, "handle", MEMBERS[1], **DONE)
    stage.step(order, "rate", RESIDENT, rating=5)
    stage.no("interested", order, "call_back", also(MEMBERS[1], "desk"), callback="solved")
    stage.no("interested", order, "call_back", also(CLERK, "desk"), callback="solved")
    stage.step(order, "call_back", DESK, callback="solved")


def test_appeal_needs_two_different_reviewers(stage, order):
    accept(stage, order, seats=1)
    stage.step(order, "grab", MEMBERS[0])
    stage.wait(days=7)
    stage.step(order, "handle", MEMBERS[0], **DONE)
    stage.step(order, "rate", RESIDENT, rating=4)
    stage.step(order, "call_back", DESK, callback="solved")
    stage.step(order, "strike_off", DESK)
    stage.step(order, "appeal", CLERK, reason="放假")
    paper = stage.kid(order, "appeals")
    stage.step(paper, "uphold", REVIEWERS[0])
    stage.no("twice", paper, "deny", REVIEWERS[0], reason="x")
    stage.step(paper, "deny", REVIEWERS[1], reason="n")
    stage.step(paper, "uphold", REVIEWERS[2])
    assert stage.state(paper) == "upheld"
    assert stage.order(order).excused == (("handling", 1),)
    stage.no("too_often", order, "appeal", CLERK, reason="x")


def test_again_starts_a_new_round_without_the_unit(stage, order):
    struck(stage, order)
    stage.step(order, "again", RESIDENT)
    assert stage.state(order) == "filed"
    assert not stage.order(order).party("unit")
    assert stage.order(order).round == 2


def test_again_has_a_window(stage, order):
    struck(stage, order)
    stage.wait(days=31)
    stage.no("window_closed", order, "again", RESIDENT)


def test_nobody_looks_so_it_goes_up_to_the_top_and_stays_there_late(stage, order):
    stage.wait(hours=2, seconds=1)
    assert stage.order(order).desk == STREET
    stage.no("not_yours", order, "dispatch", DESK, unit=U)
    stage.wait(hours=2, seconds=1)
    assert stage.order(order).desk == COUNTY
    stage.wait(days=30)
    assert stage.order(order).desk == COUNTY
    assert stage.verbs(order).count("pass_up") == 2
    stage.no("top", order, "pass_up", COUNTY_DESK)
    stage.step(order, "refuse", COUNTY_DESK, reason="不属于本县")
    assert stage.order(order).outcome == "refused"


def test_up_and_back_with_its_story(stage, order):
    stage.step(order, "pass_up", DESK)
    stage.no("bottom", stage.file("five-orders", RESIDENT, **SAID), "pass_down", DESK, reason="x")
    stage.step(order, "pass_down", STREET_DESK, reason="社区先处理")
    stage.step(order, "dispatch", DESK, unit=U)
    assert stage.verbs(order) == ["file", "pass_up", "pass_down", "dispatch"]


def test_a_code_may_be_given_at_any_time_and_moves_nothing(stage, order):
    before = stage.order(order)
    stage.step(order, "code", DESK)
    stage.step(order, "code", WORKER)
    stage.no("not_yours", order, "code", RESIDENT)
    struck(stage, order)
    stage.step(order, "code", DESK)
    assert stage.order(order).state == "struck"
    assert stage.verbs(order)[1:3] == ["code", "code"]
    assert before.state == "filed"


def test_the_clerk_who_files_for_another_is_not_the_asker(stage):
    id = stage.file("five-orders", DESK, "file_for", **SAID)
    assert not stage.order(id).party("filer")


def test_redispatch_voids_what_the_last_unit_had_asked(stage, order):
    accept(stage, order)
    stage.step(order, "ask_extend", CLERK, reason="r")
    paper = stage.kid(order, "extension")
    stage.step(order, "redispatch", DESK, unit=V, reason="r")
    assert stage.state(paper) == "void"
    stage.no("out_of_turn", paper, "grant", SUPERVISOR)


def test_a_complaint_never_goes_to_the_one_complained_of(stage):
    id = stage.file("five-orders", RESIDENT, against=[U], **SAID)
    stage.no("same_house", id, "dispatch", DESK, unit=U)
    dispatch(stage, id, V)


def test_solved_on_the_spot(stage):
    id = stage.file("five-orders", WORKER, "log", **SAID)
    assert (stage.state(id), stage.order(id).outcome) == ("struck", "solved")


def test_a_door_that_is_not_yours(stage):
    stage.no_file("not_yours", "five-orders", RESIDENT, "log", **SAID)


def test_filed_as_of_yesterday(stage):
    id = stage.file("five-orders", DESK, "file_for", as_of=START - timedelta(hours=17), **SAID)
    assert stage.order(id).at == START - timedelta(hours=17)
    stage.no("too_early", id, "dispatch", DESK, as_of=START - timedelta(hours=18), unit=U)


def test_nothing_is_done_tomorrow(stage, order):
    stage.no("in_future", order, "dispatch", DESK, as_of=START + timedelta(hours=3), unit=U)
    assert stage.verbs(order) == ["file"]


def test_seats_are_for_members_of_the_unit_whoever_names_them(stage, order):
    accept(stage, order)
    stage.no("not_among", order, "assign", CLERK, holder=[member(0, V).id])
    stage.step(order, "assign", CLERK, holder=[MEMBERS[0].id])


def test_a_person_is_not_the_unit_of_the_same_number(stage):
    namesake = CITIZENS[0]
    unit = namesake.id
    id = stage.file("five-orders", RESIDENT, **SAID)
    stage.step(id, "dispatch", DESK, unit=unit)
    stage.step(id, "keep", clerk(unit))
    stage.step(id, "handle", clerk(unit), **DONE)
    stage.step(id, "check", also(namesake, "grid_worker", COUNTY), text="看过了")


def test_buttons_know_what_the_guards_say(stage, order):
    for _ in range(2):
        dispatch(stage, order)
        stage.step(order, "return", CLERK, reason="不归我们管")
    dispatch(stage, order)
    shown = stage.buttons(order, CLERK)
    assert shown["return"] == "too_often"
    assert shown["accept"] is None
    assert "redispatch" not in shown
    stage.wait(hours=0)
    assert stage.verbs(order)[-1] == "dispatch"


def test_what_was_due_on_the_case_happens_before_its_paper_is_answered(stage, order):
    accept(stage, order)
    stage.step(order, "ask_park", CLERK, reason="冬季")
    paper = stage.kid(order, "parking")
    stage.now += timedelta(days=2)
    stage.step(paper, "grant", SUPERVISOR)
    verbs = stage.verbs(order)
    assert verbs.index("unfilled") < verbs.index("park")
    assert stage.order(order).before == "kept"


def test_a_new_round_has_no_outcome_yet(stage, order):
    struck(stage, order)
    assert stage.order(order).outcome == "solved"
    stage.step(order, "again", RESIDENT)
    assert stage.order(order).outcome is None
