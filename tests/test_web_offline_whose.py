"""What a phone keeps after a no, and whose it is when somebody else takes the phone in hand."""

from __future__ import annotations

import threading
from datetime import timedelta

import pocket
import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from pocket import ORDERS, PASSWORD, Phone, told
from test_web_order_story import fits
from thin_wire import Wire
from town import DAY, GRID, Town

from lianxin.orders.models import Event, Order
from lianxin.registry.models import Person, Post

live, wire, wire_and_live = pocket.live, pocket.wire, pocket.wire_and_live
town, phone = pocket.town, pocket.phone


# ── a no ─────────────────────────────────────────────────────────────────────────────────────────


def test_what_is_too_old_is_kept_and_sent_as_of_now(phone: Phone) -> None:
    phone.page.goto("/jot")
    phone.page.fill("[name=text]", "上个月听说的路灯")
    phone.page.check("[value=file_for]")
    phone.page.click("details.rest summary")
    heard = timezone.localtime() - timedelta(days=20)
    phone.page.fill("#at", f"{heard:%Y-%m-%dT%H:%M}")
    phone.keep()
    row = phone.row("refused", "上个月听说的路灯")
    row.wait_for()
    assert "最多只能补记 14 天以内的事" in row.inner_text()
    assert Order.objects.count() == 0
    phone.again()
    row = phone.row("refused", "上个月听说的路灯")
    row.locator("[data-act=to_now]").click()
    phone.row("sent", "上个月听说的路灯").wait_for()
    order = Order.objects.get()
    assert timezone.now() - order.filed < timedelta(seconds=30)
    when = f"{heard.month}月{heard.day}日 {heard:%H:%M}"
    assert told() == [f"上个月听说的路灯\n（{when}听说的）"]


def test_a_bad_photo_does_not_take_the_words_along(phone: Phone) -> None:
    phone.page.goto("/jot")
    phone.page.fill("[name=text]", "墙皮掉了")
    phone.page.check("[value=file_for]")
    bad = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": b"not a photo"}
    phone.page.set_input_files("#photo", [bad])
    phone.page.wait_for_selector(".picture")
    phone.keep()
    row = phone.row("refused", "墙皮掉了")
    row.wait_for()
    assert "这不是能用的照片" in row.inner_text()
    row.locator("[data-act=no_photos]").click()
    phone.all_sent()
    phone.row("sent", "墙皮掉了").wait_for()
    assert told() == ["墙皮掉了"]


def test_a_refused_note_is_changed_or_removed_and_brought_back(phone: Phone, town: Town) -> None:
    phone.out()
    phone.page.goto("/jot")
    phone.type(["甲", "乙"])
    town.areas[GRID].until = timezone.localdate() - timedelta(days=1)
    town.areas[GRID].save()
    phone.back()
    phone.row("refused", "甲").wait_for()
    row = phone.row("refused", "乙")
    row.locator("[data-act=drop]").click()
    row.wait_for(state="detached")
    phone.page.click("[data-state] button")
    row.wait_for()
    row.locator("[data-act=edit]").click()
    phone.until("document.querySelector('[name=text]').value === '乙'")
    assert Order.objects.count() == 0


@pytest.mark.parametrize(
    ("text", "door", "at", "says"),
    [
        ("", "log", "", "请写一句"),
        ("有话", "", "", "请选：当场解决了"),
        ("有话", "log", "2099-01-01T08:00", "时间没有看懂，或者还没有到"),
    ],
)
def test_what_is_missing_is_said_without_a_network(
    phone: Phone, text: str, door: str, at: str, says: str
) -> None:
    phone.out()
    phone.page.goto("/jot")
    phone.page.fill("[name=text]", text)
    if door:
        phone.page.check(f"[value={door}]")
    if at:
        phone.page.click("details.rest summary")
        phone.page.fill("#at", at)
    phone.page.click("form.jot .main")
    assert says in phone.page.inner_text("[data-wrong]")
    assert phone.page.input_value("[name=text]") == text


# ── whose phone it is ────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def second(town: Town) -> Person:
    """Another worker of the same grid, who may be handed the same phone."""
    town.people["second"] = person = Person(username="second", name="second")
    for one in (town.people["worker"], person):
        one.set_password(PASSWORD)
        one.save()
    Post.objects.create(person=person, role="grid_worker", since=DAY, area=town.grid)
    return person


