"""A building stands in one grid or two; a door says which, and carries the code on its sticker."""

from __future__ import annotations

import secrets

from django.db import models

from lianxin.registry.models.area import Area


def door_code() -> str:
    """Twelve letters and digits without look-alikes: 59 bits, so codes cannot be guessed."""
    return "".join(secrets.choice("23456789abcdefghjkmnpqrstuvwxyz") for _ in range(12))


class Building(models.Model):
    """A building with its address; lon, lat in degrees WGS-84. Dwellings are a count, not names."""

    name = models.CharField(max_length=120)
    street = models.CharField(max_length=120, default="")
    number = models.CharField(max_length=40, default="")
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    households = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = (models.Index(fields=["street", "number"], name="building_address"),)

    def __str__(self) -> str:
        return self.name

    @property
    def written(self) -> str:
        """As people write it.

        >>> Building(street="韶山路", number="12", name="3栋").written
        '韶山路12号3栋'
        """
        sign = "号" if self.number and not self.number.endswith("号") else ""
        return f"{self.street}{self.number}{sign}{self.name}"


class Door(models.Model):
    """An entrance of a building, in one grid. `code` is what the QR sticker says."""

    code = models.CharField(max_length=24, unique=True, default=door_code)
    building = models.ForeignKey(Building, models.PROTECT, related_name="doors")
    area = models.ForeignKey(Area, models.PROTECT, related_name="doors")
    label = models.CharField(max_length=40, default="")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["building", "area", "label"], name="door_once"),
        )

    def __str__(self) -> str:
        return self.label or self.code
