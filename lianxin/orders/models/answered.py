"""How often the catalogue's answer was enough, by category and day: a count, of nobody."""

from django.db import models


class Answered(models.Model):
    """So many said on this day that the answer to this category was all they needed."""

    day = models.DateField()
    category = models.CharField(max_length=20)
    n = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["day", "category"], name="answered_once"),)

    def __str__(self) -> str:
        return f"{self.day} {self.category} {self.n}"
