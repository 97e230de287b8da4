"""Buildings and their doors: what a QR sticker on a wall leads to."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from lianxin.registry.actions.stamp import Stamp
from lianxin.registry.models import Area, Building, Door
from lianxin.registry.refusal import NotPossible


@transaction.atomic
def add_building(
    stamp: Stamp,
    name: str,
    street: str = "",
    number: str = "",
    lon: float | None = None,
    lat: float | None = None,
    households: int = 0,
) -> Building:
    """A building; lon, lat in degrees WGS-84. It stands in a grid once it has a door there."""
    if not name.strip():
        raise NotPossible("no_name")
    building = Building.objects.create(
        name=name.strip(),
        street=street.strip(),
        number=number.strip(),
        lon=lon,
        lat=lat,
        households=households,
    )
    stamp.made("add", building)
    return building


@transaction.atomic
def add_door(stamp: Stamp, building: Building, area: Area, label: str = "") -> Door:
    """An entrance in an area, with a code nobody can guess. Refuses: door_taken."""
    door = Door(building=building, area=area, label=label.strip())
    try:
        with transaction.atomic():
            door.save()
    except IntegrityError as taken:
        raise NotPossible("door_taken", building=building.name, label=label) from taken
    stamp.made("add", door)
    return door