def test_an_expired_session_keeps_everything_until_the_same_person_is_back(
    second: Person, phone: Phone
) -> None:
    phone.out()
    phone.write("家里没人", photos=1)
    Session.objects.all().delete()
    phone.back()
    phone.page.get_by_text("请重新登录，登录后就发").wait_for()
    assert Order.objects.count() == 0
    phone.page.click("[data-state] a")
    phone.sign_in("worker", PASSWORD)
    assert phone.page.url.endswith("/jot")
    phone.row("sent", "家里没人").wait_for()
    assert told() == ["家里没人"]


def test_what_one_person_wrote_is_not_sent_by_another(
    second: Person, phone: Phone, town: Town
) -> None:
    phone.out()
    phone.write("我听到的", "file_for")
    Session.objects.all().delete()
    phone.back()
    phone.page.goto("/login?next=/jot")
    phone.sign_in("second", PASSWORD)
    phone.page.get_by_text("还封着别人没有发出的 1 件").wait_for()
    assert "我听到的" not in phone.page.content()
    phone.write("他听到的", "file_for")
    phone.all_sent()
    phone.page.evaluate("async () => { await self.jot.send({ now: true }); }")
    assert told() == ["他听到的"]
    sealed = phone.notes("waiting")
    assert [note["who"] for note in sealed] == [str(town.people["worker"].pk)]
    phone.page.goto("/today")
    phone.page.click("details.me summary")
    with phone.page.expect_navigation():
        phone.page.click("details.me form button")
    phone.page.goto("/login?next=/jot")
    phone.sign_in("worker", PASSWORD)
    phone.row("sent", "我听到的").wait_for()
    actors = Event.objects.order_by("order__filed").values_list("actor", flat=True)
    assert list(actors) == [str(town.people["worker"].pk), str(second.pk)]
    assert told() == ["我听到的", "他听到的"]


def test_another_sign_in_between_question_and_answer_sends_nothing(
    second: Person, phone: Phone, wire: Wire
) -> None:
    """What is sent says whose it is, and the house compares."""
    phone.out()
    phone.write("我听到的")
    other = Phone(phone.page.context.new_page(), wire)
    asked, go_on = threading.Event(), threading.Event()

    def slow(method: str, path: str) -> None:
        """The first answer to “whose phone is it” is long on its way."""
        if path == "/jot/me" and not asked.is_set():
            asked.set()
            go_on.wait(10)

    wire.hold = slow
    phone.back()
    assert asked.wait(10)
    other.page.goto("/login?next=/jot")
    other.sign_in("second", PASSWORD)
    go_on.set()
    other.page.get_by_text("还封着别人没有发出的 1 件").wait_for()
    phone.page.wait_for_timeout(1000)
    assert wire.count(ORDERS) >= 1, "it was tried, and refused"
    assert Order.objects.count() == 0
    assert [note["stage"] for note in phone.notes()] == ["waiting"]


def test_signing_out_takes_what_is_private_along(second: Person, phone: Phone) -> None:
    phone.out()
    phone.write("不想让人看见的话", "file_for")
    wanted = phone.notes()
    phone.wire.instead = lambda m, p: ("503 Busy", {}) if p.startswith("/api") else None
    phone.back()
    phone.page.goto("/today")
    phone.page.click("details.me summary")
    with phone.page.expect_navigation():
        phone.page.click("details.me form button")
    assert "还有 1 件没有发出" in phone.page.inner_text("main")
    fits(phone.page)
    kept = "async () => (await (await caches.open('kept')).keys()).length"
    assert phone.page.evaluate(kept) == 0
    left = phone.notes()
    assert [note["key"] for note in left] == [note["key"] for note in wanted]
    assert "不想让人看见" not in str(left)
    phone.out()
    phone.page.goto("/jot")
    assert "没有网络" in phone.page.inner_text("h1")
    phone.wire.instead = lambda m, p: None
    phone.back()
    phone.page.goto("/login?next=/jot")
    phone.sign_in("worker", PASSWORD)
    phone.row("sent", "不想让人看见的话").wait_for()
    assert told() == ["不想让人看见的话"]


def test_signing_out_without_a_network_says_what_it_has_done(phone: Phone) -> None:
    phone.page.goto("/today")
    phone.out()
    phone.page.click("details.me summary")
    with phone.page.expect_navigation():
        phone.page.click("details.me form button")
    assert "账号本身还没有退出" in phone.page.inner_text("main")
    phone.page.goto("/today")
    assert "没有网络" in phone.page.inner_text("h1")
