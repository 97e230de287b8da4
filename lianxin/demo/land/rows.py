"""What a made-up land consists of: plain rows, ready for a registry, a map or a test."""

from __future__ import annotations

import hashlib
from dataclasses import astuple, dataclass, field
from typing import Any

import shapely

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Area:
    """One area. `polygon`: GeoJSON coordinates of a MultiPolygon in WGS-84, empty if unknown."""

    path: str
    kind: str
    code: str | None
    grid_code: str | None
    name: str
    polygon: list[Any] = field(default_factory=list, repr=False)

    @property
    def geometry(self) -> dict[str, Any]:
        """The polygon as a GeoJSON geometry."""
        return {"type": "MultiPolygon", "coordinates": self.polygon}


@dataclass(frozen=True, slots=True)
class Building:
    """One building: `area` is the path of its grid; a point in WGS-84; dwellings, never names."""

    area: str
    name: str
    street: str
    number: int
    lon: float
    lat: float
    households: int


@dataclass(frozen=True, slots=True)
class Shape:
    """Something a map draws: a road, a river, water, a hill. Lines have one part, shapes rings."""

    kind: str
    name: str
    county: str
    parts: list[list[Point]] = field(repr=False)

    @property
    def filled(self) -> bool:
        """Whether the parts are rings to be filled."""
        return self.kind in ("water", "hill")


@dataclass(frozen=True, slots=True)
class Land:
    """All rows, areas from the top down."""

    seed: int
    areas: list[Area]
    buildings: list[Building]
    shapes: list[Shape]

    def of(self, kind: str, under: str = "") -> list[Area]:
        """Areas of a kind whose path begins with `under`."""
        return [a for a in self.areas if a.kind == kind and a.path.startswith(under)]

    @property
    def digest(self) -> str:
        """The same for the same seed and size: sha256 over all rows."""
        whole = hashlib.sha256()
        for row in (*self.areas, *self.buildings, *self.shapes):
            whole.update(repr(astuple(row)).encode())
        return whole.hexdigest()


def multi(shape: shapely.Geometry) -> list[list[list[tuple[float, float]]]]:
    """GeoJSON coordinates of a MultiPolygon."""
    parts = shapely.get_parts(shape)
    return [[[(x, y) for x, y in r.coords] for r in (p.exterior, *p.interiors)] for p in parts]
