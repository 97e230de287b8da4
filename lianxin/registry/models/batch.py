"""A batch is one import, with the rows it made or changed, so that it can be undone whole."""

from __future__ import annotations

from django.db import models

from lianxin.registry.models.person import Person


class Batch(models.Model):
    """One file taken in. `rows` counts the rows of the file that made or changed something."""

    class State(models.TextChoices):
        DONE = "done"
        UNDONE = "undone"
        PARTLY = "partly"

    what = models.CharField(max_length=20)
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="batches")
    at = models.DateTimeField(db_index=True)
    rows = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State, default=State.DONE)

    def __str__(self) -> str:
        return f"{self.what} {self.file_name}"


class BatchRow(models.Model):
    """A row that the batch made (`before` empty) or changed (`before` = what it was).

    Unlike the log this table may be cleaned, so what it remembers of a person can be erased.
    """

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="made", db_index=False)
    model = models.CharField(max_length=40)
    key = models.BigIntegerField()
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["batch", "model", "key"], name="batch_row_once"),
        )
        indexes = (models.Index(fields=["model", "key"], name="batch_row_key"),)
