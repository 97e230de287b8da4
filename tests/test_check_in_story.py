"""Seen in a browser: a member checks in, the clerk says yes, and a seat in the pool opens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from conftest import Live
from town import COMMUNITY, Town, settled

from lianxin.orders import actions
from lianxin.orders.models import Order
from lianxin.registry.models import Area, CheckIn, Person, Task

SIZES = [{"viewport": {"width": 360, "height": 780}}, {"viewport": {"width": 1440, "height": 900}}]


@pytest.fixture
def town(request: pytest.FixtureRequest, live: Live) -> Iterator[Town]:
    with settled(request) as town:
        Area.objects.filter(path=COMMUNITY).update(name="榕荫社区")
        Person.objects.filter(username="neighbour").update(name="孙立")
        yield town


def fits(page: Any) -> None:
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def opened(town: Town) -> str:
    """An order that the unit's members may grab."""
    number = town.dispatched()
    actions.step(number, "accept", town["clerk"], {"seats": 2})
    return number


@pytest.mark.parametrize("size", SIZES, ids=["phone", "desktop"])
def test_from_checking_in_to_the_first_seat(
    town: Town, open_as: Callable[..., Any], size: dict[str, Any]
) -> None:
    number = opened(town)
    member, clerk = open_as("neighbour", **size), open_as("clerk", **size)
    assert member.goto("/pool").status == 403, "no member yet"
    check_in(member)
    confirm(clerk)
    member.reload()
    assert "已确认" in member.locator("main").inner_text()
    take_task(member)
    member.click("main a.button.main")
    member.wait_for_url("**/pool")
    fits(member)
    member.locator("article.card .main").first.click()
    member.wait_for_url(f"**/orders/{number}**")
    hands = Order.objects.get(number=number).facts["hands"]
    assert str(town.people["neighbour"].pk) in {row[1] for row in hands if row[0] == "holder"}
    leave(member)


def check_in(page: Any) -> None:
    """By the reader's own menu, in words as one says them."""
    page.goto("/track")
    page.click(".me.menu > summary")
    page.click(".me.menu a[href='/check-in']")
    page.wait_for_url("**/check-in")
    fits(page)
    page.fill("[name=unit_said]", "供电")
    page.fill("[name=home_said]", "榕荫")
    page.click("main form .main")
    page.wait_for_selector("main .chip.waiting")
    assert "等供电所确认" in page.content()
    fits(page)


def confirm(page: Any) -> None:
    page.goto("/unit")
    page.click(".me.menu > summary")
    page.click(".me.menu a[href='/check-ins']")
    page.wait_for_url("**/check-ins")
    fits(page)
    row = page.locator("tbody tr", has_text="孙立")
    row.locator("input[type=checkbox]").check()
    page.click("main form .main")
    page.wait_for_selector(".notice.success, .notice.done")
    assert CheckIn.objects.get().confirmed is not None
    fits(page)


def take_task(page: Any) -> None:
    page.select_option("#take", "mediator")
    page.click("form:has(#take) button")
    page.wait_for_selector("#tasks + ul button")
    assert Task.objects.get().kind == "mediator"
    fits(page)


def leave(page: Any) -> None:
    page.goto("/check-in")
    page.click("form[action='/check-in/leave'] button")
    page.wait_for_selector("[name=unit_said]")
    assert "已离开" in page.content() and "以前的报到" in page.locator("main").inner_text()
    assert page.goto("/pool").status == 403
    fits(page)
