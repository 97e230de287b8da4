"""A look at something guarded, kept for the auditor: who, when, at what, how many rows it gave."""

from django.db import models


class Look(models.Model):
    """A row that is never changed (a trigger keeps it).

    `path`: the place of the post it was done under. `about` never holds what was looked for: of a
    phone a blind index of its digits, of an export its conditions.
    """

    at = models.DateTimeField()
    who = models.ForeignKey("registry.Person", models.PROTECT, related_name="+", db_index=False)
    what = models.CharField(max_length=20)
    order = models.ForeignKey("Order", models.PROTECT, null=True, related_name="+", db_index=False)
    n = models.PositiveIntegerField(default=0)
    path = models.CharField(max_length=20, db_collation="C")
    about = models.CharField(max_length=200, default="")

    class Meta:
        indexes = (
            models.Index(fields=["who", "what", "at"], name="look_who"),
            models.Index(fields=["path", "-id"], name="look_path"),
        )

    def __str__(self) -> str:
        return f"{self.who_id} {self.what} {self.n}"
