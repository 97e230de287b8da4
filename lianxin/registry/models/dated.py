"""Rows in force from a day up to another: `since` is the first day, `until` the first day after."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q


def in_force(on: date, prefix: str = "") -> Q:
    """Condition: in force on that day. `prefix` reaches through a relation (`area__`)."""
    begun = Q(**{f"{prefix}since__lte": on})
    return begun & (Q(**{f"{prefix}until__isnull": True}) | Q(**{f"{prefix}until__gt": on}))


def ends_after_start(name: str) -> models.CheckConstraint:
    """`until` = `since` is a void row: in force on no day."""
    return models.CheckConstraint(
        condition=Q(until__isnull=True) | Q(until__gte=F("since")), name=name
    )


def of_a_person(name: str, field: str) -> models.Index:
    """An index of who signed or was told, over the rows that name anybody: without it each person
    who is taken out of the register again would be looked for in the whole table."""
    return models.Index(fields=[field], name=name, condition=Q(**{f"{field}__isnull": False}))


class DatedQuerySet(models.QuerySet):
    """Rows with `since` and `until`."""

    def on(self, day: date) -> DatedQuerySet:
        return self.filter(in_force(day))
