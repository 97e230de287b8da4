"""A recount finds every kind of damage and says where, however the damage was done."""

import argparse
import json
from contextlib import contextmanager

import psycopg
import pytest
from town import settled

from lianxin.cli import verify as command
from lianxin.orders import actions, recount
from lianxin.orders.models import Event, Order

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
