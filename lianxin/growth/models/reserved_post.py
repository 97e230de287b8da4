"""Posts kept for the best cadres of villages and communities, and who got them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from lianxin.registry.models import Area, Person
from lianxin.registry.models.placed import PlacedQuerySet


class ReservedPost(models.Model):
    """One post of a year. `kind`: in the civil service or in a public institution."""

    class Kind(models.TextChoices):
        CIVIL = "civil"
        INSTITUTION = "institution"

    year = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=Kind)
    area = models.ForeignKey(Area, models.PROTECT, related_name="reserved_posts")
    name = models.CharField(max_length=120)
    n = models.PositiveSmallIntegerField(default=1)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="reserved_posts")
    taken = models.DateField(null=True)

    objects = PlacedQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["year", "kind", "area", "name", "n"], name="reserved_post_once"
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=True, taken__isnull=True)
                | Q(person__isnull=False, taken__isnull=False),
                name="reserved_post_taken",
            ),
        )
