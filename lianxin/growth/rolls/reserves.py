"""Reserve secretaries who are kept on a day, for which community, and which of them study where."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from lianxin.core.step.who import Grant
from lianxin.growth.imports.take_reserves import TakeReserves
from lianxin.growth.models import Rearing, Reserve
from lianxin.growth.queries import reserves as queries
from lianxin.registry.models.dated import in_force
from lianxin.registry.rolls import Roll, Value
from lianxin.registry.team_rules import called


def rows(grants: Iterable[Grant], on: date) -> QuerySet[Any]:
    plan = Rearing.objects.filter(in_force(on), kind=Rearing.Kind.STUDY, reserve=OuterRef("pk"))
    first = plan.order_by("since", "pk")
    found = Reserve.objects.under(grants).filter(in_force(on)).annotate(
        school=Subquery(first.values("name")[:1]), term=Subquery(first.values("since")[:1])
    )  # fmt: skip
    return found.select_related("person", "area")


def studying(grants: Iterable[Grant], on: date) -> QuerySet[Any]:
    return rows(grants, on).filter(school__isnull=False)


def risen(grants: Iterable[Grant], on: date) -> QuerySet[Any]:
    return queries.risen(rows(grants, on), on)


def ended(row: Any) -> Value:
    return called("ended")[row.ended] if row.ended else None


RESERVES = Roll(
    name="reserves",
    rows=rows,
    cells={
        "name": lambda row: row.person.name,
        "username": lambda row: row.person.username,
        "community": lambda row: row.area.path,
        "door": lambda row: called("doors")[row.door],
        "since": lambda row: row.since,
        "until": lambda row: row.until,
        "ended": ended,
        "studying": lambda row: row.school,
    },
    shown={"community": lambda row: row.area.name},
    apart=("username", "until", "ended"),
    lowest="county",  # one by one they come by a case, through two reviewers
    href=lambda row: f"/reserves/{row.pk}",
    order=("area__path", "person__name", "pk"),
    sorts={"studying": ("school", "area__path")},
    taker=TakeReserves,
)
STUDYING = Roll(
    name="studying",
    rows=studying,
    cells={
        "name": lambda row: row.person.name,
        "community": lambda row: row.area.path,
        "school": lambda row: row.school,
        "since": lambda row: row.term,
    },
    shown={"community": lambda row: row.area.name},
    href=lambda row: f"/reserves/{row.pk}",
    order=("school", "area__path", "person__name", "pk"),
    sorts={"school": ("school", "area__path"), "since": ("term", "area__path")},
)
RISEN = Roll(
    name="risen",
    rows=risen,
    cells={
        "name": lambda row: row.person.name,
        "community": lambda row: row.area.path,
        "since": lambda row: row.since,
    },
    shown={"community": lambda row: row.area.name},
    keeps=(),
    href=lambda row: f"/reserves/{row.pk}",
    order=("area__path", "person__name", "pk"),
    listed=False,
)
