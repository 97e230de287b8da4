"""Figures read from elsewhere, such as how many people live in the towns, each with its source."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import QuerySet

from lianxin.core.step.who import Grant
from lianxin.growth.imports.take_figures import TakeFigures
from lianxin.registry.models import Figure
from lianxin.registry.models.area import anywhere_under
from lianxin.registry.models.placed import READS
from lianxin.registry.rolls import Roll, Value
from lianxin.registry.team_rules import called


def rows(grants: Iterable[Grant], on: date) -> QuerySet[Any]:
    """A figure of a place is no secret within it; elsewhere it is none of theirs."""
    paths = [grant.path for grant in grants if grant.role in READS and not grant.unit]
    found = Figure.objects.filter(anywhere_under(paths, "area__path"), on__lte=on)
    return found.select_related("area")


def value(row: Any) -> Value:
    """Whole numbers as such: a sheet that goes out comes in again."""
    return int(row.value) if row.value == row.value.to_integral_value() else f"{row.value:f}"


FIGURES = Roll(
    name="figures",
    rows=rows,
    cells={
        "area": lambda row: row.area.path,
        "what": lambda row: called("figures").get(row.what, row.what),
        "value": value,
        "on": lambda row: row.on,
        "source": lambda row: row.source,
    },
    shown={"area": lambda row: row.area.name},
    person="",
    lowest="county",
    order=("area__path", "what", "-on", "pk"),
    search=("source",),
    taker=TakeFigures,
)
