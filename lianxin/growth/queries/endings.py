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


def last_contracts(rows: QuerySet[Fact], last: date) -> QuerySet[Fact]:
    """Those that end by that day with nothing behind them."""
    goes_on = Fact.objects.filter(
        person=OuterRef("person"), kind=Fact.Kind.WORKED, since__gte=OuterRef("until")
    )
    return rows.filter(~Exists(goes_on), until__lte=last)


def contracts(rows: QuerySet[Fact], day: date) -> QuerySet[Fact]:
    return last_contracts(rows, day + timedelta(days=rules_on(day).soon["contract"]))


def first_to_end(rows: QuerySet[Fact], day: date, last: date) -> QuerySet[Fact]:
    """Those with a certificate that runs out by that day and is not renewed; the first such day is
    `runs_out`."""
    newer = Fact.objects.filter(
        Q(until=None) | Q(until__gt=OuterRef("until")), person=OuterRef("person"),
        kind=Fact.Kind.CERTIFICATE, name=OuterRef("name"), since__gte=OuterRef("since"),
    ).exclude(pk=OuterRef("pk"))  # fmt: skip
    theirs = Fact.objects.filter(
        ~Exists(newer), person=OuterRef("person"), kind=Fact.Kind.CERTIFICATE, until__gt=day,
        until__lte=last,
    )  # fmt: skip
    first = theirs.order_by("until").values("until")[:1]
    return rows.filter(Exists(theirs)).annotate(runs_out=Subquery(first))


def certificates(rows: QuerySet[Fact], day: date) -> QuerySet[Fact]:
    """Those with one that runs out soon."""
    return first_to_end(rows, day, day + timedelta(days=rules_on(day).soon["certificate"]))


def differing(rows: QuerySet[Fact]) -> QuerySet[Fact]:
    """Those whose grade on paper is not the one reckoned, or who lack either."""
    return rows.filter(Q(grade=None) | Q(paper=None) | ~Q(grade=F("paper")))
