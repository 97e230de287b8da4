"""A loop's own rows by a table: what a verb is refused for, and what it writes once it has moved.

What a step wrote is kept as one batch, as an import's rows are: so taking the step back takes the
rows back, and says no where somebody has gone on from them since.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone

from lianxin.core.step.order import Change, Order
from lianxin.core.step.refused import Refused
from lianxin.orders.models import Content
from lianxin.registry.actions import Stamp
from lianxin.registry.actions.told import together
from lianxin.registry.imports.undo import undo_batch
from lianxin.registry.models import Area, Batch, Person

WHAT = "step"


@dataclass(frozen=True, slots=True)
class Done:
    """A step that has moved its order, as those who write of it want it."""

    change: Change
    stamp: Stamp
    given: Mapping[str, Any]

    @property
    def order(self) -> Order:
        return self.change.order

    @property
    def key(self) -> UUID:
        return UUID(self.order.id)

    @property
    def day(self) -> date:
        return timezone.localdate(self.change.event.at)

    @property
    def person(self) -> Person:
        """Whom the order is about."""
        return Person.objects.get(pk=int(self.order.subject or 0))

    @property
    def area(self) -> Area:
        """The community of the order's place; the place itself where it lies in none."""
        community = Area.objects.live().filter(path=self.order.path[:12]).first()
        return community or Area.objects.get(pk=int(self.order.area or 0))

    def said(self, name: str) -> str:
        """Words of an earlier step: they may be erased, so the order itself does not keep them."""
        if name in self.given:
            return str(self.given[name])
        found = Content.objects.filter(order=self.key, name=name, erased=None).order_by("nth")
        last = found.last()
        return str(last.value) if last else ""


Check = Callable[[Order, Mapping[str, Any]], None]
Write = Callable[[Done], None]


@dataclass(frozen=True, slots=True)
class Loop:
    """A `Detail` of the kernel (core/step/rules.py). Checks run when the step is pressed; writes
    when it has moved the order, as of several hands the last one does; `notes` without a move.
    """

    checks: Mapping[str, Check] = field(default_factory=dict)
    writes: Mapping[str, Write] = field(default_factory=dict)
    notes: Mapping[str, Write] = field(default_factory=dict)

    def check(self, order: Order, verb: str, given: Mapping[str, Any]) -> None:
        if verb in self.checks:
            self.checks[verb](order, given)

    def write(self, change: Change) -> None:
        event = change.event
        if event.verb == "undo":
            take_back(change)
            return
        write = self.notes.get(event.verb)
        write = self.writes.get(event.verb) if event.target else write
        if write is None:
            return
        batch = Batch.objects.create(
            what=WHAT, file_name=name_of(event.order, event.nth), sha256="", person=actor(change),
            at=event.recorded,
        )  # fmt: skip
        with together():
            write(Done(change, Stamp(batch.person, event.recorded, batch), change.detail or {}))


def take_back(change: Change) -> None:
    """The rows of the step that is undone. Raises Refused("undo_too_late")."""
    undone = name_of(change.event.order, change.event.given["nth"])
    batch = Batch.objects.filter(what=WHAT, file_name=undone).first()
    if batch is None:
        return
    stamp = Stamp(actor(change), change.event.recorded)
    if undo_batch(batch, stamp).left:
        raise Refused("undo_too_late", order=change.order.id)


def name_of(order: str, nth: int) -> str:
    return f"{order} {nth}"


def actor(change: Change) -> Person | None:
    key = change.event.actor
    return Person.objects.filter(pk=int(key)).first() if key.isdecimal() else None
