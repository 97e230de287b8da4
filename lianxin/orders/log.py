"""The log read back: events as the kernel made them; the events of the last press."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from typing import Any
from uuid import UUID

from lianxin.core.step.order import Event
from lianxin.orders.book import book
from lianxin.orders.models import Event as Row
from lianxin.orders.models import Order

NAMES = tuple(f.name for f in fields(Event) if f.name != "order")


def event_in(row: dict[str, Any]) -> Event:
    """The kernel's event from a row of the table."""
    return Event(order=row["order_id"].hex, **{name: row[name] for name in NAMES})


def events(rows: Iterable[dict[str, Any]]) -> list[Event]:
    return [event_in(row) for row in rows]


def last_act(order: UUID) -> tuple[list[Event], set[str]]:
    """The events of the last press on an order, over all it touched, and the roots of those.

    A press touches its own family and the orders that its answers name; looked for there, it is
    found by the key of the log, however long the log has grown.
    """
    last = Row.objects.filter(order_id=order).order_by("-nth").first()
    if last is None:
        return [], set()
    named = [UUID(v) for v in last.given.values() if isinstance(v, str) and is_id(v)]
    named += left(order, last)
    roots = set(Order.objects.filter(pk__in=[order, *named]).values_list("root_id", flat=True))
    near = Row.objects.filter(order__root_id__in=roots, act=last.act)
    rows = list(near.order_by("order_id", "nth").values("order_id", *NAMES))
    return events(rows), {root.hex for root in roots}


def left(order: UUID, last: Row) -> list[UUID]:
    """The orders that a press took this one out of, as far as one was merged into the next."""
    step = book().exact(last.flow, last.since).steps.get(last.verb)
    row: list[UUID] = []
    here: UUID | None = order if step and step.leaves else None
    while here and here not in row[:-1]:
        facts = Order.objects.filter(pk=here).values_list("facts", flat=True).first() or {}
        into = facts.get("fields", {}).get(step.leaves) if step else None
        here = UUID(into) if isinstance(into, str) and is_id(into) else None
        row += [here] if here else []
    return row


def is_id(text: str) -> bool:
    return len(text) == 32 and all(c in "0123456789abcdef" for c in text)
