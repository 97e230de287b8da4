"""A link that opens one order to its asker without an account."""

from django.db import models


class Link(models.Model):
    """The secret is kept as its hash. A link with `once` serves one step and is then spent."""

    order = models.ForeignKey("Order", models.PROTECT, related_name="links")
    party = models.CharField(max_length=40)
    secret = models.CharField(max_length=64, unique=True)
    once = models.BooleanField(default=False)
    made = models.DateTimeField()
    until = models.DateTimeField(null=True)
    spent = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.order_id} {self.party}"
