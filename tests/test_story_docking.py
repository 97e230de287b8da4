"""供需对接: cards that lapse, a match with both names veiled until both sides agree."""

import pytest
from stage import RESIDENT, STEWARD, U, V, W, clerk


@pytest.fixture
def talk(stage):
    return stage.file("talk", STEWARD, "match", supplier=U, buyer=V)


def test_a_card_is_renewed_and_lapses(stage):
    card = stage.file("supply", clerk(U), "post", text="钢材")
    stage.no("not_yours", card, "close", clerk(V))
    stage.step(card, "renew", clerk(U))
    stage.wait(days=181)
    assert stage.state(card) == "open"
    stage.wait(days=180)
    assert stage.state(card) == "closed"


def test_a_card_belongs_to_a_unit(stage):
    stage.no_file("no_unit", "demand", RESIDENT, "post", text="钢材")


def test_both_agree_and_sign_the_same_sum(stage, talk):
    stage.step(talk, "agree", clerk(U))
    stage.no("twice", talk, "agree", clerk(U, second=True))
    stage.no("not_yours", talk, "agree", clerk(W))
    assert not stage.order(talk).unveiled
    stage.step(talk, "agree", clerk(V))
    assert (stage.state(talk), stage.order(talk).unveiled) == ("talking", True)
    stage.step(talk, "sign", clerk(U), number=1_000_000)
    stage.no("differs", talk, "sign", clerk(V), number=2_000_000)
    stage.step(talk, "sign", clerk(V), number=1_000_000)
    assert stage.state(talk) == "signed"


def test_one_firm_is_not_both_sides(stage):
    stage.no_file("interested", "talk", STEWARD, "match", supplier=U, buyer=U)


def test_neither_side_sees_the_other_before_both_agree(stage, talk):
    def names(who):
        return {"supplier", "buyer"} & stage.hidden(talk, who)

    assert names(clerk(U)) == {"buyer"}
    assert names(clerk(V)) == {"supplier"}
    assert names(STEWARD) == set()
    stage.step(talk, "agree", clerk(U))
    assert names(clerk(U)) == {"buyer"}
    stage.step(talk, "agree", clerk(V))
    assert names(clerk(U)) == set()


def test_one_side_declines(stage, talk):
    stage.step(talk, "agree", clerk(U))
    stage.step(talk, "decline", clerk(V))
    assert stage.state(talk) == "ended"
    assert not stage.order(talk).unveiled
