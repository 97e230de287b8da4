"""A photo of an order: re-encoded, without its hidden data, private unless made public."""

from django.db import models


class Photo(models.Model):
    """`sha256` names the file in the photo folder. `order` is set when a step takes it in."""

    id = models.UUIDField(primary_key=True)
    order = models.ForeignKey("Order", models.PROTECT, null=True, related_name="photos")
    sha256 = models.CharField(max_length=64)
    width = models.IntegerField()
    height = models.IntegerField()
    size = models.IntegerField()
    by = models.ForeignKey("registry.Person", models.PROTECT, null=True, db_index=False)
    at = models.DateTimeField()
    public = models.BooleanField(default=False)

    def __str__(self) -> str:
        return str(self.id)
