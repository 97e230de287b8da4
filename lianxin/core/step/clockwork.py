"""What time does to a family: late steps, rungs of ladders, due times that a new year moves."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from lianxin.core.clock import Remainder, due, resume
from lianxin.core.flow.page import Page
from lianxin.core.step.agenda import Row, agenda
from lianxin.core.step.event import Deed, kernel_change
from lianxin.core.step.limits import length, longer
from lianxin.core.step.order import Change, Order, Running
from lianxin.core.step.refused import Refused
from lianxin.core.step.rules import Rules
from lianxin.core.step.who import Who

if TYPE_CHECKING:
    from lianxin.core.step.family import Family

CLOCK = Who("clock", kernel="clock")
STEPS_AT_ONCE = 1_000  # time can do no more to one family in one go; a page that loops is caught


def catch_up(family: Family, id: str, until: datetime, now: datetime) -> None:
    """Late steps and rungs that are due in a whole family, each at its own moment, oldest first."""
    for _ in range(STEPS_AT_ONCE):
        first = next_row(family, id, until)
        if first is None:
            return
        order, (when, limit, rung) = first
        when = max(when, family.last(order.id))
        if rung is None:
            take_late_step(family, order, limit, when, now)
        else:
            page = family.page(order)
            family.write(fire_rung(page, order, limit, rung, when, now, family.act))
    raise Refused("endless", order=id)


def next_row(family: Family, id: str, until: datetime) -> tuple[Order, Row] | None:
    rows = [
        (order, row)
        for order in family.tree(id)
        if order.limits
        for row in agenda(family.page(order), order, family.rules)[:1]
        if row[0] <= until
    ]
    return min(rows, key=lambda found: found[1][0], default=None)


def take_late_step(family: Family, order: Order, limit: str, when: datetime, now: datetime) -> None:
    """Time cannot be refused; if the family lets it not through, the order says so and stays."""
    verb = family.page(order).limits[limit].late or ""
    mark = family.mark()
    try:
        family.press_on(order, verb, CLOCK, {}, when, now, late=limit)
    except Refused as no:
        family.back_to(mark)
        stays = order.copy()
        stays.limits = {**order.limits, limit: replace(order.limits[limit], fired=True)}
        deed = Deed("void", when, now, family.act)
        words = {"step": verb, "why": no.code, "limit": limit}
        family.write(kernel_change(order, stays, deed, words))


def try_again(family: Family, id: str, when: datetime, now: datetime) -> None:
    """A late step that ends an order waits for its children: one of them has just ended."""
    order = family.orders[id]
    page = family.page(order)
    for name, running in order.limits.items():
        verb = page.limits[name].late
        to = page.steps[verb].to if verb and running.fired else None
        if verb and to and to.state and page.states[to.state].final:
            mark = family.mark()
            try:
                family.press_on(order, verb, CLOCK, {}, when, now)
                return
            except Refused:
                family.back_to(mark)  # another child is open; its end will ask again


def fire_rung(
    page: Page, order: Order, limit: str, rung: int, when: datetime, now: datetime, act: str
) -> Change:
    """The rung's word is said once for this due time, and the log says that it was."""
    running = order.limits[limit]
    new = order.copy()
    new.limits = {**order.limits, limit: replace(running, rungs=(*running.rungs, rung))}
    word = page.limits[limit].ladder[rung].word
    deed = Deed("rung", when, now, act)
    return kernel_change(order, new, deed, {"limit": limit, "word": word}, words=(word,))


# ── a newly published year ───────────────────────────────────────────────────────────────────────


def recount(page: Page, order: Order, rules: Rules, now: datetime, act: str) -> Change | None:
    """A newly published year moves due times of a running order, with an event; else None."""
    limits = {n: recounted(page, order, n, r, rules, now) for n, r in order.limits.items()}
    moved = sorted(n for n in limits if limits[n] != order.limits[n])
    if not moved or order.at is None:
        return None
    new = order.copy()
    new.limits = limits
    deed = Deed("recount", max(now, order.at), now, act)
    return kernel_change(order, new, deed, {"limits": moved})


def recounted(
    page: Page, order: Order, name: str, running: Running, rules: Rules, now: datetime
) -> Running:
    """The same limit under today's calendar: from where it (re)began, with what it was given.

    A due time that is still to come is a new one, so the ladder's rungs stand before it afresh.
    """
    span = length(page.limits[name], order, rules)
    if running.due is None or span is None:
        return running
    if running.resumed is not None:
        ends = resume(running.start, Remainder.read(running.resumed), rules.calendar).due
    else:
        ends = due(running.start, span, rules.calendar).due
    ends = longer(ends, running, span, rules)
    if ends == running.due:
        return running
    if ends > now:
        return replace(running, due=ends, rungs=(), fired=False)
    return replace(running, due=ends)
