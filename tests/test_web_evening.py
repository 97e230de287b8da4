"""A member's evening in a browser: what can be done tonight, taken, handed on, done, put away."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from conftest import Live
from django.utils import timezone
from town import Town, settled

from lianxin.orders import actions, phones
from lianxin.orders.models import Event, Look, Order
from lianxin.orders.wished import meant
from lianxin.orders.words import perform
from lianxin.registry.actions import Stamp, vet
from lianxin.registry.models import Person

PHONE, DIAL = "139 4471 8026", "a[href='tel:13944718026']"
SIZES = [{"viewport": {"width": 360, "height": 780}}, {"viewport": {"width": 1440, "height": 900}}]


@pytest.fixture
def town(request: pytest.FixtureRequest, live: Live) -> Iterator[Town]:
    with settled(request) as town:
        now = timezone.now()
        for name in ("m1", "m2", "m3"):
            vet(Stamp(None, now), town.people[name], timezone.localdate(now))
            Person.objects.filter(username=name).update(home=town.grid)
        yield town


def opened(town: Town, text: str, when: str) -> str:
    today = timezone.localdate()
    given = {"text": text, "category": "0604", "phone": PHONE, "address": "3栋2单元501"}
    done = actions.file(
        "five-orders", "file", town["resident"], given | meant(when, today).given, area=town.grid,
        now=timezone.now() - timedelta(minutes=10),
    )  # fmt: skip
    actions.step(done.number, "dispatch", town["desk"], {"unit": str(town.unit.pk)})
    actions.step(done.number, "accept", town["clerk"], {"seats": 2})
    return done.number


def holders(town: Town, number: str) -> set[str]:
    rows = Order.objects.get(number=number).facts["hands"]
    names = {str(p.pk): name for name, p in town.people.items()}
    return {names[row[1]] for row in rows if row[0] == "holder"}


def state(number: str) -> str:
    return Order.objects.get(number=number).state


def card(page: Any, number: str) -> Any:
    return page.locator("article.card", has=page.locator(f"h2 a[href='/orders/{number}']"))


def fits(page: Any) -> None:
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def tonight(page: Any, here: str, other: str) -> None:
    """The pool, narrowed to this evening by one press."""
    page.goto("/pool")
    card(page, other).wait_for()
    page.click(".whens a:text-is('今晚')")
    page.wait_for_url("**when=evening**")
    card(page, here).wait_for()
    assert card(page, other).count() == 0
    assert "须两名审核过的人同去" in card(page, here).inner_text()
    fits(page)


def take(page: Any, number: str) -> None:
    page.goto("/pool?when=evening")
    card(page, number).locator(".main").click()
    page.wait_for_url(f"**/orders/{number}**")


def look(page: Any) -> None:
    """The phone comes in the place of the button that asked for it."""
    assert page.locator(DIAL).count() == 0
    page.click(".ask-phone button")
    page.locator(DIAL).wait_for()
    fits(page)


@pytest.mark.parametrize("size", SIZES, ids=["phone", "desktop"])
def test_an_evening(
    town: Town, open_as: Callable[..., Any], size: dict[str, Any], monkeypatch: Any
) -> None:
    here = opened(town, "孩子放学没人接，今晚能看一会儿吗", "evening")
    other = opened(town, "明天想找人陪孩子写作业", "tomorrow")
    first, unfit, clerk = (open_as(name, **size) for name in ("m1", "m4", "clerk"))
    tonight(first, here, other)
    take(unfit, here)  # not vetted: told why, and nothing happened
    assert "这一单要审核过的人去办" in unfit.locator("main").inner_text()
    assert holders(town, here) == set()
    take(first, here)
    assert holders(town, here) == {"m1"} and state(here) == "accepted"
    clerk.goto(f"/orders/{here}/start")  # one is not enough to begin
    assert "人还不够两名" in clerk.locator("main").inner_text()
    second = open_as("m2", **size)
    second.goto(f"/orders/{here}")
    assert second.locator(".ask-phone").count() == 0, "before taking it there is no phone"
    take(second, here)
    assert state(here) == "grabbed"
    assert not Look.objects.exists()
    first.goto(f"/orders/{here}")
    look(first)
    assert Look.objects.get().who == town.people["m1"]
    hand_on(town, first, open_as("m3", **size), here)
    put_away(town, open_as, size, here, monkeypatch)


def hand_on(town: Town, first: Any, third: Any, number: str) -> None:
    """Offered to one by name; until they take over it stays with the first."""
    first.goto("/pool")
    card(first, number).locator(".menu summary").click()
    card(first, number).locator("a", has_text="请人接替").click()
    first.wait_for_url(f"**/orders/{number}/offer")
    first.locator(".choice", has_text="m3").click()
    first.click("form .main")
    first.wait_for_url(f"**/orders/{number}")
    assert holders(town, number) == {"m1", "m2"}
    first.goto("/pool")
    assert "接之前还由您办" in card(first, number).inner_text()
    third.goto("/pool")
    assert "请您接替" in third.locator("main").inner_text()
    fits(third)
    card(third, number).locator(".main").click()
    third.wait_for_url(f"**/orders/{number}")
    assert holders(town, number) == {"m2", "m3"}
    said = third.locator(".story li").first.inner_text()
    assert "m3" in said and "接替" in said and "m1" in said
    first.goto(f"/orders/{number}")
    assert first.locator(".ask-phone").count() == 0, "whoever has left has no phone"


def put_away(
    town: Town, open_as: Callable[..., Any], size: dict[str, Any], number: str, monkeypatch: Any
) -> None:
    """Done, closed, and then no phone; nor a page that was left open."""
    third, left_open = open_as("m3", **size), open_as("m3", **size)
    left_open.goto(f"/orders/{number}")
    third.goto(f"/orders/{number}")
    third.click("#act .press .main")
    third.wait_for_selector("#step textarea")
    third.locator("#step .choice", has_text="已解决").first.click()
    third.fill("#step textarea", "陪到九点，家长接走了")
    third.click("#step .verbs .main")
    third.wait_for_selector(".just")
    assert state(number) == "done"
    with monkeypatch.context() as bound:
        bound.setattr(phones, "bounds", lambda what: {"a_day": 0, "days": 90})
        third.click(".ask-phone button")
        third.locator(".asked-phone[role=alert]").wait_for()
        assert "今天看的电话够多了" in third.locator(".asked-phone").inner_text()
    for verb, name, given in (
        ("rate", "resident", {"rating": 5}), ("call_back", "desk", {"callback": "solved"}),
        ("strike_off", "desk", {}),
    ):  # fmt: skip
        actions.step(number, verb, town[name], given)
    event = Event.objects.get(order__number=number, verb="strike_off")
    perform(event.order_id, event.nth, "credit hours")
    left_open.click(".ask-phone button")
    left_open.locator(".asked-phone[role=alert]").wait_for()
    assert "电话已经收起来了" in left_open.locator(".asked-phone").inner_text()
    third.goto(f"/orders/{number}")
    assert third.locator(".ask-phone").count() == 0
    assert "3栋2单元501" not in third.content()
    assert Look.objects.count() == 1, "what was refused showed nothing"
    third.goto("/pool")
    third.locator(".served a", has_text="本月").click()
    third.wait_for_url("**/pool/hours?of=month")
    row = third.locator(f".served.rows a[href='/orders/{number}']")
    assert "2.0 小时" in row.inner_text()
    fits(third)


def test_without_scripts_it_is_a_page_with_a_link_to_dial(
    town: Town, open_as: Callable[..., Any]
) -> None:
    number = opened(town, "接孩子", "evening")
    actions.step(number, "grab", town["m1"], {})
    page = open_as("m1", java_script_enabled=False)
    page.goto("/pool")
    card(page, number).locator(".ask-phone button").click()
    page.wait_for_url(f"**/orders/{number}/phone")
    page.locator(DIAL).wait_for()
    fits(page)
    page.click("main a.button:has-text('回到这一单')")
    page.wait_for_url(f"**/orders/{number}")
    assert Look.objects.get().order.number == number
