"""The board's numbers once more, from the log alone: no column of an order and no index is asked.

`lianxin verify` holds each order's present against its log; this holds the counts of a span of days
against the events of everything filed in a place, and is written apart from what it checks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, tzinfo
from typing import Any
from uuid import UUID

from lianxin.core.step.order import Event
from lianxin.orders.book import book, calendar
from lianxin.orders.log import NAMES, event_in
from lianxin.orders.models import Event as Row
from lianxin.orders.queries.board import Span

CASE = "case"


def recount(path: str, span: Span, now: datetime, kept: Iterable[UUID] = ()) -> Counter[str]:
    """column → how many orders that lie in `path`, without those that are kept from the reader."""
    told: Counter[str] = Counter()
    without, zone = set(kept), calendar().zone
    for id, events in stories():
        if id not in without and kind(events) == CASE and place(events).startswith(path):
            told.update(columns(events, span, now, zone))
    return told


def columns(events: Sequence[Event], span: Span, now: datetime, zone: tzinfo) -> Iterator[str]:
    """The columns in which an order stands, by its own events."""
    if within(events[0].at, span, zone):
        yield "filed"
    facts = present(events)
    state = book().exact(events[-1].flow, events[-1].since).states.get(facts["state"])
    if state and not state.final:
        yield "open"
        dues = [r["due"] for r in (facts.get("limits") or {}).values() if r["due"]]
        if any(datetime.fromisoformat(due) < now for due in dues):
            yield "late"
    undone = {e.given["nth"] for e in events if e.verb == "undo"}
    held = [e for e in events if e.nth not in undone and within(e.at, span, zone)]
    yield from {what for event in held for what in turns(event)}


def turns(event: Event) -> Iterator[str]:
    """What one event that still holds makes true of its order."""
    if event.verb == "undo":
        return
    if event.verb == "call_back":
        told = event.given.get("callback")
        solved = told == "solved" or event.given.get("solved") is True
        if told in ("solved", "unsolved") or event.given.get("reached") is True:
            yield "called"
            if not solved:
                yield "unsolved"
    if "round" in event.was:
        yield "reopened"
    if event.target == "struck":
        yield "struck"


def present(events: Iterable[Event]) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    for event in events:
        facts |= event.now
    return facts


def place(events: Sequence[Event]) -> str:
    return str(present(events).get("path") or events[-1].path)


def kind(events: Sequence[Event]) -> str:
    return book().exact(events[0].flow, events[0].since).kind


def within(at: datetime, span: Span, zone: tzinfo) -> bool:
    day: date = at.astimezone(zone).date()
    return span.first <= day <= span.last


def stories() -> Iterator[tuple[UUID, list[Event]]]:
    """Every order's events in their order, streamed."""
    rows = Row.objects.order_by("order_id", "nth").values("order_id", *NAMES)
    id, events = None, []
    for row in rows.iterator(chunk_size=2000):
        if row["order_id"] != id:
            if id:
                yield id, events
            id, events = row["order_id"], []
        events.append(event_in(row))
    if id:
        yield id, events
