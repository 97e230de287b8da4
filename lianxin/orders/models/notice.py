"""A word said to somebody because of an event, or of a day that comes: once, and to nobody who may
not see what it is about."""

from django.db import models
from django.db.models import Q


class Notice(models.Model):
    """`word` is the key of its text; one notice for one reader, event and word.

    The reader is a person, a unit, whoever holds `role` at `desk`, a `party` without an account, or
    whoever follows the order (`follow`; `person` beside it if they were signed in).
    `read`: when the first of its readers opened it. `dropped`: why it is not shown any more. The
    word `follow …` tells of another order's event: the one that this order was merged into.

    A reminder has no order: `word` says of what kind, which row (`nth` too), which day and which
    threshold it is (growth/queries/reminders.py).
    """

    order = models.ForeignKey("Order", models.PROTECT, null=True, related_name="notices")
    nth = models.IntegerField()
    word = models.CharField(max_length=40)
    person = models.ForeignKey(
        "registry.Person", models.PROTECT, null=True, related_name="notices", db_index=False
    )
    unit = models.ForeignKey("registry.Unit", models.PROTECT, null=True, db_index=False)
    role = models.CharField(max_length=40, null=True)
    desk = models.CharField(max_length=20, null=True, db_collation="C")
    party = models.CharField(max_length=40, null=True)
    follow = models.ForeignKey(
        "Follow", models.PROTECT, null=True, related_name="notices", db_index=False
    )
    at = models.DateTimeField()
    read = models.DateTimeField(null=True)
    dropped = models.CharField(max_length=20, default="", blank=True)

    class Meta:
        indexes = (
            models.Index(fields=["person", "-at"], name="notice_person"),
            models.Index(fields=["unit", "-at"], name="notice_unit"),
            models.Index(fields=["role", "desk", "-at"], name="notice_desk"),
            *(
                models.Index(
                    fields=fields, name=f"notice_new_{fields[0]}",
                    condition=Q(read=None, dropped="", **{f"{fields[0]}__isnull": False}),
                )
                for fields in (["person"], ["unit"], ["role", "desk"])
            ),
        )  # fmt: skip
        constraints = (
            models.UniqueConstraint(
                fields=[
                    "order",
                    "nth",
                    "word",
                    "person",
                    "unit",
                    "role",
                    "desk",
                    "party",
                    "follow",
                ],
                name="notice_once",
                nulls_distinct=False,
            ),
            models.UniqueConstraint(
                fields=["word"], condition=Q(order=None), name="notice_reminds_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.order_id} {self.nth} {self.word}"
