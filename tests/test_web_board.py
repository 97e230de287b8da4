"""The board: every number equals the list it opens, place by place, under the reader's post."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone
from town import COMMUNITY, COUNTY, STREET, Town, settled
from web_town import as_, see

from lianxin.orders import actions
from lianxin.orders.models import Order

pytestmark = pytest.mark.django_db
FIGURE = re.compile(
    r'<a class="big [a-z]*" href="([^"]+)"><strong>([\d,]+)</strong><span>([^<]+)</span>'
)
CELL = re.compile(r'<td class="figure[^>]*><a href="([^"]+)">.*?</span>([\d,]+)</a>')
NUMBER = re.compile(r'href="/orders/([\w-]+)" data-open')


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with settled(request) as town:
        lived(town)
        yield town


def lived(town: Town) -> None:
    """Orders in every state that the board counts, some late, one from long ago, one elsewhere."""
    unit, now = {"unit": str(town.unit.pk)}, timezone.now()
    sent, done = ("dispatch", "desk", unit), {"outcome": "solved", "text": "修好了"}
    kept = (sent, ("keep", "clerk", {}), ("handle", "clerk", done))
    handled = (*kept, ("rate", "resident", {"rating": 4}))
    called = (*handled, ("call_back", "desk", {"callback": "solved"}))
    ways = {
        "filed": (3, ()), "dispatched": (2, (sent,)),
        "returned": (2, (sent, ("return", "clerk", {"reason": "不归我们管"}))),
        "unsolved": (1, (*handled, ("call_back", "desk", {"callback": "unsolved"}))),
        "struck": (4, (*called, ("strike_off", "desk", {}))),
    }  # fmt: skip
    for state, (count, steps) in ways.items():
        for _ in range(count):
            number = town.file().number
            for verb, name, answers in steps:
                actions.step(number, verb, town[name], answers)
            assert Order.objects.get(number=number).state == state
    ids = list(Order.objects.filter(state="filed").values_list("pk", flat=True))
    Order.objects.filter(pk=ids[0]).update(due=now - timedelta(hours=1))
    struck = Order.objects.filter(state="struck").first()
    Order.objects.filter(pk=struck.pk).update(entered=now - timedelta(days=8))
    town.file(now=now - timedelta(days=30))
    grid = town.areas["522602001001"]
    actions.file("five-orders", "file", town["resident"], {"text": "邻县的"}, area=grid)


def opened(town: Town, name: str, address: str) -> int:
    """How many orders the register shows at this address, over all its pages."""
    found: set[str] = set()
    while address:
        page = see(town, name, address)
        found |= set(NUMBER.findall(page))
        onward = re.search(r'rel="next" href="([^"]+)"', page)
        address = f"/orders{unescape(onward[1])}" if onward else ""
    return len(found)


@pytest.mark.parametrize("name", ["leader", "supervisor", "auditor"])
@pytest.mark.parametrize("path", ["", STREET, COMMUNITY])
def test_every_number_equals_the_list_it_opens(town: Town, name: str, path: str) -> None:
    page = see(town, name, f"/board?path={path}" if path else "/board")
    figures = {words: int(value) for _, value, words in FIGURE.findall(page)}
    assert figures == {
        "未办结": 9, "超时": 2, "待派单": 4, "已退单": 2, "回访未解决": 1,
        "新点单": 12, "已销号": 3,
    }  # fmt: skip
    links = [(href, value) for href, value, _ in FIGURE.findall(page)] + CELL.findall(page)
    assert len(links) == 7 + (0 if path == COMMUNITY else 2)
    for href, value in links:
        assert opened(town, name, unescape(href)) == int(value), href


def test_places_lead_down_and_never_out(town: Town) -> None:
    page = see(town, "leader", "/board")
    assert f'href="?as=0&amp;path={STREET}"' in page
    page = see(town, "leader", f"/board?path={STREET}")
    assert f'href="?as=0&amp;path={COMMUNITY}"' in page
    assert f'href="?as=0&amp;path={COUNTY}"' in page  # the way back up
    for outside in ("522602", "52", "5226", "x", f"{COUNTY}%"):
        assert as_(town, "leader").get("/board", {"path": outside}).status_code == 403


def test_a_condition_that_came_with_a_link_can_be_taken_off(town: Town) -> None:
    page = see(town, "leader", f"/orders?path={COUNTY}&flow=five-orders&state=returned&open=1")
    assert len(NUMBER.findall(page)) == 2
    off = re.search(r'<a class="button" href="([^"]+)" aria-label="去掉条件：已退单"', page)
    assert opened(town, "leader", f"/orders{unescape(off[1])}") == 9
    assert '<input type="hidden" name="state" value="returned">' in page
