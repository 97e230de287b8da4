"""Families of orders out of the database and back: locked by root, written in one statement."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from typing import Any

from django.conf import settings
from django.db import connection

from lianxin.core.step.chain import plain
from lianxin.core.step.family import Family
from lianxin.core.step.order import Change, Event, Order
from lianxin.core.step.refused import Refused
from lianxin.core.step.rules import Rules
from lianxin.orders.rows import COLUMNS, moving, order_in, standing

SELECT = f"SELECT {', '.join(COLUMNS)}, has_kids FROM orders_order"
EVENT = tuple(f.name for f in fields(Event) if f.name != "order")
MOVES = (
    "path", "area_id", "desk", "state", "open", "turn", "pool", "outcome", "category", "severity",
    "nth", "visit", "round", "head", "at", "entered", "due", "next_at", "facts",
)  # fmt: skip


class Shelf:
    """A family with what the rows know beside the kernel: numbers and roots."""

    def __init__(self, rules: Rules) -> None:
        self.family = Family(rules)
        self.numbers: dict[str, str] = {}
        self.roots: dict[str, str] = {}
        self.papers: dict[str, int] = {}

    def add(self, rows: Iterable[dict[str, Any]]) -> None:
        for row in rows:
            order = order_in(row)
            self.family.orders[order.id] = order
            self.family.adopt(order)
            self.numbers[order.id] = row["number"]
            self.roots[order.id] = row["root_id"].hex
            if row["kind"] == "paper" and order.parent:
                self.papers[order.parent] = self.papers.get(order.parent, 0) + 1


JSONB = 3802  # PostgreSQL's number of the type; Django hands such columns over as text


def read_json(text: str) -> Any:
    """Most columns of most events hold nothing."""
    return {} if text == "{}" else json.loads(text)


def rows_of(sql: str, params: Sequence[Any]) -> list[dict[str, Any]]:
    """Rows of a statement by column name, jsonb read."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [*named(cursor.description, cursor.fetchall())]


def named(columns: Sequence[Any], rows: Iterable[Sequence[Any]]) -> Iterator[dict[str, Any]]:
    reads = [read_json if c.type_code == JSONB else None for c in columns]
    names = [c.name for c in columns]
    for row in rows:
        yield {
            name: read(value) if read and value is not None else value
            for name, read, value in zip(names, reads, row, strict=True)
        }


def lock(roots: Iterable[str], rules: Rules) -> Shelf:
    """Lock the roots (by id, so that two merges never wait for each other) and load their families.

    Nothing but roots is ever locked: no deadlock, and no child ends unseen.
    """
    return load(roots, rules, " FOR UPDATE")


def look(roots: Iterable[str], rules: Rules) -> Shelf:
    """The same families only to be read: for pages, which show what was true a moment ago."""
    return load(roots, rules, "")


def load(roots: Iterable[str], rules: Rules, locking: str) -> Shelf:
    shelf = Shelf(rules)
    ids = sorted({uuid.UUID(r) for r in roots})
    heads = rows_of(f"{SELECT} WHERE id = ANY(%s) ORDER BY id{locking}", [ids])
    shelf.add(heads)
    with_kids = [row["id"] for row in heads if row["has_kids"]]
    if with_kids:
        shelf.add(
            rows_of(
                f"{SELECT} WHERE root_id = ANY(%s) AND parent_id IS NOT NULL ORDER BY id",
                [with_kids],
            )
        )
    return shelf


# ── writing ──────────────────────────────────────────────────────────────────────────────────────


def flush(shelf: Shelf, key: dict[str, Any] | None = None) -> None:
    """Write all that the family's journal holds: orders, events, hands, contents, tallies, key.

    One statement whatever the number of changes. Raises Refused("too_late") where a row moved on
    under us (it cannot while the root is locked) and Refused("too_often") where a tally is full.
    """
    journal = shelf.family.journal
    if not journal:
        return
    number_kids(shelf, journal)
    parts = Parts(shelf, journal)
    tables = {
        "fresh": parts.fresh, "moved": parts.moved, "events": parts.events,
        "contents": parts.contents, "freed": parts.freed, "bound": parts.bound,
        "tallies": parts.tallies, "keys": [key] if key else [],
    }  # fmt: skip
    used = {name: rows for name, rows in tables.items() if rows}
    found = rows_of(statement(tuple(used)), [json.dumps(r, default=plain) for r in used.values()])
    check(parts, found)
    for row in found:
        if row["id"] is not None:
            shelf.numbers[row["id"].hex] = row["number"]
    shelf.family.journal = []


