"""One order as its reader may see it: whose turn, until when, and only their own buttons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from lianxin.core.flow.page import Limit, Page, Step, Words
from lianxin.core.step.family import Family
from lianxin.core.step.order import Order as Kernel
from lianxin.core.step.refused import Refused
from lianxin.core.step.who import Who
from lianxin.orders.models import Order
from lianxin.orders.reach import opened, spoken_of
from lianxin.orders.shelf import around
from lianxin.orders.world import rules


@dataclass(frozen=True, slots=True)
class Button:
    """A step this reader may take now. `main`: it moves the order, and it is the reader's turn."""

    step: Step
    main: bool


@dataclass(frozen=True, slots=True)
class Clock:
    """A limit that runs on the order, or stands still (`due` None)."""

    limit: Limit
    start: datetime
    due: datetime | None
    late: bool
    extended: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that the order page stands on. `veiled`: parties whose names this reader may not see."""

    row: Order
    order: Kernel
    page: Page
    family: Family
    who: Who
    buttons: tuple[Button, ...]
    clocks: tuple[Clock, ...]

    @property
    def state(self) -> Words:
        state = self.page.states.get(self.order.state or "")
        return state.words if state else Words("作废", "Void")


def order_sheet(number: str, who: Who, now: datetime) -> Sheet:
    """The sheet of one order. Raises Refused("not_found") for who may not see it."""
    row = opened(number, who)
    if row is None:
        raise Refused("not_found", number=number)
    return sheet_of(row, who, now)


def linked_sheet(who: Who, now: datetime) -> Sheet:
    """The sheet of the order that a link shows. Raises Refused("not_found") when it shows none."""
    row = spoken_of(who)
    if row is None:
        raise Refused("not_found")
    return sheet_of(row, who, now)


def sheet_of(row: Order, who: Who, now: datetime) -> Sheet:
    family = around(vars(row), rules()).family
    order = family.orders[row.pk.hex]
    page, who = family.page(order), family.facing(order, who)
    return Sheet(
        row, order, page, family, who, buttons(family, order, page, who, now),
        clocks(page, order, now),
    )  # fmt: skip


def unseen_sheet(id: UUID, who: Who) -> Sheet:
    """The sheet of an order without asking who sees it, and with nothing to press: only to read a
    form that was sent before. None of it is shown."""
    row = Order.objects.select_related("area").get(pk=id)
    family = around(vars(row), rules()).family
    order = family.orders[row.pk.hex]
    return Sheet(row, order, family.page(order), family, who, (), ())


def buttons(
    family: Family, order: Kernel, page: Page, who: Who, now: datetime
) -> tuple[Button, ...]:
    """The steps this person may take now, those that move the order first, in the page's order."""
    turn = page.states[order.state].turn if order.state in page.states else None
    free = (name for name, no in family.buttons(order.id, who, now).items() if no is None)
    steps = [page.steps[name] for name in free]
    found = [Button(s, s.to is not None and turn in s.by) for s in steps]
    return tuple(sorted(found, key=lambda b: (not b.main, b.step.to is None)))


def clocks(page: Page, order: Kernel, now: datetime) -> tuple[Clock, ...]:
    """The limits on the order, the soonest first; those that stand still last."""
    found = [
        Clock(page.limits[name], r.start, r.due, bool(r.due and r.due < now), r.extended)
        for name, r in order.limits.items()
    ]
    return tuple(sorted(found, key=lambda c: (c.due is None, c.due or c.start)))
