"""Orders as they lie in memory, and how a press is taken back that did not go through."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from lianxin.core.flow.page import Page
from lianxin.core.step.order import Change, Order
from lianxin.core.step.pair import two_go
from lianxin.core.step.rules import Rules
from lianxin.core.step.scene import Kid

Mark = tuple[int, int]


class Drawer:
    """Orders by id, their kids, the journal of changes, and a trail of what each write replaced.

    The trail makes a press cheap among thousands of orders: it grows by what was touched.
    """

    def __init__(self, rules: Rules, orders: Iterable[Order] = ()) -> None:
        self.rules = rules
        self.orders: dict[str, Order] = {o.id: o for o in orders}
        self.kids: dict[str, list[str]] = {}
        for order in self.orders.values():
            self.adopt(order)
        self.journal: list[Change] = []
        self.trail: list[tuple[str, Order | None]] = []
        self.act = ""
        self.known: datetime | None = None  # when we learned of what is being pressed

    # ── looking ──────────────────────────────────────────────────────────────────────────────

    def page(self, order: Order) -> Page:
        return self.rules.book.exact(order.flow, order.since)

    def ended(self, order: Order) -> bool:
        state = order.state
        return state == "void" or bool(state and self.page(order).states[state].final)

    def paper(self, order: Order) -> bool:
        return self.page(order).kind == "paper"

    def last(self, id: str) -> datetime:
        """When the order's last event happened."""
        at = self.orders[id].at
        assert at is not None  # every order in a family was filed by an event
        return at

    def children(self, order: Order) -> list[Order]:
        return [self.orders[k] for k in self.kids.get(order.id, ())]

    def siblings(self, order: Order) -> list[Order]:
        """All children of the same parent, this one among them."""
        return [self.orders[k] for k in self.kids.get(order.parent, ())] if order.parent else []

    def above(self, order: Order) -> list[Order]:
        """The orders that this one is a part of, the nearest first."""
        found: list[Order] = []
        while (up := self.orders.get(order.parent or "")) and up.flow == order.flow:
            found.append(up)
            order = up
        return found

    def two_go(self, order: Order) -> bool:
        """Whether two vetted people go with an order."""
        return two_go(self.rules, order, self.above(order))

    def tree(self, id: str) -> Iterator[Order]:
        """The whole family of an order, from its root downward."""
        order = self.orders[id]
        while order.parent in self.orders:
            order = self.orders[order.parent]
        line = [order]
        for order in line:
            yield order
            line += self.children(order)

    def kid_rows(self, order: Order) -> list[Kid]:
        """What the guards need to know of the children."""
        kids = self.kids.get(order.id)
        return [self._kid(order, self.orders[k]) for k in kids] if kids else []

    def _kid(self, order: Order, kid: Order) -> Kid:
        rule = self.page(order).children.get(kid.child or "")
        paper = self.paper(kid)
        waits = not paper if rule is None or rule.waits is None else rule.waits
        return Kid(
            kid.id, kid.child or "", kid.in_round, self.ended(kid), paper, waits,
            kid.state == "void",
        )  # fmt: skip

    # ── writing ──────────────────────────────────────────────────────────────────────────────

    def adopt(self, order: Order) -> None:
        if order.parent:
            self.kids.setdefault(order.parent, []).append(order.id)

    def write(self, change: Change) -> None:
        order = change.order
        was = self.orders.get(order.id)
        self.trail.append((order.id, was))
        self.orders[order.id] = order
        if was is None:
            self.adopt(order)
        if change.detail is None and self.page(order).detail:
            change = replace(change, detail=dict(change.event.given))
        self.journal.append(change)

    def mark(self) -> Mark:
        return len(self.trail), len(self.journal)

    def back_to(self, mark: Mark) -> None:
        """Put back what was written since, last first."""
        while len(self.trail) > mark[0]:
            id, was = self.trail.pop()
            if was is not None:
                self.orders[id] = was
            elif (parent := self.orders.pop(id).parent) is not None:
                self.kids[parent].pop()  # the last to be adopted is the first to go
        del self.journal[mark[1] :]


class Press:
    """All of one press or nothing of it; with `undone`, nothing of it in any case."""

    def __init__(self, drawer: Drawer, act: str = "", undone: bool = False) -> None:
        self.drawer, self.act, self.undone = drawer, act, undone

    def __enter__(self) -> None:
        self.mark = self.drawer.mark()
        self.drawer.act, self.drawer.known = self.act, None

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None or self.undone:
            self.drawer.back_to(self.mark)
        del self.drawer.trail[self.mark[0] :]
