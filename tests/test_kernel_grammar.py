"""Keys of the grammar that no page of the house uses yet in this way, each on a page of its own."""

import json

import pytest
from stage import (
    CITIZENS,
    DESK,
    HERE,
    NEIGHBOUR,
    RESIDENT,
    REVIEWERS,
    SUPERVISOR,
    Stage,
    U,
    V,
    book_of,
    clerk,
    post,
)  # fmt: skip

from lianxin.core.step.facts import hand_in, hand_out
from lianxin.core.step.order import Hand
from lianxin.core.step.who import Who

CLERK = clerk(U)
PAPER = """kind = "paper"
[parties]
asker = { ~, holds = "person" }
[states]
asked = { ~, turn = "supervisor" }
yes   = { ~, final = true }
[steps]
ask   = { ~, to = "asked", by = "parent", casts = "asker" }
grant = { ~, from = ["asked"], to = "yes", by = "supervisor" }
"""


def stage_of(page, **others):
    return Stage(book=book_of(page=page, **others))


# ── hands ────────────────────────────────────────────────────────────────────────────────────────

BOARD = """
[parties]
guest = { ~, holds = "person", many = true }
[states]
new  = { ~, turn = "reviewer" }
done = { ~, final = true }
[steps]
file  = { ~, to = "new", by = "desk", asks = ["guest"], casts = "guest" }
note  = { ~, from = ["new"], by = "desk", asks = ["outcome"] }
[steps.judge]
~
from    = ["new"]
to      = "done"
by      = "reviewer"
count   = 2
clears  = ["guest"]
lifts   = 1
at_most = "1"
outcome = "solved"
then    = ["publish"]
"""


def test_only_the_completing_hand_does_the_rest():
    stage = stage_of(BOARD)
    id = stage.file("page", DESK, guest=[RESIDENT.id])
    before = stage.order(id)
    stage.step(id, "judge", REVIEWERS[0])
    laid = stage.order(id)
    for name in ("guest", "desk", "tallies", "outcome", "state"):
        old, new = (o.ids(name) if name == "guest" else getattr(o, name) for o in (before, laid))
        assert old == new, name
    assert stage.family.journal[-1].words == ()
    stage.step(id, "judge", REVIEWERS[1])
    after = stage.order(id)
    assert (after.state, after.outcome, after.ids("guest")) == ("done", "solved", set())
    assert after.desk != before.desk
    assert stage.family.journal[-1].words == ("publish",)


SWAP = """
[parties]
unit = { ~, holds = "unit", apart = ["rival"] }
rival = { ~, holds = "unit", many = true }
[states]
new  = { ~, turn = "desk" }
done = { ~, final = true }
[steps]
file = { ~, to = "new", by = "desk", asks = ["unit", "rival?"], casts = ["unit", "rival"] }
more = { ~, from = ["new"], by = "desk", asks = ["rival"], casts = "rival" }
end  = { ~, from = ["new"], to = "done", by = "desk" }
[steps.swap]
~
from   = ["new"]
to     = "new"
by     = "desk"
asks   = ["unit"]
clears = ["unit", "rival"]
casts  = "unit"
"""


def test_clears_comes_before_casts():
    stage = stage_of(SWAP)
    id = stage.file("page", DESK, unit=U, rival=[V])
    stage.step(id, "swap", DESK, unit=V)
    stage.step(id, "swap", DESK, unit=V)
    assert stage.order(id).ids("unit") == {V}


def test_apart_holds_whichever_was_there_first():
    stage = stage_of(SWAP)
    stage.no_file("interested", "page", DESK, unit=U, rival=[U])
    id = stage.file("page", DESK, unit=U)
    stage.no("interested", id, "more", DESK, rival=[U])


QUORUM = """
[parties]
there = { ~, holds = "person", many = true }
[states]
new  = { ~, turn = "desk" }
done = { ~, final = true }
[steps]
file = { ~, to = "new", by = "desk" }
come = { ~, from = ["new"], by = "anyone", casts = "there" }
[steps.vote]
~
from   = ["new"]
to     = "done"
by     = "desk"
quorum = { party = "there", at_least = 2, by = "unit" }
"""


def test_a_quorum_by_unit():
    stage = stage_of(QUORUM)
    id = stage.file("page", DESK)
    for who in (clerk(U), clerk(U, second=True), RESIDENT):
        stage.step(id, "come", who)
    stage.no("no_quorum", id, "vote", DESK)
    stage.step(id, "come", clerk(V))
    stage.step(id, "vote", DESK)


# ── how often ────────────────────────────────────────────────────────────────────────────────────

