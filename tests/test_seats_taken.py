"""Where all seats are taken, the other members of the unit read the order no more."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from api_client import Caller
from django.db import connection
from django.utils import timezone
from town import Town, settled
from web_town import as_

from lianxin.core.step.refused import Refused
from lianxin.orders import actions
from lianxin.orders.models import Order
from lianxin.registry.models import Post

WORDS = "李阿姨家卫生间漏水"
TAKEN = "别人先办了一步"


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with settled(request) as town:
        yield town


def opened(town: Town, *takers: str, seats: int = 1) -> str:
    given = {"text": WORDS, "address": "六栋二单元"}
    number = actions.file("five-orders", "file", town["resident"], given, area=town.grid).number
    actions.step(number, "dispatch", town["desk"], {"unit": str(town.unit.pk)})
    actions.step(number, "accept", town["clerk"], {"seats": seats})
    for name in takers:
        actions.step(number, "grab", town[name], {})
    return number


def reads(town: Town, name: str, number: str) -> bool:
    """By page, program and list alike."""
    page = as_(town, name).get(f"/orders/{number}")
    api = Caller(town.token(name)).get(f"/orders/{number}")
    listed = Order.objects.visible_to(town[name]).filter(number=number).exists()
    found = {page.status_code == 200, api.status_code == 200, listed}
    assert len(found) == 1, (name, page.status_code, api.status_code, listed)
    if not listed:
        for address in ("/pool", f"/find?q={number}", f"/orders?q={number}"):
            assert WORDS[:4] not in as_(town, name).get(address, follow=True).content.decode()
    return listed


def readers(town: Town, number: str, *names: str) -> set[str]:
    return {name for name in names if reads(town, name, number)}


def test_who_holds_a_seat_reads_on_and_the_others_do_not(town: Town) -> None:
    number = opened(town, "m1", seats=2)
    assert readers(town, number, "m1", "m2", "m3") == {"m1", "m2", "m3"}
    actions.step(number, "grab", town["m2"], {})
    assert readers(town, number, "m1", "m2", "m3", "clerk") == {"m1", "m2", "clerk"}


def test_a_seat_that_is_free_again_is_open_again(town: Town) -> None:
    number = opened(town, "m1", "m2", seats=2)
    actions.step(number, "release", town["m2"], {"reason": "病了"})
    assert readers(town, number, "m1", "m2", "m3") == {"m1", "m2", "m3"}
    actions.step(number, "grab", town["m3"], {})
    assert readers(town, number, "m1", "m2", "m3") == {"m1", "m3"}
    actions.undo(number, town["m3"])
    assert readers(town, number, "m2") == {"m2"}


@pytest.mark.parametrize(("relief", "seen"), [([], {"m2", "m3"}), (["m2"], {"m2"})])
def test_an_offered_seat_is_seen_by_whom_it_is_offered_to(
    town: Town, relief: list[str], seen: set[str]
) -> None:
    number = opened(town, "m1")
    named = {"relief": [town[name].id for name in relief]} if relief else {}
    actions.step(number, "offer", town["m1"], named)
    assert readers(town, number, "m2", "m3") == seen
    for name in seen:
        assert number in as_(town, name).get("/pool").content.decode()
    actions.step(number, "take_over", town["m2"], {})
    assert readers(town, number, "m1", "m2", "m3") == {"m2"}


def test_who_stands_in_for_the_clerk_reads_it(town: Town) -> None:
    number = opened(town, "m1")
    today = timezone.localdate()
    held = Post.objects.get(person=town.people["clerk"], role="clerk")
    Post.objects.create(
        person=town.people["m4"], role="clerk", unit=town.unit, since=today,
        until=today + timedelta(days=1), behalf_of=held,
    )  # fmt: skip
    assert readers(town, number, "m3", "m4") == {"m4"}


def test_whoever_is_a_moment_too_late_is_told_that(town: Town) -> None:
    number = opened(town, "m1")
    with pytest.raises(Refused, match="too_late"):
        actions.step(number, "grab", town["m2"], {})
    late = as_(town, "m2").post(f"/orders/{number}/grab")
    page = late.content.decode()
    assert late.status_code == 409 and TAKEN in page
    assert WORDS not in page and "六栋" not in page
    no = Caller(town.token("m2")).step(number, "grab")
    assert (no.status_code, no.json()["code"]) == (409, "too_late")
    assert WORDS not in no.content.decode() and "六栋" not in no.content.decode()
    for name in ("neighbour", "stranger"):
        other = as_(town, name).post(f"/orders/{number}/grab")
        assert other.status_code == 404 and TAKEN not in other.content.decode()


@pytest.mark.parametrize(
    ("verb", "given"),
    [("comment", {"text": "x"}), ("handle", {"outcome": "solved", "text": "x"}),
     ("release", {"reason": "x"}), ("take_over", {}), ("photo", {"photo": []})],
)  # fmt: skip
def test_nothing_else_can_be_pressed_by_them(town: Town, verb: str, given: dict[str, Any]) -> None:
    number = opened(town, "m1")
    with pytest.raises(Refused) as no:
        actions.step(number, verb, town["m2"], given)
    assert no.value.code in ("not_yours", "no_offer", "unknown", "missing"), no.value.code
    assert Order.objects.get(number=number).state == "grabbed"


def test_orders_from_before_are_put_right(town: Town) -> None:
    from importlib import import_module

    full, free, offered = opened(town, "m1"), opened(town, "m1", seats=2), opened(town, "m1")
    actions.step(offered, "offer", town["m1"], {})
    named = opened(town, "m1")
    actions.step(named, "offer", town["m1"], {"relief": [town["m2"].id]})
    right = dict(Order.objects.values_list("number", "pool"))
    Order.objects.update(pool=True)
    with connection.cursor() as cursor:
        cursor.execute(import_module("lianxin.orders.migrations.0015_filled").FILLED)
    assert dict(Order.objects.values_list("number", "pool")) == right
    assert right == {full: False, free: True, offered: True, named: False}
