"""Where it is: step by step, by words, by position; and the catalogue on its way there."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from conftest import Live
from django.test import Client
from filing import LAMP, Filing, at_a_door, html, said
from town import COMMUNITY, COUNTY, DAY, GRID, Town

from lianxin.orders.models import Order
from lianxin.registry.models import Area, Boundary, Generation


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with at_a_door(request) as town:
        yield town


@pytest.fixture
def named(town: Town) -> Town:
    for path, name in {COUNTY: "凯里市", COMMUNITY: "文化社区"}.items():
        Area.objects.filter(path=path).update(name=name)
    return town


def looking() -> Filing:
    way = Filing("/file")
    way.what()
    return way


def test_a_place_is_chosen_step_by_step(named: Town) -> None:
    way = looking()
    assert "凯里市" in html(way.last)
    way.where(None, into=COUNTY, choosing="1", path="")
    streets = html(way.where(None, into="522601001", choosing="1", path=COUNTY))
    assert "文化社区" in streets
    doors = html(way.where(None, into=COMMUNITY, choosing="1", path="522601001"))
    assert 'value="door23456789"' in doors
    area = named.areas[COMMUNITY]
    assert f'name="area" value="{area.pk}"' in doors  # whoever cannot say which building
    assert "是这里吗" in html(way.where(None, area=str(area.pk), choosing="1", path=COMMUNITY))
    way.where()
    way.send()
    assert Order.objects.get().path == COMMUNITY


@pytest.mark.parametrize("words", ["韶山路12号", "幸福小区", "韶山路12幸福"])
def test_a_place_is_found_by_words(named: Town, words: str) -> None:
    way = looking()
    found = html(way.where("enter", q=words, choosing="1"))
    assert "找到 1 处" in found
    assert "韶山路12号幸福小区3栋" in html(way.where(None, door="door23456789", choosing="1"))


def test_nothing_found_says_what_to_do(named: Town) -> None:
    assert "没有找到“天安门”" in html(looking().where("find", q="天安门", choosing="1"))


def test_no_place_chosen_goes_no_further(named: Town) -> None:
    assert "在哪儿" in html(looking().send())
    assert not Order.objects.exists()


def drawn(area: Area) -> None:
    box = {"west": 107.9, "south": 26.5, "east": 108.0, "north": 26.6}
    ring = [[107.9, 26.5], [108.0, 26.5], [108.0, 26.6], [107.9, 26.6], [107.9, 26.5]]
    made = Generation.objects.create(root=COUNTY, name="网格图", since=DAY, **box)
    shape = {"type": "Polygon", "coordinates": [ring]}
    Boundary.objects.create(area=area, generation=made, geojson=shape, **box)


def test_a_position_finds_the_grid_or_says_that_it_does_not(named: Town) -> None:
    drawn(named.grid)
    way = looking()
    outside = way.where("locate", lon="1.5", lat="2.5", choosing="1")
    assert outside.status_code == 422
    assert "不在任何网格里" in html(outside)
    way.where("locate", lon="107.95", lat="26.55", choosing="1")
    way.where()
    way.send()
    order = Order.objects.get()
    assert (order.path, said(order, "point")) == (GRID, [107.95, 26.55])


# --- services


def test_the_catalogue_leads_to_the_same_three_screens(town: Town) -> None:
    client = Client()
    kinds = html(client.get("/services"))
    assert len(re.findall(r'href="/services/\w+"', kinds)) == 5
    assert 'href="/services/education/0604"' in html(client.get("/services/education"))
    answer = html(client.get("/services/education/0604"))  # what it can answer it answers first
    address = re.search(r'href="(/file\?c=0604[^"]*)"', answer)[1]
    way = Filing(address.replace("&amp;", "&") + "&d=door23456789")
    assert "您点的是：课后托管" in html(way.last)
    assert "那一天已经过了" in html(way.what("两个孩子", when="day", day="2020-01-01"))
    assert "请填哪一天" in html(way.what("两个孩子", when="day"))
    assert "日期看不懂" in html(way.what("两个孩子", when="day", day="下周三"))
    way.what("两个孩子", when="day", day="2090-03-01", part=["evening", "noon"])
    way.what("两个孩子", when="day", day="2090-03-01", part=["afternoon", "evening"])
    sheet = html(way.where())
    assert "2090年3月1日（周三）下午、晚上" in sheet
    way.send()
    order = Order.objects.get()
    assert (order.category, said(order)) == ("0604", "两个孩子")
    fields = order.facts["fields"]
    assert fields["wanted_day"] == "2090-03-01" and "wanted_until" not in fields
    assert fields["wanted_part"] == ["afternoon", "evening"]
    assert client.get("/services/magic").status_code == 404


# --- in a browser


def test_a_phone_that_knows_where_it_is_need_not_be_told(
    live: Live, town: Town, pages: Callable[..., Any]
) -> None:
    drawn(town.grid)
    page = pages(geolocation={"longitude": 107.95, "latitude": 26.55}, permissions=["geolocation"])
    page.goto("/file")
    page.fill("[name=text]", LAMP)
    page.click("main button[value=next]")
    page.click("text=用我现在的位置")
    page.click("text=就在这里，下一步")
    page.click("main button[value=send]")
    page.wait_for_url("**/sent")
    assert Order.objects.get().path == GRID
