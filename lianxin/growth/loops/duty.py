"""A duty that was taken on is a fact of the career until it is ended."""

from __future__ import annotations

from lianxin.growth.loops.facts import note
from lianxin.growth.loops.writing import Done, Loop
from lianxin.growth.models import Fact


def take_on(done: Done) -> None:
    note(done, done.person, Fact.Kind.DUTY, name=done.said("duty")[:60])


def end(done: Done) -> None:
    row = Fact.objects.filter(order=done.key, kind=Fact.Kind.DUTY, until=None).first()
    if row:
        done.stamp.change("end", row, until=max(done.day, row.since))


DUTY = Loop(writes={"take_on": take_on, "end": end})
