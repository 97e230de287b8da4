"""A substitute may do no more than whoever they stand in for: not look into their house, not judge
their work; and what they do for themselves is nobody else's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from stage import COMMUNITY, DESK, HERE, MEMBERS, RESIDENT, SUPERVISOR, U, V, W, clerk
from town import DAY, STREET, Town, settled
from web_town import as_, see

from lianxin.core.step.who import Grant, Who
from lianxin.orders import actions, world
from lianxin.orders.models import Event, Order
from lianxin.registry.actions import Stamp, stand_in
from lianxin.registry.models import Person, Post

TODAY = timezone.localdate()


def substitute(*away: str, behalf: str = DESK.id) -> Who:
    """Somebody without a post of their own, standing in for the desk."""
    return Who("900", (Grant("desk", COMMUNITY, behalf=behalf, away=away),))


# ── in the kernel ────────────────────────────────────────────────────────────────────────────────


def rated(stage: Any, holder: Who) -> str:
    id = stage.file("five-orders", RESIDENT, place=HERE, text="楼道灯不亮")
    stage.step(id, "dispatch", DESK, unit=U)
    stage.step(id, "accept", clerk(U), seats=1)
    stage.step(id, "grab", holder)
    stage.step(id, "handle", holder, outcome="solved", text="换好了")
    stage.step(id, "rate", RESIDENT, rating=5)
    return id


def test_the_work_of_the_one_stood_in_for_is_not_called_back(stage):
    id = rated(stage, MEMBERS[0])
    stage.no("interested", id, "call_back", substitute(behalf=MEMBERS[0].id), callback="solved")
    stage.no("interested", id, "check", substitute(behalf=MEMBERS[0].id), text="看过了")
    stage.no("interested", id, "call_back", substitute(U), callback="solved")
    stage.step(id, "call_back", substitute(V), callback="solved")


def test_who_also_has_a_post_of_their_own_acts_by_it(stage):
    id = rated(stage, MEMBERS[0])
    both = Who("900", (Grant("desk", COMMUNITY), *substitute(U, behalf=MEMBERS[0].id).grants))
    stage.step(id, "call_back", both, callback="solved")
    assert stage.events(id)[-1].behalf is None


def test_a_complaint_is_not_opened_by_the_post_of_one_of_that_house(stage):
    id = stage.file("five-orders", RESIDENT, place=HERE, text="物业乱收费", against=[V])
    with pytest.raises(Exception, match=r"not_yours|not_found"):
        stage.step(id, "dispatch", substitute(V), unit=U)
    own = Who("900", (*substitute(V).grants, *SUPERVISOR.grants))
    stage.step(id, "comment", own, text="在看")
    stage.step(id, "dispatch", substitute(W), unit=U)


def test_what_anyone_may_file_a_substitute_files_for_themselves(stage):
    clerk_for_another = Who("900", (Grant("clerk", unit=U, behalf=clerk(U).id),))
    id = stage.file("five-orders", clerk_for_another, place=HERE, text="我家门口的路灯坏了")
    filed = stage.events(id)[0]
    assert (filed.actor, filed.behalf, filed.unit) == ("900", None, None)


# ── with posts and pages ─────────────────────────────────────────────────────────────────────────


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    """The one at the desk belongs to V besides; somebody without any post stands in for them."""
    with settled(request) as town:
        other = Person.objects.create(username="wang", name="王芳", password="!")
        town.people["wang"] = other
        desk = Post.objects.get(person=town.people["desk"])
        Post.objects.create(
            person=town.people["desk"], role="member", unit=town.units["V"], since=DAY
        )
        stand_in(Stamp(None, timezone.now()), desk, other, TODAY, TODAY + timedelta(5))
        world.forget()
        yield town


def complain(town: Town, by: str = "resident", unit: str = "V") -> str:
    """The number of a complaint."""
    given = {"text": "乱收费", "against": [str(town.units[unit].pk)]}
    return actions.file("five-orders", "file", town[by], given, area=town.grid).number


def test_a_substitute_sees_no_complaint_against_that_house(town: Town) -> None:
    number, other = complain(town), complain(town, unit="U")
    assert Order.objects.get(number=number).desk == STREET, "nobody impartial sits there"
    assert as_(town, "wang").get(f"/orders/{number}").status_code == 404
    assert as_(town, "wang").get(f"/orders/{other}").status_code == 200
    page = see(town, "wang", "/desk")
    assert other in page and number not in page
    [grant] = town["wang"].grants
    listed = Order.objects.of_grant(grant).values_list("number", flat=True)
    assert [*listed] == [other]


def test_a_program_of_a_substitute_is_told_the_same(town: Town) -> None:
    number = complain(town)
    said = as_(town, "wang").get(
        f"/api/v1/orders/{number}", headers={"Authorization": f"Bearer {town.token('wang')}"}
    )
    assert said.status_code == 404


def test_an_insider_opens_their_own_complaint(town: Town) -> None:
    number = complain(town, by="clerk", unit="U")
    assert as_(town, "clerk").get(f"/orders/{number}").status_code == 200
    assert as_(town, "clerk").post(f"/orders/{number}/withdraw").status_code < 400
    assert Event.objects.filter(order__number=number, verb="withdraw").exists()
