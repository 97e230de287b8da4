"""Events of an order form a chain: each head is the hash of the one before and of what happened."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import fields
from datetime import UTC, date, datetime
from typing import Any

from lianxin.core.step.order import Event

BODY = tuple(f.name for f in fields(Event) if f.name != "head")


def plain(value: Any) -> Any:
    """Times as UTC with microseconds and days as ISO, so that one event has one text everywhere."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no canonical form")


# Made once: events are trees, and looking for circles in them costs as much as writing them.
ENCODER = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, check_circular=False, default=plain
)


def canonical(event: Event) -> bytes:
    """The one text of an event: sorted keys, no spaces, UTF-8."""
    body = {name: getattr(event, name) for name in BODY}
    return ENCODER.encode(body).encode()


def head(previous: str, event: Event) -> str:
    """`sha256(previous head, canonical body)` in hex."""
    return hashlib.sha256(previous.encode() + canonical(event)).hexdigest()


def digest(salt: str, value: Any) -> str:
    """What an event keeps of erasable content; worthless once the salt is erased with it."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, default=plain)
    return hashlib.sha256((salt + text).encode()).hexdigest()


def first_break(events: Iterable[Event], last_head: str | None = None) -> int | None:
    """The `nth` of the first event out of its chain, or None if all are whole.

    With `last_head` (kept on the order) a chain cut short is found too: the row after its end.
    """
    previous, n = "", 0
    for n, event in enumerate(events, 1):
        if event.nth != n or event.head != head(previous, event):
            return n
        previous = event.head
    return n + 1 if last_head is not None and last_head != previous else None
