"""An area is a stretch of land with a path; whatever lies in it has a path that begins the same."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models
from django.db.models import Q

from lianxin.registry.models.dated import DatedQuerySet, ends_after_start

PATH_LENGTH = 20
LIVE = Q(until__isnull=True)


class AreaKind(models.Model):
    """A level of the tree. `digits` is the length of its paths; 0 = they begin with a letter."""

    code = models.CharField(max_length=20, primary_key=True)
    zh = models.CharField(max_length=40)
    en = models.CharField(max_length=40)
    digits = models.PositiveSmallIntegerField()

    def __str__(self) -> str:
        return self.zh


class AreaQuerySet(DatedQuerySet):
    def live(self) -> AreaQuerySet:
        """Not closed. What was in force on a given day is `on(day)`."""
        return self.filter(LIVE)

    def under(self, *paths: str) -> AreaQuerySet:
        """The areas of these paths and everything in them; no path, no area."""
        return self.filter(anywhere_under(paths))


def anywhere_under(paths: Iterable[str], column: str = "path") -> Q:
    """Condition: `column` begins with one of these paths (a range on the C-collated index)."""
    condition = Q(pk__in=())
    for path in paths:
        condition |= Q(**{f"{column}__startswith": path})
    return condition


class Area(models.Model):
    """A province, street, community, quarter, grid, park… while it is in force.

    Orders keep the id, so a new path rewrites no history. A merged area names its successor.
    `phone` is its office's, "" where it has none.
    """

    kind = models.ForeignKey(AreaKind, models.PROTECT, db_index=False)
    path = models.CharField(max_length=PATH_LENGTH, db_collation="C")
    code = models.CharField(max_length=12, null=True, db_collation="C")
    grid_code = models.CharField(max_length=20, null=True, db_collation="C")
    name = models.CharField(max_length=120)
    phone = models.CharField(max_length=24, default="", db_default="")
    since = models.DateField()
    until = models.DateField(null=True)
    successor = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")

    objects = AreaQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(fields=["path", "since"], name="area_path_history"),
            models.Index(fields=["kind", "path"], name="area_kind_path", condition=LIVE),
            models.Index(fields=["name"], name="area_name", condition=LIVE),
        )
        constraints = (
            models.UniqueConstraint(fields=["path"], name="area_one_live", condition=LIVE),
            models.UniqueConstraint(fields=["code"], name="area_one_code", condition=LIVE),
            models.UniqueConstraint(fields=["grid_code"], name="area_one_grid", condition=LIVE),
            models.CheckConstraint(
                condition=Q(path__regex=r"^([0-9]{2,18}|[A-Z][0-9A-Z]{1,19})$"), name="area_path"
            ),
            ends_after_start("area_dates"),
        )

    def __str__(self) -> str:
        return self.name
