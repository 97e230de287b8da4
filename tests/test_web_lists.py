"""Lists: who reads which, what stands in them and in which order, and what a page of them costs."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from town import COMMUNITY, COUNTY, DAY, GRID, Town, settled
from web_town import as_, hidden, see

from lianxin.orders import actions
from lianxin.orders.models import Content, Order
from lianxin.orders.queries import Row, inbox, rows
from lianxin.orders.queries.narrow import Narrow
from lianxin.registry.models import Boundary, Generation, PersonSkill, Post

pytestmark = pytest.mark.django_db
SQUARE = [[[108.0, 26.0], [108.01, 26.0], [108.01, 26.01], [108.0, 26.01], [108.0, 26.0]]]
ALWAYS = 2  # queries of any page of somebody signed in: session, person with posts


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with settled(request) as town:
        yield town


def numbers(page: str) -> list[str]:
    """Orders of a list, from the top."""
    found = re.findall(r'<h2><a href="/orders/([\w-]+)"|href="/orders/([\w-]+)" data-open', page)
    return [card or row for card, row in found]


def given(town: Town, number: str, *steps: tuple[str, str, dict[str, Any]]) -> None:
    for verb, name, answers in steps:
        actions.step(number, verb, town[name], answers)


# --- who reads what

DOORS = {
    "/desk": {"desk", "street_desk", "supervisor", "inspector", "stranger", "r1"},
    "/unit": {"clerk", "other_clerk"},
    "/today": {"worker"},
    "/pool": {"m1"},
    "/board": {"leader", "auditor", "supervisor"},
    "/orders": {"desk", "street_desk", "supervisor", "inspector", "stranger", "r1", "clerk",
                "other_clerk", "worker", "leader", "auditor"},
    "/orders.csv": {"desk", "street_desk", "supervisor", "inspector", "stranger", "r1", "clerk",
                    "other_clerk", "worker", "leader", "auditor"},
    "/new/log": {"worker"},
    "/new/file_for": {"worker", "desk", "street_desk", "stranger"},
    "/desk/fresh?since=2026-01-01T00:00:00Z": {
        "desk", "street_desk", "supervisor", "inspector", "stranger", "r1"},
}  # fmt: skip
ALL = (
    "resident", "desk", "street_desk", "supervisor", "inspector", "stranger", "r1", "clerk",
    "other_clerk", "worker", "leader", "auditor", "m1",
)  # fmt: skip


@pytest.mark.parametrize("address", DOORS)
def test_who_opens_which_list(town: Town, address: str) -> None:
    found = {name: as_(town, name).get(address).status_code for name in ALL}
    assert {name for name, code in found.items() if code < 300} == DOORS[address]
    assert {code for name, code in found.items() if name not in DOORS[address]} == {403}


@pytest.mark.parametrize("address", DOORS)
def test_a_passer_by_is_asked_to_sign_in(client: Any, address: str) -> None:
    assert client.get(address).headers["Location"].startswith("/login?next=")


def test_an_order_stands_where_somebody_must_act(town: Town) -> None:
    number = town.file().number
    assert numbers(see(town, "desk", "/desk")) == [number]
    for name, address in (("stranger", "/desk?all="), ("clerk", "/unit?all="), ("m1", "/pool")):
        assert numbers(see(town, name, address)) == []
    given(town, number, ("dispatch", "desk", {"unit": str(town.unit.pk)}))
    assert numbers(see(town, "desk", "/desk")) == []
    assert numbers(see(town, "desk", "/desk?all=")) == [number]
    assert numbers(see(town, "clerk", "/unit")) == [number]
    assert numbers(see(town, "other_clerk", "/unit?all=")) == []


def test_one_of_several_posts_is_read_at_a_time(town: Town) -> None:
    number = town.file().number
    person, elsewhere = town.people["desk"], town.areas["522602001001"]
    Post.objects.create(person=person, role="desk", area=elsewhere, since=DAY)
    assert numbers(see(town, "desk", "/desk?as=0")) == [number]
    page = see(town, "desk", "/desk?as=1")
    assert numbers(page) == []
    assert '<option value="1" selected>522602001001' in page
    for wrong in ("7", "-1", "x", "９", "1" * 5000):
        assert numbers(see(town, "desk", f"/desk?{urlencode({'as': wrong})}")) == [number]


# --- the desk


def test_the_most_urgent_stands_first(town: Town) -> None:
    now = timezone.now()
    late = town.file(text="旧的", now=now - timedelta(hours=1)).number
    fresh = town.file(text="新的", now=now).number
    assert numbers(see(town, "desk", "/desk")) == [late, fresh]
    assert numbers(see(town, "desk", "/desk?all=")) == [fresh, late]


def test_a_list_is_narrowed_by_what_is_asked(town: Town) -> None:
    lamp, noise = town.file(text="路灯不亮").number, town.file(text="太吵").number
    given(town, noise, ("dispatch", "desk", {"unit": str(town.unit.pk), "category": "0501"}))
    for asked, found in (
        ({"q": "路灯"}, [lamp]), ({"q": noise.lower()}, [noise]), ({"state": "filed"}, [lamp]),
        ({"category": "05"}, [noise]), ({"path": GRID[:15]}, [noise, lamp]), ({"late": ""}, []),
        ({"path": "5226019"}, []), ({"open": "0"}, []), ({"days": "1"}, [noise, lamp]),
        ({"since": "2999-01-01"}, []), ({"until": "2020-01-01"}, []), ({"flow": "council"}, []),
    ):  # fmt: skip
        assert numbers(see(town, "desk", f"/orders?{urlencode(asked)}")) == found, asked


@pytest.mark.parametrize("address", ["/desk", "/desk?all=", "/orders", "/orders.csv"])
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("q", "%_\\'\"<script>\0"), ("q", "路" * 5000), ("after", "x"), ("after", "_"),
        ("after", "2026-01-01_00000000000000000000000000000000"), ("path", "'; --"),
        ("state", "\0"), ("since", "0000-99-99"), ("since", "9999-12-31"), ("until", "-"),
        ("days", "9" * 50), ("ended", "²"), ("order", "../../login"), ("category", "é"),
    ],
)  # fmt: skip
def test_a_mistyped_address_is_still_a_list(
    town: Town, address: str, name: str, value: str
) -> None:
    town.file()
    answer = as_(town, "desk").get(
        address, {**({"all": ""} if "all" in address else {}), name: value}
    )
    assert answer.status_code == 200
    assert b"<script>\n" not in answer.content
    assert b'data-opened="' not in answer.content


@pytest.mark.parametrize("address", ["/desk", "/orders"])
def test_pages_go_on_behind_the_last_row(town: Town, address: str) -> None:
    """60 orders, half of them due at one moment: every one stands on one page, none on two."""
    now = timezone.now()
    made = [
        town.file(text=f"第{n}件", now=now - timedelta(minutes=n // 2)).number for n in range(60)
    ]
    Order.objects.filter(number__in=made[:5]).update(due=None)
    first = see(town, "desk", address)
    rest = see(town, "desk", address + unescape(re.search(r'rel="next" href="([^"]+)"', first)[1]))
    assert (len(numbers(first)), len(numbers(rest))) == (50, 10)
    assert set(numbers(first)) | set(numbers(rest)) == set(made)
    assert 'rel="next"' not in rest


def test_a_desk_hears_how_many_came_since_it_was_opened(town: Town) -> None:
    desk, since = as_(town, "desk"), {"since": timezone.now().isoformat()}
    assert desk.get("/desk/fresh", since).status_code == 204
    number = town.file().number
    town.file()
    assert "有 2 件新的" in desk.get("/desk/fresh", since).content.decode()
    assert as_(town, "stranger").get("/desk/fresh", since).status_code == 204
    given(town, number, ("dispatch", "desk", {"unit": str(town.unit.pk)}))
    assert "有 1 件新的" in desk.get("/desk/fresh", since).content.decode()
    actions.undo(number, town["desk"])  # back on the desk, and by its own hand
    assert "有 1 件新的" in desk.get("/desk/fresh", since).content.decode()
    yesterday = {"since": (timezone.now() - timedelta(days=1)).isoformat()}
    assert "新的一天" in desk.get("/desk/fresh", yesterday).content.decode()
    for wrong in ("", "x", "2026-13-01"):
        assert desk.get("/desk/fresh", {"since": wrong}).status_code == 400


def test_the_card_of_an_order_says_how_it_stands_now(town: Town) -> None:
    number = town.file().number
    card = see(town, "desk", f"/desk/card/{number}")
    assert "待派单" in card
    assert "passed" not in card
    given(town, number, ("dispatch", "desk", {"unit": str(town.unit.pk)}))
    card = see(town, "desk", f"/desk/card/{number}")
    assert "待接单" in card
    assert "passed" in card
    assert "passed" not in see(town, "desk", f"/desk/card/{number}?all=")
    assert as_(town, "stranger").get(f"/desk/card/{number}").status_code == 204


# --- the map


def drawn(town: Town) -> None:
    box = {"west": 108.0, "south": 26.0, "east": 108.01, "north": 26.01}
    made = Generation.objects.create(root=COUNTY, name="2020", since=DAY, **box)
    shape = {"type": "Polygon", "coordinates": SQUARE}
    Boundary.objects.create(area=town.grid, generation=made, geojson=shape, **box)


def test_outlines_are_for_who_stands_over_the_place(town: Town) -> None:
    drawn(town)
    address = f"/areas/{COMMUNITY}.geojson"
    answer = as_(town, "desk").get(address)
    (feature,) = answer.json()["features"]
    assert feature["properties"] == {"path": GRID, "name": GRID, "at": [108.005, 26.005]}
    assert feature["geometry"]["coordinates"] == SQUARE
    tag = answer.headers["ETag"]
    assert as_(town, "desk").get(address, headers={"If-None-Match": tag}).status_code == 304
    for name in ("leader", "street_desk", "supervisor"):
        assert as_(town, name).get(address).status_code == 200
    for name in ("stranger", "worker", "clerk"):
        assert as_(town, name).get(address).status_code == 404
    assert as_(town, "resident").get(address).status_code == 403
    for wrong in ("", "x", "52", "999999", "5226010010010"):
        assert as_(town, "desk").get(f"/areas/{wrong}.geojson").status_code == 404


def test_the_map_says_the_same_as_its_list_and_never_where_a_home_is(town: Town) -> None:
    town.file()
    closed = town.file().number
    given(town, closed, ("refuse", "desk", {"reason": "不归我们管"}))
    page = see(town, "desk", "/desk")
    assert re.findall(r'data-part="(\d+)" data-open="(\d+)"', page) == [(GRID, "1")]
    assert "108.0" not in page
    assert "leaflet.js" in page


# --- what a page costs


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("desk", "/desk"), ("desk", "/desk?all="), ("clerk", "/unit"), ("worker", "/today"),
        ("m1", "/pool"), ("leader", "/orders"), ("leader", "/board"), ("desk", "/orders?q=灯"),
        ("worker", "/new/log"), ("desk", "/desk/fresh?since=2026-01-01T00:00:00Z"),
    ],
)  # fmt: skip
def test_a_page_costs_the_same_however_long_the_list(town: Town, name: str, address: str) -> None:
    drawn(town)
    reader, costs = as_(town, name), []
    for more in (1, 12):
        for _ in range(more):
            number = town.dispatched()
            given(town, number, ("accept", "clerk", {"seats": 2}), ("grab", "m2", {}))
        town.file()
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert reader.get(address).status_code == 200
        costs.append(len(asked))
    most = 15 if address == "/board" else 8  # its places, its days, its map, what is late
    assert costs[0] == costs[1] <= most + ALWAYS
    counts = [q["sql"] for q in asked if "COUNT(" in q["sql"] and "orders_order" in q["sql"]]
    bounded = ('"open"', "entered", '"orders_order"."id" >=')
    assert [sql for sql in counts if not any(mark in sql for mark in bounded)] == []


# --- the member


def opened(town: Town, text: str = "路灯不亮", seats: int = 2, **more: Any) -> str:
    number = town.file(text=text, **more).number
    dispatch = {"unit": str(town.unit.pk), "category": "0101"}
    given(town, number, ("dispatch", "desk", dispatch), ("accept", "clerk", {"seats": seats}))
    return number


def test_the_pool_says_what_a_member_wants_to_know(town: Town) -> None:
    member = town.people["m1"]
    member.home = town.grid
    member.save()
    PersonSkill.objects.create(person=member, skill="电工")
    number = opened(town, "路灯不亮\n方便的时间：周六上午")
    page = see(town, "m1", "/pool")
    assert numbers(page) == [number]
    for said in ("就在您的网格", "还差 2 人，共 2 人", "方便的时间：周六上午", "用得上您的电工"):
        assert said in page
    given(town, number, ("grab", "m2", {}))
    assert "还差 1 人，共 2 人" in see(town, "m1", "/pool")


def test_a_seat_is_grabbed_with_one_press_and_only_once(town: Town) -> None:
    number = opened(town)
    member = as_(town, "m1")
    page = member.get("/pool").content.decode()
    sent = hidden(page)
    assert f'action="/orders/{number}/grab"' in page
    for _ in range(2):
        assert member.post(f"/orders/{number}/grab", sent).status_code == 302
    page = member.get("/pool").content.decode()
    assert f"/orders/{number}/grab" not in page
    assert "我抢到的" in page
    assert "还差 1 人，共 2 人" in page
    given(town, number, ("grab", "m2", {}))
    page = see(town, "m1", "/pool")
    assert f'class="button main" href="/orders/{number}/handle"' in page
    assert f'<li><a href="/orders/{number}/release">' in page
    assert numbers(see(town, "m3", "/pool")) == []  # no seat is left


# --- the grid worker


def test_a_phone_is_called_by_those_who_may_read_it(town: Town) -> None:
    now = timezone.now()
    answers = {"text": "漏水\n方便的时间：今晚七点", "phone": "13800138000"}
    actions.file("five-orders", "file", town["resident"], answers, area=town.grid, now=now)
    page = see(town, "worker", "/today")
    number = Order.objects.get().number
    assert f'action="/orders/{number}/phone"' in page
    assert "1380013" not in page, "a phone stands in no page until it is asked for"
    assert "方便的时间：今晚七点" in page
    assert "1380013" not in see(town, "leader", "/orders")
    assert "1380013" not in see(town, "desk", "/desk")


def test_the_day_begins_with_what_is_due(town: Town) -> None:
    late = town.file(text="早该办的").number
    later = town.file(text="不急的\n方便的时间：下周一").number
    last = town.file(text="还早").number
    now = timezone.now()
    for number, hours in ((late, -1), (later, 100), (last, 200)):
        Order.objects.filter(number=number).update(due=now + timedelta(hours=hours))
    page = see(town, "worker", "/today")
    assert numbers(page) == [late, later, last]
    heads = re.findall(r"<h2>([^<]+) <small>(\d+)", page)
    assert heads == [("到时限的", "1"), ("约了时间的", "1"), ("网格里在办的", "1")]
    assert f'href="/orders/{late}/visit"' in page
    assert {"/jot", "/new/file_for"} <= set(re.findall(r'href="(/jot|/new/\w+)"', page))


def test_what_must_not_wait_stands_on_top_whatever_its_due(town: Town) -> None:
    """A category that stops the form, sent all the same, is severe."""
    now, given = timezone.now(), {"text": "厨房有煤气味", "category": "0403", "severity": "high"}
    older = [town.file(text=f"旧的{n}", now=now - timedelta(hours=n)).number for n in (3, 2, 1)]
    gas = actions.file("five-orders", "file", town["resident"], given, area=town.grid).number
    assert numbers(see(town, "desk", "/desk")) == [gas, *older]
    assert numbers(see(town, "worker", "/today"))[0] == gas


def test_pages_go_on_where_the_severe_ones_end(town: Town) -> None:
    """Two a page: none is left out or shown twice, with severe ones and ones without a due."""
    now, grant = timezone.now(), town["desk"].grants[0]
    for n in range(3):
        told = {"text": f"急{n}", "severity": "high"}
        actions.file("five-orders", "file", town["resident"], told, area=town.grid, now=now)
    plain = [town.file(text=f"缓{n}", now=now - timedelta(minutes=n)).number for n in range(5)]
    Order.objects.filter(text_of("急1") | text_of("缓0")).update(due=None)
    found: list[Row] = []
    for _ in range(5):
        narrow = Narrow("due", after=Narrow("due").mark(found[-1]) if found else "")
        found += rows(narrow.take(inbox(grant)), now, limit=2)[:2]
    assert [row.severity for row in found] == ["high"] * 3 + [None] * 5
    assert found[2].text == "急1"
    assert [row.number for row in found[3:]] == [*plain[:0:-1], plain[0]]


def text_of(text: str) -> Q:
    return Q(pk__in=Content.objects.filter(value=text).values("order"))
