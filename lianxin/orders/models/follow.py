"""Somebody who follows another's order instead of filing the same once more."""

from django.db import models
from django.db.models import Q


class Follow(models.Model):
    """A link to an order's states and to nothing else of it; the secret is kept as its hash.

    Of whoever follows nothing is kept but, if they were signed in, who they are, so that they find
    it again; and a phone or an address for mail, sealed, if they have proven one and wish to be
    told. `until`: they have let it go. `short` is the hash of a second secret, for messages of 70
    signs.
    """

    order = models.ForeignKey("Order", models.PROTECT, related_name="follows")
    secret = models.CharField(max_length=64, unique=True)
    short = models.CharField(max_length=64, null=True, unique=True)
    person = models.ForeignKey(
        "registry.Person", models.PROTECT, null=True, related_name="+", db_index=False
    )
    made = models.DateTimeField()
    until = models.DateTimeField(null=True)
    phone_sealed = models.BinaryField(null=True)
    mail_sealed = models.BinaryField(null=True)

    class Meta:
        indexes = (
            models.Index(
                fields=["person", "-made"], name="follow_person",
                condition=Q(person__isnull=False),
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.order_id}"
