"""Numbers of orders: drawn from one row of numbers; a paper's is its case's with a count behind."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.conf import settings
from django.db import connection

from lianxin.core.step.order import Change
from lianxin.orders.shelf import Shelf


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


def draw_numbers(shelf: Shelf, journal: Sequence[Change]) -> None:
    """Numbers for all new cases in the order they were filed; papers take theirs from these."""
    page = shelf.family.page
    fresh = [c.order for c in journal if c.event.nth == 1 and page(c.order).kind != "paper"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('orders_number') FROM generate_series(1, %s)", [len(fresh)])
        for order, (n,) in zip(fresh, cursor.fetchall(), strict=True):
            shelf.numbers[order.id] = f"{settings.NUMBER_PREFIX}-{n:06d}"
