"""A link that opens one order to its asker without an account."""

from django.db import models
from django.db.models import Q


class Link(models.Model):
    """The secret is kept as its hash. A link with `once` serves one step and is then spent.

    `code` seals the short code that opens the same beside the order's number, None where it has
    none (any more); `by` is whoever gave it out on the telephone, None where the asker was told it.
    """

    order = models.ForeignKey("Order", models.PROTECT, related_name="links")
    party = models.CharField(max_length=40)
    secret = models.CharField(max_length=64, unique=True)
    once = models.BooleanField(default=False)
    made = models.DateTimeField()
    until = models.DateTimeField(null=True)
    spent = models.DateTimeField(null=True)
    code = models.CharField(max_length=32, null=True)
    by = models.ForeignKey(
        "registry.Person", models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        indexes = (
            models.Index(fields=["code"], name="link_code", condition=Q(code__isnull=False)),
        )

    def __str__(self) -> str:
        return f"{self.order_id} {self.party}"
