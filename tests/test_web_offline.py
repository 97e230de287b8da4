"""A grid worker's phone without a network: what is written arrives once, at its own time."""

from __future__ import annotations

import csv
import os
import re
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pocket
import pytest
from conftest import Live
from django.utils import timezone
from pocket import NOTHING_WAITS, ORDERS, PHOTOS, Phone, filed_by_key, told
from test_web_order_story import fits
from thin_wire import Wire, first
from town import GRID, Town

from lianxin.orders.models import Content, Event, Order, Photo

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "messages"
MESSAGES = int(os.environ.get("LIANXIN_TEST_MESSAGES", "100"))  # 1000: what we promise
BATCHES = 10
WIDE = {"viewport": {"width": 1440, "height": 900}}
live, wire, wire_and_live = pocket.live, pocket.wire, pocket.wire_and_live
town, phone = pocket.town, pocket.phone


# ── the round ────────────────────────────────────────────────────────────────────────────────────


def test_several_notes_with_photos_survive_a_closed_page(phone: Phone) -> None:
    began = timezone.now()
    phone.out()
    phone.write("帮老人换了灯泡", photos=2)
    phone.write("三栋门口积水", "file_for", photos=1)
    phone.page.fill("[name=text]", "还没写完")
    phone.until("async () => (await self.jot.count()).writing === 1")
    phone.again()
    phone.until("document.querySelector('[name=text]').value === '还没写完'")
    assert phone.row("waiting", "").count() == 2
    assert Order.objects.count() == 0
    written = timezone.now()
    phone.back()
    phone.all_sent()
    solved, passed = Order.objects.order_by("filed")
    assert (solved.state, solved.path, passed.state) == ("struck", GRID, "filed")
    assert began < solved.filed < passed.filed < written
    assert Event.objects.get(order=solved).recorded > written
    assert Photo.objects.filter(order=solved).count() == 2
    assert Photo.objects.filter(order=passed).count() == 1
    phone.row("sent", f"已收到，编号 {passed.number}").wait_for()
    assert phone.page.input_value("[name=text]") == "还没写完", "what is not kept is not sent"


def test_the_browser_itself_is_closed_and_opened(
    town: Town, live: Live, wire: Wire, browser: Any, tmp_path: Path
) -> None:
    town.people["worker"].set_password(pocket.PASSWORD)
    town.people["worker"].save()
    kind, flags = browser.browser_type, ["--no-sandbox", "--disable-gpu"]

    def opened() -> Phone:
        context = kind.launch_persistent_context(
            str(tmp_path), executable_path="/usr/bin/chromium", args=flags, base_url=live.url
        )
        return Phone(context.pages[0], wire)

    phone = opened()
    phone.page.goto("/login?next=/today")
    phone.sign_in("worker", pocket.PASSWORD)
    phone.ready().out()
    phone.write("停水了", "file_for", photos=1)
    key = phone.notes()[0]["key"]
    phone.page.context.close()
    phone = opened()
    phone.page.context.set_offline(True)
    phone.page.goto("/jot")
    phone.row("waiting", "停水了").wait_for()
    phone.back()
    phone.all_sent()
    assert list(filed_by_key()) == [key]
    assert Photo.objects.filter(order__isnull=False).count() == 1
    phone.page.context.close()


@pytest.mark.parametrize("size", [{}, WIDE], ids=["phone", "desk"])
def test_ten_seconds_three_presses(open_as: Callable[..., Any], wire: Wire, size: Any) -> None:
    phone = Phone(open_as("worker", **size), wire).ready()
    fits(phone.page)
    phone.page.click(".thumb-bar .main")
    phone.page.wait_for_selector("[name=text]:focus")
    phone.page.keyboard.insert_text("帮王奶奶修好了水龙头")
    phone.page.click(".choice:has([value=log])")
    phone.page.click("form.jot .main")
    phone.row("sent", "帮王奶奶修好了水龙头").wait_for()
    order = Order.objects.get()
    assert (order.state, order.outcome, told()) == ("struck", "solved", ["帮王奶奶修好了水龙头"])
    assert timezone.now() - order.filed < timedelta(seconds=30)
    fits(phone.page)
    phone.page.click(f"a[href='/orders/{order.number}']")
    assert order.number in phone.page.inner_text("main")