OFTEN = """about = "person"
[parties]
unit = { ~, holds = "unit", many = true }
[states]
new  = { ~, turn = "desk" }
done = { ~, final = true }
[steps]
file  = { ~, to = "new", by = "desk", asks = ["unit"], casts = "unit" }
a     = { ~, from = ["new"], by = "unit", at_most = "1 per unit" }
b     = { ~, from = ["new"], by = "unit", at_most = "1 per actor" }
c     = { ~, from = ["new"], by = "unit", at_most = "2 per subject per month" }
d     = { ~, from = ["new"], by = "unit", at_most = "1 per day" }
e     = { ~, from = ["new"], by = "unit", at_most = "1 per round" }
next  = { ~, from = ["new"], to = "new", by = "desk", reopens = true }
end   = { ~, from = ["new"], to = "done", by = "desk" }
"""


@pytest.fixture
def often():
    return stage_of(OFTEN)


def about(stage, subject):
    return stage.file("page", DESK, subject=subject, unit=[U, V])


def test_per_unit_and_per_actor(often):
    id = about(often, RESIDENT.id)
    second = clerk(U, second=True)
    often.step(id, "a", CLERK)
    often.no("too_often", id, "a", second)
    often.step(id, "a", clerk(V))
    often.step(id, "b", CLERK)
    often.step(id, "b", second)
    often.no("too_often", id, "b", CLERK)


def test_per_subject_and_month_over_all_orders(often):
    first, second = about(often, RESIDENT.id), about(often, RESIDENT.id)
    often.step(first, "c", CLERK)
    often.step(second, "c", CLERK)
    often.no("too_often", first, "c", clerk(V))
    often.step(about(often, NEIGHBOUR.id), "c", CLERK)
    often.wait(days=30)
    often.step(first, "c", clerk(V))


def test_a_step_taken_back_is_counted_no_more(often):
    first, second = about(often, RESIDENT.id), about(often, RESIDENT.id)
    for id in (first, second):
        often.step(id, "c", CLERK)
    often.undo(second, CLERK)
    often.step(first, "c", CLERK)
    often.no("too_often", second, "c", CLERK)


def test_per_day_and_per_round(often):
    id = about(often, RESIDENT.id)
    for verb in "de":
        often.step(id, verb, CLERK)
        often.no("too_often", id, verb, CLERK)
    often.step(id, "next", DESK)
    often.step(id, "e", CLERK)
    often.no("too_often", id, "d", CLERK)
    often.wait(hours=15)
    often.step(id, "d", CLERK)


# ── children ─────────────────────────────────────────────────────────────────────────────────────

ASKING = """
[parties]
asker = { ~, holds = "person", many = true }
[states]
new  = { ~, turn = "desk", within = "1 day", late = "late" }
done = { ~, final = true }
[children]
paper = { flow = "paper", on = { yes = "take" } }
[steps]
file  = { ~, to = "new", by = "anyone", casts = "asker" }
late  = { ~, from = ["new"], by = "clock", opens = "paper" }
again = { ~, from = ["new"], by = "desk", closes = ["paper"], opens = "paper" }
take  = { ~, from = ["new"], to = "done", by = "child" }
end   = { ~, from = ["new"], to = "done", by = "desk" }
"""


def test_the_clock_opens_a_paper_and_is_nobodys_asker():
    stage = stage_of(ASKING, paper=PAPER)
    id = stage.file("page", RESIDENT)
    stage.wait(days=1)
    paper = stage.kid(id, "paper")
    assert stage.order(paper).hands == ()
    stage.step(paper, "grant", SUPERVISOR)
    assert stage.state(id) == "done"


def test_a_step_may_close_the_old_paper_and_open_a_new_one():
    stage = stage_of(ASKING, paper=PAPER)
    id = stage.file("page", RESIDENT)
    stage.step(id, "again", DESK)
    stage.step(id, "again", DESK)
    assert [stage.state(k) for k in stage.kids(id, "paper")] == ["void", "asked"]


def test_an_end_voids_what_is_left_open():
    stage = stage_of(ASKING, paper=PAPER)
    id = stage.file("page", RESIDENT)
    stage.step(id, "again", DESK)
    stage.step(id, "end", DESK)
    assert stage.state(stage.kid(id, "paper")) == "void"


WAITING = """
[states]
new  = { ~, turn = "desk" }
wait = { ~, turn = "children" }
done = { ~, final = true }
[children]
part = { flow = "part", on = { all = "settle", void = "lost" } }
[steps]
file   = { ~, to = "new", by = "desk" }
open   = { ~, from = ["new"], by = "desk", opens = "part", asks = ["place"] }
go     = { ~, from = ["new"], to = "wait", by = "desk", has = "part" }
settle = { ~, from = ["wait"], to = "done", by = "child", children = "part" }
lost   = { ~, from = ["new", "wait"], by = "child" }
"""
PART = """
[states]
todo = { ~, turn = "desk" }
done = { ~, final = true }
[steps]
open = { ~, to = "todo", by = "parent", asks = ["place?"] }
end  = { ~, from = ["todo"], to = "done", by = "desk" }
"""
GIVING = WAITING.replace("on = {", 'gives = { place = "place" }, on = {')


