"""The leader's and the supervisor's day in a real browser: from a number to its rows, a sentence
that urges, a desk further up; and what is refused."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from conftest import Live
from django.utils import timezone
from notice_town import say_all
from town import COMMUNITY, STREET, Town, settled
from web_town import as_, hidden

from lianxin.orders import actions
from lianxin.orders.models import Event, Notice, Order

AXE = Path(__file__).parents[1] / "node_modules" / "axe-core" / "axe.min.js"
WIDE = {"viewport": {"width": 1440, "height": 900}}
WALL = {"viewport": {"width": 1920, "height": 1080}}
SENTENCE = "请今天下班前办好"


@pytest.fixture
def town(request: pytest.FixtureRequest, live: Live) -> Iterator[Town]:
    with settled(request) as town:
        yield town


def late(town: Town, days: int, text: str = "路灯不亮") -> str:
    """An order that its unit has kept since so many days ago, and that is late by now."""
    then = timezone.now() - timedelta(days=days)
    number = town.file(text=text, now=then).number
    actions.step(number, "dispatch", town["desk"], {"unit": str(town.unit.pk)}, now=then)
    actions.step(number, "keep", town["clerk"], {}, now=then)
    return number


def accessible(page: Any) -> None:
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert [(v["id"], v["nodes"][0]["html"]) for v in found["violations"]] == []


@pytest.mark.parametrize("size", [WIDE, {}])
def test_a_leader_opens_a_number_down_to_an_order(
    town: Town, open_as: Callable[..., Any], size: dict[str, Any]
) -> None:
    number = late(town, 30)
    town.file(text="井盖松动")
    page = open_as("leader", **size)
    page.goto("/")
    page.wait_for_url("**/board")  # where a leader's day begins
    page.locator(".big", has_text="超时").click()
    page.wait_for_url("**/orders?**open=late")
    assert page.locator("#rows tr").count() == 1
    page.locator("#rows [data-open]").click()
    page.wait_for_url(f"**/orders/{number}")
    page.go_back()
    page.go_back()
    page.locator("th a", has_text=STREET).click()
    page.wait_for_url(f"**path={STREET}")
    row = page.locator("tr", has=page.locator("th", has_text=COMMUNITY))
    row.locator("td[data-label='点单'] a").click()
    page.wait_for_url("**/orders?**since=**")
    assert page.locator("#rows tr").count() == 1  # what came today


@pytest.mark.parametrize("size", [WIDE, {}])
def test_a_supervisor_urges_with_a_sentence_and_once_a_day(
    town: Town, open_as: Callable[..., Any], size: dict[str, Any]
) -> None:
    number = late(town, 30)
    page = open_as("supervisor", **size)
    page.goto("/board")
    page.locator("#late a", has_text="督办").click()
    page.locator(".replies button", has_text="今天内办好").click()
    assert SENTENCE in page.locator("#step textarea").input_value()
    page.click("#step .verbs .main")
    page.wait_for_url(f"**/orders/{number}")
    assert SENTENCE in page.locator("main").inner_text()
    event = Event.objects.get(order__number=number, verb="urge")
    assert event.capacity == "supervisor"
    page.goto("/board")
    assert "您今天已督办" in page.locator("#late li").inner_text()
    assert page.locator("#late a", has_text="督办").count() == 0
    page.goto(f"/orders/{number}/urge")
    assert page.locator("#step textarea").count() == 0
    assert Event.objects.filter(order__number=number, verb="urge").count() == 1
    say_all(number)
    told = Notice.objects.get(order__number=number, nth=event.nth, unit=town.unit)
    clerk = open_as("clerk")
    clerk.goto("/notices")
    clerk.locator(
        f"a[href*='/notices/{told.pk}'], [action*='/notices/{told.pk}'] button"
    ).first.click()
    clerk.wait_for_url(f"**/orders/{number}")
    assert SENTENCE in clerk.locator("main").inner_text()


@pytest.mark.parametrize("size", [WIDE, {}])
def test_a_supervisor_has_the_street_take_it_over(
    town: Town, open_as: Callable[..., Any], size: dict[str, Any]
) -> None:
    number = late(town, 50)
    page = open_as("supervisor", **size)
    page.goto("/board")
    page.locator("#late a", has_text="提级").click()
    page.click("#step .verbs .main")  # without a reason it says what is missing
    page.wait_for_selector(".errors")
    page.locator(".replies button", has_text="多次超时").click()
    page.click("#step .verbs .main")
    page.wait_for_url(f"**/orders/{number}")
    order = Order.objects.get(number=number)
    assert (order.state, order.desk) == ("filed", STREET)
    assert "多次超时仍未办好" in page.locator("main").inner_text()
    street = open_as("street_desk", **size)
    street.goto("/desk")
    assert number in street.content()
    clerk = open_as("clerk")
    clerk.goto(f"/orders/{number}")
    assert "多次超时仍未办好" in clerk.locator("main").inner_text()


@pytest.mark.parametrize("size", [WIDE, {}])
def test_after_several_one_is_back_where_one_was(
    town: Town, open_as: Callable[..., Any], size: dict[str, Any]
) -> None:
    for days in (70, 50):
        late(town, days)
    page = open_as("supervisor", **size)
    narrowed = f"/board/late?as=0&path={STREET}"
    page.goto(narrowed)
    page.locator("#late [type=checkbox], main [type=checkbox]").first.check()
    page.click("#bulk button")
    assert page.locator(".trail a").get_attribute("href") == narrowed
    page.locator(".replies button", has_text="今天内办好").click()
    page.click("#step .verbs .main")
    page.wait_for_selector("h1:has-text('1 件里办成 1 件')")
    page.locator("a.main").click()
    page.wait_for_url(f"**{narrowed}")
    assert page.locator(".told").count() == 1


@pytest.mark.parametrize(
    "back", ["https://else.where/", "//else.where/board", "/boards", "/orders", "javascript:1", ""]
)
def test_back_leads_nowhere_else(town: Town, back: str) -> None:
    number = late(town, 30)
    client = as_(town, "supervisor")
    page = client.get("/board/bulk", {"n": number, "back": back}).content.decode()
    assert page.count('href="/board?as=0"') == 2 and 'name="back" value="/board?as=0"' in page
    assert client.get("/board/bulk", {"back": back}).headers["Location"] == "/board?as=0"


@pytest.mark.parametrize("size", [WIDE, {}])
def test_several_are_urged_with_one_sentence(
    town: Town, open_as: Callable[..., Any], size: dict[str, Any]
) -> None:
    numbers = [late(town, days, f"第{days}件") for days in (70, 50, 30)]
    page = open_as("supervisor", **size)
    page.goto("/board")
    shown = page.locator("#late [data-open]").all_inner_texts()
    assert shown == numbers  # the longest first
    for tick in page.locator("#late [type=checkbox]").all()[:2]:
        tick.check()
    page.click("#bulk button")
    page.locator(".replies button", has_text="今天内办好").click()
    page.click("#step .verbs .main")
    page.wait_for_selector("h1:has-text('2 件里办成 2 件')")
    urged = Event.objects.filter(verb="urge").values_list("order__number", flat=True)
    assert set(urged) == set(numbers[:2])
    page.locator("a.main").click()
    page.wait_for_url("**/board**")
    assert page.locator("#late .told").count() == 2
    assert page.locator("#late [type=checkbox]").count() == 1


@pytest.mark.parametrize("name", ["leader", "auditor"])
def test_who_only_reads_is_told_so_and_finds_no_button(
    town: Town, open_as: Callable[..., Any], name: str
) -> None:
    number = late(town, 30)
    page = open_as(name)
    page.goto("/board")
    assert "由督办岗位来按" in page.locator("#late").inner_text()
    assert page.locator("#late .verbs a, #late [type=checkbox], #bulk").count() == 0
    client = as_(town, name)
    for verb in ("urge", "escalate"):
        form = hidden(client.get(f"/orders/{number}/{verb}").content.decode())
        answer = client.post(f"/orders/{number}/{verb}", {**form, "reason": "x", "_go": "1"})
        assert answer.status_code == 403, verb
    assert client.get("/board/bulk", {"n": number}).status_code == 403
    assert not Event.objects.filter(order__number=number, verb__in=["urge", "escalate"]).exists()


@pytest.mark.parametrize(
    ("name", "verb", "status"),
    [("desk", "escalate", 403), ("clerk", "escalate", 403), ("stranger", "urge", 404),
     ("stranger", "escalate", 404), ("resident", "escalate", 403)],
)  # fmt: skip
def test_who_may_not_press(town: Town, name: str, verb: str, status: int) -> None:
    number = late(town, 30)
    answer = as_(town, name).post(f"/orders/{number}/{verb}", {"reason": "x", "_go": "1"})
    assert answer.status_code == status
    assert Order.objects.get(number=number).state == "kept"


@pytest.mark.parametrize(("name", "status"), [("desk", 403), ("worker", 403), ("clerk", 403)])
def test_the_board_is_not_for_everybody(town: Town, name: str, status: int) -> None:
    for address in ("/board", "/board/late", "/board.xlsx", "/board/bulk"):
        assert as_(town, name).get(address).status_code == status, (name, address)


def test_what_is_late_goes_on_page_by_page(
    town: Town, open_as: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from lianxin.web.board import page as board_page

    monkeypatch.setattr(board_page, "MANY", 2)
    monkeypatch.setattr(board_page, "FEW", 1)
    numbers = [late(town, days) for days in (70, 50, 30)]
    page = open_as("supervisor")
    page.goto("/board")
    page.click("text=看全部 3 件")
    page.wait_for_url("**/board/late**")
    first = page.locator("[data-open]").all_inner_texts()
    page.click("[rel=next]")
    page.wait_for_url("**after=**")
    assert first + page.locator("[data-open]").all_inner_texts() == numbers


@pytest.mark.parametrize("address", ["/board", "/board/late"])
def test_pages_fit_every_reader(
    town: Town, live: Live, open_as: Callable[..., Any], address: str
) -> None:
    late(town, 30, "长" * 3000)
    late(town, 70)
    looks = ((WIDE, {}), (WALL, {}), ({}, {"type": "large"}),
             ({}, {"theme": "dark", "language": "en"}))  # fmt: skip
    for size, look in looks:
        page = open_as("supervisor", bypass_csp=True, **size)
        chosen = [{"name": k, "value": v, "url": live.url} for k, v in look.items()]
        page.context.add_cookies([{"name": "language", "value": "zh", "url": live.url}, *chosen])
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        assert not re.search(r"board\.\w+\.", page.locator("body").inner_text())
        accessible(page)
        page.context.close()