def test_half_an_hour_ago_is_when_it_was_heard(phone: Phone) -> None:
    phone.page.goto("/jot")
    phone.page.fill("[name=text]", "垃圾没人收")
    phone.page.check("[value=file_for]")
    phone.page.click("details.rest summary")
    phone.page.click("[data-ago='30']")
    phone.page.fill("#address", "后门边上")
    phone.page.fill("#phone", "13800138000")
    phone.keep()
    phone.all_sent()
    order = Order.objects.get()
    assert timedelta(minutes=30) <= timezone.now() - order.filed < timedelta(minutes=31)
    said = Content.objects.filter(order=order).values_list("name", "value")
    assert {("address", "后门边上"), ("phone", "13800138000")} <= set(said)


def test_the_day_as_it_was_last_seen(phone: Phone, town: Town) -> None:
    number = town.file(text="井盖松了").number
    phone.page.goto("/today")
    phone.write("先记一件")
    phone.all_sent()
    phone.out()
    phone.write("再记一件")
    phone.page.goto("/today")
    assert "井盖松了" in phone.page.inner_text("main")
    stood = phone.page.locator("[data-stood]")
    stood.wait_for()
    assert re.search(r"下面是 \d\d:\d\d 的样子。", stood.inner_text())
    assert phone.page.is_visible("[data-offline]")
    assert "等着发出：1 件" in phone.page.inner_text("[data-unsent]")
    fits(phone.page)
    phone.page.goto(f"/orders/{number}")
    assert "这一页没有存在手机里" in phone.page.inner_text("main")
    fits(phone.page)
    phone.page.goto("/")
    assert phone.page.url.endswith("/today")
    phone.back()
    phone.all_sent()
    assert "有网络了，刷新" in phone.page.inner_text("[data-stood]")
    phone.page.click("[data-stood] a")
    phone.page.wait_for_selector("[data-stood]", state="hidden")
    assert told() == ["井盖松了", "先记一件", "再记一件"]


def test_a_day_later_the_kept_list_is_not_shown(phone: Phone) -> None:
    phone.page.evaluate("""async () => {
        const kept = await caches.open("kept"), old = await kept.match("/today");
        const headers = new Headers(old.headers);
        headers.set("X-Kept", new Date(Date.now() - 86_500_000).toISOString());
        await kept.put("/today", new Response(await old.blob(), { headers }));
    }""")
    phone.out()
    phone.page.goto("/today")
    assert "没有网络" in phone.page.inner_text("h1")
    assert not phone.page.evaluate("async () => Boolean(await caches.match('/today'))")


# ── a bad network ────────────────────────────────────────────────────────────────────────────────


def test_a_lost_answer_counts_once(phone: Phone, wire: Wire) -> None:
    """The house has filed it, nobody has heard of it; meanwhile it cannot be changed."""
    phone.out()
    phone.write("楼道灯坏了", "file_for")
    phone.page.goto("/jot")
    done = threading.Event()

    def lost(method: str, path: str) -> bool:
        if (method, path) != ("POST", ORDERS):
            return False
        done.set()
        return True

    wire.swallow = lost
    phone.back()
    phone.row("tried", "楼道灯坏了").wait_for()
    assert done.wait(30), "tried is said as it leaves; the house needs its moment"
    assert phone.row("tried", "").locator("button").count() == 0
    assert Order.objects.count() == 1
    wire.swallow = lambda method, path: False
    phone.page.click("[data-send]")
    phone.all_sent()
    assert wire.count(ORDERS) >= 2
    assert (Order.objects.count(), len(filed_by_key())) == (1, 1)


def test_a_lost_answer_to_a_photo_leaves_one_photo(phone: Phone, wire: Wire) -> None:
    phone.out()
    phone.write("下水道堵了", "file_for", photos=2)
    wire.swallow = first(1, PHOTOS)
    phone.back()
    phone.until("async () => (await self.jot.send({ now: true })).why === ''")
    assert Order.objects.count() == 1
    assert Photo.objects.filter(order__isnull=False).count() == 2
    assert Photo.objects.filter(order=None).count() == 1, "swept like any that no order took in"


