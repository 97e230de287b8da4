"""Families of orders out of the database: locked by their roots, or only to be looked at."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from lianxin.core.step.family import Family
from lianxin.core.step.rules import Rules
from lianxin.orders.fetch import rows_of
from lianxin.orders.rows import COLUMNS, order_in

SELECT = f"SELECT {', '.join(COLUMNS)}, has_kids FROM orders_order"


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


def lock(roots: Iterable[str], rules: Rules) -> Shelf:
    """Lock the roots (by id, so that two merges never wait for each other) and load their families.

    Nothing but roots is ever locked: no deadlock, and no child ends unseen.
    """
    return load(roots, rules, " FOR UPDATE")


def look(roots: Iterable[str], rules: Rules) -> Shelf:
    """The same families only to be read: for pages, which show what was true a moment ago."""
    return load(roots, rules, "")


def around(row: dict[str, Any], rules: Rules) -> Shelf:
    """The family of an order whose row was read already: what stands alone is not read again."""
    if row["root_id"] != row["id"]:
        return look([row["root_id"].hex], rules)
    shelf = Shelf(rules)
    shelf.add([row, *kids([row])])
    return shelf


def load(roots: Iterable[str], rules: Rules, locking: str) -> Shelf:
    shelf = Shelf(rules)
    ids = sorted({uuid.UUID(r) for r in roots})
    heads = rows_of(f"{SELECT} WHERE id = ANY(%s) ORDER BY id{locking}", [ids])
    shelf.add(heads)
    shelf.add(kids(heads))
    return shelf


def kids(heads: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Whatever hangs on these roots; no query where nothing does."""
    found = [row["id"] for row in heads if row["has_kids"]]
    under = f"{SELECT} WHERE root_id = ANY(%s) AND parent_id IS NOT NULL ORDER BY id"
    return rows_of(under, [found]) if found else []
