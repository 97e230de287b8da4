"""Who is bound to an order as a party: the index from a person or unit to their orders."""

from django.db import models
from django.db.models import Q


class Hand(models.Model):
    """One person or unit in one party from one event (`since`) until another (`until`).

    `holds`: person or unit; `barred` is a unit that the order is kept from.
    """

    order = models.ForeignKey("Order", models.PROTECT, related_name="hand_rows", db_index=False)
    name = models.CharField(max_length=40)
    holds = models.CharField(max_length=6)
    who = models.BigIntegerField()
    capacity = models.CharField(max_length=80)
    since = models.IntegerField()
    until = models.IntegerField(null=True)
    veiled = models.BooleanField(default=False)

    class Meta:
        indexes = (models.Index(fields=["holds", "who", "-order"], name="hand_who"),)
        constraints = (
            models.UniqueConstraint(
                fields=["order", "name", "who"], condition=Q(until=None), name="hand_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.order_id} {self.name} {self.who}"