def test_two_tabs_send_each_once(phone: Phone, wire: Wire) -> None:
    phone.out()
    phone.page.goto("/jot")
    phone.type([f"第{n}件" for n in range(12)])
    other = Phone(phone.page.context.new_page(), wire)
    other.page.goto("/jot")
    other.page.wait_for_selector(".jotted[data-stage=waiting]")
    phone.back()
    for tab in (phone, other):
        tab.page.evaluate("() => { self.jot.send({ now: true }); self.jot.send({ now: true }); }")
    phone.all_sent()
    assert wire.count(ORDERS) == 12
    assert sorted(told()) == sorted(f"第{n}件" for n in range(12))


def test_a_page_left_in_the_middle_loses_nothing(phone: Phone, wire: Wire) -> None:
    phone.out()
    phone.page.goto("/jot")
    phone.type([f"第{n}件" for n in range(30)])
    phone.back()
    for _ in range(4):
        phone.page.reload()
        phone.page.wait_for_timeout(120)
    phone.page.goto("/jot")
    phone.all_sent()
    assert sorted(told()) == sorted(f"第{n}件" for n in range(30))


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        ("429 Too Many", {"Retry-After": "1"}),
        ("503 Busy", {"Retry-After": "1"}),
        ("500 Broken", {}),
        ("502 Bad Gateway", {"Content-Type": "text/html"}),
        ("200 OK", {"Content-Type": "text/html"}),  # a hotel's page in place of ours
        ("413 Too Large", {"Content-Type": "text/html"}),  # a proxy's own no
    ],
)
def test_a_house_out_of_breath_gets_it_later(
    phone: Phone, wire: Wire, status: str, headers: dict[str, str]
) -> None:
    left = [2]

    def instead(method: str, path: str) -> tuple[str, dict[str, str]] | None:
        if (method, path) != ("POST", ORDERS) or not left[0]:
            return None
        left[0] -= 1
        return status, headers

    phone.out()
    phone.write("路灯不亮", "file_for")
    wire.instead = instead
    phone.back()
    phone.until("async () => (await self.jot.send({ now: true })).why === ''", 30)
    assert (told(), len(filed_by_key()), left) == (["路灯不亮"], 1, [0])


# ── a thousand ───────────────────────────────────────────────────────────────────────────────────


def messages(n: int) -> list[str]:
    """Real messages where they lie beside the project, else ones like them: long, of many lines."""
    path = SHARED / "messages_4326.csv"
    if not path.exists():
        return [f"第{k}条\n𠮷祥里{k}号" + "，水管又漏了" * (k % 60) for k in range(n)]
    with path.open(encoding="utf-8-sig", newline="") as file:
        texts = (row["text"].replace("\r\n", "\n").strip() for row in csv.DictReader(file))
        return [text for text in texts if text][:n]


def flaky(n: int) -> Callable[[str, str], bool]:
    """Every seventh answer is lost."""
    count = [0]

    def swallow(method: str, path: str) -> bool:
        count[0] += (method, path) == ("POST", ORDERS)
        return (method, path) == ("POST", ORDERS) and count[0] % n == 0

    return swallow


@pytest.mark.timeout(600)
def test_each_of_many_messages_arrives_once_at_its_time(phone: Phone, wire: Wire) -> None:
    """Typed without a network in batches; in between it comes and goes, and loses answers."""
    texts, typed = messages(MESSAGES), {}
    size = -(-len(texts) // BATCHES)
    wire.swallow = flaky(7)
    for at in range(0, len(texts), size):
        phone.out()
        phone.again()
        phone.type(texts[at : at + size])
        typed |= {note["key"]: note["at"] for note in phone.notes()}
        phone.back()
        phone.page.wait_for_timeout(250)  # enough for some of them
    wire.swallow = lambda method, path: False
    phone.until("async () => (await self.jot.send({ now: true })).why === ''", 400)
    assert phone.page.evaluate(NOTHING_WAITS)
    filed = filed_by_key()
    assert len(typed) == len(texts) == Order.objects.count()
    assert {key: [datetime.fromtimestamp(at / 1000, UTC)] for key, at in typed.items()} == filed
    assert sorted(told()) == sorted(texts)
