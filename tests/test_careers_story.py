"""A worker looks up their grade on a phone, the desk records the rise on a screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from careers_town import IDENTITY, fact, hired, stamp, stop_the_clock
from django.utils import timezone
from town import Town, settled

from lianxin.growth.actions.careers import write
from lianxin.growth.actions.particulars import set_particulars
from lianxin.growth.models import Fact, Standing
from lianxin.orders.models import Look

WIDE = {"width": 1440, "height": 900}


@pytest.fixture
def town(
    request: pytest.FixtureRequest, live: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Town]:
    stop_the_clock(monkeypatch)
    with settled(request) as town:
        worker = hired(town)
        write(stamp(), worker, fact("grade", date(2021, 3, 1), n=3, number="P1"))
        set_particulars(stamp(), worker, identity=IDENTITY)
        yield town


def sideways(page: Any) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


def test_a_grade_is_read_recorded_and_read_again(town: Town, open_as: Callable[..., Any]) -> None:
    phone = open_as("worker")
    phone.goto("/account")
    phone.click("main >> text=我的履历")
    assert phone.inner_text(".grade-of").split() == ["4", "级"]
    assert "在册是 3 级，算得 4 级" in phone.inner_text("main")
    assert phone.locator(".sum li").count() == 6
    assert not sideways(phone)

    desk = open_as("street_desk", viewport=WIDE)
    desk.goto("/careers")
    desk.click("text=晋级建议")
    desk.fill("#number", "凯人社〔2026〕8号")
    desk.click("text=登记勾选的职级")
    assert "已登记 1 人的职级" in desk.inner_text("body")
    assert Standing.objects.get().recorded == 4

    phone.reload()
    assert "在册是" not in phone.inner_text("main")
    desk.click("text=撤回")
    assert "已撤回 1 人的职级" in desk.inner_text("body")
    assert Standing.objects.get().recorded == 3


def test_a_number_is_shown_in_its_place(town: Town, open_as: Callable[..., Any]) -> None:
    desk = open_as("street_desk", viewport=WIDE)
    desk.goto(f"/careers/{town.people['worker'].pk}")
    assert IDENTITY not in desk.content()
    desk.click(".ask-clear button")
    desk.wait_for_selector(f"text={IDENTITY}")
    assert Look.objects.filter(what="particulars").count() == 1
    assert "专职工作者" in desk.inner_text("main"), "the page stands where it stood"


def test_a_mistake_is_corrected_on_a_phone(town: Town, open_as: Callable[..., Any]) -> None:
    desk = open_as("street_desk")
    desk.goto(f"/careers/{town.people['worker'].pk}")
    desk.click("main a:has-text('学历')")
    desk.select_option("#id_name", "doctor")
    desk.fill("#id_since", "2017-06-30")
    desk.click("text=保存")
    assert desk.inner_text(".grade-of").split()[0] == "7"
    assert not sideways(desk)
    desk.click("a:has-text('修改 学历')")
    desk.click("text=作废")
    assert desk.inner_text(".grade-of").split()[0] == "4"


def test_the_room_of_a_year_is_counted_as_one_chooses(
    town: Town, open_as: Callable[..., Any]
) -> None:
    hired(town, "w2")
    year = timezone.localdate().year - 1
    one, two = (f"[name=r-{town.people[name].pk}]" for name in ("worker", "w2"))
    for size in ({"viewport": WIDE}, {}):
        desk = open_as("street_desk", **size)
        desk.goto("/careers")
        desk.click("main >> text=年度考核")
        assert not sideways(desk)
        desk.select_option(one, "excellent")
        desk.select_option(two, "excellent")
        desk.wait_for_selector("#room >> text=多选了 1 人")
        desk.select_option(two, "competent")
        desk.wait_for_selector("#room >> text=多选了 1 人", state="detached")
        assert not sideways(desk)
    desk.click("text=全部登记")
    assert "已登记 2 人的考核结果" in desk.inner_text("body")
    assert Fact.objects.filter(kind="result", n=year).count() == 2
    desk.click("text=撤销")
    assert "已撤销" in desk.inner_text("body")
    assert not Fact.objects.filter(kind="result", n=year).exists()
