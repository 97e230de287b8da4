"""One reserve as a page tells it: who reads and writes it, the plan, the classes, the case."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from lianxin.core.step.who import Who
from lianxin.growth.models import Attendance, Rearing, Reserve
from lianxin.growth.queries.workers import KEEPS
from lianxin.orders.models import Order
from lianxin.registry.models import Officer, Post
from lianxin.registry.models.dated import in_force

SECRETARY = "secretary"  # an office of an organisation, and a post
MOST = 200  # lines and classes of one page


def reserve_for(who: Who, key: int) -> Reserve | None:
    """One that the reader may see: kept at their place, or themselves."""
    found = Reserve.objects.visible_to(who).select_related("person", "area")
    row: Reserve | None = found.filter(pk=key).first()
    return row


def keeps(who: Who, row: Reserve) -> bool:
    """Who writes the plan: a desk or secretary of the community or above it, never one's own."""
    return _held(who, row, len(row.area.path))


def appoints(who: Who, row: Reserve) -> bool:
    """Nobody makes the secretary of their own community: that is done from above it."""
    return _held(who, row, len(row.area.path) - 1)


def _held(who: Who, row: Reserve, longest: int) -> bool:
    return who.id != str(row.person_id) and any(
        g.role in KEEPS and not g.unit and len(g.path) <= longest
        and row.area.path.startswith(g.path)
        for g in who.grants
    )  # fmt: skip


def risen(rows: QuerySet[Any], on: date) -> QuerySet[Any]:
    """Of these reserves those who are secretary of their community already, by election or by post:
    nobody has written down yet that they are reserves no more."""
    mine = {"person": OuterRef("person")}
    elected = Officer.objects.filter(
        in_force(on), **mine, office=SECRETARY, organisation__kind="community",
        organisation__area=OuterRef("area"),
    )  # fmt: skip
    held = Post.objects.filter(
        in_force(on), **mine, role=SECRETARY, area=OuterRef("area"), behalf_of=None
    )
    return rows.filter(Exists(elected) | Exists(held))


def plan_of(row: Reserve) -> dict[str, list[Rearing]]:
    """The lines by kind, what lasts first, then the latest."""
    found: dict[str, list[Rearing]] = {kind: [] for kind in Rearing.Kind.values}
    for line in Rearing.objects.filter(reserve=row).order_by("-since", "-pk")[:MOST]:
        found[line.kind].append(line)
    return {kind: sorted(lines, key=lambda x: x.until is not None) for kind, lines in found.items()}


def classes_of(row: Reserve, on: date) -> list[Attendance]:
    """The classes they came to while they were kept, the latest first."""
    came = Attendance.objects.filter(
        person=row.person_id, came__isnull=False, course__since__gte=row.since,
        course__since__lt=row.until or date.max, course__since__lte=on,
    )  # fmt: skip
    return list(came.select_related("course__area").order_by("-course__since", "-pk")[:MOST])


def case_of(who: Who, row: Reserve) -> tuple[str, bool]:
    """(number, open) of the case they came in by; the number is "" for who may not open it."""
    if row.order is None:
        return "", False
    number = Order.objects.visible_to(who).filter(pk=row.order).values_list("number", flat=True)
    return number.first() or "", Order.objects.filter(pk=row.order, open=True).exists()
