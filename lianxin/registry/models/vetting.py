"""Who may go where a minor or a home is involved, from when to when, and who has vetted them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from lianxin.registry.models.dated import DatedQuerySet, ends_after_start, of_a_person
from lianxin.registry.models.person import Person


class Vetting(models.Model):
    """`by`: whoever answers for it; None is the operator at the terminal. What was looked into is
    not kept here: papers stay where they belong, and nobody is a name on a list of the refused."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="vettings")
    since = models.DateField()
    until = models.DateField(null=True)
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)

    objects = DatedQuerySet.as_manager()

    class Meta:
        indexes = (of_a_person("vetting_by", "by"),)
        constraints = (
            ends_after_start("vetting_dates"),
            models.UniqueConstraint(
                fields=["person"], name="vetted_once", condition=Q(until__isnull=True)
            ),
        )

    def __str__(self) -> str:
        return f"{self.person_id} {self.since}"
