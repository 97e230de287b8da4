"""The board: every number equals the list it opens and a recount from the log, place by place."""

import io
import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from board_town import OTHER, SECOND, lived
from django.utils import timezone
from openpyxl import load_workbook
from town import COMMUNITY, COUNTY, DAY, GRID, STREET, Town, build
from web_town import as_, see

from lianxin.orders import used, world
from lianxin.orders.models import Order
from lianxin.orders.queries.board import COLUMNS, Span, asked, shown, table, trend, whole
from lianxin.orders.recount_board import recount
from lianxin.registry.models import Post

pytestmark = pytest.mark.django_db
FIGURE = re.compile(
    r'<a class="big [a-z]*" href="([^"]+)"><strong>([\d,]+)</strong><span>([^<]+)</span>'
)
CELL = re.compile(r'<td class="figure[^>]*><a href="([^"]+)">.*?</span>([\d,]+)</a>')
BAR = re.compile(r'<td class="figure" data-label="[^"]+"><a href="([^"]+)">(\d+)</a>')
STANDING = re.compile(r'<li><a href="([^"]+)">[^<]+<strong>(\d+)</strong>')
NUMBER = re.compile(r'href="/orders/([\w-]+)" data-open')


@pytest.fixture(scope="module")
def lived_in(standing: None) -> Town:
    forget()
    town = build()
    town.one = lived(town, timezone.localdate())  # type: ignore[attr-defined]
    return town


@pytest.fixture
def town(lived_in: Town, db: None) -> Iterator[Town]:
    forget()
    yield lived_in
    forget()


def forget() -> None:
    world.forget()
    used.forget()


def yesterday() -> Span:
    day = timezone.localdate() - timedelta(days=1)
    return Span(day, day)


def opened(town: Town, name: str, address: str) -> set[str]:
    """The orders that the register shows at this address, over all its pages."""
    found: set[str] = set()
    client = as_(town, name)
    while address:
        answer = client.get(address)
        page = answer.content.decode()
        assert answer.status_code == 200, page
        found |= set(NUMBER.findall(page))
        onward = re.search(r'rel="next" href="([^"]+)"', page)
        address = f"/orders{unescape(onward[1])}" if onward else ""
    return found


def rows(town: Town, column: str, path: str = COUNTY) -> set[str]:
    """Names of the orders in a column of yesterday, as the leader reads it."""
    span, grant = yesterday(), town["leader"].grants[0]
    found = shown(grant, {"path": path, **asked(column, span)}).values_list("number", flat=True)
    names = {number: name for name, number in town.one.items()}  # type: ignore[attr-defined]
    return {names.get(number, "part") for number in found}


# --- what each column means


def test_what_stands_in_each_column(town: Town) -> None:
    ones = set(town.one)  # type: ignore[attr-defined]
    assert rows(town, "filed") == ones - {"before"} | {"part"}
    assert rows(town, "called") == {"struck", "unsolved", "twice", "healed", "closed"}
    assert rows(town, "unsolved") == {"unsolved", "twice", "healed"}
    assert rows(town, "reopened") == {"twice", "healed", "asked", "closed"}
    assert rows(town, "struck") == {"struck", "healed", "closed"}
    assert rows(town, "late") == {"first", "up"}
    assert rows(town, "open") == ones - {"struck", "merged", "split"} | {"part"}


def test_a_day_begins_and_ends_in_beijing(town: Town) -> None:
    assert {"first", "last"} <= rows(town, "filed")
    assert "before" not in rows(town, "filed")
    day, grant = yesterday().first - timedelta(days=1), town["leader"].grants[0]
    lines = table(grant, COUNTY, Span(day, day))
    assert whole(COUNTY, "", lines).counts["filed"] == 1


# --- every number


