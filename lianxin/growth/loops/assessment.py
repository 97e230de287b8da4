"""The assessment of a year: its result is a fact from the day it is known."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone

from lianxin.core.step.order import Order
from lianxin.core.step.refused import Refused
from lianxin.growth.actions.quotas import those_who_served, worked_at
from lianxin.growth.assessments import rules_on
from lianxin.growth.loops.facts import note, works
from lianxin.growth.loops.writing import Done, Loop
from lianxin.growth.models import Fact
from lianxin.orders.models import Order as Case
from lianxin.registry.models import Area

DECEMBER = 12  # a year is assessed from its last month on


def begin(order: Order, given: Mapping[str, Any]) -> None:
    """Refuses: no_career, year_not_over, assessed_already."""
    today, year = timezone.localdate(), int(given["year"])
    works(str(given["worker"]), today)
    if not those_who_served("", year).filter(person=int(given["worker"])).exists():
        raise Refused("no_career")
    if today < date(year, DECEMBER, 1):
        raise Refused("year_not_over", year=year)
    of_year = Fact.objects.filter(person=int(given["worker"]), kind=Fact.Kind.RESULT, n=year)
    if of_year.exists():
        raise Refused("assessed_already", year=year)


def propose(order: Order, given: Mapping[str, Any]) -> None:
    """What is proposed and not known yet takes room as well. Two who propose the last one in the
    same second wait for each other at the place. Refuses: over_quota."""
    year, result = int(order.fields["year"]), str(given["result"])
    path = worked_at(int(order.subject or 0), year)
    for quota in rules_on(date(year, DECEMBER, 31)).quotas:
        place = quota.place(path)
        if quota.result != result or not place:
            continue
        area = Area.objects.select_for_update(of=("self",)).get(path=place, until=None)
        served = those_who_served(place, year).values("person").distinct()
        known = Fact.objects.filter(kind=Fact.Kind.RESULT, name=result, n=year, person__in=served)
        waiting = Case.objects.filter(
            flow=order.flow, open=True, path__startswith=place, facts__fields__result=result,
            facts__fields__year=year, state__in=("proposed", "shown"),
        ).exclude(pk=UUID(order.id))  # fmt: skip
        most, given_n = quota.most(served.count()), known.count() + waiting.count()
        if given_n >= most:
            raise Refused(
                "over_quota", place=area.name, year=year, served=served.count(), most=most,
                given=given_n,
            )  # fmt: skip


def settle(done: Done) -> None:
    """Once: a second case about the same year, begun beside this one, changes nothing."""
    fields = done.order.fields
    year = int(fields["year"])
    known = Fact.objects.filter(person=done.person, kind=Fact.Kind.RESULT, n=year)
    if not known.exists():
        note(done, done.person, Fact.Kind.RESULT, name=fields["result"], n=year)


ASSESSMENT = Loop(checks={"begin": begin, "propose": propose}, writes={"settle": settle})
