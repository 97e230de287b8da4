"""What ends soon at a place: contracts and certificates of those who work there."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from lianxin.core.step.who import Grant
from lianxin.growth.assessments import rules_on
from lianxin.growth.models import Fact, Standing
from lianxin.growth.queries.workers import spells


def listed(grants: Iterable[Grant], day: date) -> QuerySet[Fact]:
    """Everybody at work there, each as the spell that lasts, with `post`, `grade`, `recorded`,
    `next_on` and the day it was `reckoned`; None where nothing is."""
    own = Standing.objects.filter(person=OuterRef("person"))
    columns = {"post": "post", "grade": "grade", "paper": "recorded", "next_on": "next_on",
               "reckoned": "on"}  # fmt: skip
    told = {name: Subquery(own.values(column)[:1]) for name, column in columns.items()}
    return spells(grants, day).annotate(**told).select_related("person", "area")


def contracts(rows: QuerySet[Fact], day: date) -> QuerySet[Fact]:
    return rows.filter(until__lte=day + timedelta(days=rules_on(day).soon["contract"]))


def certificates(rows: QuerySet[Fact], day: date) -> QuerySet[Fact]:
    """Those with one that runs out soon; the first such day is `runs_out`."""
    last = day + timedelta(days=rules_on(day).soon["certificate"])
    theirs = Fact.objects.filter(
        person=OuterRef("person"), kind=Fact.Kind.CERTIFICATE, until__gt=day, until__lte=last
    )
    first = theirs.order_by("until").values("until")[:1]
    return rows.filter(Exists(theirs)).annotate(runs_out=Subquery(first))


def differing(rows: QuerySet[Fact]) -> QuerySet[Fact]:
    """Those whose grade on paper is not the one reckoned, or who lack either."""
    return rows.filter(Q(grade=None) | Q(paper=None) | ~Q(grade=F("paper")))
