"""A recount finds every kind of damage and says where, however the damage was done."""

import argparse
import json
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta

import psycopg
import pytest
from django.db import connection
from django.utils import timezone
from town import settled

from lianxin.cli import verify as command
from lianxin.core.flow.page import AtMost
from lianxin.core.step.refused import Refused
from lianxin.orders import actions, recount, recount_tallies
from lianxin.orders.book import book
from lianxin.orders.models import Event, Hand, Order, Tally

DAMAGE = [
    # what is done by whoever owns the server, and where it shows: event, what
    ("UPDATE orders_event SET verb = 'refuse' WHERE order_id = {o} AND nth = 2", 2, "chain"),
    ("UPDATE orders_event SET now = now || '{{\"round\": 2}}' WHERE order_id = {o} AND nth = 3",
     3, "chain"),
    ("DELETE FROM orders_event WHERE order_id = {o} AND nth = 3", 3, "chain"),
    ("DELETE FROM orders_event WHERE order_id = {o} AND nth = 1", 1, "chain"),
    ("DELETE FROM orders_event WHERE order_id = {o}", 1, "chain"),
    ("UPDATE orders_event SET nth = CASE nth WHEN 1 THEN 12 WHEN 2 THEN 11 ELSE 13 END"
     " WHERE order_id = {o}; UPDATE orders_event SET nth = nth - 10 WHERE order_id = {o}",
     1, "chain"),
    ("UPDATE orders_order SET head = repeat('0', 64) WHERE id = {o}", 4, "chain"),
    ("UPDATE orders_order SET state = 'struck' WHERE id = {o}", 3, "state"),
    ("UPDATE orders_order SET flow = 'nonsense' WHERE id = {o}", 3, "flow"),
    ("UPDATE orders_order SET since = '2001-01-01' WHERE id = {o}", 3, "since"),
    ("UPDATE orders_order SET desk = '522601' WHERE id = {o}", 3, "desk"),
    ("UPDATE orders_order SET round = 2 WHERE id = {o}", 3, "round"),
    ("UPDATE orders_order SET outcome = 'solved' WHERE id = {o}", 3, "outcome"),
    ("UPDATE orders_order SET open = false WHERE id = {o}", 3, "open"),
    ("UPDATE orders_order SET due = due + interval '1 day' WHERE id = {o}", 3, "due"),
    ("UPDATE orders_order SET facts = facts #- '{{fields,place}}' WHERE id = {o}", 3, "fields"),
    ("UPDATE orders_order SET facts = facts #- '{{hands,0}}' WHERE id = {o}", 3, "hands"),
    ("UPDATE orders_order SET facts = facts - 'limits' WHERE id = {o}", 3, "limits"),
    ("UPDATE orders_content SET value = '\"别的话\"' WHERE order_id = {o}", 1, "content"),
    ("DELETE FROM orders_content WHERE order_id = {o}", 1, "content"),
    ("UPDATE orders_content SET value = NULL, salt = NULL WHERE order_id = {o}", 1, "content"),
    ("INSERT INTO orders_content (order_id, nth, name, value, salt)"
     " VALUES ({o}, 2, 'text', '\"x\"', 's')", 2, "content"),
    ("DELETE FROM orders_hand WHERE order_id = {o} AND name = 'unit'", 2, "hand"),
    ("DELETE FROM orders_hand WHERE order_id = {o}", 1, "hand"),
    ("UPDATE orders_hand SET veiled = true WHERE order_id = {o} AND name = 'unit'", 2, "hand"),
    ("UPDATE orders_hand SET until = 3 WHERE order_id = {o} AND name = 'unit'", 2, "hand"),
    ("UPDATE orders_hand SET who = 1000001 WHERE order_id = {o} AND name = 'filer'", 1, "hand"),
    ("UPDATE orders_hand SET capacity = 'desk' WHERE order_id = {o} AND name = 'filer'", 1, "hand"),
    ("INSERT INTO orders_hand (order_id, name, holds, who, capacity, since, veiled)"
     " VALUES ({o}, 'holder', 'person', 1000001, 'member of unit', 3, false)", 3, "hand"),
    ("INSERT INTO orders_hand (order_id, name, holds, who, capacity, since, until, veiled)"
     " SELECT order_id, name, holds, who, capacity, since, 3, veiled FROM orders_hand"
     " WHERE order_id = {o} AND name = 'unit'", 2, "hand"),
    ("DELETE FROM orders_order WHERE id = {o}", 1, "order"),
]  # fmt: skip


@pytest.fixture
def town(request):
    with settled(request) as town:
        yield town


def orders(town):
    """Two orders that were accepted: three events each."""
    numbers = [town.dispatched() for _ in range(2)]
    for number in numbers:
        actions.step(number, "accept", town["clerk"], {"seats": 2})
    return numbers


@contextmanager
def owner(cluster, name):
    """A connection that no trigger and no foreign key stops."""
    with psycopg.connect(cluster.dsn(name, "postgres"), autocommit=True) as db:
        db.execute("SET session_replication_role = replica")
        yield db


@pytest.fixture
def hurt(fresh, cluster, town):
    """`hurt(sql)` damages the second of two orders; gives the numbers of both."""
    numbers = orders(town)
    id = Order.objects.get(number=numbers[1]).pk
    name = psycopg.conninfo.conninfo_to_dict(fresh)["dbname"]

    def damage(sql):
        with owner(cluster, name) as db:
            for one in sql.format(o=f"'{id}'").split(";"):
                db.execute(one)
        return numbers

    return damage