def test_a_void_child_was_never_there_and_the_parent_hears_of_it():
    stage = stage_of(WAITING, part=PART)
    id = stage.file("page", DESK)
    stage.step(id, "open", DESK, place=HERE)
    stage.family.void(stage.kid(id, "part"), stage.now)
    assert stage.verbs(id)[-1] == "lost"
    stage.no("no_children", id, "go", DESK)
    stage.step(id, "open", DESK, place=HERE)
    stage.step(id, "go", DESK)
    stage.step(stage.kid(id, "part"), "end", DESK)
    assert stage.state(id) == "done"


def test_a_place_that_is_given_is_where_the_child_is():
    stage = stage_of(GIVING, part=PART)
    id = stage.file("page", DESK)
    stage.step(id, "open", DESK, place="5")
    child = stage.order(stage.kid(id, "part"))
    assert (child.area, child.path) == ("5", "522601001001001")


def test_who_came_by_a_merge_is_not_given_to_the_parts(stage):
    said = {"place": HERE, "text": "路灯不亮"}
    one, other = (stage.file("five-orders", who, **said) for who in CITIZENS[:2])
    stage.step(other, "merge", DESK, into=one)
    stage.step(one, "split", DESK, parts=["甲"])
    assert stage.order(stage.kid(one, "parts")).ids("filer") == {CITIZENS[0].id}


# ── who sees, and in which order the noes come ───────────────────────────────────────────────────


def test_a_field_is_closed_to_those_not_named(stage):
    id = stage.file("five-orders", RESIDENT, place=HERE, text="x", phone="13800000000")
    assert "phone" in stage.hidden(id, SUPERVISOR)
    assert "phone" not in stage.hidden(id, DESK)
    assert "phone" not in stage.hidden(id, RESIDENT)


def test_whom_it_complains_of_does_nothing_with_it(stage):
    id = stage.file("five-orders", RESIDENT, place=HERE, text="x", against=[U])
    stage.no("not_yours", id, "comment", CLERK, text="不是我们")
    assert "comment" not in stage.buttons(id, CLERK)


NOES = [
    ("not_yours", "dispatch", CLERK, {"visit": 99}),
    ("too_late", "accept", DESK, {"visit": 99}),
    ("out_of_turn", "keep", CLERK, {"seats": 3}),
    ("not_yours", "withdraw", NEIGHBOUR, {"nonsense": 1}),
    ("missing", "dispatch", DESK, {"nonsense": 1}),
    ("not_asked", "dispatch", DESK, {"unit": U, "nonsense": 1}),
    ("same_house", "dispatch", DESK, {"unit": V}),
]


@pytest.mark.parametrize(("code", "verb", "who", "given"), NOES)
def test_noes_come_in_their_order(stage, code, verb, who, given):
    id = stage.file("five-orders", RESIDENT, place=HERE, text="x", against=[V])
    stage.no(code, id, verb, who, **given)


def test_the_bearer_of_a_link_is_the_asker_of_one_order(stage):
    id, other = (stage.file("five-orders", RESIDENT, place=HERE, text="x") for _ in "12")
    bearer = Who("", party=(id, "filer"))
    stage.step(id, "urge", bearer)
    stage.no("too_often", id, "urge", bearer)
    stage.no("not_yours", other, "urge", bearer)
    stage.step(id, "withdraw", bearer)


# ── many at once ─────────────────────────────────────────────────────────────────────────────────


def test_a_refused_press_among_many_leaves_no_trace(stage):
    ids = [stage.file("five-orders", who, place=HERE, text="x") for who in CITIZENS]
    before = {id: stage.order(id) for id in ids}
    stage.no("circle", ids[0], "merge", DESK, into=ids[0])
    assert all(stage.order(id) is before[id] for id in ids)
    assert stage.family.trail == []


def test_time_reaches_every_family(stage):
    ids = [stage.file("five-orders", who, place=HERE, text="x") for who in CITIZENS]
    stage.wait(hours=2)
    assert {stage.order(id).desk for id in ids} == {"522601001"}


def test_buttons_change_nothing_even_when_time_has_come(stage):
    id = stage.file("five-orders", RESIDENT, place=HERE, text="x")
    before, length = stage.order(id), len(stage.family.journal)
    stage.now = stage.due(id, "filed")
    street = post("street-desk", "desk", "522601001")
    assert stage.buttons(id, DESK).get("dispatch", "not mine") == "not mine"
    assert stage.buttons(id, street)["dispatch"] is None
    assert stage.order(id) is before
    assert len(stage.family.journal) == length


@pytest.mark.parametrize("more", [{}, {"veiled": True}, {"unit": U}, {"veiled": True, "unit": U}])
def test_a_hand_comes_back_as_it_went(more):
    hand = Hand("holder", "1", "desk", 3, **more)
    assert hand_in(json.loads(json.dumps(hand_out(hand)))) == hand
