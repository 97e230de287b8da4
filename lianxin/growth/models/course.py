"""Training classes: planned with seats, signed up for, checked into; hours by the dated rule."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from lianxin.registry.models import Area, Person
from lianxin.registry.models.dated import ends_after_start
from lianxin.registry.models.placed import PlacedQuerySet


class OfCourse(PlacedQuerySet):
    PERSON = "attendances__person"


class Course(models.Model):
    """A class that `area` holds from `since`, up to the day before `until`. `code` is what its QR
    sheet says at the door."""

    area = models.ForeignKey(Area, models.PROTECT, related_name="courses")
    name = models.CharField(max_length=120)
    seats = models.PositiveIntegerField()
    minutes = models.PositiveIntegerField()
    since = models.DateField()
    until = models.DateField()
    code = models.CharField(max_length=24, unique=True)

    objects = OfCourse.as_manager()

    class Meta:
        constraints = (
            ends_after_start("course_dates"),
            models.UniqueConstraint(fields=["area", "name", "since"], name="course_once"),
        )


class OfAttendance(PlacedQuerySet):
    AREA = "course__area__path"


class Attendance(models.Model):
    """Somebody's seat in a class. It counts as an attendance (人次) once they `came`; how many
    persons (人) came to several is counted apart. `rating`: of the class, 1 to 5."""

    course = models.ForeignKey(Course, models.PROTECT, related_name="attendances")
    person = models.ForeignKey(Person, models.PROTECT, related_name="attendances")
    signed = models.DateField()
    came = models.DateTimeField(null=True)
    minutes = models.PositiveIntegerField(default=0)
    rating = models.PositiveSmallIntegerField(null=True)

    objects = OfAttendance.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["course", "person"], name="attendance_once"),
            models.CheckConstraint(
                condition=Q(rating__isnull=True) | Q(rating__range=(1, 5)), name="attendance_rating"
            ),
        )
