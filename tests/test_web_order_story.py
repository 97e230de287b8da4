"""An order's whole way through real browsers: a phone, a desk, and a phone without JavaScript."""

import io
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from conftest import Live
from PIL import Image
from town import Town, settled

from lianxin.orders import recount
from lianxin.orders.models import Order

WIDE = {"viewport": {"width": 1440, "height": 900}}


@pytest.fixture
def town(request: pytest.FixtureRequest, live: Live) -> Iterator[Town]:
    with settled(request) as town:
        yield town


def shot(colour: str) -> dict[str, Any]:
    file = io.BytesIO()
    Image.new("RGB", (1200, 900), colour).save(file, "JPEG")
    return {"name": f"{colour}.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}


def state(number: str) -> str:
    return Order.objects.get(number=number).state


def press(page: Any, words: str) -> None:
    """The vermilion button, by its words; where something is asked, its form stands open then."""
    page.locator(".press .main", has_text=words).click()


def send(page: Any, words: str) -> None:
    with page.expect_navigation():
        page.locator("#step form .main", has_text=words).click()
    assert page.locator(".just").inner_text().startswith(f"已记下：{words}。")


def fits(page: Any) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


class Round:
    """Five orders, pressed by those whose turn it is; every page is looked at on the way."""

    def __init__(self, number: str, open_as: Callable[..., Any], script: bool) -> None:
        self.number, self.script = number, script
        self.pages = {
            name: open_as(name, java_script_enabled=script, **(WIDE if name == "desk" else {}))
            for name in ("desk", "clerk", "m1", "m2", "resident")
        }

    def turn(self, name: str, words: str) -> Any:
        """The page of somebody whose turn it is, with this verb pressed."""
        page = self.pages[name]
        page.goto(f"/orders/{self.number}")
        if self.script:
            fits(page)
        press(page, words)
        return page

    def hand_over(self) -> None:
        desk = self.turn("desk", "派单")
        desk.get_by_label("供电所").check()
        send(desk, "派单")
        clerk = self.turn("clerk", "接单")
        clerk.get_by_label("名额").fill("2")
        send(clerk, "接单")
        for name in ("m1", "m2"):
            assert state(self.number) == "accepted"
            self.turn(name, "抢单").wait_for_selector(".just")

    def do_the_work(self) -> Any:
        member = self.turn("m1", "办结")
        member.get_by_label("已解决", exact=True).check()
        member.locator("#id_text").fill("换了灯头，亮了。")
        member.locator("#id_photo_before").set_input_files([shot("maroon")])
        member.locator("#id_photo").set_input_files([shot("green"), shot("olive")])
        send(member, "办结")
        return member

    def close(self) -> Any:
        resident = self.turn("resident", "评单")
        resident.locator("input[name=rating][value='5']").check(force=True)
        send(resident, "评单")
        desk = self.turn("desk", "回访")
        desk.locator("#step").get_by_label("已解决", exact=True).check()
        send(desk, "回访")
        self.turn("desk", "销号").wait_for_selector(".chip.done")
        return desk


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_from_dispatch_to_striking_off_by_pressing_buttons(
    town: Town, open_as: Callable[..., Any], script: bool
) -> None:
    number = town.file().number
    five = Round(number, open_as, script)
    five.hand_over()
    assert state(number) == "grabbed"
    member = five.do_the_work()
    assert member.locator(".galleries img").count() == 3
    assert member.locator("figcaption").all_inner_texts() == ["处置前", "处置后"]
    desk = five.close()
    assert state(number) == "struck"
    assert "已经结束" in desk.locator(".turn").inner_text()
    told = desk.locator(".story > li").all_inner_texts()
    assert [len(told), "销号" in told[0], "点单" in told[-1]] == [9, True, True]
    assert recount.verify().broken == 0


def test_a_mistake_is_shown_undone_and_made_good_on_the_phone(
    town: Town, open_as: Callable[..., Any]
) -> None:
    number = town.file().number
    desk = open_as("desk")
    desk.goto(f"/orders/{number}")
    press(desk, "派单")
    desk.wait_for_selector("#step-name:focus")
    with desk.expect_navigation():
        desk.locator("#step .main").click()
    assert desk.locator(".errors").inner_text().endswith("“接单单位”还没选。")
    desk.locator("#q_unit").fill("水务")
    with desk.expect_navigation():
        desk.keyboard.press("Enter")
    fits(desk)
    desk.get_by_label("水务所").check()
    send(desk, "派单")
    with desk.expect_navigation():
        desk.locator(".just button").click()
    assert state(number) == "filed"
    assert "已撤销" in desk.locator(".notice.success").inner_text()


def test_the_sum_behind_a_deadline_unfolds_and_leads_to_the_clock(
    town: Town, open_as: Callable[..., Any]
) -> None:
    number = town.dispatched()
    clerk = open_as("clerk")
    clerk.goto(f"/orders/{number}")
    assert not clerk.locator(".sum").is_visible()
    clerk.get_by_text("怎么算的").click()
    rows = clerk.locator(".sum tbody tr").all_inner_texts()
    assert any("小时" in row for row in rows)
    due = clerk.locator(".deadline time").get_attribute("datetime")
    with clerk.expect_navigation():
        clerk.get_by_text("换个时限再算").click()
    fits(clerk)
    assert clerk.locator(".big-due time").get_attribute("datetime")[:19] == due[:19]
