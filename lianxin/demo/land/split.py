"""Cut a piece of land into parts of given weights by straight streets that keep a town's grain."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import cos, pi, sin

import numpy as np
import shapely
from shapely import LineString, Polygon
from shapely.geometry.base import BaseGeometry

FAR_M = 50_000.0


@dataclass(frozen=True, slots=True)
class Cut:
    """A street that a cut left behind, metres, and the level it divides."""

    kind: str
    line: LineString


def area_left(ring: list[tuple[float, float]], a: float, b: float, c: float) -> float:
    """Area of the part of a ring where a·x + b·y < c (the bridges of a bent ring cancel out)."""
    total, last = 0.0, ring[-1]
    kept: list[tuple[float, float]] = []
    side = a * last[0] + b * last[1] - c
    for point in ring:
        here = a * point[0] + b * point[1] - c
        if (side < 0) != (here < 0):
            t = side / (side - here)
            kept.append((last[0] + t * (point[0] - last[0]), last[1] + t * (point[1] - last[1])))
        if here < 0:
            kept.append(point)
        last, side = point, here
    for i, (x, y) in enumerate(kept):
        total += kept[i - 1][0] * y - x * kept[i - 1][1]
    return abs(total) / 2


def _offset(ring: list[tuple[float, float]], a: float, b: float, wanted: float) -> float:
    """Where a line of normal (a, b) leaves the wanted area on its left."""
    along = [a * x + b * y for x, y in ring]
    low, high = min(along), max(along)
    for _ in range(16):
        middle = (low + high) / 2
        low, high = (middle, high) if area_left(ring, a, b, middle) < wanted else (low, middle)
    return (low + high) / 2


def halves(polygon: Polygon, angle: float, share: float) -> tuple[list[Polygon], LineString]:
    """Pieces on both sides of a line of normal `angle` (radians), `share` of it left; the line."""
    a, b = cos(angle), sin(angle)
    c = _offset(list(polygon.exterior.coords[:-1]), a, b, share * polygon.area)
    foot = np.array([a * c, b * c])
    along = np.array([-b, a]) * FAR_M
    away = np.array([a, b]) * FAR_M
    line = LineString([foot - along, foot + along])
    left = Polygon([foot - along, foot + along, foot + along - away, foot - along - away])
    inside, outside = polygon.intersection(left), polygon.difference(left)
    return [*_polygons(inside), *_polygons(outside)], line


def _polygons(geometry: BaseGeometry) -> list[Polygon]:
    return [p for p in shapely.get_parts(geometry) if isinstance(p, Polygon) and p.area > 1]


def extents(polygon: Polygon, angle: float) -> tuple[float, float]:
    """Length of a polygon along a direction, and across it."""
    xy = shapely.get_coordinates(polygon)
    turned = xy @ np.array([[cos(angle), -sin(angle)], [sin(angle), cos(angle)]])
    along, across = np.ptp(turned, axis=0).tolist()
    return along, across


def in_two(
    polygon: Polygon, share: float, grain: float, rng: np.random.Generator
) -> tuple[Polygon, Polygon, LineString]:
    """Cut across the longer side, near the grain; the first part has about `share` of the area."""
    along, across = extents(polygon, grain)
    first = grain if along >= across else grain + pi / 2
    for turn in (0.0, pi / 2, pi / 4, -pi / 4, pi / 8, -pi / 8, 3 * pi / 8, -3 * pi / 8):
        jitter = float(np.clip(rng.normal(0, 0.06), -0.12, 0.12))
        pieces, line = halves(polygon, first + turn + jitter, share)
        if len(pieces) == 2:
            return pieces[0], pieces[1], polygon.intersection(line)
    # A bent piece that every line cuts in three: what is cut off goes to the greater rest.
    pieces.sort(key=lambda p: p.area)
    rest = shapely.union_all(pieces[1:])
    return pieces[0], max(_polygons(rest), key=lambda p: p.area), pieces[0].boundary & rest.boundary


def deal(
    polygon: Polygon, weights: list[float], grain: float, kind: str, rng: np.random.Generator
) -> Iterator[tuple[int, Polygon] | Cut]:
    """Cut until each weight has its part: yields (index of the weight, polygon) and the streets."""
    yield from _deal(polygon, list(enumerate(weights)), grain, kind, rng)


def _deal(
    polygon: Polygon,
    shares: list[tuple[int, float]],
    grain: float,
    kind: str,
    rng: np.random.Generator,
) -> Iterator[tuple[int, Polygon] | Cut]:
    if len(shares) == 1:
        yield shares[0][0], polygon
        return
    sums = np.cumsum([w for _, w in shares])
    at = int(np.argmin(np.abs(sums[:-1] / sums[-1] - 0.5))) + 1
    left, right, line = in_two(polygon, float(sums[at - 1] / sums[-1]), grain, rng)
    for part in shapely.get_parts(line):
        if isinstance(part, LineString):
            yield Cut(kind, part)
    yield from _deal(left, shares[:at], grain, kind, rng)
    yield from _deal(right, shares[at:], grain, kind, rng)
