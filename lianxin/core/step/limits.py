"""Limits on an order: begun on entry, stopped and resumed, extended, and how late they were met."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, datetime, timedelta

from lianxin.core.clock import Remainder, due, left, over, resume
from lianxin.core.flow.page import Limit, Page, Span, Unit
from lianxin.core.step.agenda import next_at, soonest
from lianxin.core.step.order import Order, Running
from lianxin.core.step.rules import Rules

__all__ = [
    "begin", "enter", "extend", "go_on", "length", "longer", "moment", "next_at", "overrun",
    "soonest", "stop", "unit",
]  # fmt: skip


def length(limit: Limit, order: Order, rules: Rules) -> Span | None:
    """The limit's own length, where it has one: limits by a moment have none."""
    within = limit.within
    if within.span or within.category:
        return within.span or rules.span(order)
    value = order.fields.get(within.field) if within.field and not within.day else None
    if isinstance(value, int | float):
        return Span(math.ceil(value), "urgent hours")
    return None


def unit(limit: Limit, order: Order, rules: Rules) -> Unit:
    span = length(limit, order, rules)
    return span.unit if span else "urgent hours"


def moment(limit: Limit, order: Order, rules: Rules) -> datetime | None:
    """A due time that is given, not counted: by a field, or a day of the year in a field.

    A day is due when it is over.
    """
    within = limit.within
    value = order.fields.get(within.field) if within.field else None
    if value is None:
        return None
    if within.day:
        month, day = (int(part) for part in within.day.split("-"))
        year = int(str(value)[:4])
        day = 28 if (month, day) == (2, 29) and year % 4 else day
        return end_of(date(year, month, day), rules)
    if len(str(value)) == len("2026-03-02"):
        return end_of(date.fromisoformat(str(value)), rules)
    return datetime.fromisoformat(str(value))


def end_of(day: date, rules: Rules) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=rules.calendar.zone) + timedelta(days=1)


def begin(limit: Limit, order: Order, at: datetime, rules: Rules) -> Running | None:
    """Start counting now; None when the page's field was left empty and nothing limits."""
    span = length(limit, order, rules)
    ends = due(at, span, rules.calendar).due if span else moment(limit, order, rules)
    return Running(start=at, due=ends) if ends else None


def stop(limit: Limit, order: Order, running: Running, at: datetime, rules: Rules) -> Running:
    """What is left is kept; it holds all extensions so far."""
    if running.due is None:
        return running
    rest = left(at, running.due, unit(limit, order, rules), rules.calendar).row()
    return replace(running, due=None, left=rest, extended=0)


def go_on(limit: Limit, order: Order, running: Running, at: datetime, rules: Rules) -> Running:
    """Count on with what was left. The ladder's rungs may fire again for the new due time."""
    if running.left is None:
        return running
    ends = resume(at, Remainder.read(running.left), rules.calendar).due
    ends = longer(ends, running, length(limit, order, rules), rules)
    fired = running.fired and not running.extended
    return Running(at, ends, resumed=running.left, extended=running.extended, fired=fired)


def longer(ends: datetime, running: Running, span: Span | None, rules: Rules) -> datetime:
    for _ in range(running.extended if span else 0):
        assert span
        ends = due(ends, span, rules.calendar).due
    return ends


def extend(limit: Limit, order: Order, running: Running, rules: Rules) -> Running:
    """Add the original length once; to one that stands still, when it goes on.

    A limit by a moment is extended by what it first was.
    """
    once = replace(running, extended=running.extended + 1, rungs=(), fired=False)
    if running.due is None:
        return replace(once, fired=running.fired)
    span = length(limit, order, rules)
    if span:
        return replace(once, due=due(running.due, span, rules.calendar).due)
    return replace(once, due=running.due + (running.due - running.start))


def enter(
    page: Page, order: Order, to: str, at: datetime, rules: Rules, back: bool,
    known: datetime | None = None,
) -> None:  # fmt: skip
    """Write the limits the order has after entering `to` (which it may stand in already).

    A limit over several states is a promise to who asked and runs from when they did. That of one
    state is somebody's turn, and runs from when they could know of it (`known`): a call of
    yesterday that is taken down today finds its desk in time.
    """
    stopping = page.states[to].stopped
    stood = order.state in page.states and page.states[order.state].stopped
    kept: dict[str, Running] = {}
    for name, running in order.limits.items():
        limit = page.limits[name]
        goes_on = to in limit.over and limit.over != (to,)
        if stopping:
            if limit.over != (to,) and not (stood and running.due):
                kept[name] = stop(limit, order, running, at, rules)
        elif running.left is not None and (goes_on or (back and to in limit.over)):
            kept[name] = go_on(limit, order, running, at, rules)
        elif goes_on and not limit.own:
            kept[name] = running
    for name, limit in page.limits.items():
        begins = limit.over == (to,) if stopping else to in limit.over
        since = known or at if limit.own else at
        if begins and name not in kept and (begun := begin(limit, order, since, rules)):
            kept[name] = begun
    order.limits = kept


def overrun(page: Page, old: Order, new: Order, at: datetime, rules: Rules) -> dict[str, int]:
    """Seconds past each limit that has ended between two presents of an order."""
    late = {}
    for name, running in old.limits.items():
        if running.due is None or running.due >= at:
            continue
        now = new.limits.get(name)
        if now is None or now.start != running.start:  # gone, or begun afresh
            late[name] = over(running.due, at, unit(page.limits[name], old, rules), rules.calendar)
    return late
