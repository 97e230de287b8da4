"""A roll on its page: who reads which rows; narrowed, looked for by initials, sorted, turned."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rolls_town import firsts, more_workers, named
from town import COMMUNITY, DAY, GRID, QUARTER, Town
from web_town import as_, see

from lianxin.core.step.who import Grant
from lianxin.registry.models import Area, Person, Post
from lianxin.registry.rolls import rolls
from lianxin.registry.rolls.narrow import AT_ONCE, Narrow, narrowed

pytestmark = pytest.mark.django_db
HERE = {"李慧", "单雪梅", "王强", "尉迟恭"}  # at the community, or in its unit


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with named(request) as town:
        town.leave("m2", "m3", "m4", "m5", "r1", "r2", "r3")
        yield town


@pytest.mark.parametrize(
    ("reader", "people"),
    [
        ("desk", HERE),
        ("street_desk", HERE | {"赵敏"}),
        ("leader", HERE | {"赵敏", "孙立", "周宁", "吴刚", "郑和"}),
        ("auditor", HERE | {"赵敏", "孙立", "周宁", "吴刚", "郑和"}),
        ("stranger", {"钱勇"}),
        ("clerk", {"王强", "尉迟恭"}),
        ("other_clerk", {"other_clerk"}),
    ],
)
def test_each_reads_the_posts_of_their_own_place_or_unit(
    town: Town, reader: str, people: set[str]
) -> None:
    found = firsts(see(town, reader, "/rolls/posts"))
    assert set(found) == people
    assert len(found) == len(people)


@pytest.mark.parametrize("reader", ["worker", "resident", "m1", "inspector"])
def test_the_others_are_not_let_in(town: Town, reader: str) -> None:
    for address in ("/rolls", "/rolls/posts", "/rolls/posts.xlsx", "/rolls/posts/sheet"):
        assert as_(town, reader).get(address).status_code == 403, address


def test_nobody_without_an_account(town: Town) -> None:
    for address in ("/rolls", "/rolls/posts", "/rolls/posts.xlsx", "/rolls/posts/sheet"):
        answer = Client().get(address)
        assert (answer.status_code, answer["Location"][:6]) == (302, "/login")
    assert as_(town, "desk").get("/rolls/nothing").status_code == 404
    assert as_(town, "desk").get("/rolls/nothing.xlsx").status_code == 404


def test_one_post_is_read_at_a_time_and_no_address_widens_it(town: Town) -> None:
    for asked in ("path=52", "path=522602", "q=双桥", "q=qy"):
        assert "钱勇" not in see(town, "desk", f"/rolls/posts?{asked}")
    stranger = town.people["stranger"]
    Post.objects.create(person=stranger, role="desk", area=town.areas[COMMUNITY], since=DAY)
    assert set(firsts(see(town, "stranger", "/rolls/posts"))) == {"钱勇"}
    assert set(firsts(see(town, "stranger", "/rolls/posts?as=1"))) == HERE | {"钱勇"}


def test_phones_are_masked(town: Town) -> None:
    for address in ("/rolls/posts", "/rolls/posts?q=单"):
        page = see(town, "leader", address)
        assert "13800001234" not in page
        assert "138****1234" in page


def test_the_hub_tells_what_each_holds(town: Town) -> None:
    page = see(town, "desk", "/rolls")
    assert 'href="/rolls/posts"' in page
    assert 'href="/rolls/units"' in page
    assert "谁在哪里任什么岗位" in page
    assert "Who holds which role" in see(town, "clerk", "/rolls", "en")
    assert "/rolls/posts/sheet" in page
    assert "/rolls/units/sheet" not in page, "units are taken in at the terminal alone"
    assert "/rolls/posts/sheet" not in see(town, "leader", "/rolls")


@pytest.mark.parametrize(
    ("asked", "people"),
    [
        ("q=sxm", {"单雪梅"}),
        ("q=DXM", {"单雪梅"}),
        ("q=ＳＸ", {"单雪梅"}),
        ("q=yc", {"尉迟恭"}),
        ("q=wcg", {"尉迟恭"}),
        ("q=雪梅", {"单雪梅"}),
        ("q=xm", set()),
        ("q=供电", {"王强", "尉迟恭"}),
        ("q=第一", {"单雪梅"}),
        ("q=江景", {"单雪梅"}),
        ("q=西门+lh", {"李慧"}),
        ("q=榕荫 供电 wq", {"王强"}),
        ("q=%25", set()),
        ("q=_", {"street_desk"}),
        ("q=nobody", set()),
        (f"path={GRID}", {"单雪梅"}),
        (f"path={QUARTER}&q=李", set()),
        ("path=x'--", None),
    ],
)
def test_looked_for_by_name_initials_unit_and_place(
    town: Town, asked: str, people: set[str] | None
) -> None:
    Person.objects.filter(username="street_desk").update(name="street_desk")
    all_of_them = HERE | {"street_desk"}
    found = set(firsts(see(town, "street_desk", f"/rolls/posts?{asked}")))
    assert found == (all_of_them if people is None else people)


def test_a_day_in_the_past_shows_who_was_there(town: Town) -> None:
    Post.objects.filter(person=town.people["worker"]).update(until=date(2024, 5, 1))
    assert "单雪梅" not in firsts(see(town, "desk", "/rolls/posts"))
    assert "单雪梅" in firsts(see(town, "desk", "/rolls/posts?on=2024-04-30"))
    assert firsts(see(town, "desk", "/rolls/posts?on=2019-12-31")) == []
    answer = as_(town, "desk").get("/rolls/posts?on=yesterday")
    assert answer.status_code == 422
    assert "“yesterday”不是日期" in answer.content.decode()
    assert as_(town, "desk").get("/rolls/posts?on=0001-01-01").status_code == 422


def test_whoever_stands_in_or_is_shut_out_is_not_on_it(town: Town) -> None:
    held = Post.objects.get(person=town.people["worker"])
    today = timezone.localdate()
    Post.objects.create(
        person=town.people["m2"], role="grid_worker", area=town.grid, since=today,
        until=today + timedelta(days=3), behalf_of=held,
    )  # fmt: skip
    Person.objects.filter(username="m1").update(is_active=False)
    assert set(firsts(see(town, "desk", "/rolls/posts"))) == HERE - {"尉迟恭"}
    Area.objects.filter(path=GRID).update(until=today)
    assert "单雪梅" not in firsts(see(town, "desk", "/rolls/posts"))


def test_sorted_by_any_column_and_back(town: Town) -> None:
    by_name = firsts(see(town, "desk", "/rolls/posts?sort=name"))
    assert by_name == ["李慧", "单雪梅", "王强", "尉迟恭"], "by initials: lh, sxm, wq, ycg"
    assert firsts(see(town, "desk", "/rolls/posts?sort=-name")) == by_name[::-1]
    Post.objects.filter(person=town.people["clerk"]).update(since=date(2021, 3, 4))
    assert firsts(see(town, "desk", "/rolls/posts?sort=-since"))[0] == "王强"
    page = see(town, "desk", "/rolls/posts?sort=name&q=供电")
    assert 'aria-sort="ascending"' in page
    assert "sort=-name" in page and "q=%E4%BE%9B%E7%94%B5" in page
    assert len(firsts(see(town, "desk", "/rolls/posts?sort=phone"))) == 4, "no such order"


def test_turned_fifty_at_a_time_with_a_count(town: Town) -> None:
    more_workers(town, 2 * AT_ONCE)
    first = see(town, "desk", "/rolls/posts?q=工&sort=name")
    assert "第 1–50 行，共 100 行" in first
    assert 'rel="prev"' not in first
    second = see(town, "desk", "/rolls/posts?q=工&sort=name&page=2")
    assert "第 51–100 行，共 100 行" in second
    assert 'rel="next"' not in second
    assert not set(firsts(first)) & set(firsts(second))
    assert len(firsts(first)) + len(firsts(second)) == 100
    assert firsts(see(town, "desk", "/rolls/posts?q=工&sort=name&page=99")) == firsts(second)
    assert "51–100 of 100" in see(town, "desk", "/rolls/posts?q=工&page=2", "en")


def test_ten_thousand_rows_cost_no_more_queries_than_few(town: Town) -> None:
    client = as_(town, "desk")
    client.get("/rolls/posts")
    with CaptureQueriesContext(connection) as few:
        client.get("/rolls/posts?q=供电")
    more_workers(town, 10_000)
    with CaptureQueriesContext(connection) as many:
        page = client.get("/rolls/posts?q=工&sort=-name&page=150")
    assert "共 10,000 行" in page.content.decode()
    assert len(many) <= len(few) <= 10
    with CaptureQueriesContext(connection) as out:
        sheet = client.get("/rolls/posts.xlsx?q=工")
    assert sheet.status_code == 200
    assert len(out) <= 9


def test_units_are_read_by_their_place_and_by_their_own(town: Town) -> None:
    assert firsts(see(town, "desk", "/rolls/units")) == ["供电所"]
    assert firsts(see(town, "clerk", "/rolls/units")) == ["供电所"]
    assert firsts(see(town, "stranger", "/rolls/units")) == []
    assert firsts(see(town, "street_desk", "/rolls/units?q=供电&sort=-name")) == ["供电所"]


def test_an_empty_roll_says_what_will_stand_there(town: Town) -> None:
    page = see(town, "stranger", "/rolls/units")
    assert "这里将列出本辖区的单位" in page
    assert "没有符合条件的" in see(town, "stranger", "/rolls/units?q=x")
    town.leave("stranger")
    Post.objects.create(
        person=town.people["stranger"], role="desk", area=town.areas[QUARTER], since=DAY
    )
    assert "Nothing fits" in see(town, "stranger", "/rolls/posts?q=x", "en")


@pytest.mark.parametrize("name", sorted(rolls()))
def test_every_roll_can_be_narrowed_sorted_and_read(town: Town, name: str) -> None:
    """Whoever adds a roll says where its columns are: here each is asked for."""
    roll = rolls()[name]
    grant = Grant("desk", COMMUNITY, area=town.areas[COMMUNITY].pk)
    today = timezone.localdate()
    asked = [{}, {"q": "李 lx 榕荫"}, {"path": GRID}, *({"sort": f"-{c}"} for c in roll.cells)]
    for one in asked:
        found = [row.pk for row in narrowed(roll, grant, Narrow.of(one, today), COMMUNITY)]
        assert len(set(found)) == len(found), "no row stands on it twice"
