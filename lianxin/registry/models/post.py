"""A post is a role at a place or in a unit, held by a person between two days."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from lianxin.registry.models.area import Area
from lianxin.registry.models.dated import DatedQuerySet, ends_after_start
from lianxin.registry.models.person import Person
from lianxin.registry.models.unit import Unit

ONE_STAND_IN = "post_one_stand_in"


def one_stand_in() -> ExclusionConstraint:
    """On one day one person at most stands in for a post, whoever writes the rows and at what time:
    a story says on whose behalf, and an order waits for one pair of hands."""
    held = F("behalf_of_id")
    post = Func(
        held, held, Value("[]"), function="int8range", output_field=BigIntegerRangeField()
    )  # fmt: skip
    days = Func(F("since"), F("until"), function="daterange", output_field=DateRangeField())
    return ExclusionConstraint(
        name=ONE_STAND_IN, condition=Q(behalf_of__isnull=False),
        expressions=[(post, RangeOperators.OVERLAPS), (days, RangeOperators.OVERLAPS)],
    )  # fmt: skip


class Post(models.Model):
    """Who may act as what, where, from when to when. A stand-in's post names whose it is."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="posts")
    role = models.CharField(max_length=40)
    area = models.ForeignKey(Area, models.PROTECT, null=True, related_name="posts")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="posts")
    since = models.DateField()
    until = models.DateField(null=True)
    behalf_of = models.ForeignKey("self", models.PROTECT, null=True, related_name="stand_ins")

    objects = DatedQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=["area", "role"], name="post_desk"),)
        constraints = (
            ends_after_start("post_dates"),
            models.CheckConstraint(
                condition=Q(area__isnull=False) | Q(unit__isnull=False), name="post_somewhere"
            ),
            models.UniqueConstraint(
                fields=["person", "role", "area", "unit", "behalf_of"],
                name="post_held_once",
                condition=Q(until__isnull=True),
                nulls_distinct=False,
            ),
            one_stand_in(),
        )

    def __str__(self) -> str:
        return self.role
