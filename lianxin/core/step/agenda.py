"""What time will do to an order, and when: late steps, and the rungs of ladders."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from lianxin.core.clock import before
from lianxin.core.flow.page import Page
from lianxin.core.step.order import Order
from lianxin.core.step.rules import Rules

Row = tuple[datetime, str, int | None]  # when, which limit, which rung (None: the late step)


def can_lift(order: Order, levels: int) -> bool:
    """Whether there is a desk so many levels up (or down) from the one in charge."""
    if order.desk not in order.desks:
        return False
    return 0 <= order.desks.index(order.desk) + levels < len(order.desks)


def late_steps(page: Page, order: Order) -> Iterator[Row]:
    """A late step that only passes the order up is no more due at the topmost desk: there it stays
    late for everyone to see."""
    for name, running in order.limits.items():
        late = page.limits[name].late
        if late and running.due and not running.fired:
            lifts = page.steps[late].lifts
            if not lifts or can_lift(order, lifts):
                yield running.due, name, None


def rungs(page: Page, order: Order, rules: Rules) -> Iterator[Row]:
    """Rungs of ladders that have not fired for the present due times."""
    for name, running in order.limits.items():
        if running.due is None:
            continue
        for n, rung in enumerate(page.limits[name].ladder):
            if n not in running.rungs:
                yield before(running.due, rung.offset, rules.calendar), name, n


def agenda(page: Page, order: Order, rules: Rules) -> list[Row]:
    """All that time will do, soonest first; a late step goes before a rung of the same moment."""
    if not order.limits or order.state not in page.states or page.states[order.state].final:
        return []
    rows = [*late_steps(page, order), *rungs(page, order, rules)]
    return sorted(rows, key=lambda row: (row[0], row[2] is not None, row[1]))


def next_at(page: Page, order: Order, rules: Rules) -> datetime | None:
    """When the clock must look at this order again."""
    return next((when for when, _, _ in agenda(page, order, rules)), None)


def soonest(order: Order) -> datetime | None:
    """The due time that the people in charge see first."""
    return min((r.due for r in order.limits.values() if r.due), default=None)
