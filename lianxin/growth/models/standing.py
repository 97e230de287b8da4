"""What a worker's career came to on a day: kept so that lists and pay need not reckon it again."""

from __future__ import annotations

from django.db import models

from lianxin.registry.models import Person


class Standing(models.Model):
    """Reckoned from the facts and tables of `on` alone, and at any time again from them. `recorded`
    is the grade the office has on paper, None where it has none."""

    person = models.OneToOneField(Person, models.PROTECT, related_name="standing", primary_key=True)
    on = models.DateField()
    post = models.CharField(max_length=40)
    grade = models.SmallIntegerField()
    pay = models.IntegerField()
    next_on = models.DateField(null=True)
    recorded = models.SmallIntegerField(null=True)
