"""An order's present as plain JSON and back, and both sides of a change: for undo, for the log."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from operator import attrgetter
from typing import Any

from lianxin.core.step.order import Hand, Order, Running

SIDES = (
    "desk", "desks", "path", "area", "state", "before", "visit", "round", "entered", "outcome",
    "unveiled", "paired", "excused", "tallies", "fields", "limits", "hands",
)  # fmt: skip
VALUES = attrgetter(*SIDES)
SPARSE = ("left", "resumed", "extended", "rungs", "fired")  # of a limit: written where not empty
MORE = attrgetter(*SPARSE)


def iso(when: datetime | None) -> str | None:
    return when.isoformat() if when else None


def time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def running_out(r: Running) -> dict[str, Any]:
    row: dict[str, Any] = {"start": iso(r.start), "due": iso(r.due)}
    for name, value in zip(SPARSE, MORE(r), strict=True):
        if value:
            row[name] = list(value) if name == "rungs" else value
    return row


def running_in(row: Mapping[str, Any]) -> Running:
    return Running(
        start=datetime.fromisoformat(row["start"]),
        due=time(row["due"]),
        left=row.get("left"),
        resumed=row.get("resumed"),
        extended=row.get("extended", 0),
        rungs=tuple(row.get("rungs", ())),
        fired=row.get("fired", False),
    )


def hand_out(h: Hand) -> list[Any]:
    more = [h.veiled, h.unit] if h.unit else [True] if h.veiled else []
    return [h.name, h.who, h.capacity, h.since, *more]


def hand_in(row: list[Any]) -> Hand:
    return Hand(*row)


def side(order: Order, name: str) -> Any:
    """One fact of an order as JSON."""
    value = getattr(order, name)
    if name == "limits":
        return {k: running_out(v) for k, v in value.items()}
    if name == "hands":
        return [hand_out(h) for h in value]
    if isinstance(value, datetime):
        return iso(value)
    if name == "excused":
        return [list(pair) for pair in value]
    return list(value) if isinstance(value, tuple) else value


def unside(name: str, value: Any) -> Any:
    if name == "limits":
        return {k: running_in(v) for k, v in value.items()}
    if name == "hands":
        return tuple(hand_in(row) for row in value)
    if name == "entered":
        return time(value)
    if name == "excused":
        return tuple((limit, n) for limit, n in value)
    return tuple(value) if isinstance(value, list) else value


def sides(old: Order | None, new: Order) -> tuple[dict[str, Any], dict[str, Any]]:
    """Both sides of a change, of the facts that changed. A new order has no side before."""
    was: dict[str, Any] = {}
    now: dict[str, Any] = {}
    if old is None:
        return was, {name: after for name in SIDES if (after := side(new, name))}
    for name, before, after in zip(SIDES, VALUES(old), VALUES(new), strict=True):
        if before is not after and before != after:
            was[name], now[name] = side(old, name), side(new, name)
    return was, now


def turned(order: Order, was: Mapping[str, Any]) -> Order:
    """The order with these facts put back."""
    new = order.copy()
    for name, value in was.items():
        setattr(new, name, unside(name, value))
    return new
