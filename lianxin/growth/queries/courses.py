"""Training classes for one reader: what is open to them, what is theirs, what they keep."""

from __future__ import annotations

from datetime import date

from django.db.models import Avg, Count, Q, QuerySet

from lianxin.core.place import path as paths
from lianxin.core.step.who import Grant, Who
from lianxin.growth.models import Attendance, Course, Reserve

KEEPS = ("desk", "secretary")
MOST = 200  # classes of one list


def counted(rows: QuerySet[Course]) -> QuerySet[Course]:
    """With how many signed up and came, and what they thought of it."""
    there = Q(attendances__came__isnull=False)
    return rows.select_related("area").annotate(
        signed=Count("attendances"), came=Count("attendances", filter=there),
        stars=Avg("attendances__rating"), rated=Count("attendances__rating"),
    )  # fmt: skip


def offered(who: Who, today: date) -> QuerySet[Course]:
    """Not over, and held by a place that the reader works in or is a reserve of, or around it."""
    held = {g.path for g in who.grants if not g.unit and g.path[:1].isalnum()}
    if who.id.isdecimal():
        kept = Reserve.objects.on(today).filter(person=int(who.id))
        held |= set(kept.values_list("area__path", flat=True))
    around = {p for path in held for p in (path, *paths.ancestors(path))}
    found = Course.objects.filter(area__path__in=around, until__gt=today)
    return counted(found).order_by("since", "pk")[:MOST]


def own(who: Who) -> list[Attendance]:
    """The latest class first."""
    if not who.id.isdecimal():
        return []
    rows = Attendance.objects.filter(person=int(who.id)).select_related("course__area")
    return list(rows.order_by("-course__since", "-pk")[:MOST])


def keeper_of(who: Who, path: str) -> bool:
    return any(keeps(grant, path) for grant in who.grants)


def keeps(grant: Grant, path: str) -> bool:
    return grant.role in KEEPS and not grant.unit and path.startswith(grant.path)


def kept(who: Who) -> QuerySet[Course]:
    """Held at the reader's places, by whoever may open classes there; the latest first."""
    grants = [g for g in who.grants if g.role in KEEPS]
    return counted(Course.objects.under(grants)).order_by("-since", "-pk")[:MOST]


def course_for(who: Who, key: int, today: date) -> Course | None:
    """One class: open to the reader, theirs already, or at a place whose people they may read."""
    seen = Course.objects.visible_to(who).filter(pk=key).exists()
    if seen or any(row.pk == key for row in offered(who, today)):
        return counted(Course.objects.filter(pk=key)).get()
    return None


def seats_of(course: Course) -> list[Attendance]:
    rows = Attendance.objects.filter(course=course).select_related("person", "course")
    return list(rows.order_by("person__name", "pk"))