def test_every_damage_is_found_and_named(hurt, cluster, fresh):
    name = psycopg.conninfo.conninfo_to_dict(fresh)["dbname"]
    numbers = hurt("SELECT 1")
    id = Order.objects.get(number=numbers[1]).pk.hex
    tables = ("order", "event", "content", "hand")
    with owner(cluster, name) as db:
        for table in tables:
            db.execute(f"CREATE TABLE kept_{table} AS TABLE orders_{table}")
        found = []
        for sql, _, what in DAMAGE:
            hurt(sql)
            verdict = recount.verify()
            first = verdict.first
            found.append((sql, first and first.nth, first and first.what))
            assert verdict.broken == 1, sql
            assert first.number == (id if what == "order" else numbers[1]), sql
            for table in tables:
                db.execute(f"DELETE FROM orders_{table}")
                db.execute(f"INSERT INTO orders_{table} SELECT * FROM kept_{table}")
    assert found == [tuple(row) for row in DAMAGE]
    assert recount.verify().faults == ()


def test_what_was_erased_is_not_damage(town):
    number = orders(town)[0]
    contents = Order.objects.get(number=number).contents
    assert contents.exists()
    contents.update(value=None, salt=None, erased=Event.objects.first().at)
    assert recount.verify().faults == ()


def test_parties_that_come_and_go_are_as_the_log_says(town):
    """Let go, bound again, taken back, merged in behind a veil: each stands as it was written."""
    number, other = orders(town)[0], town.file("neighbour").number
    for name in ("m1", "m2"):
        actions.step(number, "grab", town[name], {})
    actions.step(number, "release", town["m1"], {"reason": "生病"})
    actions.undo(number, town["m1"])
    other_unit = {"unit": str(town.units["V"].pk), "reason": "不归他们"}
    actions.step(number, "redispatch", town["desk"], other_unit)
    actions.step(other, "merge", town["desk"], {"into": number})
    rows = Hand.objects.filter(order__number=number)
    assert (rows.filter(veiled=True).count(), rows.filter(until=None).count()) == (1, 3)
    assert rows.count() > 6
    assert recount.verify().faults == ()


def booked(town):
    ends = (timezone.now() + timedelta(days=1)).isoformat()
    given = {"room": "1", "starts": ends, "ends": ends, "grace": ends}
    return actions.file("booking", "ask", town["resident"], given, area=town.grid).number


TALLIES = [
    ("UPDATE orders_tally SET n = 1", 2),
    ("UPDATE orders_tally SET n = 0", 2),
    ("DELETE FROM orders_tally", 2),
    ("INSERT INTO orders_tally VALUES ('booking|ask|actor:x|month:2024-05', 1)", 0),
]


@pytest.mark.parametrize(("sql", "told"), TALLIES)
def test_a_count_over_orders_is_what_the_log_counts(town, sql, told):
    for _ in range(2):
        booked(town)
    assert recount.verify().faults == ()
    with connection.cursor() as cursor:
        cursor.execute(sql)
    verdict = recount.verify()
    assert (verdict.broken, verdict.first.nth, verdict.first.what) == (1, told, "tally")
    assert verdict.first.number.startswith("booking|ask|actor:")


def test_a_press_taken_back_is_counted_no_more(town, monkeypatch):
    """Over orders and in the rows beside them, as within one order; the next press finds room."""
    steps = book().exact("five-orders", date(2017, 1, 1)).steps
    often = replace(steps["urge"], at_most=AtMost(2, ("subject", "month")))
    monkeypatch.setitem(steps, "urge", often)
    recount_tallies.spanning.cache_clear()
    numbers = [town.file().number for _ in range(3)]
    for number in numbers[:2]:
        actions.step(number, "urge", town["supervisor"], {})
    with pytest.raises(Refused, match="too_often"):
        actions.step(numbers[2], "urge", town["supervisor"], {})
    actions.undo(numbers[1], town["supervisor"])
    assert recount.verify().faults == ()
    assert Tally.objects.get().n == 1
    actions.step(numbers[2], "urge", town["supervisor"], {})
    with pytest.raises(Refused, match="too_often"):
        actions.step(numbers[1], "urge", town["supervisor"], {})
    assert (Tally.objects.get().n, recount.verify().faults) == (2, ())
    recount_tallies.spanning.cache_clear()


def test_cases_parts_and_papers_are_counted_apart(town):
    number = orders(town)[0]
    actions.step(number, "ask_extend", town["clerk"], {"reason": "雨"})
    whole = town.file().number
    actions.step(whole, "split", town["desk"], {"parts": ["甲", "乙"]})
    verdict = recount.verify()
    assert (verdict.cases, verdict.parts, verdict.papers) == (3, 2, 1)
    assert verdict.events == Event.objects.count()


def test_the_command_answers_in_json_and_by_its_code(hurt, capsys):
    numbers = hurt("SELECT 1")
    assert command.run(argparse.Namespace(json=True)) == 0
    counted = {"cases": 2, "parts": 0, "papers": 0, "events": 6, "broken": 0}
    assert json.loads(capsys.readouterr().out) == counted
    hurt("UPDATE orders_event SET actor = '1' WHERE order_id = {o} AND nth = 2")
    assert command.run(argparse.Namespace(json=True)) == 1
    first = {"order": numbers[1], "nth": 2, "what": "chain"}
    assert json.loads(capsys.readouterr().out) == counted | {"broken": 1, "first": first}
    assert command.run(argparse.Namespace(json=False)) == 1
    assert f"{numbers[1]} 第 2 条" in capsys.readouterr().out
