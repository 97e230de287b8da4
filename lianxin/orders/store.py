"""The only writer of orders: all that a family's journal holds, in one statement."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from lianxin.core.step.chain import plain
from lianxin.core.step.refused import Refused
from lianxin.orders.fetch import rows_of
from lianxin.orders.numbers import number_kids
from lianxin.orders.parts import Parts
from lianxin.orders.shelf import Shelf
from lianxin.orders.statement import statement


def flush(shelf: Shelf, key: dict[str, Any] | None = None) -> None:
    """Write all that the family's journal holds: orders, events, hands, contents, tallies, key.

    One statement whatever the number of changes. Raises Refused("too_late") where a row moved on
    under us (it cannot while the root is locked) or somebody bound has just been taken out of the
    register, and Refused("too_often") where a tally is full.
    """
    journal = shelf.family.journal
    if not journal:
        return
    number_kids(shelf, journal)
    parts = Parts(shelf, journal)
    tables = {
        "fresh": parts.fresh, "moved": parts.moved, "events": parts.events,
        "contents": parts.contents, "freed": parts.freed, "bound": parts.bound,
        "named": parts.named, "tallies": parts.tallies, "keys": [key] if key else [],
    }  # fmt: skip
    used = {name: rows for name, rows in tables.items() if rows}
    found = rows_of(statement(tuple(used)), [json.dumps(r, default=plain) for r in used.values()])
    check(parts, found)
    for row in found:
        if row["id"] is not None:
            shelf.numbers[row["id"].hex] = row["number"]
    shelf.family.journal = []


def check(parts: Parts, found: list[dict[str, Any]]) -> None:
    """What was written is what was meant, or nothing is."""
    row = found[0]
    if any(row[f"n_{name}"] != len(getattr(parts, name)) for name in ("moved", "events", "named")):
        raise Refused("too_late")
    not_too_often(parts, row["tally"] or {})


def not_too_often(parts: Parts, now: Mapping[str, int]) -> None:
    """`now`: how much the tallies hold with what was just added. Raises Refused("too_often")."""
    for one in parts.tallies:
        if one["n"] > 0 and now[one["key"]] > one["most"]:
            raise Refused("too_often", most=one["most"])
