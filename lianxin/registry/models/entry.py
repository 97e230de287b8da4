"""The registry's log: who changed what, from what to what. No row of it is ever changed."""

from __future__ import annotations

from django.db import models

from lianxin.registry.models.batch import Batch
from lianxin.registry.models.dated import of_a_person
from lianxin.registry.models.person import Person


class Entry(models.Model):
    """One change. Of a person only ids and the names of fields are kept, so erasing stays possible.

    A trigger refuses update, delete and truncate.
    """

    at = models.DateTimeField()
    who = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    verb = models.CharField(max_length=20)
    model = models.CharField(max_length=40)
    key = models.BigIntegerField()
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, related_name="entries")

    class Meta:
        indexes = (
            models.Index(fields=["model", "key", "at"], name="entry_of_row"),
            of_a_person("entry_who", "who"),
        )
