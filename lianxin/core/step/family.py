"""A family of orders moves together: what a step does to children, parents and merged orders."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from lianxin.core.flow.page import Page, Step
from lianxin.core.step import children, clockwork, house, late_note, merging, undoing
from lianxin.core.step.event import Deed, kernel_change
from lianxin.core.step.order import Change, Event, Order
from lianxin.core.step.press import Drawer, Press
from lianxin.core.step.refused import Refused
from lianxin.core.step.rules import Rules
from lianxin.core.step.take import may, take
from lianxin.core.step.who import Who


class Family(Drawer):
    """Orders under one root (or many, in the bulk lane), in memory, with all that was changed.

    A press either goes through with all it causes or leaves nothing behind. `journal` holds the
    changes in the order they were made; whoever keeps the orders writes them down and is done.
    """

    def __init__(self, rules: Rules, orders: Iterable[Order] = ()) -> None:
        super().__init__(replace(rules, tallies=self._counted), orders)
        self.outside = rules.tallies

    # ── what is asked of a family ────────────────────────────────────────────────────────────

    def file(
        self, flow: str, door: str, who: Who, given: Mapping[str, Any], now: datetime, *,
        at: datetime | None = None, path: str = "", area: str | None = None,
        subject: str | None = None, act: str = "", id: str | None = None,
    ) -> Order:  # fmt: skip
        """Open a new order by one of its page's doors. Raises Refused."""
        at = at or now
        with Press(self, act):
            self.known = now
            page = self.rules.book.page(flow, at.astimezone(self.rules.calendar.zone).date())
            path, area = children.located(self.rules, given, path, area)
            path, area, given = children.raised(self.rules, page, door, given, path, area)
            order = children.blank(self, page, at, path, area, id=id)
            order.subject = subject or children.about(page, given)
            if page.about != "place" and order.subject is None:
                raise Refused("missing", field="subject")
            return self.press_on(order, door, who, given, at, now)

    def step(
        self, id: str, verb: str, who: Who, given: Mapping[str, Any], now: datetime, *,
        at: datetime | None = None, visit: int | None = None, act: str = "",
    ) -> Order:  # fmt: skip
        """Take a step; what time has done counts first. Raises Refused and changes nothing."""
        at = at or now
        with Press(self, act):
            for other in (id, *merging.named(self, id, verb, given)):
                self.let_time(other, min(at, now), now)
            self.known = now
            who = self.facing(self.orders[id], who)
            return self.press_on(self.orders[id], verb, who, given, at, now, visit)

    def tick(self, now: datetime, act: str = "") -> None:
        """Let time do to every open order what is due by now."""
        for id in [o.id for o in self.orders.values() if o.parent not in self.orders]:
            with Press(self, act):
                clockwork.catch_up(self, id, now, now)

    def undo(self, events: Sequence[Event], who: Who, now: datetime, act: str = "") -> Order:
        """Take back one act: `events` are all its events, over all orders it touched.

        Returns the order that was pressed. Raises Refused: undo_too_late, undo_door, undo_erased,
        not_yours.
        """
        with Press(self, act):
            for id in dict.fromkeys(e.order for e in events if e.order in self.orders):
                self.let_time(id, now, now)
            return undoing.undo(self, events, who, now)

    def keep(
        self, id: str, verb: str, who: Who, given: Mapping[str, Any], now: datetime, at: datetime,
        act: str = "",
    ) -> Order:  # fmt: skip
        """Keep a step made offline that came too late, as a note with all it carried."""
        with Press(self, act):
            self.let_time(id, now, now)
            who = self.facing(self.orders[id], who)
            return late_note.keep(self, self.orders[id], verb, who, given, now, at)

    def void(self, id: str, now: datetime, act: str = "") -> Order:
        """End an order that should never have been; an import is undone by this."""
        with Press(self, act):
            children.void(self, [self.orders[id]], now, now)
            children.tell_parent(self, self.orders[id], now, now)
            return self.orders[id]

    def recount(self, now: datetime, act: str = "") -> list[str]:
        """Move due times after a new year was published. Returns ids of the orders that moved."""
        first = len(self.journal)
        for order in list(self.orders.values()):
            with Press(self, act):
                if order.limits and not self.ended(order):
                    change = clockwork.recount(self.page(order), order, self.rules, now, act)
                    if change:
                        self.write(change)
        return [c.order.id for c in self.journal[first:]]

    # ── who stands aside ─────────────────────────────────────────────────────────────────────

    def facing(self, order: Order, who: Who) -> Who:
        """Somebody as they face an order: without posts where it, or what it is a child of, is kept
        from their house."""
        if not who.units and not any(grant.away for grant in who.grants):
            return who
        units = house.kept_from(self.page(order), order)
        if parent := self.orders.get(order.parent or ""):
            units |= house.kept_from(self.page(parent), parent)
        return house.aside(self.rules, units, who)

    def hand_up(self, before: Order | None, id: str, at: datetime, now: datetime) -> None:
        """An order that is kept from a unit from now on leaves the desks where all are of it."""
        order = self.orders[id]
        page = self.page(order)
        units = house.kept_from(page, order)
        if not units or (before and units <= house.kept_from(page, before)):
            return
        if draft := house.handed_up(self.rules, order, units):
            self.write(kernel_change(order, draft, Deed("aside", at, now, self.act), {}))

    # ── what the buttons ask ─────────────────────────────────────────────────────────────────

    def dry(self, id: str, verb: str, who: Who, now: datetime) -> Refused | None:
        """Why this person cannot take this step now, or None; answers still to be given aside."""
        with Press(self, undone=True):
            self.let_time(id, now, now)
            return self._dry(self.orders[id], self.page(self.orders[id]).steps[verb], who, now)

    def buttons(self, id: str, who: Who, now: datetime) -> dict[str, Refused | None]:
        """Steps out of the present state that are this person's, and why not now, if not."""
        with Press(self, undone=True):
            self.let_time(id, now, now)
            order = self.orders[id]
            found = {
                step.name: self._dry(order, step, who, now)
                for step in self.page(order).steps.values()
                if order.state in step.sources
            }
        return {name: no for name, no in found.items() if no is None or no.code != "not_yours"}

    def _dry(self, order: Order, step: Step, who: Who, now: datetime) -> Refused | None:
        try:
            may(
                self.page(order), order, step, self.facing(order, who), now, self.rules,
                kids=self.kid_rows(order), siblings=self.siblings(order),
                parent=self.orders.get(order.parent or ""), above=self.above(order),
            )  # fmt: skip
        except Refused as no:
            return no
        return None

    # ── one step and what it causes ──────────────────────────────────────────────────────────

    def let_time(self, id: str, until: datetime, now: datetime) -> None:
        """What is due comes first. Its events are an act of their own, which no undo touches."""
        act, self.act = self.act, f"{self.act}-time"
        clockwork.catch_up(self, id, until, now)
        self.act = act

    def press_on(
        self, order: Order, verb: str, who: Who, given: Mapping[str, Any], at: datetime,
        now: datetime, visit: int | None = None, late: str | None = None,
    ) -> Order:  # fmt: skip
        page = self.page(order)
        step = page.steps.get(verb)
        if step is None:
            raise Refused("unknown_step", step=verb)
        target, given = merging.target(self, order, step, given, who)
        change = take(
            page, order, step, who, given, at, self.rules, recorded=now, visit=visit,
            act=self.act, kids=self.kid_rows(order), siblings=self.siblings(order),
            parent=self.orders.get(order.parent or ""), target=target, late=late,
            above=self.above(order), known=self.known,
        )  # fmt: skip
        self.write(change)
        self.hand_up(change.before, order.id, at, now)
        self._follow(page, step, change, who, at, now)
        return self.orders[order.id]

    def _follow(
        self, page: Page, step: Step, change: Change, who: Who, at: datetime, now: datetime
    ) -> None:
        """Children close, open, end; the parent hears of it; a merged order hands over."""
        order = change.order
        kids = self.children(order)
        children.void(self, (k for k in kids if k.child in change.closes), at, now)
        if order.round != (change.before or order).round:
            children.void(self, (k for k in kids if self.paper(k)), at, now)
        for name in change.opens:
            children.open_all(self, change, page.children[name], who, now)
        if change.joins:
            merging.join(self, order, str(order.fields[change.joins]), at, now)
        if change.leaves:
            merging.part(self, order, str(order.fields.get(change.leaves)), at, now)
        if change.event.target:
            children.arrive(self, order.id, at, now)

    def merged_into(self, order: Order) -> str | None:
        return merging.merged_into(self, order)

    def last_of(self, order: Order) -> Order:
        """The order this one was merged into, and that one into, to the end of the row."""
        return merging.last_of(self, order)

    def _counted(self, key: str) -> int:
        """How often across orders: as kept outside, and in this journal."""
        here = sum(k == key for change in self.journal for k, _ in change.counts)
        back = sum(k == key for change in self.journal for k in change.gives_back)
        return self.outside(key) + here - back
