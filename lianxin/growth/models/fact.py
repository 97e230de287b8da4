"""A worker's career, a fact a row: what the grade is reckoned from, and nothing else."""

from __future__ import annotations

import unicodedata

from django.db import models
from django.db.models import Q

from lianxin.registry.models import Area, Person
from lianxin.registry.models.dated import ends_after_start
from lianxin.registry.models.placed import PlacedQuerySet


def plain_number(typed: str) -> str:
    """A certificate's number as it is compared: one certificate counts once, however it is typed.

    >>> plain_number(" ｓｗ-2024 000１ ")
    'SW-20240001'
    """
    return "".join(unicodedata.normalize("NFKC", typed).split()).upper()


class Fact(models.Model):
    """`kind` says which of the other columns mean something:

    worked (area, since, until) · post (name, since) · away (since, until) · degree (name, since) ·
    certificate (name, number, since, until) · result (name, n = year, since = the day it was known)
    · fall (n = grades, since) · grade (n = as recorded by the office, since) · duty (name, since,
    until). `until` is the first day that is no part of it; `order`: the case it came of.
    """

    class Kind(models.TextChoices):
        WORKED = "worked"
        POST = "post"
        AWAY = "away"
        DEGREE = "degree"
        CERTIFICATE = "certificate"
        RESULT = "result"
        FALL = "fall"
        GRADE = "grade"
        DUTY = "duty"

    person = models.ForeignKey(Person, models.PROTECT, related_name="career")
    kind = models.CharField(max_length=12, choices=Kind)
    name = models.CharField(max_length=60, default="")
    number = models.CharField(max_length=40, default="", db_collation="C")
    n = models.IntegerField(null=True)
    area = models.ForeignKey(Area, models.PROTECT, null=True, related_name="careers")
    since = models.DateField()
    until = models.DateField(null=True)
    order = models.UUIDField(null=True)

    objects = PlacedQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(fields=["person", "kind", "since"], name="fact_of_person"),
            models.Index(fields=["area"], name="fact_worked_at", condition=Q(kind="worked")),
        )
        constraints = (
            ends_after_start("fact_dates"),
            models.UniqueConstraint(
                fields=["number"], name="certificate_once",
                condition=Q(kind="certificate") & ~Q(number=""),
            ),
            models.UniqueConstraint(
                fields=["person"], name="works_once", condition=Q(kind="worked", until=None),
            ),
            models.CheckConstraint(
                condition=~Q(kind="worked") | Q(area__isnull=False), name="worked_somewhere"
            ),
        )  # fmt: skip
