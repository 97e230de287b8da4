"""Whose reckoned grade has passed the one on paper, and what was recorded lately."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F, Q, QuerySet

from lianxin.core.step.who import Grant
from lianxin.growth.models import Fact
from lianxin.growth.queries.endings import listed
from lianxin.growth.queries.workers import spells

LATELY_DAYS = 60


@dataclass(frozen=True, slots=True)
class Paper:
    """Grades recorded under one number on one day, and of whom."""

    number: str
    since: date
    people: tuple[int, ...]


def proposals(grants: Iterable[Grant], day: date) -> QuerySet[Fact]:
    """Spells of those to rise, or to be written down for the first time."""
    rows = listed(grants, day).filter(grade__isnull=False)
    rows = rows.filter(Q(paper=None) | Q(grade__gt=F("paper")))
    return rows.order_by("area__path", "person__name", "pk")


def papers(grants: Iterable[Grant], day: date) -> list[Paper]:
    """The latest first."""
    own = spells(grants, day).values("person")
    rows = Fact.objects.filter(
        kind=Fact.Kind.GRADE, person__in=own, since__gt=day - timedelta(days=LATELY_DAYS)
    ).exclude(number="")
    found: dict[tuple[date, str], list[int]] = {}
    for since, number, person in rows.values_list("since", "number", "person_id").order_by("pk"):
        found.setdefault((since, number), []).append(person)
    return [Paper(n, on, tuple(people)) for (on, n), people in sorted(found.items(), reverse=True)]
