"""What is open in each part of a place, counted live by the index of open orders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q
from django.db.models.functions import Left
from django.utils import timezone

from lianxin.orders.sight import OrderQuerySet
from lianxin.registry.queries.shapes import parts, shown_by


@dataclass(frozen=True, slots=True)
class Part:
    """One area with its counts. Cases only: papers belong to a case that is counted already."""

    path: str
    name: str
    open: int
    late: int


def open_in(path: str, found: OrderQuerySet, now: datetime) -> list[Part]:
    """The parts by which a place is shown, each with its open and late orders. Two queries."""
    counted = tally(found, now, shown_by(path))
    rows = parts(path, timezone.localdate(now)).values_list("path", "name")
    return [Part(p, name, *counted.get(p, (0, 0))) for p, name in rows]


def tally(found: OrderQuerySet, now: datetime, digits: int) -> dict[str, tuple[int, int]]:
    """(open, late) by the first `digits` of the path."""
    rows = found.filter(open=True, kind="case").order_by()
    rows = rows.annotate(part=Left("path", digits)).values("part")
    counted = rows.annotate(open_ones=Count("pk"), late=Count("pk", filter=Q(due__lt=now)))
    return {r["part"]: (r["open_ones"], r["late"]) for r in counted}
