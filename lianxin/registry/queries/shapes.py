"""The outlines of the areas inside a place, as they are drawn now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Q
from shapely.geometry import shape

from lianxin.core.place import path as paths
from lianxin.database.written import Written
from lianxin.registry.models import Area, Boundary, Generation
from lianxin.registry.models.area import AreaQuerySet

GRID = 18
# What a place is shown by: inside a county its communities, inside what is smaller its grids.
SHOWN = {0: 6, 2: 6, 4: 6, 6: 12}


PATH, DAY = "<place>", date(1, 1, 2)  # marks of a statement that is written once


@dataclass(frozen=True, slots=True)
class Drawing:
    """`stamp` names the generations it was drawn from: the same stamp, the same outlines."""

    path: str
    generations: tuple[Generation, ...]

    @property
    def stamp(self) -> str:
        return "-".join(str(g.pk) for g in self.generations)


def shown_by(path: str) -> int:
    """Digits of the areas by which a place is shown on a map.

    >>> shown_by("522632"), shown_by("522632001001")
    (12, 18)
    """
    return SHOWN.get(len(path), GRID)


def parts(path: str, on: date) -> AreaQuerySet:
    """The areas by which a place is shown, those in force on that day."""
    digits = shown_by(path)
    return Area.objects.on(on).under(path).filter(kind__digits=digits).order_by("path")


def parts_named(path: str, on: date) -> list[tuple[str, str]]:
    """(path, name) of each; a desk asks for them with every list."""
    begins = f"{connection.ops.prep_for_like_query(path)}%"
    return written(shown_by(path)).ask({f"{PATH}%": begins, DAY: on})  # type: ignore[return-value]


@lru_cache(maxsize=len(SHOWN) + 1)
def written(digits: int) -> Written:
    found = Area.objects.on(DAY).under(PATH).filter(kind__digits=digits).order_by("path")
    return Written.of(found.values_list("path", "name"))


def drawing(path: str, on: date) -> Drawing:
    """The generations that draw a place on that day: those of places inside it or around it."""
    around = [path, *paths.ancestors(path)]
    found = Generation.objects.on(on).filter(Q(root__startswith=path) | Q(root__in=around))
    return Drawing(path, tuple(found.order_by("root", "pk")))


def inside(geojson: Any) -> tuple[float, float]:
    """A point within an area, bent as it may be: where its number stands on a map.

    >>> inside({"type": "Polygon", "coordinates": [[[0, 0], [4, 0], [4, 2], [0, 2], [0, 0]]]})
    (2.0, 1.0)
    """
    point = shape(geojson).representative_point()
    return point.x, point.y


def outlines(drawn: Drawing, on: date) -> list[tuple[str, str, Any]]:
    """(path, name, GeoJSON geometry) of the parts of a place. Where a quarter has published its
    own drawing beside its county's, the nearer root decides."""
    rows = Boundary.objects.filter(
        area__in=parts(drawn.path, on), generation__in=drawn.generations
    ).order_by("area__path", "generation__root")
    found = rows.values_list("area__path", "area__name", "geojson")
    return list({path: (path, name, drawn_as) for path, name, drawn_as in found}.values())