INSERT = {
    "fresh": """INSERT INTO orders_order ({order})
        SELECT {order_number} FROM jsonb_populate_recordset(NULL::orders_order, %s) r
        RETURNING id, number""",
    "moved": """UPDATE orders_order o SET {moves}
        FROM jsonb_to_recordset(%s) r(id uuid, was_nth int, {move_types})
        WHERE o.id = r.id AND o.nth = r.was_nth RETURNING o.id""",
    "events": """INSERT INTO orders_event (order_id, {event})
        SELECT order_id, {event} FROM jsonb_populate_recordset(NULL::orders_event, %s)
        RETURNING nth""",
    "contents": """INSERT INTO orders_content (order_id, nth, name, value, salt)
        SELECT order_id, nth, name, value, salt
        FROM jsonb_populate_recordset(NULL::orders_content, %s) RETURNING nth""",
    "bound": """INSERT INTO orders_hand
        (order_id, name, holds, who, capacity, since, until, veiled)
        SELECT order_id, name, holds, who, capacity, since, until, veiled
        FROM jsonb_populate_recordset(NULL::orders_hand, %s){after} RETURNING since""",
    "freed": """UPDATE orders_hand h SET until = r.until
        FROM jsonb_populate_recordset(NULL::orders_hand, %s) r
        WHERE h.order_id = r.order_id AND h.name = r.name AND h.who = r.who AND h.until IS NULL
        RETURNING h.since""",
    "tallies": """INSERT INTO orders_tally AS t (key, n)
        SELECT key, n FROM jsonb_to_recordset(%s) r(key text, n int)
        ON CONFLICT (key) DO UPDATE SET n = t.n + excluded.n RETURNING t.key, t.n""",
    "keys": """INSERT INTO orders_key (who, key, body, order_id, nth, at)
        SELECT who, key, body, order_id, nth, at
        FROM jsonb_populate_recordset(NULL::orders_key, %s) RETURNING nth""",
}
MOVE_TYPES = {
    "path": "text", "area_id": "bigint", "desk": "text", "state": "text", "open": "boolean",
    "turn": "text", "pool": "boolean", "outcome": "text", "category": "text", "severity": "text",
    "nth": "int", "visit": "int", "round": "smallint", "head": "text", "at": "timestamptz",
    "entered": "timestamptz", "due": "timestamptz", "next_at": "timestamptz", "facts": "jsonb",
}  # fmt: skip
ORDER = (
    "id", "number", "flow", "since", "kind", "root_id", "parent_id", "child", "in_round",
    "subject", "wall", "public", "has_kids", "filed", *MOVES,
)  # fmt: skip
STATEMENTS: dict[tuple[str, ...], str] = {}


def insert(table: str, after: str = "") -> str:
    """The statement that writes rows, given as one JSON list, to one of the tables. `after` is a
    condition that makes it wait for another part of the same statement."""
    # six digits at least; the millionth order has seven
    digits = "to_char(nextval('orders_number'), 'FM999999000000')"
    drawn = f"'{settings.NUMBER_PREFIX}-' || {digits}"
    return INSERT[table].format(
        order=", ".join(ORDER),
        order_number=", ".join(
            f"coalesce(r.number, {drawn})" if c == "number" else f"r.{c}" for c in ORDER
        ),
        moves=", ".join(f"{c} = r.{c}" for c in MOVES),
        move_types=", ".join(f"{c} {t}" for c, t in MOVE_TYPES.items()),
        event=", ".join(EVENT),
        after=after,
    )


def statement(used: tuple[str, ...]) -> str:
    """The one statement for this set of tables; there are few such sets."""
    if used not in STATEMENTS:
        # Parts run in no order, but one whose rows are counted first: whoever is let go and bound
        # again by the same step is never bound twice.
        after = {"bound": " WHERE (SELECT count(*) FROM freed) >= 0"} if "freed" in used else {}
        ctes = ", ".join(f"{name} AS ({insert(name, after.get(name, ''))})" for name in used)
        counts = ", ".join(
            f"(SELECT count(*) FROM {name}) AS n_{name}" if name in used else f"0 AS n_{name}"
            for name in ("moved", "events", "freed")
        )
        full = (
            "(SELECT jsonb_object_agg(key, n) FROM tallies)" if "tallies" in used else "NULL::jsonb"
        )
        fresh = "LEFT JOIN fresh ON true" if "fresh" in used else ""
        columns = "fresh.id, fresh.number" if "fresh" in used else "NULL AS id, NULL AS number"
        STATEMENTS[used] = (
            f"WITH {ctes} SELECT {columns}, {counts}, {full} AS tally FROM (SELECT 1) one {fresh}"
        )
    return STATEMENTS[used]


def check(parts: Parts, found: list[dict[str, Any]]) -> None:
    """What was written is what was meant, or nothing is."""
    row = found[0]
    if row["n_moved"] != len(parts.moved) or row["n_events"] != len(parts.events):
        raise Refused("too_late")
    tally = row["tally"] or {}
    for one in parts.tallies:
        if tally[one["key"]] > one["most"]:
            raise Refused("too_often", most=one["most"])


