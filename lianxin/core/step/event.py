"""One event: who did what when, both sides of the change, chained to the one before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lianxin.core.step.capacity import Capacity
from lianxin.core.step.chain import head
from lianxin.core.step.facts import sides
from lianxin.core.step.order import Change, Event, Order

KERNEL = "kernel"
BY_ITSELF = Capacity(KERNEL)


@dataclass(frozen=True, slots=True)
class Deed:
    """What was done, apart from what it changed. `at`: when it happened, `now`: when we learned."""

    verb: str
    at: datetime
    now: datetime
    act: str
    actor: str = KERNEL
    cap: Capacity = BY_ITSELF


def event_of(
    old: Order, new: Order, deed: Deed, given: dict[str, Any], *,
    digests: Mapping[str, str] | None = None, over: Mapping[str, int] | None = None,
) -> Event:  # fmt: skip
    """The event that led from `old` to `new`, which is given its `nth`, `head` and `at`."""
    was, now = sides(old if old.state else None, new)
    grant = deed.cap.grant
    event = Event(
        order=old.id, nth=old.nth + 1, flow=old.flow, since=old.since, verb=deed.verb,
        source=old.state, target=new.state if new.visit != old.visit else None,
        visit=new.visit, round=new.round, at=deed.at, recorded=deed.now,
        actor=deed.actor, capacity=deed.cap.name, post=grant.post if grant else None,
        unit=grant.unit if grant else None, behalf=grant.behalf if grant else None,
        area=new.area, path=new.path, outcome=new.outcome, over=dict(over or {}), given=given,
        digests=dict(digests or {}), was=was, now=now, act=deed.act, head="",
    )  # fmt: skip
    event.head = head(old.head, event)
    new.nth, new.head, new.at = event.nth, event.head, deed.at
    return event


def kernel_change(
    old: Order, new: Order, deed: Deed, given: dict[str, Any], words: tuple[str, ...] = ()
) -> Change:
    """A change that no row of the page describes, chained like any other."""
    return Change(before=old, order=new, event=event_of(old, new, deed, given), words=words)


def voided(order: Order, at: datetime) -> Order:
    """The order in the end that is the kernel's alone: no limit runs, no hand lies on a step."""
    new = order.copy()
    new.state, new.limits, new.visit, new.entered = "void", {}, order.visit + 1, at
    return new
