"""Grid workers, each once, with their grids; and those who have more than the table says."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import OuterRef, QuerySet, Subquery

from lianxin.core.step.who import Grant
from lianxin.growth.queries.teams import held_grids, too_many, with_number
from lianxin.registry.models.area import anywhere_under
from lianxin.registry.models.placed import READS
from lianxin.registry.rolls import Roll

AND = "、"


def rows(grants: Iterable[Grant], on: date) -> QuerySet[Any]:
    """By grids in sight; of grids elsewhere the number alone is told."""
    paths = [grant.path for grant in grants if grant.role in READS and not grant.unit]
    here = held_grids(on).filter(anywhere_under(paths, "area__path"))
    names = here.filter(person=OuterRef("person")).order_by().values("person")
    named = names.annotate(all=StringAgg("area__name", AND, order_by="area__path")).values("all")
    found = with_number(here, on).annotate(names=Subquery(named))
    return found.select_related("person", "area")


def burdened(grants: Iterable[Grant], on: date) -> QuerySet[Any]:
    return too_many(rows(grants, on))


def roll(name: str, listed: bool) -> Roll:
    return Roll(
        name=name, rows=rows if listed else burdened,
        cells={
            "name": lambda row: row.person.name, "username": lambda row: row.person.username,
            "n": lambda row: row.n, "grids": lambda row: row.names,
            "since": lambda row: row.since,
        },
        apart=("username",), keeps=(), once="person", listed=listed,
        order=("area__path", "pk") if listed else ("-n", "area__path", "pk"),
        sorts={"n": ("n", "area__path"), "grids": ("area__path",)},
    )  # fmt: skip


GRID_WORKERS = roll("grid_workers", True)
OVERBURDENED = roll("overburdened", False)
