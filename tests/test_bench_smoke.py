"""The bench measures pages that have rows: what it pours in is found by every page it asks for."""

import json

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from town import COMMUNITY, GRID, MEMBERS, settled

from bench import fill, ours, table
from bench.meter import PACES, Figure
from lianxin.orders import actions
from lianxin.orders.models import Content, Event, Hand, Order

ORDERS = 400


@pytest.fixture
def cast(request, cluster, fresh):
    """A town in which a few orders were played and the rest are copies."""
    with settled(request) as town:
        town.dispatched()
        town.file()
        gone = town.file().number
        actions.step(gone, "withdraw", town["resident"], {})
        fill.fill(cluster.dsn(connection.settings_dict["NAME"], "postgres"), ORDERS)
        client = Client()
        client.force_login(town.people["desk"])
        yield ours.Cast(
            resident=town.token("resident"), desk=town.token("desk"), county="",
            cookie=f"{settings.SESSION_COOKIE_NAME}={client.session.session_key}",
            members=tuple(town.token(name) for name in MEMBERS), unit=town.unit.pk,
            community=COMMUNITY, grids=(GRID,),
        )  # fmt: skip


def test_copies_are_whole(cast):
    assert Order.objects.count() == ORDERS
    assert ORDERS * 0.08 < Order.objects.filter(open=True).count() < ORDERS * 0.12
    assert Event.objects.count() == sum(Order.objects.values_list("nth", flat=True))
    assert Content.objects.filter(name="text").count() == ORDERS
    assert Hand.objects.filter(name="filer", until=None).count() == ORDERS
    ids = list(Order.objects.order_by("filed").values_list("id", "filed"))
    assert all(id.int >> 80 == int(at.timestamp() * 1000) for id, at in ids)


def test_every_page_that_is_measured_shows_rows(cast):
    listed = ours.lists(cast)
    rows = json.loads(ours.press(listed["list: 50 rows by the programs' door"]).content)
    assert len(rows["items"]) == 50 and rows["after"]
    for name in ("list: the desk, what waits", "list: the desk, all"):
        page = ours.press(listed[name]).content.decode()
        assert page.count("<article") >= 10, name
    for ask in ours.pages(cast, 3):
        assert "路灯" in ours.press(ask).content.decode()


def test_what_is_filed_and_grabbed_is_written(cast):
    before = Order.objects.count()
    for ask in ours.filings(cast, 2):
        ours.press(ask)
    assert Order.objects.count() == before + 2
    asks = ours.grabs(cast, 4)
    for ask in asks:
        ours.press(ask)
    assert Order.objects.filter(state="grabbed").count() == len(asks) / ours.SEATS


def test_the_table_names_what_is_missed():
    PACES.append(25.0)
    found = table.Found(sizes=(10, 20), grids=(5, 0.5))
    for size, cpu in ((10, 1.0), (20, 2.0)):
        found.ours[size] = [Figure("file", cpu, 0, 1), Figure("list: all", cpu, 0, 1)]
        found.floor[size] = [Figure("file", 0.1, 0, 1)]
    text = "\n".join(table.lines(found))
    assert "| file | 1.00 | **2.00** | 2.00 + 0.00 | 1.0 | – | ≤ 1.5 | **missed** |" in text
    assert "**missed**: not flat (× 2.00)" in text
