"""The preview before sending says what will be so: held beside what the same people then see."""

from collections.abc import Iterator

import pytest
from django.utils import timezone
from filing import Filing, at_a_door, html, said
from town import Town

from lianxin.core.step.seen import hidden
from lianxin.core.step.who import Who
from lianxin.orders import actions
from lianxin.orders.book import book
from lianxin.orders.models import Event, Order
from lianxin.orders.preview import View, previews
from lianxin.orders.queries import order_sheet

GIVEN = {
    "text": "路灯不亮", "address": "3栋门口", "phone": "13800138000", "category": "0101",
    "point": [108.52, 25.93], "matter": "complain", "whom": "物业",
}  # fmt: skip
STAGES = {  # who it is in the town, and how far the order has come then
    "neighbour": ("neighbour", ()),
    "grid_worker": ("worker", ()),
    "community": ("desk", ()),
    "desk": ("desk", ()),
    "before": ("m1", ("dispatch", "accept")),
    "after": ("m1", ("dispatch", "accept", "grab")),
    "clerk": ("clerk", ("dispatch", "accept")),
}


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with at_a_door(request) as town:
        yield town


def came_so_far(town: Town, door: str, steps: tuple[str, ...]) -> Order:
    number = actions.file("five-orders", door, Who(""), GIVEN, area=town.grid).number
    desk = "street_desk" if door == "file_up" else "desk"
    told = {
        "dispatch": (desk, {"unit": str(town.unit.pk)}), "accept": ("clerk", {"seats": 1}),
        "grab": ("m1", {}),
    }  # fmt: skip
    for verb in steps:
        actions.step(number, verb, town[told[verb][0]], told[verb][1])
    return Order.objects.get(number=number)


def really(order: Order, who: Who) -> set[str] | None:
    """The answers somebody is shown on the order's page; None where it is not theirs to see."""
    if not Order.objects.visible_to(who).filter(pk=order.pk).exists():
        return None
    sheet = order_sheet(order.number, who, timezone.now())
    closed = hidden(sheet.page, sheet.order, sheet.who, book().roles)
    first = Event.objects.get(order=order, nth=1)
    return (set(first.given) | set(first.digests)) - closed


@pytest.mark.parametrize("door", ["file", "file_up"])
@pytest.mark.parametrize("reader", sorted(STAGES))
def test_the_preview_is_what_will_be(town: Town, door: str, reader: str) -> None:
    name, steps = STAGES[reader]
    if (door, reader) == ("file_up", "desk"):
        name = "street_desk"
    views = previews("five-orders", door, GIVEN, town.grid, timezone.now())
    told: View = next(v for v in views if v.reader == reader)
    real = really(came_so_far(town, door, steps), town[name])
    assert (set(told.shown) if told.sees else None) == real


def test_nothing_is_written(town: Town) -> None:
    previews("five-orders", "file", GIVEN, town.grid, timezone.now())
    assert not Order.objects.exists()


def test_the_screen_shows_the_very_words_to_whom_they_are_open(town: Town) -> None:
    way = Filing()
    way.what("楼道灯坏了三天，\n上夜班看不见路", category="01")
    page = html(way.where(address="三单元门口"))
    assert "邻居和其他居民</strong> <span>什么也看不到" in page
    before, after = (
        page.partition(f"<strong>{who}</strong>")[2].partition("</details>")[0]
        for who in ("还没接单的党员", "接了单的党员")
    )
    assert "看不到：详细地址、联系电话" in before
    assert "三单元门口" not in before
    assert "全部看得到" in after
    for told in ("上夜班看不见路", "三单元门口", "您留的电话"):
        assert told in after
    way.send()
    assert said(Order.objects.get()).startswith("楼道灯坏了三天")


def test_about_the_community_itself_it_sees_nothing(town: Town) -> None:
    way = Filing()
    way.what("网格员态度不好", staff="on")
    page = html(way.where())
    assert "网格员</strong> <span>什么也看不到" in page
    assert "社区工作台</strong> <span>什么也看不到" in page
