"""A figure that is not counted here but read from elsewhere: with its place, day and source."""

from __future__ import annotations

from django.db import models

from lianxin.registry.models.area import Area
from lianxin.registry.models.dated import DatedQuerySet


class Figure(models.Model):
    """`what` (urban_residents…) at a place on a day, as `source` gave it. A later row corrects an
    earlier one; none is overwritten."""

    area = models.ForeignKey(Area, models.PROTECT, related_name="figures")
    what = models.CharField(max_length=40)
    value = models.DecimalField(max_digits=16, decimal_places=2)
    on = models.DateField()
    source = models.CharField(max_length=200)

    objects = DatedQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["area", "what", "on", "source"], name="figure_once"
            ),
        )  # fmt: skip
