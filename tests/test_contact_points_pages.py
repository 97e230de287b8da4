"""The pages of contact points: who sees whom, tying by a desk, a visit on the phone, the roll."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.utils import timezone
from town import COMMUNITY, COUNTY, DAY, GRID, STREET, Town, settled
from web_town import as_, see

from lianxin.orders.models import Order
from lianxin.registry.actions import Stamp
from lianxin.registry.actions.contact_points import log_visit, tie, untie
from lianxin.registry.imports.run import import_sheet
from lianxin.registry.imports.undo import undo_batch
from lianxin.registry.models import Area, ContactPoint, Person, Post, Visit
from lianxin.web.words import say

pytestmark = pytest.mark.django_db
HEAD = "姓名,用户名,级别,联系点,起始日期,结束日期"
FIGURE = re.compile(r'<a class="big [a-z]*" href="([^"]+)"><strong>([\d,]+)</strong><span>([^<]+)<')


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with settled(request) as town:
        yield town


def point(town: Town, path: str = GRID) -> ContactPoint:
    stamp = Stamp(None, timezone.now())
    return tie(stamp, town.people["leader"], "leader", town.areas[path], DAY)


# --- the table by place


@pytest.mark.parametrize("name", ["supervisor", "leader", "auditor", "desk"])
def test_whoever_reads_the_place_sees_its_contact_points(town: Town, name: str) -> None:
    point(town)
    page = see(town, name, "/contact-points")
    assert f'href="/contact-points/{town.people["leader"].pk}"' in page
    assert say("contact_points.not_yet", "zh") in page


@pytest.mark.parametrize(("name", "status"), [("worker", 403), ("clerk", 403), ("resident", 403)])
def test_nobody_else_does(town: Town, name: str, status: int) -> None:
    assert as_(town, name).get("/contact-points").status_code == status


def test_a_desk_elsewhere_sees_nothing_and_opens_nobody(town: Town) -> None:
    tied = point(town)
    page = see(town, "stranger", "/contact-points")
    assert say("contact_points.empty", "zh") in page
    client = as_(town, "stranger")
    assert client.get(f"/contact-points/{town.people['leader'].pk}").status_code == 404
    assert client.get(f"/contact-points?path={COUNTY}").status_code == 403
    assert client.post(f"/contact-points/ties/{tied.pk}/end").status_code == 404
    assert ContactPoint.objects.filter(until=None).count() == 1


def test_each_number_opens_the_rows_that_it_counts(town: Town) -> None:
    point(town)
    other = Person.objects.create(username="second", name="second", password="!")
    Post.objects.create(person=other, role="leader", area=town.areas[COUNTY], since=DAY)
    page = see(town, "supervisor", "/contact-points")
    told = {name: (unescape(href), int(n)) for href, n, name in FIGURE.findall(page)}
    counts = {name: n for name, (_, n) in told.items()}
    assert counts == {"领导": 2, "联系点": 1, "缺的联系点": 5, "该来没来": 1, "还没来过": 1}
    for name, people in (("缺的联系点", 2), ("该来没来", 1), ("还没来过", 1)):
        rows = see(town, "supervisor", f"/contact-points{told[name][0]}")
        assert rows.count("data-open>leader<") + rows.count("data-open>second<") == people
    assert "data-open>second<" not in see(town, "supervisor", "/contact-points?q=leader")


def test_the_places_below_add_up(town: Town) -> None:
    point(town, STREET)
    point(town, GRID)
    page = see(town, "supervisor", "/contact-points")
    assert f'?as=0&amp;path={STREET}" data-open>' in page
    below = see(town, "supervisor", f"/contact-points?path={STREET}")
    assert f'path={COMMUNITY}" data-open>' in below


@pytest.mark.parametrize("asked", ["at=999999", "at=-1", "at=x", "show=all", "q=%00%27%22"])
def test_what_is_typed_into_an_address_breaks_nothing(town: Town, asked: str) -> None:
    point(town)
    assert as_(town, "supervisor").get(f"/contact-points?{asked}").status_code == 200


# --- tying by a desk


def test_a_desk_finds_somebody_ties_them_and_unties_them(town: Town) -> None:
    worker = town.people["worker"]
    page = see(town, "desk", "/contact-points/new?q=worker")
    assert f"/contact-points/{worker.pk}" in page
    client = as_(town, "desk")
    given = {"area": COMMUNITY, "rank": "street", "since": "2025-01-01"}
    answer = client.post(f"/contact-points/{worker.pk}/tie", given, follow=True)
    assert answer.status_code == 200
    made = ContactPoint.objects.get(person=worker)
    assert (made.rank, made.area.path) == ("street", COMMUNITY)
    assert f"/contact-points/ties/{made.pk}/end" in answer.content.decode()
    assert client.post(f"/contact-points/ties/{made.pk}/end").status_code == 302
    made.refresh_from_db()
    assert made.until == timezone.localdate()


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"area": "", "rank": "street", "since": "2025-01-01"}, "请写地方"),
        ({"area": "没有的地方", "rank": "street", "since": "2025-01-01"}, "没有的地方"),
        ({"area": "522602001001", "rank": "street", "since": "2025-01-01"}, "不在您的辖区"),
        ({"area": COMMUNITY, "rank": "", "since": "2025-01-01"}, "请选级别"),
        ({"area": COMMUNITY, "rank": "street", "since": "x"}, "请写日期"),
        ({"area": COMMUNITY, "rank": "street", "since": "2010-01-01"}, "没有“street”"),
    ],
)
def test_a_tie_that_cannot_be_says_why(town: Town, given: dict[str, str], says: str) -> None:
    answer = as_(town, "desk").post(f"/contact-points/{town.people['worker'].pk}/tie", given)
    assert answer.status_code == 422
    assert says in unescape(answer.content.decode())
    assert ContactPoint.objects.count() == 0


def test_who_only_reads_is_offered_no_press(town: Town) -> None:
    tied = point(town)
    page = see(town, "supervisor", f"/contact-points/{town.people['leader'].pk}")
    assert "/end" not in page and "/tie" not in page
    client = as_(town, "supervisor")
    assert client.post(f"/contact-points/ties/{tied.pk}/end").status_code == 403
    assert client.get("/contact-points/new").status_code == 403


# --- a leader's own, on the phone


def test_a_visit_is_logged_in_two_taps_and_words(town: Town) -> None:
    tied = point(town)
    page = see(town, "leader", "/contact-points/mine")
    assert "worker" in page and page.count("<details") >= 1
    answer = as_(town, "leader").post(
        f"/contact-points/ties/{tied.pk}/visit", {"text": "灯不亮", "on": "", "do": "log"}
    )
    assert answer.status_code == 302
    assert list(Visit.objects.values_list("on", "text")) == [(timezone.localdate(), "灯不亮")]
    again = as_(town, "leader").post(
        f"/contact-points/ties/{tied.pk}/visit", {"text": "又去了", "do": "log"}
    )
    assert again.status_code == 422 and "又去了" in again.content.decode()


def test_one_press_makes_an_order_that_the_community_has_to_dispatch(town: Town) -> None:
    tied = point(town)
    as_(town, "leader").post(
        f"/contact-points/ties/{tied.pk}/visit", {"text": "灯不亮", "do": "order"}
    )
    order = Order.objects.get()
    assert (order.path, order.state, Visit.objects.get().order) == (GRID, "filed", order.pk)
    assert order.number in see(town, "desk", "/desk")
    page = see(town, "leader", f"/contact-points/{town.people['leader'].pk}")
    assert f'href="/orders/{order.number}"' in page


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"text": "", "do": "order"}, "请写带回来什么"),
        ({"text": "x", "on": "someday", "do": "log"}, "不是日期"),
        ({"text": "x", "on": "2999-01-01", "do": "log"}, "还没有到"),
        ({"text": "长" * 401, "do": "log"}, "最多写 400 个字"),
    ],
)
def test_a_visit_that_cannot_be_says_why_and_keeps_the_words(
    town: Town, given: dict[str, str], says: str
) -> None:
    tied = point(town)
    answer = as_(town, "leader").post(f"/contact-points/ties/{tied.pk}/visit", given)
    page = unescape(answer.content.decode())
    assert answer.status_code == 422 and says in page and given["text"] in page
    assert (Visit.objects.count(), Order.objects.count()) == (0, 0)


def test_nobody_logs_a_visit_for_somebody_else(town: Town) -> None:
    tied = point(town)
    for name in ("desk", "supervisor", "stranger", "resident"):
        answer = as_(town, name).post(f"/contact-points/ties/{tied.pk}/visit", {"text": "x"})
        assert answer.status_code == 404
    assert Visit.objects.count() == 0


@pytest.mark.parametrize("language", ["zh", "en"])
def test_who_has_none_is_told_how_it_begins(town: Town, language: str) -> None:
    page = see(town, "resident", "/contact-points/mine", language)
    assert say("contact_points.mine.none", language) in page


# --- the roll and its sheet


def taken(town: Town, *rows: str, within: str = "") -> Any:
    data = "\n".join([HEAD, *rows]).encode()
    stamp = Stamp(town.people["desk"] if within else None, timezone.now())
    return import_sheet("contact_points", data, "a.csv", stamp, within=within)


def test_a_sheet_ties_and_unties_and_can_be_undone(town: Town) -> None:
    row = f"leader,leader,州县两级党员领导干部,{GRID},2025-01-01,"
    done = taken(town, row, f"leader,leader,leader,{STREET},2025-01-01,")
    assert ([f.code for f in done.errors], done.made) == ([], 2)
    assert taken(town, row).same == 1
    ended = taken(town, f"leader,leader,leader,{STREET},,2025-06-01")
    assert (ended.changed, ContactPoint.objects.filter(until=None).count()) == (1, 1)
    undo_batch(ended.batch, Stamp(None, timezone.now()))
    undone = undo_batch(done.batch, Stamp(None, timezone.now()))
    assert (undone.left, undone.removed) in {(0, 2), (1, 1)}


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (f"leader,leader,皇帝,{GRID},,", "unknown_rank"),
        (f"nobody,nobody,leader,{GRID},,", "unknown_person"),
        ("leader,leader,leader,没有的网格,,", "unknown_name"),
        (f"leader,leader,leader,{COUNTY},,", "refused.rank_not_here"),
        (f"leader,leader,leader,{GRID},someday,", "not_a_date"),
    ],
)
def test_a_row_that_cannot_be_is_named(town: Town, row: str, code: str) -> None:
    done = taken(town, row)
    assert [f.code for f in done.errors] == [code]
    assert ContactPoint.objects.count() == 0


def test_a_desk_takes_in_its_own_place_alone(town: Town) -> None:
    row = "worker,worker,street,522602001001,,"
    assert [f.code for f in taken(town, row, within=COMMUNITY).errors] == ["elsewhere"]
    done = taken(town, f"leader,leader,leader,{GRID},,", within=COMMUNITY)
    assert [f.code for f in done.errors] == ["unknown_person"]
    assert taken(town, f"worker,worker,street,{GRID},,", within=COMMUNITY).made == 1


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_roll_shows_who_is_tied_where(town: Town, language: str) -> None:
    stamp = Stamp(None, timezone.now())
    log_visit(stamp, point(town), stamp.day - timedelta(days=3), "x")
    page = see(town, "supervisor", "/rolls/contact_points", language)
    assert f"/contact-points/{town.people['leader'].pk}" in page
    Area.objects.filter(path=GRID).update(until=timezone.localdate())
    assert "/contact-points/" not in see(town, "supervisor", "/rolls/contact_points", language)


# --- an order afterwards, and the map


def test_a_visit_becomes_an_order_afterwards_once(town: Town) -> None:
    tied = point(town)
    log_visit(Stamp(town.people["leader"], timezone.now()), tied, timezone.localdate(), "灯不亮")
    visit = Visit.objects.get()
    address = f"/contact-points/visits/{visit.pk}/order"
    assert f'action="{address}"' in see(town, "leader", "/contact-points/mine")
    for name in ("desk", "supervisor", "stranger", "resident"):
        assert as_(town, name).post(address).status_code == 404, name
    assert as_(town, "leader").get(address).status_code == 405
    page = as_(town, "leader").post(address, follow=True).content.decode()
    order = Order.objects.get()
    assert order.number in page and order.path == GRID
    assert Visit.objects.get().order == order.pk
    assert f'action="{address}"' not in page
    assert "已经立过单了" in as_(town, "leader").post(address, follow=True).content.decode()
    assert Order.objects.count() == 1


def test_a_visit_without_words_becomes_no_order(town: Town) -> None:
    log_visit(Stamp(town.people["leader"], timezone.now()), point(town), timezone.localdate())
    address = f"/contact-points/visits/{Visit.objects.get().pk}/order"
    assert f'action="{address}"' not in see(town, "leader", "/contact-points/mine")
    assert "没有写内容" in as_(town, "leader").post(address, follow=True).content.decode()
    assert not Order.objects.exists()


def test_the_map_says_what_the_table_says(town: Town) -> None:
    point(town)
    page = see(town, "leader", "/contact-points")
    assert f'data-outlines="/areas/{COUNTY}.geojson"' in page and 'data-most="1"' in page
    part = re.search(rf'<li data-part="{COMMUNITY}" data-open="1"><a href="([^"]+)">', page)
    assert part and f"path={COMMUNITY}" in part[1], "a county is shown by its communities"
    inside = see(town, "desk", f"/contact-points?path={COMMUNITY}")
    assert f'data-part="{GRID}" data-open="1"' in inside
    untie(Stamp(None, timezone.now()), ContactPoint.objects.get(), timezone.localdate())
    assert 'id="map"' not in see(town, "leader", "/contact-points")
