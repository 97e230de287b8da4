"""A passer-by leaves an address for mail on the page of what they follow, and is written to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from carriers import Post
from conftest import Live
from django.utils import timezone
from outside import HOUSE, body
from town import Town, settled

from lianxin.core.step.who import Who
from lianxin.orders import actions, follow_mail, follows
from lianxin.orders.models import FollowMail, Order
from lianxin.orders.notices import proofs


@pytest.fixture
def town(request: pytest.FixtureRequest, live: Live) -> Iterator[Town]:
    with settled(request) as town:
        yield town


@pytest.mark.parametrize("size", [(360, 780), (1440, 900)], ids=["phone", "desk"])
def test_an_address_is_left_confirmed_and_taken_out(
    town: Town, letters: Post, pages: Callable[..., Any], size: tuple[int, int]
) -> None:
    number = actions.file(
        "five-orders", "file", Who(""), {"text": "路灯不亮"}, area=town.grid
    ).number
    secret = follows.follow(Order.objects.get(number=number).pk.hex, "draft", "", timezone.now())
    page = pages(viewport={"width": size[0], "height": size[1]})
    page.goto(f"/f/{secret}")
    page.get_by_role("link", name="有进展发邮件告诉我").click()
    page.get_by_label("邮箱地址").fill("不是邮箱")
    page.get_by_role("button", name="发确认信").click()
    assert page.get_by_text("“不是邮箱”不是邮箱地址").first.is_visible()
    page.get_by_label("邮箱地址").fill("wang@example.org")
    page.get_by_role("button", name="发确认信").click()
    page.wait_for_url(f"**/f/{secret}")
    assert page.get_by_text("确认信已经发到 w…@example.org").is_visible()
    proofs.send_follower(FollowMail.objects.get().pk, timezone.now())
    [letter] = letters.letters
    page.goto(re.search(rf"{HOUSE}(\S+)", body(letter))[1])
    page.get_by_role("button", name="是我的邮箱").click()
    assert page.get_by_text("有进展会发邮件到 w…@example.org").is_visible()
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert not wide and follow_mail.mail_of(follows.found(secret)) == "wang@example.org"
    page.get_by_role("button", name="不用发邮件了").click()
    assert page.get_by_role("link", name="有进展发邮件告诉我").is_visible()
    assert follow_mail.mail_of(follows.found(secret)) == ""
