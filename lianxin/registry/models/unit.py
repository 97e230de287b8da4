"""A unit answers for something somewhere: a department, a firm, a community's office."""

from __future__ import annotations

from django.db import models

from lianxin.registry.models.area import Area
from lianxin.registry.models.dated import DatedQuerySet, ends_after_start


class Unit(models.Model):
    """A body that takes orders as one. `code` is its stable short name in sheets and the API.

    `phone`, `mail`: an office's, not a person's, "" where it has none; used where nobody of the
    unit has an account.
    """

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120, db_index=True)
    kind = models.CharField(max_length=20, default="department")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="parts")
    area = models.ForeignKey(Area, models.PROTECT, null=True, related_name="units")
    phone = models.CharField(max_length=24, default="", db_default="")
    mail = models.CharField(max_length=254, default="", db_default="")
    since = models.DateField()
    until = models.DateField(null=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        constraints = (ends_after_start("unit_dates"),)

    def __str__(self) -> str:
        return self.name


class Duty(models.Model):
    """Who answers what where: all categories that begin with `category`, in `area`."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="duties")
    category = models.CharField(max_length=40, default="", db_collation="C")
    area = models.ForeignKey(Area, models.PROTECT, related_name="duties")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["unit", "category", "area"], name="duty_once"),
        )
        indexes = (models.Index(fields=["area", "category"], name="duty_place"),)
