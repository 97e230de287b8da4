"""Contact points: which leader is tied to which street, community and grid, and when they came."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from lianxin.registry.models.area import Area
from lianxin.registry.models.dated import ends_after_start
from lianxin.registry.models.person import Person
from lianxin.registry.models.placed import PlacedQuerySet


class ContactPoint(models.Model):
    """`rank`: a row of params/contact_points, which says to what kinds of place it is tied."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="contact_points")
    rank = models.CharField(max_length=30)
    area = models.ForeignKey(Area, models.PROTECT, related_name="contact_points")
    since = models.DateField()
    until = models.DateField(null=True)

    objects = PlacedQuerySet.as_manager()

    class Meta:
        constraints = (
            ends_after_start("contact_point_dates"),
            models.UniqueConstraint(
                fields=["person", "area"], name="contact_point_once",
                condition=Q(until__isnull=True),
            ),
        )  # fmt: skip


class Visit(models.Model):
    """They came on a day; `text` is what was taken away, `order` what became of it."""

    contact_point = models.ForeignKey(ContactPoint, models.PROTECT, related_name="visits")
    on = models.DateField()
    text = models.CharField(max_length=400, default="")
    order = models.UUIDField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["contact_point", "on"], name="visit_once"),)
