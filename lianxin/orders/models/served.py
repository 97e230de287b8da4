"""Hours somebody has served with an order: credited when it was struck off, or taken back."""

from django.db import models
from django.db.models import Q


class Served(models.Model):
    """A row that is never changed (a trigger keeps it). `hours` is negative where they were taken
    back: by `nth`, the event that did it. What counts is the sum, which is never below nothing."""

    order = models.ForeignKey("Order", models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey("registry.Person", models.PROTECT, related_name="+", db_index=False)
    nth = models.IntegerField()
    hours = models.DecimalField(max_digits=4, decimal_places=1)
    day = models.DateField()

    class Meta:
        indexes = (models.Index(fields=["person", "day"], name="served_person"),)
        constraints = (
            models.UniqueConstraint(fields=["order", "person", "nth"], name="served_once"),
            models.CheckConstraint(condition=~Q(hours=0) & Q(nth__gt=0), name="served_hours"),
        )

    def __str__(self) -> str:
        return f"{self.person_id} {self.hours}"
