"""The SQL that writes orders: one statement for a press, whatever the number of its rows."""

from __future__ import annotations

from dataclasses import fields

from django.conf import settings

from lianxin.core.step.order import Event

EVENT = tuple(f.name for f in fields(Event) if f.name != "order")
MOVES = (
    "path", "area_id", "desk", "state", "open", "turn", "pool", "outcome", "category", "severity",
    "nth", "visit", "round", "head", "at", "entered", "due", "next_at", "facts",
)  # fmt: skip
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
    "named": """SELECT p.id FROM registry_person p
        WHERE p.id IN (SELECT id FROM jsonb_to_recordset(%s) r(id bigint))
        ORDER BY p.id FOR KEY SHARE OF p""",
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
            for name in ("moved", "events", "freed", "named")
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
