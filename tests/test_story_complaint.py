"""投诉、举报: kept from the one complained of and all of that house, whatever posts they hold."""

import pytest
from stage import (
    BUREAU,
    CITIZENS,
    COMMUNITY,
    DESK,
    GRID,
    HERE,
    NEIGHBOUR,
    RESIDENT,
    SQUAD,
    STREET,
    STREET_DESK,
    SUPERVISOR,
    WORKER,
    U,
    V,
    W,
    also_of,
    clerk,
)

SAID = {"place": HERE, "text": "执法粗暴", "matter": "complain", "whom": "那个中队"}
HOUSE = {"the unit": SQUAD, "what it belongs to": BUREAU}


@pytest.fixture
def order(stage):
    return stage.file("five-orders", RESIDENT, **SAID)


def established(stage, id, *units):
    stage.step(id, "establish", DESK, against=list(units))


# ── to whom it may be given ──────────────────────────────────────────────────────────────────────


def test_the_desk_finds_out_whom_it_is_against_and_goes_on(stage, order):
    established(stage, order, SQUAD)
    assert (stage.state(order), stage.order(order).visit) == ("filed", 1)  # no step, no clock moved
    stage.no("already", order, "establish", DESK, against=[SQUAD])
    stage.step(order, "dispatch", DESK, unit=V)
    assert stage.verbs(order) == ["file", "establish", "dispatch"]


@pytest.mark.parametrize("named", HOUSE.values(), ids=HOUSE)
@pytest.mark.parametrize("given", HOUSE.values(), ids=HOUSE)
def test_it_is_given_to_nobody_of_that_house(stage, order, named, given):
    established(stage, order, named)
    stage.no("same_house", order, "dispatch", DESK, unit=given)
    stage.step(order, "dispatch", DESK, unit=V)
    stage.no("same_house", order, "redispatch", DESK, unit=given, reason="换一家")
    stage.step(order, "return", clerk(V), reason="不归我们管")
    stage.no("same_house", order, "dispatch", DESK, unit=given)


def test_whom_it_is_against_is_found_out_after_it_was_given_to_them(stage, order):
    stage.step(order, "dispatch", DESK, unit=SQUAD)
    stage.no("same_house", order, "redispatch", DESK, unit=BUREAU, reason="x", against=[SQUAD])
    stage.step(order, "redispatch", DESK, unit=V, reason="说的就是他们", against=[SQUAD])
    assert stage.order(order).ids("against") == {SQUAD}
    stage.no("not_yours", order, "comment", clerk(SQUAD), text="不是我们")
    stage.step(order, "return", clerk(V), reason="不归我们管")
    stage.no("same_house", order, "dispatch", DESK, unit=SQUAD)


def test_one_that_has_it_is_not_named_while_they_have_it(stage, order):
    stage.step(order, "dispatch", DESK, unit=U)
    stage.no("out_of_turn", order, "establish", DESK, against=[U])


def test_a_name_is_taken_back_by_who_stands_over_the_desk(stage, order):
    stage.no("no_quorum", order, "retract", SUPERVISOR, against=[SQUAD], reason="x")
    established(stage, order, SQUAD, U)
    stage.no("not_yours", order, "retract", DESK, against=[SQUAD], reason="查错了")
    stage.no("not_cast", order, "retract", SUPERVISOR, against=[V], reason="查错了")
    stage.step(order, "retract", SUPERVISOR, against=[SQUAD], reason="查错了")
    stage.no("same_house", order, "dispatch", DESK, unit=U)
    stage.step(order, "dispatch", DESK, unit=SQUAD)


def test_a_slip_of_the_desk_is_undone(stage, order):
    established(stage, order, SQUAD)
    stage.undo(order, DESK)
    stage.step(order, "dispatch", DESK, unit=SQUAD)


# ── who stands aside ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("unit", HOUSE.values(), ids=HOUSE)
@pytest.mark.parametrize("role", ["clerk", "member"])
def test_no_other_post_helps_whoever_is_of_that_house(stage, order, unit, role):
    established(stage, order, SQUAD)
    for who, verb, given in (
        (DESK, "dispatch", {"unit": V}), (STREET_DESK, "refuse", {"reason": "无关"}),
        (WORKER, "comment", {"text": "没有的事"}), (SUPERVISOR, "retract", RETRACTED),
    ):  # fmt: skip
        kin = also_of(who, unit, role)
        assert stage.buttons(order, kin) == {}
        stage.no("not_yours", order, verb, kin, **given)
        assert stage.buttons(order, who)


RETRACTED = {"against": [SQUAD], "reason": "没有的事"}


def test_who_is_of_another_house_stays(stage, order):
    established(stage, order, SQUAD)
    stage.step(order, "dispatch", also_of(DESK, U), unit=V)


def test_a_paper_of_the_complaint_is_kept_from_them_too(stage, order):
    established(stage, order, SQUAD)
    stage.step(order, "dispatch", DESK, unit=V)
    stage.step(order, "keep", clerk(V))
    stage.step(order, "ask_extend", clerk(V), reason="要再问几个人")
    paper = stage.kid(order, "extension")
    stage.no("not_yours", paper, "grant", also_of(SUPERVISOR, BUREAU))
    stage.step(paper, "grant", SUPERVISOR)


