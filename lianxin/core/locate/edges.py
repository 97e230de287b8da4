"""Polygons as a list of edges, each running upwards: two neighbours see one edge alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import shape

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Edges:
    """n edges: `xy` is (n, 4) as x1, y1, x2, y2 with y1 <= y2; `owner` is the polygon's index."""

    xy: Floats
    owner: Ints


def geometries(polygons: Sequence[Any]) -> NDArray[np.object_]:
    """Shapely geometries from shapely polygons or GeoJSON mappings; (n,). Raises TypeError."""
    found = np.empty(len(polygons), dtype=object)
    for i, one in enumerate(polygons):
        geometry = shape(one) if isinstance(one, dict) else one
        if not isinstance(geometry, shapely.Polygon | shapely.MultiPolygon):
            raise TypeError(f"polygon {i}: {type(geometry).__name__} has no inside")
        found[i] = geometry
    return found


def edges_of(geoms: NDArray[np.object_]) -> Edges:
    """All edges of all rings, holes too: what is inside follows from counting crossings."""
    parts, part_owner = shapely.get_parts(geoms, return_index=True)
    rings, ring_part = shapely.get_rings(parts, return_index=True)
    coords, ring = shapely.get_coordinates(rings, return_index=True)
    along = ring[1:] == ring[:-1]
    start, end = coords[:-1][along], coords[1:][along]
    owner = part_owner[ring_part[ring[:-1][along]]]
    moves = (start != end).any(axis=1)
    start, end, owner = start[moves], end[moves], owner[moves]
    # One direction for both neighbours: by y, then by x.
    down = (start[:, 1] > end[:, 1]) | ((start[:, 1] == end[:, 1]) & (start[:, 0] > end[:, 0]))
    start[down], end[down] = end[down].copy(), start[down].copy()
    return Edges(np.ascontiguousarray(np.hstack([start, end])), owner.astype(np.int64))


def spread(low: Ints, high: Ints) -> tuple[Ints, Ints]:
    """Every whole number of each range low..high, both ends in: (which range, the number).

    >>> which, number = spread(np.array([3, 7]), np.array([5, 7]))
    >>> which.tolist(), number.tolist()
    ([0, 0, 0, 1], [3, 4, 5, 7])
    """
    counts = np.maximum(high - low + 1, 0)
    which = np.repeat(np.arange(len(low)), counts)
    before = np.cumsum(counts) - counts
    return which, np.arange(len(which)) - before[which] + low[which]


def distinct(numbers: Ints) -> Ints:
    """Sorted, each once (np.unique hashes since numpy 2.3, ten times slower on such numbers).

    >>> distinct(np.array([3, 1, 3])).tolist()
    [1, 3]
    """
    held = np.sort(numbers)
    return held[np.append(True, held[1:] != held[:-1])] if len(held) else held
