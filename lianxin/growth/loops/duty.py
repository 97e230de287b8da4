"""A duty that was taken on is a fact of the career until it is ended."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from lianxin.core.step.order import Order
from lianxin.growth.loops.facts import here, note
from lianxin.growth.loops.writing import Done, Loop
from lianxin.growth.models import Fact


def give(order: Order, given: Mapping[str, Any]) -> None:
    """Refuses: works_elsewhere."""
    here(str(given["worker"]), order.path, timezone.localdate())


def take_on(done: Done) -> None:
    note(done, done.person, Fact.Kind.DUTY, name=done.said("duty")[:60])


def end(done: Done) -> None:
    row = Fact.objects.filter(order=done.key, kind=Fact.Kind.DUTY, until=None).first()
    if row:
        done.stamp.change("end", row, until=max(done.day, row.since))


DUTY = Loop(checks={"give": give}, writes={"take_on": take_on, "end": end})
