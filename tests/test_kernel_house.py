"""Who stands aside, as the kernel decides it, and what holds where the world knows of no houses."""

import pytest
from stage import (
    BUREAU,
    COMMUNITY,
    COUNTY,
    DESK,
    HERE,
    RESIDENT,
    SQUAD,
    STREET,
    Stage,
    U,
    V,
    also_of,
    book_of,
    clerk,
)

from lianxin.core.flow.page import Party, Words
from lianxin.core.step.who import Grant, Who

SAID = {"place": HERE, "text": "x"}


def against(stage: Stage, *units: str) -> str:
    return stage.file("five-orders", RESIDENT, **SAID, against=list(units))


@pytest.mark.parametrize(
    ("free", "desk", "ladder"),
    [
        ((COMMUNITY, STREET, COUNTY), COMMUNITY, (COMMUNITY, STREET, COUNTY)),
        ((COMMUNITY, COUNTY), COMMUNITY, (COMMUNITY, COUNTY)),
        ((STREET, COUNTY), STREET, (STREET, COUNTY)),
        ((COUNTY,), COUNTY, (COUNTY,)),
        ((), COUNTY, (COUNTY,)),
    ],
)
def test_the_order_goes_to_the_next_desk_where_somebody_is_left(free, desk, ladder):
    stage = Stage(impartial=lambda desks, units: tuple(d for d in desks if d in free))
    order = stage.order(against(stage, U))
    assert (order.desk, order.desks) == (desk, ladder)


def test_a_second_name_is_asked_for_again_and_the_same_is_not():
    asked = []

    def impartial(desks, units):
        asked.append(units)
        return desks

    stage = Stage(impartial=impartial)
    id = against(stage, U)
    stage.step(id, "establish", DESK, against=[SQUAD])
    stage.step(id, "comment", DESK, text="x")
    assert asked == [{U}, {U, SQUAD, BUREAU}]


def test_without_a_world_each_unit_is_a_house_of_its_own():
    stage = Stage(house=None, impartial=None)
    id = against(stage, SQUAD)
    stage.no("same_house", id, "dispatch", DESK, unit=SQUAD)
    stage.no("not_yours", id, "dispatch", also_of(DESK, SQUAD), unit=V)
    stage.step(id, "dispatch", also_of(DESK, BUREAU), unit=BUREAU)


def test_parties_that_both_see_are_kept_apart_as_units_not_as_houses():
    page = """
[parties]
buyer  = { ~, holds = "unit" }
seller = { ~, holds = "unit", apart = ["buyer"] }
[states]
open = { ~, turn = "desk" }
done = { ~, final = true }
[steps]
file = { ~, to = "open", by = "desk", asks = ["buyer", "seller"], casts = ["buyer", "seller"] }
end  = { ~, from = ["open"], to = "done", by = "desk" }
"""
    stage = Stage(book=book_of(page=page))
    stage.no_file("interested", "page", DESK, buyer=SQUAD, seller=SQUAD)
    stage.file("page", DESK, buyer=SQUAD, seller=BUREAU)


def test_a_door_above_needs_something_above():
    stage = Stage(over=lambda path, kinds: None)
    stage.no_file("top", "five-orders", RESIDENT, "file_up", **SAID)


def test_each_post_knows_all_units_of_its_holder():
    who = Who("7", (Grant("desk", "5226"), Grant("clerk", unit=U), Grant("member", unit=V)))
    assert {grant.units for grant in who.grants} == {(U, V)}
    alone = Who("7", (Grant("desk", "5226", units=(U,)),))
    assert alone.grants[0].units == (), "a grant says what its holder is now, not what they were"


def test_how_hands_stand_in_the_index():
    word = Words("某", "Some")
    assert Party("a", word, "unit").index == "unit"
    assert Party("a", word, "person").index == "person"
    assert Party("a", word, "unit", sees=False).index == "barred"
    assert Party("a", word, "person", sees=False).index is None  # 7 the person is not 7 the unit


def test_late_news_from_their_house_is_not_kept_as_a_note():
    """A note is kept for whoever has a say in the order; who stands aside has none."""
    stage = Stage()
    id = against(stage, SQUAD)
    stage.step(id, "dispatch", DESK, unit=V)
    family = stage.family
    with pytest.raises(Exception, match="not_yours"):
        family.keep(id, "check", also_of(DESK, SQUAD), {"text": "x"}, stage.now, stage.now)
    family.keep(id, "handle", clerk(V), {"outcome": "solved", "text": "x"}, stage.now, stage.now)
