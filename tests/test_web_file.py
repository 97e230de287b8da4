"""Reporting a problem in three screens: by a door's code, without account, and nothing is lost."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from conftest import Live
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from filing import LAMP, Filing, at_a_door, hidden, html, photo, said
from town import GRID, Town

from lianxin.orders.models import Content, Link, Order, Photo
from lianxin.registry.models import Post
from lianxin.web.api.pace import Pace
from lianxin.web.asking import file as views

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "\u202e\u2066右到左\u2069 عربى",
    "𠮷龘 {% now %} {{ draft.key }}",
    "灯\x00坏\x07了",
)


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with at_a_door(request) as town:
        yield town


# --- the door


def test_a_door_says_whose_grid_it_is_and_has_two_ways_in(town: Town, client: Client) -> None:
    page = html(client.get("/d/door23456789"))
    assert "韶山路12号幸福小区3栋 1单元" in page
    assert ">worker<" in page  # the grid worker by name, and nothing else of them
    assert 'href="/file?d=door23456789"' in page
    assert 'href="/services?d=door23456789"' in page


def test_a_grid_without_worker_and_an_unknown_code_still_lead_on(
    town: Town, client: Client
) -> None:
    Post.objects.filter(role="grid_worker").delete()
    assert "社区直接收您的事" in html(client.get("/d/door23456789"))
    lost = client.get("/d/<script>\x00")
    assert lost.status_code == 404
    assert 'href="/file"' in html(lost)
    assert "<script>a" not in html(lost)


# --- the three screens


def test_filing_by_a_door_takes_three_screens(town: Town) -> None:
    way = Filing()
    assert "是这里吗" in html(way.what(category="01", photo=[photo(), photo("#123")]))
    preview = html(way.where(address="三单元门口"))
    for shown in (LAMP, "公共设施", "韶山路12号幸福小区3栋 1单元", "三单元门口"):
        assert shown in preview
    sent = way.send(phone="138 1234 5678")
    order = Order.objects.get()
    assert (order.state, order.path, order.category) == ("filed", GRID, "01")
    assert said(order) == LAMP
    assert said(order, "phone") == "138 1234 5678"
    assert said(order, "address") == "韶山路12号幸福小区3栋 1单元，三单元门口"
    assert Photo.objects.filter(order=order).count() == len(said(order, "photo")) == 2
    told = html(way.client.get(sent["Location"]))
    assert order.number in told
    assert re.search(r"（\d+月\d+日）\d\d:\d\d 前", told)
    assert "data:image/svg+xml" in told


def test_pressing_send_five_times_files_once(town: Town) -> None:
    way = Filing()
    way.what(photo=photo())
    way.where()
    draft = {"draft": hidden(way.last), "go": "send"}
    answers = [way.client.post("/file/send", draft) for _ in range(5)]
    assert Order.objects.count() == 1
    assert {way.client.get(a["Location"]).status_code for a in answers} == {200}
    assert Link.objects.count() == 5  # each press was given a link that works


def test_another_text_under_the_same_key_is_told_and_may_be_sent_as_a_second_request(
    town: Town,
) -> None:
    way = Filing()
    way.what()
    way.where()
    before = way.last
    way.send()
    way.last = before
    way.send("what")
    way.what("井盖响")
    way.where()
    told = way.send()
    assert (told.status_code, Order.objects.count()) == (409, 1)
    assert "刚才已经发出过" in html(told)
    assert way.send().status_code == 302
    assert [said(o) for o in Order.objects.order_by("number")] == [LAMP, "井盖响"]


@pytest.mark.parametrize("address", ["/file/where", "/file/send"])
def test_a_later_screen_opened_by_itself_begins_at_the_first(db: None, address: str) -> None:
    assert Client().get(address)["Location"] == "/file"


# --- nothing typed is lost


def test_an_empty_text_is_said_and_the_photo_stays(town: Town) -> None:
    way = Filing()
    wrong = way.what("  ", photo=photo(), category="02")
    assert wrong.status_code == 422
    assert "请先写几句" in html(wrong)
    assert "/file/photo/" in html(wrong)
    way.what()
    way.where()
    way.send()
    assert len(said(Order.objects.get(), "photo")) == 1


def test_a_file_that_is_no_photo_costs_neither_words_nor_the_good_photo(town: Town) -> None:
    way = Filing()
    bad = SimpleUploadedFile("a.jpg", b"%PDF-1.7", "image/jpeg")
    wrong = way.what(photo=[photo(), bad])
    assert wrong.status_code == 422
    assert "这不是能用的照片" in html(wrong)
    assert LAMP in html(wrong)
    kept = re.search(r'name="drop" value="([^"]+)"', html(wrong))[1]
    assert "是这里吗" in html(way.what(drop=kept))
    way.where()
    way.send()
    assert not Content.objects.filter(name="photo").exists()


def test_more_photos_than_fit_are_said(town: Town) -> None:
    way = Filing()
    wrong = way.what(photo=[photo(f"#{n}{n}{n}") for n in range(views.MOST_PHOTOS + 1)])
    assert wrong.status_code == 422
    assert html(wrong).count('name="drop"') == views.MOST_PHOTOS


def test_the_text_may_have_ten_thousand_characters_and_no_more(town: Town) -> None:
    way = Filing()
    wrong = way.what("龘" * 10_001)
    assert wrong.status_code == 422
    assert "龘" * 10_001 in html(wrong)
    way.what("龘" * 10_000)
    way.where()
    way.send()
    assert said(Order.objects.get()) == "龘" * 10_000


def test_another_language_midway_brings_the_same_screen_with_all_that_was_typed(town: Town) -> None:
    way = Filing()
    sent = {
        "draft": hidden(way.last), "carry": "1", "next": "/file", "language": "en", "text": LAMP,
    }  # fmt: skip
    answer = way.client.post("/switch", sent)
    assert (answer.status_code, answer["Location"]) == (307, "/file")
    page = way.client.post("/file", sent)
    assert page.status_code == 200
    assert "What is wrong?" in html(page)
    assert LAMP in html(page)


def test_a_phone_that_is_none_is_said_with_all_kept(town: Town) -> None:
    way = Filing()
    way.what()
    way.where()
    wrong = way.send(phone="叫我老王")
    assert wrong.status_code == 422
    assert "叫我老王" in html(wrong)
    assert LAMP in html(wrong)
    assert not Order.objects.exists()


def test_a_draft_that_was_tampered_with_is_not_believed(town: Town) -> None:
    way = Filing()
    way.what(photo=photo())
    forged = way.client.post("/file/send", {"draft": hidden(way.last)[:-3] + "abc", "go": "send"})
    assert "在哪儿" in html(forged)
    assert not Order.objects.exists()


def test_a_photo_on_its_way_is_seen_by_its_own_draft_alone(town: Town, client: Client) -> None:
    way = Filing()
    way.what(photo=photo())
    address = re.search(r'src="(/file/photo/[^"]+)"', html(way.where()))[1]
    assert client.get(address)["Content-Type"] == "image/jpeg"
    assert client.get(f"/file/photo/{Photo.objects.get().pk}").status_code == 404
    way.send()
    assert client.get(address).status_code == 404  # from now on it is the order's


# --- hostile words


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_are_words_in_every_field(town: Town, words: str) -> None:
    way = Filing()
    pages = [
        way.what(words, category=words),
        way.what(words, when=words),
        way.where("find", q=words, choosing="1"),
        way.where("back", address=words),
        way.what(words),
        way.where(door="door23456789"),
        way.where("locate", lon=words, lat=words, path=words),
        way.where(address=words),
        way.send(phone=words),
    ]
    way.send(phone="")
    order = Order.objects.get()
    pages.append(way.client.get(f"/services?d={words}"))
    pages.append(way.client.get("/file", {"d": words, "c": words}))
    pages.append(way.client.post("/track", {"link": words}))
    for page in pages:
        assert page.status_code in (200, 422)
        assert not re.search(r"<script>a|<img src=x", html(page))
    clean = words.replace("\x00", "").replace("\x07", "")
    assert said(order) == clean
    assert clean in said(order, "address")


# --- spam


def test_the_trap_catches_once_and_lets_a_person_through(town: Town) -> None:
    way = Filing()
    caught = way.what(homepage="http://buy.example")
    assert caught.status_code == 422
    assert "buy.example" not in html(caught)
    assert LAMP in html(caught)
    assert "是这里吗" in html(way.what())


def test_too_much_from_one_source_is_told_to_wait_and_keeps_its_words(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "filings", Pace("filings", most=1, per_s=600))
    for expected in (302, 429):
        way = Filing()
        way.what()
        way.where()
        assert way.send().status_code == expected
    assert "请过 10 分钟再按一次" in html(way.last)
    assert LAMP in html(way.last)
    assert Order.objects.count() == 1


# --- what must not wait


@pytest.mark.parametrize(
    ("text", "category"), [("厨房有味道", "0403"), ("家里煤气味很重", ""), ("SMELL GAS here", "")]
)
def test_gas_is_told_to_leave_first_and_stands_on_top(town: Town, text: str, category: str) -> None:
    way = Filing()
    assert 'href="tel:119"' in html(way.what(text, category=category))
    assert 'href="tel:119"' in html(way.where())
    way.send()
    order = Order.objects.get()
    assert (order.category, order.severity) == ("0403", "high")


# --- in a browser


def stands(page: Any, title: str) -> None:
    page.wait_for_selector(f"h1:text('{title}')")


@pytest.mark.parametrize("script", [True, False])
def test_somebody_files_by_a_door_on_a_phone(
    live: Live, town: Town, pages: Callable[..., Any], script: bool, tmp_path: Any
) -> None:
    page = pages(java_script_enabled=script)
    picture = tmp_path / "lamp.jpg"
    picture.write_bytes(photo().read())
    page.goto("/d/door23456789")
    page.click("text=反映问题")
    page.fill("[name=text]", LAMP)
    page.set_input_files("[name=photo]", str(picture))
    page.click("header button[value=en]")  # midway, even without JavaScript: nothing is lost
    stands(page, "What is wrong?")
    assert page.input_value("[name=text]") == LAMP
    page.click("header button[value=zh]")
    stands(page, "出了什么事？")
    page.click("main button[value=next]")
    stands(page, "是这里吗？")
    page.go_back()
    stands(page, "出了什么事？")
    assert page.input_value("[name=text]") == LAMP
    page.click("main button[value=next]")
    stands(page, "是这里吗？")
    page.fill("[name=address]", "三单元门口")
    page.press("[name=address]", "Enter")
    stands(page, "看一遍，没问题就发出")
    page.dblclick("main button[value=send]")
    page.wait_for_url("**/sent")
    order = Order.objects.get()
    assert page.locator(".kept").first.inner_text() == order.number
    assert len(said(order, "photo")) == 1
    page.click("main a.main")
    stands(page, "收到了，正在安排人")
