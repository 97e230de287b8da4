"""Families in memory, pressed one after the other, written together: inside the bulk lane."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any
from uuid import uuid4

from lianxin.core.step.clockwork import next_row
from lianxin.core.step.merging import named
from lianxin.core.step.order import Change
from lianxin.core.step.order import Order as Kernel
from lianxin.core.step.press import Press
from lianxin.core.step.rules import Rules
from lianxin.core.step.who import Who
from lianxin.orders import beside, saying, used
from lianxin.orders.actions import Key, known, local, placed
from lianxin.orders.book import book
from lianxin.orders.pour import pour
from lianxin.orders.shelf import Shelf, lock
from lianxin.orders.world import rules
from lianxin.registry.models import Area


def asked_once(told: Rules) -> Rules:
    """The same rules, which look up each place and each post once for the whole lane."""
    return replace(
        told, places=told.places and cache(told.places), among=told.among and cache(told.among)
    )


class Lane:
    """For callers that hold a transaction and know their orders by id.

    `now` is when all this is recorded. `as_live` is for history that is made and not told of later,
    a demo or a replay: each event is recorded at the moment when it happens, those of the clock
    too. Presses raise Refused as in the single lane, and one that is refused leaves nothing behind.
    Nothing is written before `flush`.
    """

    def __init__(self, now: datetime, roots: Iterable[str] = (), as_live: bool = False) -> None:
        self.now, self.as_live = now, as_live
        self.keys: list[dict[str, Any]] = []
        roots = list(roots)
        self.shelf = lock(roots, asked_once(rules())) if roots else Shelf(asked_once(rules()))
        self.family = self.shelf.family

    def file(
        self, flow: str, door: str, who: Who, given: dict[str, Any], *, at: datetime,
        area: Area | None = None, subject: str | None = None, once: Key | None = None,
    ) -> Kernel:  # fmt: skip
        """Open an order by a door of its page, at the moment `at`."""
        page = book().page(flow, local(at))
        known(page, door, given, local(at))
        used.remember(page)
        given, place = placed(page, door, who, given, area)
        how = {"at": at, "subject": subject, "act": uuid4().hex, **place}
        order = self.family.file(flow, door, who, given, self.recorded(at), **how)
        return self._keep(order, once)

    def step(
        self, id: str, verb: str, who: Who, given: dict[str, Any], *, at: datetime,
        visit: int | None = None, once: Key | None = None,
    ) -> Kernel:  # fmt: skip
        """Take a step of an order in the lane; what time has done to it by `at` comes first."""
        known(self.family.page(self.family.orders[id]), verb, given, local(at))
        touched = (id, *named(self.family, id, verb, given))
        for other in touched if self.as_live else ():
            self.let_time(other, at)
        latest = max(at, *map(self.family.last, touched))
        now, act = self.recorded(latest), uuid4().hex
        order = self.family.step(id, verb, who, given, now, at=at, visit=visit, act=act)
        return self._keep(order, once)

    def let_time(self, id: str, until: datetime) -> None:
        """What time does to an order, its papers and its parts by `until`."""
        with Press(self.family, uuid4().hex):
            for moment in self._moments(id, until) if self.as_live else ():
                self.family.let_time(id, moment, moment)
            self.family.let_time(id, until, self.recorded(until))

    def _moments(self, id: str, until: datetime) -> Iterator[datetime]:
        """When the clock finds something to do, one after the other: never before what the family
        has done already."""
        while found := next_row(self.family, id, until):
            yield max(found[1][0], *(self.family.last(o.id) for o in self.family.tree(id)))

    def recorded(self, at: datetime) -> datetime:
        """When we learn of what happens at `at`."""
        return at if self.as_live else self.now

    def flush(self, quiet: bool = False) -> list[Change]:
        """Write what was pressed, and queue its words unless `quiet`. Returns what was written.

        Raises Refused where a row or a tally moved under us, or a photo is gone: then all of the
        transaction is to be taken back.
        """
        journal = list(self.family.journal)
        if journal:
            pour(self.shelf, self.keys)
        for change in journal:
            if beside.there_is(change):
                beside.write(change)
        if not quiet:
            saying.queue_many(journal)
        self.keys = []
        return journal

    def _keep(self, order: Kernel, once: Key | None) -> Kernel:
        if once:
            self.keys.append(once.row(order.id, order.nth, self.now))
        return order
