"""Writes a long journal table by table: one statement holds a press, a few hold hundreds."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection

from lianxin.core.step.chain import plain
from lianxin.core.step.refused import Refused
from lianxin.orders.numbers import draw_numbers, number_kids
from lianxin.orders.parts import Parts
from lianxin.orders.shelf import Shelf
from lianxin.orders.statement import insert
from lianxin.orders.store import not_too_often

AT_ONCE = 2_000  # rows of one statement: some megabytes of JSON
# Hands are freed before they are bound: the same one may be let go and taken again in one journal.
TABLES = ("named", "fresh", "moved", "freed", "bound", "events", "contents", "tallies")


def pour(shelf: Shelf, keys: Sequence[dict[str, Any]]) -> None:
    """Write the journal of a shelf and the keys of its presses; the caller holds the transaction.

    Raises Refused, as `store.flush` does, where a row moved under us or a tally is full.
    """
    journal = shelf.family.journal
    draw_numbers(shelf, journal)
    number_kids(shelf, journal)
    parts = Parts(shelf, journal)
    for table in TABLES:
        written = put(table, getattr(parts, table))
        if table in ("named", "moved", "events") and len(written) != len(getattr(parts, table)):
            raise Refused("too_late")
        if table == "tallies":
            not_too_often(parts, dict(written))
    put("keys", keys)
    shelf.family.journal = []


def put(table: str, rows: Sequence[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """What the statement of this table returns, over all chunks."""
    found: list[tuple[Any, ...]] = []
    with connection.cursor() as cursor:
        for chunk in chunks(rows):
            cursor.execute(insert(table), [json.dumps(chunk, default=plain)])
            found += cursor.fetchall()
    return found


def chunks(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (rows[at : at + AT_ONCE] for at in range(0, len(rows), AT_ONCE))
