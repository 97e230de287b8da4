"""A photo is painted over in a browser: by finger, by mouse, by keys, by two taps; who sees it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import Live
from faces import WIDE, dark, filed, handled, link_to, point, scene
from town import Town, settled

from lianxin.orders import recount
from lianxin.orders.models import Photo

AXE = Path(__file__).parents[1] / "node_modules" / "axe-core" / "axe.min.js"
PHONE = {"viewport": {"width": 360, "height": 780}, "has_touch": True}
DESK = {"viewport": {"width": 1440, "height": 900}}


@pytest.fixture
def town(request: pytest.FixtureRequest, live: Live) -> Iterator[Town]:
    with settled(request) as town:
        yield town


def drag(page: Any, start: tuple[float, float], end: tuple[float, float]) -> None:
    """With the mouse, in shares of the sheet."""
    box = page.locator("[data-sheet]").bounding_box()
    spots = [(box["x"] + box["width"] * x, box["y"] + box["height"] * y) for x, y in (start, end)]
    page.mouse.move(*spots[0])
    page.mouse.down()
    page.mouse.move(*spots[1], steps=4)
    page.mouse.up()


def colour_of(page: Any, address: str) -> tuple[int, ...]:
    """What a browser's own fetch shows of the face."""
    answer = page.request.get(address)
    assert answer.ok, answer.status
    return point(answer.body())


def fits(page: Any) -> None:
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def good(page: Any) -> None:
    """It fits, and axe-core finds nothing to mend."""
    fits(page)
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert [(v["id"], v["nodes"][0]["html"]) for v in found["violations"]] == []


def draw_a_face(desk: Any, number: str) -> None:
    """From the order to a photo with one part painted over, a second one drawn and dropped."""
    desk.goto(f"/orders/{number}")
    desk.locator(".pictures a").first.click()
    desk.get_by_text("遮盖一部分").click()
    desk.wait_for_selector(".paint.live")
    desk.locator("[data-sheet]").scroll_into_view_if_needed()
    drag(desk, (0.7, 0.7), (0.9, 0.9))
    drag(desk, (0.24, 0.22), (0.39, 0.48))
    assert desk.locator(".part").count() == 2
    desk.locator(".part").first.press("Delete")
    drag(desk, (0.3, 0.3), (0.31, 0.31))  # takes hold of the part and moves it a little
    assert desk.locator("input[name=cover]").count() == 1
    good(desk)
    desk.get_by_text("有人脸").click()
    with desk.expect_navigation():
        desk.locator(".paint .main").click()
    assert "已遮盖 1 处" in desk.locator(".notice.success").inner_text()
    good(desk)


def open_the_original(desk: Any) -> None:
    desk.get_by_text("看原照片").click()
    good(desk)
    with desk.expect_navigation():
        desk.get_by_role("button", name="打开原照片").click()
    assert desk.locator(".whole img").evaluate("image => image.naturalWidth") == WIDE
    good(desk)


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desktop"])
def test_a_face_is_painted_over_and_its_original_is_for_the_desk(
    town: Town, open_as: Callable[..., Any], size: dict[str, Any]
) -> None:
    number, id = filed(town)
    secret = link_to(number)
    desk = open_as("desk", bypass_csp=True, **size)
    draw_a_face(desk, number)
    assert dark(colour_of(desk, f"/photos/{id}?w=960"))
    clerk = open_as("clerk", **size)
    assert dark(colour_of(clerk, f"/photos/{id}"))
    clerk.goto(f"/photos/{id}/view")
    assert clerk.get_by_text("看原照片").count() == 0 == clerk.get_by_text("遮盖一部分").count()
    assert clerk.goto(f"/photos/{id}/original").status == 403
    asker = open_as("neighbour", **size)
    asker.goto(f"/o/{secret}")
    assert dark(colour_of(asker, f"/o/{secret}/photos/{id}?w=320"))
    assert asker.goto(f"/photos/{id}/view").status == 404
    open_the_original(desk)
    auditor = open_as("auditor", **size)
    auditor.goto("/looks")
    told = auditor.locator(".register").inner_text()
    assert "查看原照片" in told and number in told
    assert recount.verify().broken == 0


def test_parts_are_moved_resized_and_taken_back_by_keys(
    town: Town, open_as: Callable[..., Any]
) -> None:
    _, id = filed(town)
    desk = open_as("desk", **DESK)
    desk.goto(f"/photos/{id}/paint")
    desk.get_by_text("加一块").click()
    values = desk.locator("input[name=cover]")
    assert values.input_value() == "480,360,320,240"
    part = desk.locator(".part")
    for key in ("ArrowLeft", "ArrowUp", "Shift+ArrowRight", "Shift+ArrowDown"):
        part.press(key)
    assert values.input_value() == "467,350,333,250"
    desk.get_by_text("退一步").click()
    assert values.input_value() == "467,350,333,240"
    part.press("Control+z")
    assert values.input_value() == "467,350,320,240"
    part.press("Delete")
    assert values.count() == 0
    desk.get_by_text("退一步").click()
    desk.get_by_label("别的原因").fill("有车牌和门牌")
    with desk.expect_navigation():
        desk.keyboard.press("Enter")
    assert Photo.objects.get().covers == [[467, 350, 320, 240]]


def test_without_script_two_taps_paint_on_a_phone(town: Town, open_as: Callable[..., Any]) -> None:
    _, id = filed(town)
    worker = open_as("worker", java_script_enabled=False, **PHONE)
    worker.goto(f"/photos/{id}/paint")
    for x, y in ((76, 56), (124, 114)):
        with worker.expect_navigation():
            worker.locator("input[type=image]").click(position={"x": x, "y": y})
    worker.get_by_label("有人脸").check()
    with worker.expect_navigation():
        worker.locator(".paint .main").click()
    assert Photo.objects.get().covers == [[304, 224, 192, 232]]
    assert dark(colour_of(worker, f"/photos/{id}"))


def test_before_and_after_stand_one_above_the_other_on_a_phone(
    town: Town, open_as: Callable[..., Any]
) -> None:
    number, *_ = handled(town, before=True)
    for size, beside in ((PHONE, False), (DESK, True)):
        page = open_as("desk", **size)
        page.goto(f"/orders/{number}")
        boxes = [page.locator(".pair figure").nth(n).bounding_box() for n in range(2)]
        assert (boxes[0]["y"] == boxes[1]["y"]) is beside
        fits(page)


def test_a_photo_is_painted_in_the_request_before_it_is_sent(
    town: Town, open_as: Callable[..., Any]
) -> None:
    page = open_as("neighbour", bypass_csp=True, **PHONE)
    page.goto("/file")
    page.fill("textarea", "门口堵车了")
    shot = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": scene()}
    page.set_input_files("input[type=file]", [shot])
    page.evaluate("document.getElementById('filing').submit()")
    page.get_by_role("button", name="遮一部分").click()
    page.wait_for_selector(".paint.live")
    drag(page, (0.2, 0.2), (0.4, 0.5))
    good(page)
    page.locator(".paint .main").click()
    page.wait_for_selector("#filing")
    assert page.locator("textarea").input_value() == "门口堵车了"
    good(page)
    address = page.locator(".pictures img").get_attribute("src")
    assert dark(colour_of(page, address))
