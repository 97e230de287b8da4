"""Posts reserved for the best cadres in the year of a day, and who took them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import QuerySet

from lianxin.core.step.who import Grant
from lianxin.growth.imports.take_reserved_posts import TakeReservedPosts
from lianxin.growth.models import ReservedPost
from lianxin.registry.rolls import Roll
from lianxin.registry.team_rules import called


def rows(grants: Iterable[Grant], on: date) -> QuerySet[Any]:
    found = ReservedPost.objects.under(grants).filter(year=on.year)
    return found.select_related("area", "person")


RESERVED_POSTS = Roll(
    name="reserved_posts",
    rows=rows,
    cells={
        "year": lambda row: str(row.year),
        "kind": lambda row: called("kinds")[row.kind],
        "area": lambda row: row.area.path,
        "post": lambda row: row.name,
        "n": lambda row: row.n,
        "name": lambda row: row.person.name if row.person else None,
        "username": lambda row: row.person.username if row.person else None,
        "taken": lambda row: row.taken,
    },
    shown={"area": lambda row: row.area.name},
    apart=("username",),
    lowest="county",
    order=("-year", "kind", "area__path", "name", "n"),
    search=("name",),
    sorts={"post": ("name", "n"), "name": ("person__spelt", "person__name")},
    taker=TakeReservedPosts,
)
