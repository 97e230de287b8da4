"""Each flow page that was ever used, as text: its meaning never changes again."""

from django.db import models


class UsedPage(models.Model):
    flow = models.CharField(max_length=40)
    since = models.DateField()
    meaning = models.CharField(max_length=64)
    text = models.TextField()
    first_used = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["flow", "since"], name="usedpage_once"),)

    def __str__(self) -> str:
        return f"{self.flow} {self.since}"
