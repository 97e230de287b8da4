"""Training classes of a day's year that have begun by it, and who came: attendances (人次)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.utils import timezone

from lianxin.core.step.who import Grant
from lianxin.growth.imports.take_attendances import TakeAttendances
from lianxin.growth.imports.take_courses import TakeCourses
from lianxin.growth.models import Attendance, Course
from lianxin.registry.rolls import Roll


def courses(grants: Iterable[Grant], on: date) -> QuerySet[Any]:
    found = Course.objects.under(grants).filter(since__year=on.year, since__lte=on)
    return found.select_related("area")


def attendances(grants: Iterable[Grant], on: date) -> QuerySet[Any]:
    begun = {"course__since__year": on.year, "course__since__lte": on}
    found = Attendance.objects.under(grants).filter(**begun, came__isnull=False)
    return found.select_related("course__area", "person")


def trainees(grants: Iterable[Grant], on: date) -> QuerySet[Any]:
    """The same rows, with `n`: to how many of these classes somebody came."""
    seen = list(grants)
    own = attendances(seen, on).filter(person=OuterRef("person")).order_by().values("person")
    counted = own.annotate(all=Count("pk")).values("all")
    return attendances(seen, on).annotate(n=Subquery(counted))


COURSES = Roll(
    name="courses",
    rows=courses,
    cells={
        "area": lambda row: row.area.path,
        "name": lambda row: row.name,
        "seats": lambda row: row.seats,
        "minutes": lambda row: row.minutes,
        "since": lambda row: row.since,
        "until": lambda row: row.until,
    },
    shown={"area": lambda row: row.area.name},
    person="",
    order=("-since", "area__path", "pk"),
    taker=TakeCourses,
)
ATTENDANCES = Roll(
    name="attendances",
    rows=attendances,
    cells={
        "area": lambda row: row.course.area.path,
        "course": lambda row: row.course.name,
        "opened": lambda row: row.course.since,
        "name": lambda row: row.person.name,
        "username": lambda row: row.person.username,
        "signed": lambda row: row.signed,
        "came": lambda row: timezone.localdate(row.came),
        "minutes": lambda row: row.minutes,
    },
    shown={"area": lambda row: row.course.area.name},
    apart=("username", "signed"),
    path="course__area__path",
    order=("-course__since", "course__area__path", "course", "person__name", "pk"),
    search=("course__name",),
    sorts={"course": ("course__name", "course"), "opened": ("course__since", "course")},
    taker=TakeAttendances,
)
TRAINEES = Roll(
    name="trainees",
    rows=trainees,
    cells={
        "name": lambda row: row.person.name,
        "username": lambda row: row.person.username,
        "n": lambda row: row.n,
        "area": lambda row: row.course.area.path,
    },
    shown={"area": lambda row: row.course.area.name},
    apart=("username",),
    path="course__area__path",
    keeps=(),
    once="person",
    listed=False,
    order=("course__area__path", "person__name", "pk"),
    sorts={"n": ("n", "person__name"), "area": ("course__area__path", "person__name")},
)
