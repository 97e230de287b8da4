"""Communities as the teams count them: all, those short of workers, those without a reserve."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.db.models import QuerySet

from lianxin.core.step.who import Grant
from lianxin.growth.queries.communities import bare, communities, short
from lianxin.registry.models.placed import READS
from lianxin.registry.rolls import Roll, Value

Narrowed = Callable[["QuerySet[Any]"], "QuerySet[Any]"]


def rows(grants: Iterable[Grant], on: date) -> QuerySet[Any]:
    """How many work at a place is no secret within it; elsewhere it is none of theirs."""
    paths = [grant.path for grant in grants if grant.role in READS and not grant.unit]
    return communities(paths, on)


def only(narrowed: Narrowed) -> Callable[[Iterable[Grant], date], QuerySet[Any]]:
    return lambda grants, on: narrowed(rows(grants, on))


def number(name: str) -> Callable[[Any], Value]:
    return lambda row: getattr(row, name)


CELLS: dict[str, Callable[[Any], Value]] = {
    "area": lambda row: row.path,
    "street": number("street"),
    "workers": number("workers"),
    "meant": number("meant"),
    "lacks": number("lacks"),
    "reserves": number("kept"),
    "as_of": number("as_of"),
    "source": number("source"),
}
SORTS = {
    "area": ("path",), "street": ("path",), "workers": ("workers", "path"),
    "meant": ("meant", "path"), "lacks": ("lacks", "path"), "reserves": ("kept", "path"),
}  # fmt: skip


def roll(name: str, narrowed: Narrowed | None, columns: Iterable[str], order: str = "path") -> Roll:
    told = tuple(columns)
    return Roll(
        name=name, rows=only(narrowed) if narrowed else rows,
        cells={column: CELLS[column] for column in told},
        shown={"area": lambda row: row.name},
        path="path", person="", keeps=(), order=tuple(dict.fromkeys((order, "path"))),
        sorts={column: SORTS[column] for column in told if column in SORTS},
        listed=narrowed is None,
    )  # fmt: skip


COMMUNITIES = roll("communities", None, CELLS)
VACANCIES = roll(
    "vacancies", short, ("area", "street", "meant", "workers", "lacks", "as_of", "source"), "-lacks"
)
BARE = roll("bare", bare, ("area", "street", "workers", "reserves"))
