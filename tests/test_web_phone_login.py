"""A phone proves itself: a resident finds what they asked for, on a phone and at a desk."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from carriers import Gateway
from conftest import Live
from django.utils import timezone
from town import Town, settled

from lianxin.core.step.who import Who
from lianxin.orders import actions, follows
from lianxin.orders.models import Order
from lianxin.orders.notices import codes
from lianxin.registry.models import PhoneCode

AXE = Path(__file__).parents[1] / "node_modules" / "axe-core" / "axe.min.js"
WIDE = {"viewport": {"width": 1440, "height": 900}}
PHONE, OTHER = "13800138000", "13912345678"


@pytest.fixture
def town(request: pytest.FixtureRequest, live: Live) -> Iterator[Town]:
    with settled(request) as town:
        yield town


def filed(town: Town, phone: str, text: str) -> str:
    given = {"text": text, "phone": phone}
    return actions.file("five-orders", "file", Who(""), given, area=town.grid).number


def arrives(there: Gateway) -> str:
    """The worker hands on what was asked for; the code in the message that came last."""
    for row in PhoneCode.objects.filter(sent=None):
        codes.send(row.pk, timezone.now())
    return re.search(r"\d{6}", there.sent[-1]["text"])[0]


def fits(page: Any) -> None:
    """No sideways scroll, and axe finds nothing, once the page is there."""
    page.wait_for_load_state()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert [(v["id"], v["nodes"][0]["html"]) for v in found["violations"]] == []


@pytest.mark.parametrize("size", [{}, WIDE], ids=["phone", "desktop"])
def test_somebody_who_lost_the_slip_finds_their_request(
    town: Town, there: Gateway, pages: Callable[..., Any], size: dict[str, Any]
) -> None:
    number = filed(town, "+86 138 0013 8000", "楼道灯坏了三天")
    filed(town, OTHER, "井盖没了")
    page = pages(bypass_csp=True, **size)
    page.goto("/track")
    page.click("text=用手机号收验证码")
    fits(page)
    page.fill("[name=phone]", "0855-123456")
    page.click("form .main")
    assert "11 位" in page.locator(".errors").inner_text()
    fits(page)
    page.fill("[name=phone]", PHONE)
    page.click("form .main")
    page.wait_for_url("**/login/sms/code")
    fits(page)
    code = arrives(there)
    page.fill("[name=code]", f"{(int(code) + 1) % 10**6:06d}")
    page.click("form .main")
    assert "数字不对" in page.locator(".errors").inner_text()
    page.fill("[name=code]", code)
    page.click("form .main")
    page.wait_for_url("**/track/phone")
    fits(page)
    assert page.locator(".asked li").count() == 1
    page.click(f"button:has-text('{number}')")
    page.wait_for_url("**/o/*")
    assert "收到了，正在安排人" in page.locator("h1").inner_text()
    page.goto("/track/phone")
    page.click("text=看完了，退出")
    page.goto("/track/phone")
    page.wait_for_url("**/login/sms")


def test_another_browser_and_a_code_used_before_open_nothing(
    town: Town, there: Gateway, pages: Callable[..., Any]
) -> None:
    filed(town, PHONE, "楼道灯坏了三天")
    owner, thief = pages(), pages()
    owner.goto("/login/sms")
    owner.fill("[name=phone]", PHONE)
    owner.click("form .main")
    code = arrives(there)
    thief.goto("/login/sms")
    thief.fill("[name=phone]", OTHER)
    thief.click("form .main")
    thief.wait_for_url("**/login/sms/code")
    thief.fill("[name=code]", code)
    thief.click("form .main")
    assert "数字不对" in thief.locator(".errors").inner_text()
    owner.fill("[name=code]", code)
    owner.click("form .main")
    owner.wait_for_url("**/track/phone")
    owner.goto("/login/sms/code")
    owner.wait_for_url("**/login/sms")
    thief.goto("/track/phone")
    thief.wait_for_url("**/login/sms")
    assert [m["to"] for m in there.sent] == [PHONE]


def test_in_english_in_the_dark_and_in_large_type(
    town: Town, live: Live, there: Gateway, pages: Callable[..., Any]
) -> None:
    filed(town, PHONE, "长" * 3000)
    page = pages(bypass_csp=True)
    chosen = {"language": "en", "theme": "dark", "type": "large"}
    page.context.add_cookies([{"name": n, "value": v, "url": live.url} for n, v in chosen.items()])
    page.goto("/login")
    page.click("text=See my requests by a code")
    fits(page)
    page.fill("[name=phone]", PHONE)
    page.click("form .main")
    page.fill("[name=code]", arrives(there))
    fits(page)
    page.click("form .main")
    page.wait_for_url("**/track/phone")
    fits(page)


def test_whoever_follows_leaves_a_phone(
    town: Town, there: Gateway, pages: Callable[..., Any]
) -> None:
    order = Order.objects.get(number=filed(town, PHONE, "楼道灯坏了三天"))
    secret = follows.follow(order.pk.hex, "draft", "", timezone.now())
    page = pages(bypass_csp=True)
    page.goto(f"/f/{secret}")
    page.click("text=有进展发短信告诉我")
    fits(page)
    page.fill("[name=phone]", OTHER)
    page.click("form .main")
    page.wait_for_url("**/code")
    page.fill("[name=code]", arrives(there))
    fits(page)
    page.click("form .main")
    page.wait_for_url(f"**/f/{secret}")
    assert "5678" in page.locator("main").inner_text()
    fits(page)
    page.click("text=不用发短信了")
    page.wait_for_selector("text=有进展发短信告诉我")
