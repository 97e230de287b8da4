"""The catalogue answers a plain question at once, and what is asked for all the same says when."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from filing import Filing, at_a_door, html, said
from town import COMMUNITY, STREET, Town
from web_town import see

from lianxin.core.category import BadCategories, read_categories
from lianxin.orders.answered import count
from lianxin.orders.book import categories
from lianxin.orders.models import Answered, Order
from lianxin.orders.wished import wish_of
from lianxin.registry.models import Area
from lianxin.web.api.pace import Pace
from lianxin.web.asking import services

SMALL = """
[kinds]
a = { zh = "甲", en = "A" }
[categories]
"0101" = { zh = "某", en = "Some", kind = "a" }
[[limits]]
within = "1 day"
"""


@pytest.fixture
def town(request: pytest.FixtureRequest, db: None) -> Iterator[Town]:
    services.counts.forget()
    with at_a_door(request) as town:
        yield town


def test_a_service_with_an_answer_gives_it_first(town: Town, client: Client) -> None:
    listed = html(client.get("/services/economy?d=door23456789"))
    assert 'href="/services/economy/0601?d=door23456789"' in listed
    page = html(client.get("/services/economy/0601?d=door23456789"))
    for told in ("带什么", "医保卡", "在哪里", "要多久", "谁来办", "知道了，不用再提"):
        assert told in page
    assert 'href="/file?c=0601&amp;s=1&amp;d=door23456789"' in page
    client.cookies["language"] = "en"
    assert "Identity card and insurance card" in html(client.get("/services/economy/0601"))


def test_a_service_without_an_answer_goes_straight_on(town: Town, client: Client) -> None:
    listed = html(client.get("/services/culture"))
    assert 'href="/file?c=0702&amp;s=1"' in listed


@pytest.mark.parametrize(
    "address",
    ["/services/economy/9999", "/services/culture/0601", "/services/culture/0702", "/services/x/y"],
)
def test_an_answer_that_is_not_there_is_not_found(town: Town, client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_that_answers_it_ends_without_an_order_and_counts_nobody(
    town: Town, client: Client
) -> None:
    for _ in range(2):
        done = client.post("/enough", {"category": "0601"}, follow=True)
        assert "没有提交任何东西" in html(done)
    row = Answered.objects.get()
    assert (row.day, row.category, row.n) == (timezone.localdate(), "0601", 2)
    assert not Order.objects.exists()
    assert client.post("/enough", {"category": "0101"}).status_code == 404
    assert client.get("/enough").status_code == 405


def test_whoever_answers_for_the_work_sees_where_an_answer_was_enough(
    town: Town, client: Client
) -> None:
    today = timezone.localdate()
    for ago in (0, 29, 30):
        count("0601", today - timedelta(days=ago))
    said = "30 天里 2 次看了就够"
    for address in ("/services/economy", "/services/economy/0601"):
        assert said in see(town, "desk", address)
        assert said not in see(town, "worker", address)
        assert said not in html(client.get(address))
    assert "Enough 2 times in 30 days" in see(town, "desk", "/services/economy/0601", "en")
    assert "天里" not in see(town, "desk", "/services/economy/0602")


def test_whoever_presses_it_all_day_is_counted_no_more(
    town: Town, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "counts", Pace("answered", most=1, per_s=600))
    for _ in range(3):
        assert client.post("/enough", {"category": "0601"}).status_code == 302
    assert Answered.objects.get().n == 1


def test_each_day_and_kind_is_counted_by_itself(town: Town) -> None:
    for code, day in (("0601", 1), ("0601", 2), ("0602", 1)):
        count(code, date(2026, 3, day))
    assert Answered.objects.count() == 3


def test_still_wanted_it_asks_when_and_goes_the_way_of_all(town: Town) -> None:
    way = Filing("/file?c=0601&s=1&d=door23456789")
    assert "什么时候方便" in html(way.last)
    assert "也许这就是您要问的" not in html(way.what("代缴医保", when="weekend", part=["morning"]))
    way.where()
    way.send()
    order = Order.objects.get()
    assert order.category == "0601"
    assert said(order) == "代缴医保"
    wish = wish_of(order.facts["fields"])
    assert (wish.last.weekday(), wish.parts) == (6, ("morning",))


def test_a_question_in_plain_words_is_answered_before_it_is_filed(town: Town) -> None:
    way = Filing()
    page = html(way.what("请问医保怎么报销，要带什么？"))
    assert "也许这就是您要问的：医保社保" in page
    assert "医保卡" in page
    code = re.search(r'name="category" value="(\d+)"', page)[1]
    assert way.client.post("/enough", {"category": code}).status_code == 302
    assert not Order.objects.exists()
    way.where()
    assert way.send().status_code == 302  # the same draft is still good to be sent
    assert Order.objects.count() == 1


@pytest.mark.parametrize(
    ("text", "more"),
    [("路灯不亮", {}), ("医保窗口的人态度不好", {"matter": "complain"}), ("医保", {"staff": "on"}),
     ("家里煤气味很重，问下医保", {})],
)  # fmt: skip
def test_what_is_no_plain_question_is_not_answered_away(
    town: Town, text: str, more: dict[str, str]
) -> None:
    assert "也许这就是" not in html(Filing().what(text, **more))


def test_every_answer_is_whole_in_both_languages() -> None:
    rows = [row for row in categories().tables[-1].categories.values() if row.answer]
    assert len(rows) >= 6
    for row in rows:
        assert [name for name, _ in row.answer.lines][-1] == "who"
        assert all(words.zh and words.en for _, words in row.answer.lines)


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ('[answers."0102"]\nwho = { zh = "甲", en = "A" }', "answers to 0102"),
        ('[answers."0101"]\nwhen = { zh = "甲", en = "A" }', "has no key when"),
        ('[answers."0101"]\nheard = ["甲"]', "says nothing"),
        ('[answers."0101"]\nwho = { zh = "甲" }', "'en'"),
    ],
)
def test_a_spoiled_answer_is_told_when_it_is_read(more: str, told: str) -> None:
    with pytest.raises(BadCategories, match=told):
        read_categories([("2017-01-01.toml", f"{SMALL}\n{more}")])


# --- the office's number at the door


def test_the_door_names_the_nearest_office(town: Town, client: Client) -> None:
    assert "办公电话" not in html(client.get("/d/door23456789"))
    Area.objects.filter(path=STREET).update(phone="0855-0000 001")
    assert 'href="tel:0855-0000001"' in html(client.get("/d/door23456789"))
    Area.objects.filter(path=COMMUNITY).update(phone="0855-0000 002")
    page = html(client.get("/d/door23456789"))
    assert 'href="tel:0855-0000002"' in page
    assert "0855-0000 001" not in page
