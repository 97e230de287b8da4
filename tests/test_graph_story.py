"""The graph and the contact points in real browsers: a desktop's picture, a phone's list."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import Live
from django.utils import timezone
from graph_town import NAMES, PREFECTURE, furnish
from town import COMMUNITY, COUNTY, DAY, GRID, QUARTER, STREET, Town, settled

from lianxin.orders.models import Order
from lianxin.registry.models import ContactPoint, Visit

AXE = Path(__file__).parents[1] / "node_modules" / "axe-core" / "axe.min.js"
WIDE = {"viewport": {"width": 1440, "height": 900}}
CHART = "echarts.getInstanceByDom(document.querySelector('[data-canvas]'))"

SHOWS = f"(key) => {CHART}.getModel().getSeriesByIndex(0).getData().indexOfName(key) >= 0"


@pytest.fixture
def town(request: pytest.FixtureRequest, live: Live) -> Iterator[Town]:
    with settled(request) as town:
        furnish(town)
        yield town


def accessible(page: Any) -> None:
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations'], preload: false})")
    assert [(v["id"], v["nodes"][0]["html"]) for v in found["violations"]] == []


def drawn(page: Any) -> list[str]:
    """The keys of the nodes that the picture shows."""
    walk = "(n) => [n.name, ...(n.children || []).flatMap(walk)]"
    return page.evaluate(
        f"() => {{ const walk = {walk}; return {CHART}.getOption().series[0].data.flatMap(walk); }}"
    )


def press(page: Any, key: str) -> None:
    """A press on a node where it is drawn."""
    at = page.evaluate(
        f"""async (key) => {{
            for (let n = 0; n < 3; n++) await new Promise(requestAnimationFrame);
            const nodes = {CHART}.getModel().getSeriesByIndex(0).getData();
            const {{ x, y }} = nodes.getItemLayout(nodes.indexOfName(key));
            const canvas = document.querySelector("[data-canvas]");
            Object.assign(canvas.parentElement, {{ scrollLeft: x - 200, scrollTop: y - 200 }});
            const box = canvas.getBoundingClientRect();
            return [box.left + 20 + x, box.top + 10 + y];
        }}""",
        key,
    )
    page.mouse.click(*at)


def test_three_levels_open_in_the_picture(town: Town, open_as: Callable[..., Any]) -> None:
    page = open_as("state", **WIDE)
    page.goto("/graph")
    page.wait_for_selector("[data-canvas] canvas")
    assert drawn(page)[0] == PREFECTURE
    assert page.locator("[data-list]").get_attribute("open") is None
    for key, opens in ((COUNTY, STREET), (STREET, COMMUNITY), (COMMUNITY, QUARTER)):
        with page.expect_response(f"**/graph/{key}.json*"):
            press(page, key)
        page.wait_for_function(SHOWS, arg=opens)
        page.wait_for_selector(f".node-facts h2:text-is('{key}')")
        assert opens in drawn(page)
    assert NAMES["headed"] in page.locator(".node-facts").inner_text()
    press(page, COUNTY)  # and closes again, without another request
    assert STREET not in drawn(page)
    accessible(page)


def test_what_is_searched_for_opens_down_to_it(town: Town, open_as: Callable[..., Any]) -> None:
    page = open_as("state", **WIDE)
    page.goto("/graph")
    page.fill("#q", "zjg")
    page.keyboard.press("Enter")
    page.locator(".found a").first.click()
    page.wait_for_selector("[data-canvas] canvas")
    assert {COUNTY, STREET, COMMUNITY, QUARTER, GRID} <= set(drawn(page))
    assert NAMES["state"] in page.locator(".node-facts").inner_text()


def test_the_sheet_is_one_page_of_a3(town: Town, open_as: Callable[..., Any]) -> None:
    page = open_as("state", **WIDE)
    page.goto("/graph")
    page.locator("a[href^='/graph/paper']").click()
    page.wait_for_function("() => document.querySelector('.sheet-a3 img').naturalWidth > 0")
    accessible(page)
    paper = page.pdf(prefer_css_page_size=True, print_background=True)
    assert paper.count(b"/Type /Page\n") == 1
    assert b"1190.5" in paper or b"1191" in paper  # points of A3's longer side


def test_a_phone_gets_the_list_and_not_the_megabyte(
    town: Town, open_as: Callable[..., Any]
) -> None:
    page = open_as("state")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/graph")
    for key in (COUNTY, STREET, COMMUNITY):
        page.locator(f"#n-{key} > .node a").click()
        page.wait_for_selector(f"#n-{key} > ul > li")
    assert page.locator("#picture").is_hidden()
    assert not [url for url in asked if "echarts" in url]
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.locator(f"#n-{STREET} > .node a").click()  # closed again
    page.wait_for_selector(f"#n-{COMMUNITY}", state="detached")
    accessible(page)


def test_the_list_works_without_any_script(town: Town, open_as: Callable[..., Any]) -> None:
    page = open_as("desk", **WIDE, java_script_enabled=False)
    page.goto("/graph")
    for key in (QUARTER, GRID):
        page.locator(f"#n-{key} > .node a").click()
        assert page.locator(f"#n-{key} > ul > li").count() > 0


def test_a_leader_logs_a_visit_on_the_phone(town: Town, open_as: Callable[..., Any]) -> None:
    ContactPoint.objects.create(
        person=town.people["leader"], rank="leader", area=town.grid, since=DAY
    )
    page = open_as("leader")
    page.goto("/contact-points/mine")
    accessible(page)
    page.locator(".own summary").click()
    page.locator(".own textarea").fill("楼道灯不亮")
    page.locator(".own [value=order]").click()
    page.wait_for_selector(".notice.success")
    assert Visit.objects.get().on == timezone.localdate()
    assert Order.objects.get().path == GRID
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_desk_ties_a_leader_on_its_page(town: Town, open_as: Callable[..., Any]) -> None:
    page = open_as("desk", **WIDE)
    page.goto("/contact-points/new")
    page.fill("#q", "worker")
    page.keyboard.press("Enter")
    page.locator(".posts a").first.click()
    page.fill("[name=area]", COMMUNITY)
    page.locator("[name=rank][value=street]").check()
    page.locator("main button.main").click()
    page.wait_for_selector(".notice.success")
    accessible(page)
    page.goto("/contact-points")
    accessible(page)
