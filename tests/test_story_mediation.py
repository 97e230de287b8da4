"""矛盾调解: two parties, one who mediates, an agreement both sign."""

import pytest
from stage import CITIZENS, DESK, NEIGHBOUR, RESIDENT, also

MEDIATOR = CITIZENS[0]


@pytest.fixture
def quarrel(stage):
    return stage.file("mediation", RESIDENT, second=NEIGHBOUR.id, text="夜间噪声")


def sitting(stage, id):
    stage.step(id, "assign", DESK, mediator=MEDIATOR.id)


def sign(stage, id, who, days=2):
    stage.step(id, "sign", who, signature="签名", date=stage.at(days=days))


def test_both_sign_and_it_is_kept(stage, quarrel):
    sitting(stage, quarrel)
    stage.step(quarrel, "session", MEDIATOR, date=stage.at(hours=1), text="到场")
    stage.no("not_yours", quarrel, "session", DESK, date=stage.at(hours=1), text="到场")
    sign(stage, quarrel, RESIDENT)
    assert stage.state(quarrel) == "sitting"
    stage.no("twice", quarrel, "sign", RESIDENT, signature="签名", date=stage.at(days=2))
    sign(stage, quarrel, NEIGHBOUR)
    assert stage.state(quarrel) == "agreed"
    stage.wait(days=3)
    assert stage.verbs(quarrel)[-1] == "remind"
    stage.step(quarrel, "keep", MEDIATOR, text="已履行")
    assert stage.state(quarrel) == "kept"


def test_nobody_judges_in_their_own_cause(stage, quarrel):
    stage.no("interested", quarrel, "assign", DESK, mediator=NEIGHBOUR.id)
    stage.no("interested", quarrel, "assign", also(RESIDENT, "desk"), mediator=MEDIATOR.id)
    sitting(stage, quarrel)


def test_nobody_quarrels_with_themselves(stage):
    stage.no_file("interested", "mediation", RESIDENT, second=RESIDENT.id, text="x")


def test_a_signature_falls_when_another_mediates(stage, quarrel):
    sitting(stage, quarrel)
    sign(stage, quarrel, RESIDENT)
    stage.step(quarrel, "assign", DESK, mediator=CITIZENS[1].id)
    sign(stage, quarrel, NEIGHBOUR)
    assert stage.state(quarrel) == "sitting"


def test_the_desk_asks_for_both(stage):
    id = stage.file(
        "mediation", DESK, "file_for", first=RESIDENT.id, second=NEIGHBOUR.id, text="噪声"
    )
    assert stage.order(id).ids("first") == {RESIDENT.id}


def test_to_the_law(stage, quarrel):
    sitting(stage, quarrel)
    stage.no("not_yours", quarrel, "fail", RESIDENT, reason="谈不拢")
    stage.step(quarrel, "fail", MEDIATOR, reason="谈不拢")
    assert stage.state(quarrel) == "law"
