"""Dual check-in: a unit with a community, and a member where they live."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from lianxin.registry.models.area import Area
from lianxin.registry.models.dated import ends_after_start, of_a_person
from lianxin.registry.models.person import Person
from lianxin.registry.models.placed import PlacedQuerySet
from lianxin.registry.models.unit import Unit

LIVE = Q(until__isnull=True)


class CheckInQuerySet(PlacedQuerySet):
    UNIT = "unit"


class CheckIn(models.Model):
    """A member of a unit checks in at the place where they live. It counts from `confirmed`, the
    day somebody of the unit said so; a second one is refused while one lasts. `reason`: why the
    unit declined, which ends it on the day it began."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="check_ins")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="check_ins")
    area = models.ForeignKey(Area, models.PROTECT, related_name="check_ins")
    since = models.DateField()
    until = models.DateField(null=True)
    confirmed = models.DateField(null=True)
    confirmed_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", db_index=False
    )
    reason = models.CharField(max_length=200, default="", db_default="")

    objects = CheckInQuerySet.as_manager()

    class Meta:
        indexes = (of_a_person("check_in_confirmed_by", "confirmed_by"),)
        constraints = (
            ends_after_start("check_in_dates"),
            models.UniqueConstraint(fields=["person"], name="checked_in_once", condition=LIVE),
        )


class UnitCheckInQuerySet(PlacedQuerySet):
    UNIT, PERSON = "unit", ""


class UnitCheckIn(models.Model):
    """A unit checks in with a community."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="communities")
    area = models.ForeignKey(Area, models.PROTECT, related_name="partner_units")
    since = models.DateField()
    until = models.DateField(null=True)

    objects = UnitCheckInQuerySet.as_manager()

    class Meta:
        constraints = (
            ends_after_start("unit_check_in_dates"),
            models.UniqueConstraint(
                fields=["unit", "area"], name="unit_checked_in_once", condition=LIVE
            ),
        )


class Promise(models.Model):
    """A line of one of the three lists of such a pair: what the community needs, what the unit can
    give, what both will do. `done`: it ended because it was done. `order`: the order that came of
    it."""

    class Kind(models.TextChoices):
        NEED = "need"
        RESOURCE = "resource"
        PROJECT = "project"

    check_in = models.ForeignKey(UnitCheckIn, models.PROTECT, related_name="promises")
    kind = models.CharField(max_length=10, choices=Kind)
    text = models.CharField(max_length=400)
    since = models.DateField()
    until = models.DateField(null=True)
    done = models.BooleanField(default=False, db_default=False)
    order = models.UUIDField(null=True)


class Task(models.Model):
    """What a member took on where they checked in: clerk of a building, mediator, tutor… `kind` is
    a row of params/tasks.toml."""

    check_in = models.ForeignKey(CheckIn, models.PROTECT, related_name="tasks")
    kind = models.CharField(max_length=20)
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        constraints = (
            ends_after_start("task_dates"),
            models.UniqueConstraint(
                fields=["check_in", "kind"], name="task_once", condition=LIVE
            ),
        )  # fmt: skip
