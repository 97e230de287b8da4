"""Lists in real browsers: a desk by keyboard alone, a member and a worker with one thumb."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import Live
from town import COMMUNITY, COUNTY, DAY, GRID, Town, settled
from web_town import picture

from lianxin.orders import actions
from lianxin.orders.models import Order
from lianxin.registry.models import Boundary, Duty, Generation, Person

AXE = Path(__file__).parents[1] / "node_modules" / "axe-core" / "axe.min.js"
WIDE = {"viewport": {"width": 1440, "height": 900}}
CHOSEN = "[data-row][aria-current]"


@pytest.fixture
def town(request: pytest.FixtureRequest, live: Live) -> Iterator[Town]:
    with settled(request) as town:
        box = {"west": 108.0, "south": 26.0, "east": 108.01, "north": 26.01}
        made = Generation.objects.create(root=COUNTY, name="2020", since=DAY, **box)
        ring = [[108.0, 26.0], [108.01, 26.0], [108.01, 26.01], [108.0, 26.0]]
        shape = {"type": "Polygon", "coordinates": [ring]}
        Boundary.objects.create(area=town.grid, generation=made, geojson=shape, **box)
        Duty.objects.create(unit=town.unit, category="", area=town.areas[COUNTY])
        yield town


def state(number: str) -> str:
    return Order.objects.get(number=number).state


def accessible(page: Any) -> None:
    """axe-core finds nothing to mend."""
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert [(v["id"], v["nodes"][0]["html"]) for v in found["violations"]] == []


def test_a_desk_dispatches_without_touching_the_mouse(
    town: Town, open_as: Callable[..., Any]
) -> None:
    first = town.file(text="路灯不亮").number
    second = town.file(text="井盖松动").number
    page = open_as("desk", **WIDE)
    page.goto("/desk")
    page.wait_for_selector("canvas.leaflet-zoom-animated, #map canvas")
    for key in ("j", "Enter"):
        page.keyboard.press(key)
    page.wait_for_selector(f"#pane .number:text-is('{first}')")
    assert page.url.endswith(f"order={first}")
    assert page.locator(".counts li.chosen").get_attribute("data-part") == GRID
    page.wait_for_selector("#pane [data-letter=d]")
    page.keyboard.press("d")  # the letter on the button: dispatch
    page.wait_for_selector("#step [type=radio]:focus")
    page.keyboard.press("Enter")  # nothing chosen yet: the form says so, beside the list
    page.wait_for_selector("#pane .errors:focus")
    page.locator("#step [type=radio]").first.focus()
    for key in (" ", "Enter"):
        page.keyboard.press(key)
    page.wait_for_selector("#pane .just")
    page.wait_for_selector(f"{CHOSEN}.passed")
    assert state(first) == "dispatched"
    assert page.locator("[data-row]").count() == 2  # it stays where it was
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_selector(f"#pane .number:text-is('{second}')")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"
    assert page.url.endswith(f"order={second}")
    page.reload()
    page.wait_for_selector(f"#pane .number:text-is('{second}')")


def test_what_is_undone_stands_on_the_desk_again(town: Town, open_as: Callable[..., Any]) -> None:
    number = town.file().number
    page = open_as("desk", **WIDE)
    page.goto("/desk")
    page.click("[data-row]")
    page.click("#pane .press .main")
    page.locator("#step .choice").first.click()
    page.click("#step .verbs .main")
    page.wait_for_selector(f"{CHOSEN}.passed")
    page.click("#pane .just button")
    page.wait_for_selector(f"{CHOSEN}:not(.passed)")
    assert state(number) == "filed"
    assert "已撤销" in page.locator("#pane > .notice").inner_text()


def test_an_order_that_leaves_the_reader_leaves_its_sentence(
    town: Town, open_as: Callable[..., Any]
) -> None:
    number = town.dispatched()
    page = open_as("clerk", **WIDE)
    page.goto("/unit")
    page.click("[data-row]")
    page.click("#pane .menu summary")
    page.click(f"#pane a[href='/orders/{number}/return']")
    page.fill("#step textarea", "不归我们管")
    page.click("#step .verbs .main")
    page.wait_for_selector("#pane > .notice")
    assert number in page.locator("#pane").inner_text()
    assert page.locator("#pane [data-row]").count() == 0
    page.wait_for_selector("[data-row].passed")
    assert state(number) == "returned"


def test_a_photo_opens_beside_the_desk_not_in_it(town: Town, open_as: Callable[..., Any]) -> None:
    given = {"text": "路灯不亮", "photo": [picture(town.people["resident"])]}
    actions.file("five-orders", "file", town["resident"], given, area=town.grid)
    page = open_as("desk", **WIDE)
    page.goto("/desk")
    page.click("[data-row]")
    page.wait_for_selector("#pane .pictures a")
    assert page.locator("#pane .pictures a").get_attribute("target") == "_blank"


def test_the_list_says_what_is_new_and_does_not_move(
    town: Town, open_as: Callable[..., Any]
) -> None:
    town.file()
    page = open_as("desk", **WIDE)
    page.goto("/desk")
    top = page.locator("[data-row]").first.bounding_box()
    town.file()
    page.evaluate("""() => {
        const slot = document.querySelector(".fresh");
        return htmx.ajax("GET", slot.getAttribute("hx-get"), slot);
    }""")
    page.wait_for_selector(".fresh a")
    assert page.locator("[data-row]").count() == 1
    assert page.locator("[data-row]").first.bounding_box() == top
    page.click(".fresh a")
    page.locator("[data-row]").nth(1).wait_for()
    assert page.locator("[data-row]").count() == 2


def test_on_a_phone_a_card_is_a_link(town: Town, open_as: Callable[..., Any]) -> None:
    number = town.file().number
    page = open_as("desk")
    page.goto("/desk")
    page.click("[data-row] h2 a")
    page.wait_for_url(f"**/orders/{number}")


def test_a_member_grabs_on_the_phone(town: Town, open_as: Callable[..., Any]) -> None:
    Person.objects.filter(username="m1").update(home=town.grid)
    number = town.dispatched()
    actions.step(number, "accept", town["clerk"], {"seats": 1})
    page = open_as("m1")
    page.goto("/")
    page.locator(".card .main").first.click()
    page.wait_for_url(f"**/orders/{number}")
    assert state(number) == "grabbed"
    page.goto("/pool")
    page.locator(".card .main", has_text="办结").wait_for()
    page.click(".card .menu summary")
    page.click(".card .menu a")
    page.wait_for_url(f"**/orders/{number}/release")


def test_a_worker_logs_in_four_touches_where_nothing_can_be_kept(
    town: Town, open_as: Callable[..., Any]
) -> None:
    """Today, log, one sentence, done: what a phone without script has instead of /jot."""
    page = open_as("worker")
    page.goto("/new/log")
    page.wait_for_selector("textarea:focus")
    page.keyboard.type("扶老人过马路")
    page.click("form.new .main")
    page.wait_for_url("**/today")
    order = Order.objects.get()
    assert (order.state, order.path) == ("struck", GRID)
    assert order.number in page.locator(".notice.success").inner_text()


@pytest.mark.parametrize(
    ("name", "address"),
    [("desk", "/desk"), ("desk", "/orders"), ("leader", "/board"), ("worker", "/new/file_for"),
     ("clerk", "/unit"), ("m1", "/pool"), ("desk", f"/desk?path={COMMUNITY}&late=")],
)  # fmt: skip
def test_pages_fit_every_reader(
    town: Town, live: Live, open_as: Callable[..., Any], name: str, address: str
) -> None:
    town.file(text="长" * 3000)
    town.dispatched()
    looks = ((WIDE, {}), ({}, {"type": "large"}), ({}, {"theme": "dark", "language": "en"}))
    for size, look in looks:
        page = open_as(name, bypass_csp=True, **size)  # axe measures with styles of its own
        chosen = [{"name": k, "value": v, "url": live.url} for k, v in look.items()]
        page.context.add_cookies([{"name": "language", "value": "zh", "url": live.url}, *chosen])
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        accessible(page)
        page.context.close()
