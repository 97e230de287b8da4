"""A word said to somebody because of an event: once, and to nobody who may not see the order."""

from django.db import models


class Notice(models.Model):
    """`word` is the key of its text; one notice for one reader, event and word."""

    order = models.ForeignKey("Order", models.PROTECT, related_name="notices")
    nth = models.IntegerField()
    word = models.CharField(max_length=40)
    person = models.ForeignKey(
        "registry.Person", models.PROTECT, null=True, related_name="notices", db_index=False
    )
    unit = models.ForeignKey("registry.Unit", models.PROTECT, null=True, db_index=False)
    role = models.CharField(max_length=40, null=True)
    desk = models.CharField(max_length=20, null=True, db_collation="C")
    at = models.DateTimeField()
    read = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=["person", "-at"], name="notice_person"),
            models.Index(fields=["unit", "-at"], name="notice_unit"),
            models.Index(fields=["role", "desk", "-at"], name="notice_desk"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["order", "nth", "word", "person", "unit", "role", "desk"],
                name="notice_once",
                nulls_distinct=False,
            ),
        )

    def __str__(self) -> str:
        return f"{self.order_id} {self.nth} {self.word}"