def test_whoever_complains_of_their_own_house_remains_the_asker(stage):
    insider = also_of(RESIDENT, SQUAD)
    id = stage.file("five-orders", insider, **SAID, against=[SQUAD])
    stage.step(id, "comment", insider, text="再补一句")
    stage.step(id, "withdraw", insider)


# ── when nobody is left at the desk ──────────────────────────────────────────────────────────────


def test_the_order_leaves_a_desk_where_all_must_stand_aside(stage, order):
    established(stage, order, W)  # the one who sits at the community's desk is a member of W
    assert (stage.order(order).desk, stage.verbs(order)[-1]) == (STREET, "aside")
    stage.no("bottom", order, "pass_down", STREET_DESK, reason="社区办")
    stage.no("not_yours", order, "dispatch", also_of(DESK, W), unit=V)
    stage.step(order, "dispatch", STREET_DESK, unit=V)


def test_it_goes_there_at_once_when_it_is_filed_against_them(stage):
    id = stage.file("five-orders", RESIDENT, **SAID, against=[W])
    assert (stage.order(id).desk, stage.verbs(id)) == (STREET, ["file", "aside"])


def test_an_order_that_was_higher_already_stays_there(stage, order):
    stage.step(order, "pass_up", DESK)
    stage.step(order, "establish", STREET_DESK, against=[W])
    assert stage.order(order).desk == STREET
    assert COMMUNITY not in stage.order(order).desks


def test_undoing_it_brings_the_order_back(stage, order):
    established(stage, order, W)
    stage.undo(order, DESK)
    assert stage.order(order).desk == COMMUNITY
    stage.step(order, "dispatch", DESK, unit=W)


# ── merged and split ─────────────────────────────────────────────────────────────────────────────


def test_what_was_found_out_goes_along_with_a_merge(stage, order):
    established(stage, order, SQUAD)
    other = stage.file("five-orders", NEIGHBOUR, place=HERE, text="占道")
    stage.step(order, "merge", DESK, into=other)
    stage.no("same_house", other, "dispatch", DESK, unit=BUREAU)
    stage.no("not_yours", other, "dispatch", also_of(DESK, SQUAD), unit=V)
    stage.step(other, "split", DESK, parts=["占道", "执法"])
    stage.no("same_house", stage.kid(other, "parts"), "dispatch", DESK, unit=SQUAD)


def test_a_complaint_is_not_merged_into_what_that_house_has_in_hand(stage, order):
    other = stage.file("five-orders", NEIGHBOUR, place=HERE, text="占道")
    stage.step(other, "dispatch", DESK, unit=BUREAU)
    established(stage, order, SQUAD)
    stage.no("same_house", order, "merge", DESK, into=other)


def test_a_merge_hands_up_what_it_is_merged_into(stage):
    complaint = stage.file("five-orders", RESIDENT, **SAID, against=[W])
    other = stage.file("five-orders", NEIGHBOUR, place=HERE, text="占道")
    stage.step(complaint, "merge", STREET_DESK, into=other)
    assert (stage.order(other).desk, stage.verbs(other)[-1]) == (STREET, "aside")


# ── a complaint about those who would deal with it ───────────────────────────────────────────────


@pytest.fixture
def above(stage):
    return stage.file(
        "five-orders", RESIDENT, "file_up", place=HERE, text="社区干部骂人", matter="complain"
    )


def test_it_stands_at_the_street_and_those_below_know_nothing(stage, above):
    row = stage.order(above)
    assert (row.path, row.desk, row.fields["place"]) == (STREET, STREET, "3")
    assert not row.path.startswith(GRID)
    for who in (DESK, WORKER):
        assert stage.buttons(above, who) == {}
        stage.no("not_yours", above, "comment", who, text="没有的事")
    stage.no("bottom", above, "pass_down", STREET_DESK, reason="社区办")
    stage.step(above, "dispatch", STREET_DESK, unit=V)


def test_its_parts_stand_there_too(stage, above):
    stage.step(above, "split", STREET_DESK, parts=["骂人", "不开门"])
    for part in stage.kids(above, "parts"):
        assert (stage.order(part).path, stage.order(part).desk) == (STREET, STREET)
        assert stage.buttons(part, DESK) == {}


def test_nobody_needs_an_account_for_it(stage):
    id = stage.file("five-orders", stage.nobody, "file_up", place=HERE, text="社区干部骂人")
    assert stage.order(id).path == STREET


def test_the_words_for_whom_it_is_about_are_for_few_eyes(stage, order):
    stage.step(order, "dispatch", DESK, unit=V)
    for who in (clerk(V), WORKER, CITIZENS[0]):
        assert "whom" in stage.hidden(order, who)
    for who in (RESIDENT, DESK, SUPERVISOR):
        assert "whom" not in stage.hidden(order, who)
