"""A photo of an order: re-encoded, without its hidden data, private unless made public."""

from django.db import models

from lianxin.registry.models.dated import of_a_person


class Photo(models.Model):
    """`sha256` names the file in the photo folder that is shown: painted over where it has `covers`
    (left, top, width, height in its points). `original` names the file without them, "" where it
    never had any. `order` is set when a step takes it in."""

    id = models.UUIDField(primary_key=True)
    order = models.ForeignKey("Order", models.PROTECT, null=True, related_name="photos")
    sha256 = models.CharField(max_length=64)
    width = models.IntegerField()
    height = models.IntegerField()
    size = models.IntegerField()
    by = models.ForeignKey("registry.Person", models.PROTECT, null=True, db_index=False)
    at = models.DateTimeField()
    original = models.CharField(max_length=64, default="", blank=True)
    covers = models.JSONField(default=list, blank=True)
    public = models.BooleanField(default=False)

    class Meta:
        indexes = (of_a_person("photo_by", "by"),)

    def __str__(self) -> str:
        return str(self.id)