class Parts:
    """A journal sorted into the rows of each table."""

    def __init__(self, shelf: Shelf, journal: list[Change]) -> None:
        self.shelf, self.rules = shelf, shelf.family.rules
        self.fresh: list[dict[str, Any]] = []
        self.moved: list[dict[str, Any]] = []
        self.events: list[dict[str, Any]] = []
        self.contents: list[dict[str, Any]] = []
        self.bound: list[dict[str, Any]] = []
        self.freed: list[dict[str, Any]] = []
        self.counts: dict[str, dict[str, Any]] = {}
        self.held: dict[tuple[str, str, str], dict[str, Any]] = {}
        first: dict[str, Change] = {}
        for change in journal:
            first.setdefault(change.order.id, change)
            self.happened(change)
            self.hands(change)
            for key, most in change.counts:
                self.counts.setdefault(key, {"key": key, "most": most, "n": 0})["n"] += 1
        for id, change in first.items():
            self.stands(id, change)

    @property
    def tallies(self) -> list[dict[str, Any]]:
        return list(self.counts.values())

    def stands(self, id: str, first: Change) -> None:
        order = self.shelf.family.orders[id]
        page = self.shelf.family.page(order)
        row = moving(page, order, self.rules)
        if first.event.nth > 1:
            self.moved.append({"id": id, "was_nth": first.event.nth - 1, **row})
        else:
            root = self.shelf.roots[id]
            number = self.shelf.numbers.get(id)
            filed = {"filed": first.event.at}
            kids = {"has_kids": bool(self.shelf.family.kids.get(id))}
            self.fresh.append({**standing(page, order, root, number), **kids, **filed, **row})

    def happened(self, change: Change) -> None:
        event = change.event
        row = {name: getattr(event, name) for name in EVENT}
        self.events.append({"order_id": event.order, **row})
        self.contents += [
            {"order_id": event.order, "nth": event.nth, "name": c.name, "value": c.value,
             "salt": c.salt}
            for c in change.contents
        ]  # fmt: skip

    def hands(self, change: Change) -> None:
        """Parties bound and let go by one change. Hands laid on a step, and parties that may not
        see the order, stand in the facts alone: these rows are what lists are read by."""
        order, nth = change.order, change.event.nth
        parties = {n: p for n, p in self.shelf.family.page(order).parties.items() if p.sees}
        old = {(h.name, h.who): h for h in (change.before.hands if change.before else ())}
        new = {(h.name, h.who): h for h in order.hands}
        for (name, who), hand in old.items():
            if name in parties and new.get((name, who)) != hand:
                self.free(order, name, who, nth)
        for (name, who), hand in new.items():
            if name in parties and old.get((name, who)) != hand:
                row = self.held[order.id, name, who] = {
                    "order_id": order.id, "name": name, "holds": parties[name].holds,
                    "who": int(who), "capacity": hand.capacity, "since": hand.since, "until": None,
                    "veiled": hand.veiled,
                }  # fmt: skip
                self.bound.append(row)

    def free(self, order: Order, name: str, who: str, nth: int) -> None:
        row = self.held.pop((order.id, name, who), None)
        if row:  # bound earlier in this very journal: never stood in the table
            row["until"] = nth
        else:
            self.freed.append({"order_id": order.id, "name": name, "who": int(who), "until": nth})


def number_kids(shelf: Shelf, journal: list[Change]) -> None:
    """Roots of new orders, and names for new papers: those of their case with a count behind."""
    fresh = [c.order for c in journal if c.event.nth == 1]
    for order in fresh:
        shelf.roots[order.id] = shelf.roots[order.parent] if order.parent else order.id
    kids = [o for o in fresh if o.parent]
    if not kids:
        return
    for order in kids:
        assert order.parent
        if shelf.family.page(order).kind != "paper":
            continue
        n = shelf.papers[order.parent] = shelf.papers.get(order.parent, 0) + 1
        shelf.numbers[order.id] = f"{name_of(shelf, order.parent)}-{n}"
    roots = {uuid.UUID(shelf.roots[o.id]) for o in kids}
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE orders_order SET has_kids = true WHERE id = ANY(%s) AND NOT has_kids",
            [list(roots)],
        )


def name_of(shelf: Shelf, id: str) -> str:
    """The number of an order, drawn now if it is as new as its papers."""
    if id not in shelf.numbers:
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval('orders_number')")
            shelf.numbers[id] = f"{settings.NUMBER_PREFIX}-{cursor.fetchone()[0]:06d}"
    return shelf.numbers[id]
