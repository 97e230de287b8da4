"""From a code on a door, or from street, number and building, to the place that is meant."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from lianxin.registry.models import Area, Building, Door
from lianxin.registry.queries.areas import successor_of

CHOICES = 20


@dataclass(frozen=True, slots=True)
class Address:
    """A door with the grid it stands in today."""

    door: Door
    building: Building
    area: Area


def door(code: str) -> Address | None:
    """What the sticker with this code means; a merged grid is followed to its successor."""
    found = (
        Door.objects.select_related("building", "area__successor")
        .filter(code=code.strip().lower())
        .first()
    )
    return Address(found, found.building, successor_of(found.area)) if found else None


def streets(path: str, begins: str = "", limit: int = CHOICES) -> list[str]:
    """Names of streets within an area that begin so."""
    return _distinct(_within(path).filter(street__startswith=begins), "street", limit)


def numbers(path: str, street: str, begins: str = "", limit: int = CHOICES) -> list[str]:
    """House numbers of a street within an area, in counting order (2 before 10)."""
    found = _within(path).filter(street=street, number__startswith=begins)
    return sorted(_distinct(found, "number", limit), key=_counting)


def buildings(path: str, street: str, number: str = "", limit: int = CHOICES) -> list[Address]:
    """The doors at an address within an area; a building in two grids comes once for each."""
    found = Door.objects.select_related("building", "area__successor").filter(
        area__path__startswith=path, building__street=street
    )
    if number:
        found = found.filter(building__number=number)
    found = found.order_by("building__number", "building__name", "label", "pk")[:limit]
    return [Address(d, d.building, successor_of(d.area)) for d in found]


def _within(path: str) -> QuerySet[Building]:
    return Building.objects.filter(doors__area__path__startswith=path).exclude(street="")


def _distinct(found: QuerySet[Building], column: str, limit: int) -> list[str]:
    return list(found.order_by(column).values_list(column, flat=True).distinct()[:limit])


def _counting(number: str) -> tuple[int, str]:
    digits = "".join(c for c in number if c.isdecimal())
    return int(digits or 0), number
