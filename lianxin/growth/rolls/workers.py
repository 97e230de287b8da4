"""Community workers: whose career has a spell of work that lasts, as what and since when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from lianxin.core.step.who import Grant
from lianxin.growth.careers import careers
from lianxin.growth.imports.take_workers import TakeWorkers
from lianxin.growth.models import Fact
from lianxin.growth.queries.workers import LOWEST
from lianxin.registry.models.dated import in_force
from lianxin.registry.rolls import Roll, Value


def rows(grants: Iterable[Grant], on: date) -> QuerySet[Any]:
    posts = Fact.objects.filter(kind=Fact.Kind.POST, person=OuterRef("person"), since__lte=on)
    latest = posts.order_by("-since", "-pk").values("name")[:1]
    found = Fact.objects.under(grants).filter(in_force(on), kind=Fact.Kind.WORKED)
    return found.annotate(post=Subquery(latest)).select_related("person", "area")


def post(row: Any) -> Value:
    """By the latest table that has it."""
    for table in reversed(careers().rows):
        if row.post in table.posts:
            return table.posts[row.post].words
    return str(row.post or "")


WORKERS = Roll(
    name="workers",
    rows=rows,
    cells={
        "name": lambda row: row.person.name,
        "username": lambda row: row.person.username,
        "post": post,
        "community": lambda row: row.area.path,
        "since": lambda row: row.since,
        "until": lambda row: row.until,
    },
    shown={"community": lambda row: row.area.name},
    apart=("username", "until"),
    lowest=LOWEST,
    order=("area__path", "person__name", "pk"),
    sorts={"post": ("post", "area__path")},
    taker=TakeWorkers,
)
