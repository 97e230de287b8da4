"""Boundaries are published by the generation: redrawn grids never overwrite last year's."""

from __future__ import annotations

from django.db import models

from lianxin.registry.models.area import PATH_LENGTH, Area
from lianxin.registry.models.dated import DatedQuerySet, ends_after_start


class Box(models.Model):
    """The frame of a shape, in degrees WGS-84."""

    west = models.FloatField()
    south = models.FloatField()
    east = models.FloatField()
    north = models.FloatField()

    class Meta:
        abstract = True


class Generation(Box):
    """One drawing of all boundaries under `root`, in force from `since`. Never edited."""

    root = models.CharField(max_length=PATH_LENGTH, db_collation="C", db_index=True)
    name = models.CharField(max_length=120)
    since = models.DateField()
    until = models.DateField(null=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["root"], name="generation_one_live", condition=models.Q(until__isnull=True)
            ),
            ends_after_start("generation_dates"),
        )

    def __str__(self) -> str:
        return self.name


class Boundary(Box):
    """The shape of an area in one generation: a GeoJSON geometry, WGS-84."""

    area = models.ForeignKey(Area, models.PROTECT, related_name="boundaries")
    generation = models.ForeignKey(
        Generation, models.PROTECT, related_name="boundaries", db_index=False
    )
    geojson = models.JSONField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["generation", "area"], name="boundary_once"),
        )
