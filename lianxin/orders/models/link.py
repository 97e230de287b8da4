"""A link that opens one order without an account: to its asker, or to a unit that is to answer."""

from django.db import models
from django.db.models import Q

from lianxin.registry.models.dated import of_a_person


class Link(models.Model):
    """The secret is kept as its hash. A link with `once` serves one step and is then spent.

    `code` seals the short code that opens the same beside the order's number, None where it has
    none (any more); `by` is whoever gave it out, None where the asker was told it. `unit` is whom
    it speaks for where a unit holds the party, and `since` the event that gave the order to them:
    a unit that has it a second time has it by another link.
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
    unit = models.ForeignKey(
        "registry.Unit", models.PROTECT, null=True, related_name="+", db_index=False
    )
    since = models.IntegerField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=["code"], name="link_code", condition=Q(code__isnull=False)),
            of_a_person("link_by", "by"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(unit=None, since=None) | Q(unit__isnull=False, since__isnull=False),
                name="link_of_unit",
            ),
        )

    def __str__(self) -> str:
        return f"{self.order_id} {self.party}"
