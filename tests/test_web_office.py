"""The number at a community's doors, as its desk sets it and as a passer-by finds it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from conftest import Live
from django.utils import timezone
from notice_town import with_accounts
from town import COMMUNITY, Town, settled

from lianxin.registry.actions import Stamp, add_building, add_door

PAGE = f"/account/office/{COMMUNITY}"
NUMBER = "0855-123 4567"


@pytest.fixture
def town(request: pytest.FixtureRequest, live: Live) -> Iterator[Town]:
    with settled(request) as town:
        with_accounts(town)
        yield town


@pytest.mark.parametrize("width", [360, 1440])
def test_on_the_page(town: Town, open_as: Callable[..., Any], width: int) -> None:
    """Set, seen on a door's sign by a passer-by, mistyped, put back."""
    stamp = Stamp(None, timezone.now())
    door = add_door(stamp, add_building(stamp, "3号楼"), town.grid, "1单元")
    page = open_as("desk", viewport={"width": width, "height": 780})
    page.goto("/account")
    page.locator(f'a[href="{PAGE}"]').click()
    page.get_by_label("办公电话").fill("打我")
    page.get_by_role("button", name="就这样").click()
    assert page.get_by_text("电话只用数字、空格、括号和横线").first.is_visible()
    for said in (NUMBER, "0855-999 9999"):
        page.goto(PAGE)
        page.get_by_label("办公电话").fill(said)
        page.get_by_role("button", name="就这样").click()
        page.wait_for_url("**/account")
    page.goto(f"/d/{door.code}")
    assert page.get_by_text("0855-999 9999").is_visible()
    page.goto(PAGE)
    page.get_by_role("button", name="改回去").click()
    page.goto(f"/d/{door.code}")
    assert page.get_by_text(NUMBER).is_visible()
