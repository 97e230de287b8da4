"""What happened to one order and what was said of it, read in one statement: its story's matter."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from lianxin.orders.fetch import rows_of

SQL = """
SELECT nth, verb, target, at, recorded, actor, capacity, unit, behalf, over, given,
  was ->> 'desk' AS was, now ->> 'desk' AS now,
  (SELECT json_agg(json_build_array(name, value, erased IS NOT NULL) ORDER BY name)::text
   FROM orders_content c WHERE c.order_id = e.order_id AND c.nth = e.nth) AS said
FROM orders_event e WHERE order_id = %s ORDER BY nth DESC"""


class Said(NamedTuple):
    """Words that were kept apart from their event, or that they are gone."""

    name: str
    value: Any
    erased: bool


class Happened(NamedTuple):
    """One event as a story needs it. `was`, `now`: the desk before and after, by path."""

    nth: int
    verb: str
    target: str | None
    at: datetime
    recorded: datetime
    actor: str
    capacity: str
    unit: str | None
    behalf: str | None
    over: dict[str, int]
    given: dict[str, Any]
    was: str | None
    now: str | None
    said: tuple[Said, ...]


def told(order: UUID) -> list[Happened]:
    """The events of an order, newest first."""
    return list(read(rows_of(SQL, [order])))


def read(rows: list[dict[str, Any]]) -> Iterator[Happened]:
    for row in rows:
        said = json.loads(row["said"]) if row["said"] else ()
        yield Happened(**row | {"said": tuple(Said(*one) for one in said)})
