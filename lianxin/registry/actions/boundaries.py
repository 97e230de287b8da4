"""A generation of boundaries is published whole; the one before it ends on that day and stays."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import shapely
from django.db import transaction
from shapely.errors import ShapelyError
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from lianxin.registry.actions.stamp import Stamp
from lianxin.registry.models import Area, Boundary, Generation
from lianxin.registry.refusal import NotPossible


@transaction.atomic
def publish_boundaries(
    stamp: Stamp, root: str, name: str, since: date, drawn: Mapping[int, Mapping[str, Any]]
) -> Generation:
    """Shapes of areas under `root` (ids to GeoJSON geometries, WGS-84), in force from `since`.

    Shapes that cross themselves are mended and counted in the entry. Refuses: nothing_drawn,
    bad_shape, outside (an area not under root), not_after (an older drawing starts later).
    """
    shapes, mended = _shapes(root, drawn)
    _end_older(stamp, root, since)
    west, south, east, north = (float(v) for v in shapely.total_bounds(list(shapes.values())))
    generation = Generation.objects.create(
        root=root, name=name, since=since, west=west, south=south, east=east, north=north
    )
    Boundary.objects.bulk_create(
        (_boundary(generation, key, drawing) for key, drawing in shapes.items()), batch_size=500
    )
    stamp.made("publish", generation, areas=len(shapes), mended=mended)
    return generation


def polygons(geojson: Mapping[str, Any]) -> tuple[BaseGeometry, bool]:
    """The land of a geometry, and whether it had to be mended. ValueError if there is none."""
    try:
        drawing = shape(geojson)
    except (ShapelyError, KeyError, TypeError, AttributeError, IndexError) as wrong:
        raise ValueError(str(wrong)) from wrong
    whole = drawing.is_valid
    if not whole:
        parts = shapely.get_parts(shapely.make_valid(drawing))
        drawing = shapely.union_all([p for p in parts if "Polygon" in p.geom_type])
    west, south, east, north = drawing.bounds if not drawing.is_empty else (999,) * 4
    on_earth = -180 <= west <= east <= 180 and -90 <= south <= north <= 90
    if drawing.geom_type not in ("Polygon", "MultiPolygon") or not on_earth:
        raise ValueError(drawing.geom_type)
    return drawing, not whole


def _shapes(
    root: str, drawn: Mapping[int, Mapping[str, Any]]
) -> tuple[dict[int, BaseGeometry], int]:
    if not drawn:
        raise NotPossible("nothing_drawn")
    areas = Area.objects.filter(pk__in=drawn.keys(), path__startswith=root)
    names = dict(areas.values_list("pk", "name"))
    shapes, mended = {}, 0
    for key, geojson in drawn.items():
        if key not in names:
            raise NotPossible("outside", area=key, root=root)
        try:
            shapes[key], repaired = polygons(geojson)
        except ValueError as wrong:
            raise NotPossible("bad_shape", name=names[key]) from wrong
        mended += repaired
    return shapes, mended


def _end_older(stamp: Stamp, root: str, since: date) -> None:
    older = Generation.objects.select_for_update().filter(root=root, until__isnull=True).first()
    if older is None:
        return
    if since <= older.since:
        raise NotPossible("not_after", on=since, since=older.since)
    stamp.change("end", older, until=since)


def _boundary(generation: Generation, key: int, drawing: BaseGeometry) -> Boundary:
    west, south, east, north = drawing.bounds
    return Boundary(
        area_id=key,
        generation=generation,
        geojson=mapping(drawing),
        west=west,
        south=south,
        east=east,
        north=north,
    )
