"""What a person asked to have put right of what is kept about them, and what they were answered."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from lianxin.registry.models import Person
from lianxin.registry.models.dated import of_a_person
from lianxin.registry.models.placed import PlacedQuerySet


class CorrectionQuerySet(PlacedQuerySet):
    AREA = ""


class Correction(models.Model):
    """`answer` is empty until somebody answered."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="corrections")
    text = models.CharField(max_length=600)
    at = models.DateTimeField()
    answer = models.CharField(max_length=600, default="")
    answered = models.DateTimeField(null=True)
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(fields=["at"], name="correction_open", condition=Q(answered=None)),
            of_a_person("correction_by", "by"),
        )  # fmt: skip
        constraints = (
            models.CheckConstraint(
                condition=Q(answered=None, answer="") | Q(answered__isnull=False) & ~Q(answer=""),
                name="correction_answered",
            ),
        )