@pytest.mark.parametrize("name", ["leader", "supervisor", "auditor"])
@pytest.mark.parametrize("path", ["", STREET, COMMUNITY, GRID])
def test_every_number_equals_the_list_it_opens(town: Town, name: str, path: str) -> None:
    day = yesterday().first
    page = see(town, name, f"/board?from={day}&to={day}" + (f"&path={path}" if path else ""))
    figures = FIGURE.findall(page)
    assert [words for _, _, words in figures] == [
        "未办结", "超时", "点单", "回访未解决", "重办", "销号",
    ]  # fmt: skip
    links = [(href, value) for href, value, _ in figures]
    links += CELL.findall(page) + STANDING.findall(page)
    parts = {"": 2, STREET: 3, COMMUNITY: 4, GRID: 0}[path]  # and the line of the sum
    assert len(CELL.findall(page)) == 7 * parts
    found = {href: len(opened(town, name, unescape(href))) for href in dict(links)}
    for href, value in links:
        assert found[href] == int(value), href


def test_the_lines_add_up_and_the_bare_place_has_its_own(town: Town) -> None:
    lines = table(town["leader"].grants[0], COMMUNITY, yesterday())
    assert [(x.path, x.exact) for x in lines] == [(GRID, False), (OTHER, False), (COMMUNITY, True)]
    assert lines[1].counts["filed"] == lines[2].counts["filed"] == 1
    total = whole(COMMUNITY, "", lines)
    street = table(town["leader"].grants[0], STREET, yesterday())
    assert {x.path: x.counts for x in street}[COMMUNITY] == total.counts
    assert {x.path: x.counts["filed"] for x in street}[SECOND] == 0


def test_the_numbers_equal_a_recount_from_the_log(town: Town) -> None:
    today, now = timezone.localdate(), timezone.now()
    Order.objects.update(due=None)  # as it is told by the events: those filed yesterday are late
    for order in Order.objects.all():
        dues = [r["due"] for r in order.facts.get("limits", {}).values() if r["due"]]
        Order.objects.filter(pk=order.pk).update(due=min(dues, default=None))
    spans = [yesterday(), Span(today, today), Span(today - timedelta(days=40), today)]
    for span in spans:
        for path in (COUNTY, STREET, COMMUNITY, GRID, OTHER, SECOND):
            lines = table(town["leader"].grants[0], path, span)
            counts = whole(path, "", lines).counts
            told = recount(path, span, now)
            assert counts == {column: told[column] for column in COLUMNS}, (path, span)


def test_whoever_stands_aside_counts_without_what_is_kept_from_them(town: Town) -> None:
    before = whole("", "", table(town["leader"].grants[0], COUNTY, yesterday())).counts
    Post.objects.create(
        person=town.people["leader"], role="member", unit=town.units["V"], since=DAY
    )
    world.forget()
    grant = next(g for g in town["leader"].grants if g.role == "leader")
    after = whole("", "", table(grant, COUNTY, yesterday())).counts
    gone = {column: before[column] - after[column] for column in COLUMNS}
    assert gone == dict.fromkeys(COLUMNS, 0) | {"filed": 1, "open": 1}
    kept = UUID(str(Order.objects.get(number=town.one["kept"]).pk))  # type: ignore[attr-defined]
    assert recount(COUNTY, yesterday(), timezone.now(), [kept])["filed"] == after["filed"]
    day = yesterday().first
    page = see(town, "leader", f"/board?from={day}&to={day}")
    for href, value in [(h, v) for h, v, _ in FIGURE.findall(page)] + CELL.findall(page):
        assert len(opened(town, "leader", unescape(href))) == int(value), href


def test_the_days_of_the_trend_open_their_rows(town: Town) -> None:
    page = see(town, "leader", "/board")
    bars = BAR.findall(page.split('id="trend"')[1])
    assert len(bars) == 60
    assert [int(n) for _, n in bars[2:4]] == [19, 3]  # yesterday: filed, struck off
    for href, value in bars[:6]:
        assert len(opened(town, "leader", unescape(href))) == int(value)
    days = trend(town["leader"].grants[0], COUNTY, timezone.localdate())
    assert (len(days), sum(d.filed for d in days)) == (30, 20)


# --- the days asked for


@pytest.mark.parametrize(
    ("asked", "says"),
    [("from=2026-09-02&to=2026-09-01", "请换过来"), ("from=2026-09-02", "两个日期都要填"),
     ("from=x&to=2026-09-01", "两个日期都要填"), ("from=2020-01-01&to=2026-09-01", "请缩短")],
)  # fmt: skip
def test_days_that_are_none_are_said_to_be_so(town: Town, asked: str, says: str) -> None:
    answer = as_(town, "leader").get(f"/board?{asked}")
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert answer.content.decode().count('aria-current="page">今天') == 1


