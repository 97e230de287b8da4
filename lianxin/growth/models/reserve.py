"""Reserve secretaries of communities, and how each is reared."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from lianxin.registry.models import Area, Person
from lianxin.registry.models.dated import ends_after_start
from lianxin.registry.models.placed import PlacedQuerySet


class Reserve(models.Model):
    """Kept for a community from `since`. `door`: chosen openly or put forward. `ended`: as what;
    who becomes deputy stays one. `order`: the case by which they came in, where there was one."""

    class Door(models.TextChoices):
        CHOSEN = "chosen"
        PUT_FORWARD = "put_forward"

    class Ended(models.TextChoices):
        SECRETARY = "secretary"
        WITHDREW = "withdrew"
        MOVED = "moved"
        RELEASED = "released"

    person = models.ForeignKey(Person, models.PROTECT, related_name="reserves")
    area = models.ForeignKey(Area, models.PROTECT, related_name="reserves")
    door = models.CharField(max_length=12, choices=Door)
    since = models.DateField()
    until = models.DateField(null=True)
    ended = models.CharField(max_length=12, choices=Ended, default="")
    order = models.UUIDField(null=True)

    objects = PlacedQuerySet.as_manager()

    class Meta:
        constraints = (
            ends_after_start("reserve_dates"),
            models.UniqueConstraint(
                fields=["person"], name="reserve_once", condition=Q(until__isnull=True)
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True, ended="") | Q(until__isnull=False) & ~Q(ended=""),
                name="reserve_ended_as",
            ),
        )


class OfReserve(PlacedQuerySet):
    AREA, PERSON = "reserve__area__path", "reserve__person"


class Rearing(models.Model):
    """A line of a reserve's plan: a mentor, a task, a practice post, study at an institution."""

    class Kind(models.TextChoices):
        MENTOR = "mentor"
        TASK = "task"
        PRACTICE = "practice"
        STUDY = "study"

    reserve = models.ForeignKey(Reserve, models.PROTECT, related_name="plan")
    kind = models.CharField(max_length=10, choices=Kind)
    name = models.CharField(max_length=120)
    since = models.DateField()
    until = models.DateField(null=True)

    objects = OfReserve.as_manager()

    class Meta:
        constraints = (ends_after_start("rearing_dates"),)
