"""Another hotline's number for an order: a call is one order, however often it comes."""

from django.db import models


class Hotline(models.Model):
    """Taken out when the import is undone, so that the sheet can come again; the order stays."""

    number = models.CharField(max_length=40, primary_key=True)
    order = models.OneToOneField("Order", models.PROTECT, related_name="hotline")
    batch = models.ForeignKey("registry.Batch", models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.number
