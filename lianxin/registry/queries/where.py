"""Which grid holds a point on a day: by the boundaries that were in force then."""

from __future__ import annotations

from collections import OrderedDict
from datetime import date
from threading import Lock

from django.db import connection

from lianxin.core.locate import Locator
from lianxin.registry.models import Area, Boundary, Generation

KEPT = 64  # generations held in memory by one process


def grid_at(lon: float, lat: float, on: date) -> Area | None:
    """The grid that held this point (degrees WGS-84) on that day."""
    return area_holding("grid", lon, lat, on)


def area_holding(kind: str, lon: float, lat: float, on: date) -> Area | None:
    """The area of that kind that held the point on that day.

    Where a quarter has published its own drawing beside its county's, the nearer root decides.
    """
    drawn = Generation.objects.on(on).filter(
        west__lte=lon, east__gte=lon, south__lte=lat, north__gte=lat
    )
    for generation in sorted(drawn, key=lambda g: -len(g.root)):
        locator = _cache.of(generation, kind)
        if locator is not None and (found := locator.id(lon, lat)):
            return Area.objects.get(pk=int(found))
    return None


class _Cache:
    """Generations are never edited, so what was built for one stays true."""

    def __init__(self) -> None:
        self.built: OrderedDict[tuple[object, ...], Locator | None] = OrderedDict()
        self.lock = Lock()

    def of(self, drawing: Generation, kind: str) -> Locator | None:
        box = drawing.west, drawing.south, drawing.east, drawing.north
        key = connection.settings_dict["NAME"], drawing.pk, drawing.root, drawing.since, *box, kind
        with self.lock:
            if key not in self.built:
                self.built[key] = _build(drawing, kind)
            self.built.move_to_end(key)
            while len(self.built) > KEPT:
                self.built.popitem(last=False)
            return self.built[key]


def _build(drawing: Generation, kind: str) -> Locator | None:
    """None where the drawing holds no area of that kind."""
    rows = Boundary.objects.filter(generation=drawing, area__kind=kind).order_by("area__path")
    drawn = list(rows.values_list("area_id", "geojson"))
    return Locator.build((str(key) for key, _ in drawn), [g for _, g in drawn]) if drawn else None


_cache = _Cache()


def forget() -> None:
    """Empties the memory, for a process whose database was replaced under its name."""
    with _cache.lock:
        _cache.built.clear()
