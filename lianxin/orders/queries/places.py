"""What is open in each part of a place, counted live by the index of open orders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Left
from django.utils import timezone

from lianxin.core.step.who import Grant
from lianxin.database.written import Written
from lianxin.orders.marks import Kind, kind_of, said, stand_in
from lianxin.orders.models import Order
from lianxin.orders.sight import OrderQuerySet
from lianxin.registry.queries.shapes import parts_named, shown_by

NOW = datetime(1, 1, 2, tzinfo=UTC)  # a mark: nothing was due then
Tally = dict[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Part:
    """One area with its counts. Cases only: papers belong to a case that is counted already."""

    path: str
    name: str
    open: int
    late: int


def open_in(path: str, grant: Grant, now: datetime) -> list[Part]:
    """The parts by which a place is shown, each with its open and late orders as a post shows
    them. Two queries."""
    kind, digits = kind_of(grant), shown_by(path)
    counted = told(written(kind, digits).ask({NOW: now, **dict(said(kind, grant))}))
    rows = parts_named(path, timezone.localdate(now))
    return [Part(p, name, *counted.get(p, (0, 0))) for p, name in rows]


@lru_cache(maxsize=500)
def written(kind: Kind, digits: int) -> Written:
    return Written.of(by_part(Order.objects.open_under(stand_in(kind)), NOW, digits))


def tally(found: OrderQuerySet, now: datetime, digits: int) -> Tally:
    """(open, late) by the first `digits` of the path."""
    return told(by_part(found, now, digits))


def by_part(found: OrderQuerySet, now: datetime, digits: int) -> QuerySet[Any]:
    rows = found.filter(open=True, kind="case").order_by()
    rows = rows.annotate(part=Left("path", digits)).values("part")
    counted = rows.annotate(open_ones=Count("pk"), late=Count("pk", filter=Q(due__lt=now)))
    return counted.values_list("part", "open_ones", "late")


def told(rows: Any) -> Tally:
    return {part: (open_ones, late) for part, open_ones, late in rows}
