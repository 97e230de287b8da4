"""Words, phones and photos of an event, kept apart: they can be erased and the chain stays."""

from django.db import models


class Content(models.Model):
    """`value` and `salt` go together: without the salt the event's digest says nothing."""

    pk = models.CompositePrimaryKey("order_id", "nth", "name")
    order = models.ForeignKey("Order", models.PROTECT, related_name="contents", db_index=False)
    nth = models.IntegerField()
    name = models.CharField(max_length=40)
    value = models.JSONField(null=True)
    salt = models.CharField(max_length=32, null=True)
    erased = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.order_id} {self.nth} {self.name}"
