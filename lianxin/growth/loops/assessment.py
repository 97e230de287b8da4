"""The assessment of a year: its result is a fact from the day it is known."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import timezone

from lianxin.core.step.order import Order
from lianxin.core.step.refused import Refused
from lianxin.growth.actions.quotas import hold_room
from lianxin.growth.loops.facts import here, note, works
from lianxin.growth.loops.writing import Done, Loop
from lianxin.growth.models import Fact
from lianxin.growth.queries.rooms import those_who_served
from lianxin.registry.refusal import NotPossible

DECEMBER = 12  # a year is assessed from its last month on


def begin(order: Order, given: Mapping[str, Any]) -> None:
    """Refuses: no_career, works_elsewhere, year_not_over, assessed_already."""
    today, year = timezone.localdate(), int(given["year"])
    works(str(given["worker"]), today)
    here(str(given["worker"]), order.path, today)
    if not those_who_served("", year).filter(person=int(given["worker"])).exists():
        raise Refused("no_career")
    if today < date(year, DECEMBER, 1):
        raise Refused("year_not_over", year=year)
    of_year = Fact.objects.filter(person=int(given["worker"]), kind=Fact.Kind.RESULT, n=year)
    if of_year.exists():
        raise Refused("assessed_already", year=year)


def propose(order: Order, given: Mapping[str, Any]) -> None:
    """What is proposed and not known yet takes room as well. Refuses: over_quota, no_career (the
    service of that year was taken out since)."""
    try:
        hold_room(int(order.subject or 0), int(order.fields["year"]), str(given["result"]))
    except NotPossible as no:
        if no.code != "over_quota":
            raise Refused("no_career") from no
        told = no.facts
        raise Refused(
            "over_quota", place=told["place"], year=told["year"], served=told["served"],
            most=told["most"], given=told["given"],
        ) from no  # fmt: skip


def settle(done: Done) -> None:
    """Once: a second case about the same year, begun beside this one, changes nothing."""
    fields = done.order.fields
    year = int(fields["year"])
    known = Fact.objects.filter(person=done.person, kind=Fact.Kind.RESULT, n=year)
    if not known.exists():
        note(done, done.person, Fact.Kind.RESULT, name=fields["result"], n=year)


ASSESSMENT = Loop(checks={"begin": begin, "propose": propose}, writes={"settle": settle})
