"""How often a thing was done across orders, where a page allows it only so often."""

from django.db import models


class Tally(models.Model):
    key = models.CharField(max_length=200, primary_key=True)
    n = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.key}: {self.n}"
