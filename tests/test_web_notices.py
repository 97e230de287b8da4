"""The bell and the page of notices: one's own, a unit's, a desk's; newest first, and read once."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from notice_town import HOME, PHONE, TEXT, nobodys, say_all, with_accounts
from town import GRID, Town, settled
from web_town import as_, see

from lianxin.core.step.who import Who
from lianxin.orders import actions
from lianxin.orders.models import Notice, Order
from lianxin.orders.notices import own
from lianxin.registry.models import Post


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with settled(request) as town:
        with_accounts(town)
        yield town


def dispatched(town: Town) -> str:
    number = nobodys(town, at=timezone.now())
    actions.step(number, "dispatch", town["desk"], {"unit": str(town.unit.pk)})
    say_all(number)
    return number


def bell(html: str) -> str:
    """The figure at the bell, "" while all is read, "-" where there is none."""
    found = re.search(r'class="bell[^"]*".*?</a>', html, re.S)
    if not found:
        return "-"
    shown = re.search(r'aria-hidden="true">([^<]*)</span>', found[0])
    return shown[1] if shown else ""


def test_a_clerk_hears_of_it_opens_it_and_the_bell_is_still(town):
    number = dispatched(town)
    html = see(town, "clerk", "/notices")
    assert bell(html) == "1"
    assert f"{number}（五单）：派单。请在" in html and "没看" in html
    [href] = re.findall(r'href="(/notices/\d+)"', html)
    assert as_(town, "clerk").get(href).url == f"/orders/{number}"
    html = see(town, "clerk", "/notices")
    assert bell(html) == "" and "没看" not in html and number in html


def test_looking_at_the_order_is_reading(town):
    number = dispatched(town)
    assert bell(see(town, "clerk", "/unit")) == "1"
    assert bell(see(town, "clerk", f"/orders/{number}")) == ""
    assert bell(see(town, "clerk", "/unit")) == ""


def test_nobody_reads_what_is_anothers(town):
    number = dispatched(town)
    [pk] = Notice.objects.filter(unit=town.unit).values_list("pk", flat=True)
    for name in ("other_clerk", "stranger", "m1", "resident", "leader"):
        html = see(town, name, "/notices")
        assert number not in html and bell(html) == "", name
        answer = as_(town, name).get(f"/notices/{pk}", follow=True)
        assert "这一条打不开了" in answer.content.decode(), name
    assert Notice.objects.get(pk=pk).read is None
    assert Client().get("/notices").status_code == 302


def test_what_one_sees_no_longer_is_gone_and_not_counted(town):
    number = dispatched(town)
    actions.step(number, "return", town["clerk"], {"reason": "不归我们"})
    assert number not in see(town, "clerk", "/notices")
    assert Notice.objects.get(unit=town.unit).dropped == "unseen"
    assert bell(see(town, "clerk", "/unit")) == ""


def test_a_desks_notice_is_not_lost_because_one_of_them_stands_aside(town):
    """Somebody at the desk belongs to the unit complained of: the others are still told."""
    other = town.people["neighbour"]
    Post.objects.create(
        person=other, role="desk", area=town.areas["522601001001"], since="2020-01-01"
    )
    Post.objects.create(person=other, role="member", unit=town.units["V"], since="2020-01-01")
    given = {"text": TEXT, "against": [str(town.units["V"].pk)]}
    who = town["resident"]
    number = actions.file("five-orders", "file", who, given, area=town.grid).number
    row = Order.objects.get(number=number)
    Notice.objects.create(
        order=row, nth=1, word="notify desk", role="desk", desk=row.desk, at=timezone.now()
    )
    html = see(town, "neighbour", "/notices")
    assert number not in html and bell(html) == ""
    assert bell(see(town, "desk", "/notices")) == "1"
    assert number in see(town, "desk", "/notices")


def test_supervisors_hear_of_the_desks_below_them_and_of_no_others(town):
    number = dispatched(town)
    row = Order.objects.get(number=number)
    Notice.objects.create(
        order=row,
        nth=2,
        word="tell supervisor",
        role="supervisor",
        desk=row.desk,
        at=timezone.now(),
    )
    assert number in see(town, "supervisor", "/notices")
    Post.objects.create(
        person=town.people["neighbour"], role="supervisor", area=town.areas["522602"],
        since="2020-01-01",
    )  # fmt: skip
    assert number not in see(town, "neighbour", "/notices")


def test_the_page_says_no_more_than_its_reader_may_see(town):
    dispatched(town)
    html = see(town, "clerk", "/notices")
    assert PHONE not in html and HOME not in html
    html = see(town, "clerk", "/notices", "en")
    assert "By " in html and "Dispatch" in html


def test_pages_of_fifty_newest_first_each_once(town):
    number = dispatched(town)
    row, now = Order.objects.get(number=number), timezone.now()
    Notice.objects.bulk_create(
        Notice(
            order=row, nth=n, word="notify unit", unit=town.unit, at=now + timedelta(seconds=n // 2)
        )
        for n in range(10, 130)
    )
    seen, after = [], ""
    while True:
        html = see(town, "clerk", f"/notices{after}")
        seen += re.findall(r'href="/notices/(\d+)"', html)
        more = re.search(r'rel="next" href="(\?after=[^"]+)"', html)
        if not more:
            break
        after = more[1]
    assert len(seen) == len(set(seen)) == 121
    wanted = (
        Notice.objects.filter(unit=town.unit).order_by("-at", "-pk").values_list("pk", flat=True)
    )
    assert [int(pk) for pk in seen] == list(wanted)
    assert bell(see(town, "clerk", "/unit")) == "99+"
    as_(town, "clerk").post("/notices/read")
    assert bell(see(town, "clerk", "/unit")) == ""


@pytest.mark.parametrize("after", ["x", "_", "2026-01-01_5", "9999-12-31T23:59:59+00:00_x", "\0"])
def test_a_mistyped_mark_is_the_first_page(town, after):
    number = dispatched(town)
    assert number in as_(town, "clerk").get("/notices", {"after": after}).content.decode()


def test_the_bell_costs_one_query_and_fragments_none(town):
    dispatched(town)
    client = as_(town, "desk")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        client.get("/desk")
    bells = [q for q in asked.captured_queries if "orders_notice" in q["sql"]]
    assert len(bells) == 1
    with CaptureQueriesContext(connection) as asked:
        client.get("/desk/fresh", {"since": timezone.now().isoformat()})
    assert [q for q in asked.captured_queries if "orders_notice" in q["sql"]] == []


def test_the_bell_reads_its_own_indexes(town):
    """With a hundred thousand read notices nobody's page becomes slower."""
    row = Order.objects.get(number=dispatched(town))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO orders_notice (order_id, nth, word, unit_id, at, read, dropped)"
            " SELECT %s, n, 'notify unit', %s, now(), now(), '' FROM generate_series(100, 20000) n",
            [row.pk, town.unit.pk],
        )
        cursor.execute("ANALYZE orders_notice")
    with CaptureQueriesContext(connection) as asked:
        found = own.unread(town["clerk"])
    assert len(found) == 1
    [query] = [q["sql"] for q in asked.captured_queries if "orders_notice" in q["sql"]]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {query}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Seq Scan on orders_notice" not in plan, plan
    assert own.unread(Who("")) == []
    assert GRID