def test_the_month_begins_on_its_first_day(town: Town) -> None:
    page = see(town, "leader", "/board?span=month")
    href = next(h for h, _, words in FIGURE.findall(page) if words == "点单")
    asked = parse_qs(urlsplit(unescape(href)).query)
    today = timezone.localdate()
    assert (asked["since"], asked["until"]) == ([f"{today:%Y-%m}-01"], [today.isoformat()])
    assert f'href="?as=0&amp;path={STREET}&amp;span=month"' in page  # the days go with one


def test_a_share_stands_beside_what_it_is_a_share_of(town: Town) -> None:
    day = yesterday().first
    page = see(town, "leader", f"/board?from={day}&to={day}")
    assert "这段时间回访到 5 件中的 60%" in page
    page = see(town, "leader", "/board")  # today nobody was called back
    assert "这段时间没有回访到的" in page
    assert "回访到 0" not in page


# --- places


def test_places_lead_down_and_never_out(town: Town) -> None:
    page = see(town, "leader", "/board")
    assert f'href="?as=0&amp;path={STREET}"' in page
    page = see(town, "leader", f"/board?path={STREET}")
    assert f'href="?as=0&amp;path={COMMUNITY}"' in page
    assert f'href="?as=0&amp;path={COUNTY}"' in page  # the way back up
    for outside in ("522602", "52", "5226", "x", f"{COUNTY}%"):
        for address in ("/board", "/board/late", "/board.xlsx", "/api/v1/board"):
            answer = as_(town, "leader").get(address, {"path": outside})
            assert answer.status_code == 403, (address, outside)


def test_a_condition_that_came_with_a_link_can_be_taken_off(town: Town) -> None:
    day = yesterday().first
    page = see(town, "leader", f"/orders?path={COUNTY}&happened=reopened&from={day}&to={day}")
    assert len(NUMBER.findall(page)) == 4
    off = re.search(r'<a class="button" href="([^"]+)" aria-label="去掉条件：[^"]*重办"', page)
    assert off and "from" not in off[1]
    assert len(opened(town, "leader", f"/orders{unescape(off[1])}")) == 20
    assert '<input type="hidden" name="happened" value="reopened">' in page
    page = see(town, "leader", f"/orders?path={COMMUNITY}&exact=1")
    assert "只看直接在本级" in page


# --- as a sheet, for programs


def test_the_sheet_says_its_days_and_what_it_counts(town: Town) -> None:
    day = yesterday().first
    answer = as_(town, "leader").get(f"/board.xlsx?from={day}&to={day}&path={STREET}")
    sheet = load_workbook(io.BytesIO(answer.content)).active
    cells = [[c.value for c in row] for row in sheet.iter_rows()]
    said = " ".join(str(row[0]) for row in cells if row[0])
    assert "时段" in said and "数得" in said and "分母是" in said
    top = next(n for n, row in enumerate(cells) if row[0] == "地方")
    table_ = {row[0]: row[1:8] for row in cells[top + 1 : top + 4]}
    total = whole("", "", table(town["leader"].grants[0], STREET, yesterday())).counts
    assert table_["合计"] == [total[column] for column in COLUMNS]


def test_a_program_reads_the_same_numbers_and_how_to_open_them(town: Town) -> None:
    day = yesterday().first
    token = {"HTTP_AUTHORIZATION": f"Bearer {town.token('leader')}"}
    told = as_(town, "leader").get(f"/api/v1/board?from={day}&to={day}&path={STREET}", **token)
    body = told.json()
    total = whole("", "", table(town["leader"].grants[0], STREET, yesterday())).counts
    assert body["total"]["counts"] == total
    assert (body["path"], body["from"], body["to"]) == (STREET, str(day), str(day))
    for line in [body["total"], *body["places"]]:
        for column, fits in line["opens"].items():
            found = shown(town["leader"].grants[0], fits)
            assert found.count() == line["counts"][column], (line["path"], column)
    no = as_(town, "leader").get("/api/v1/board?from=2026-09-02&to=2026-09-01", **token)
    assert (no.status_code, no.json()["code"]) == (422, "bad_days")
