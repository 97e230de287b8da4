"""Which grid is this point in: a raster of candidate cells, and an exact test along the borders.

A point on a border belongs to the polygon just east of it, on a level border to the one just
north; so of the polygons that share a border exactly one has it, and the outermost east and north
borders belong to nobody. Where polygons overlap, the first has the point.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import fields
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lianxin.core.locate.edges import geometries
from lianxin.core.locate.tables import Tables, tables

# Below this many points the plain walk is quicker than loading the compiled one.
FEW_POINTS = 2_000
CHUNK = 1 << 20
# Bytes of tables beyond which random points wait for memory, and sorting them first pays.
LARGE = 32_000_000
_BOUND = (3.0 + 16.0 * 2.0**-53) * 2.0**-53


def _exactly_left(x: float, y: float, x1: float, y1: float, x2: float, y2: float) -> bool:
    """Whether the point lies strictly west of the rising edge, in exact numbers."""
    px, py, ax, ay, bx, by = map(Fraction, (x, y, x1, y1, x2, y2))
    return (bx - ax) * (py - ay) > (px - ax) * (by - ay)


class Locator:
    """Look up the polygon of a point. Immutable; safe to share between threads, to pickle, to save.

    >>> ids = ["west", "east"]
    >>> square = [[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]
    >>> right = [[x + 1, y] for x, y in square]
    >>> rings = [{"type": "Polygon", "coordinates": [r]} for r in (square, right)]
    >>> here = Locator.build(ids, rings)
    >>> here.locate(0.5, 0.5), here.locate(1.0, 0.5), here.locate(2.0, 0.5), here.id(1.5, 0.2)
    (0, 1, -1, 'east')
    """

    def __init__(self, ids: Iterable[str], parts: Tables) -> None:
        self.ids = tuple(ids)
        self.parts = parts
        self._west, self._south, self._east, self._north, self._scale = parts.box.tolist()
        self._cols = parts.tiles.shape[1]
        # Reading a memory view costs a third of reading an array, and copies nothing.
        flat = (parts.tiles, parts.cells, parts.first, parts.runs, parts.owner, parts.edge_first)
        views = [memoryview(a.reshape(-1).data) for a in flat]
        self._tiles, self._cells, self._first, self._runs, self._owner, self._edge_first = views
        self._edges = memoryview(parts.edges.reshape(-1).data)

    @classmethod
    def build(cls, ids: Iterable[str], polygons: Sequence[Any], fine: float = 24.0) -> Locator:
        """From polygons in degrees: shapely (Multi)Polygons or GeoJSON mappings, holes allowed.

        `fine`: cells a side of a middling polygon; more is quicker and larger. Raises TypeError
        for other geometry, ValueError if ids and polygons do not match or nothing has an area.
        """
        names = tuple(ids)
        if len(names) != len(polygons):
            raise ValueError(f"{len(names)} ids for {len(polygons)} polygons")
        return cls(names, tables(geometries(polygons), fine))

    def id(self, lon: float, lat: float) -> str | None:
        """The id of the polygon that has the point, or None."""
        found = self.locate(lon, lat)
        return self.ids[found] if found >= 0 else None

    def locate(self, lon: float, lat: float) -> int:
        """The index of the polygon that has the point (degrees), or -1. Never compiles anything."""
        if not (self._west <= lon < self._east and self._south <= lat < self._north):
            return -1
        col, row = int((lon - self._west) * self._scale), int((lat - self._south) * self._scale)
        code: int = self._tiles[(row >> 5) * self._cols + (col >> 5)]
        if code < 0:
            code = self._cells[(~code << 10) + ((row & 31) << 5) + (col & 31)]
        return code - 1 if code >= 0 else self._decide(lon, lat, ~code)

    def _decide(self, x: float, y: float, cell: int) -> int:
        """Count for each candidate the edges that a ray to the east crosses."""
        edges, edge_first, owner = self._edges, self._edge_first, self._owner
        for run in self._runs[self._first[cell] : self._first[cell + 1]]:
            inside = False
            for e in range(4 * edge_first[run], 4 * edge_first[run + 1], 4):
                y1 = edges[e + 1]
                if y1 <= y < (y2 := edges[e + 3]):
                    x1, x2 = edges[e], edges[e + 2]
                    left, right = (x2 - x1) * (y - y1), (x - x1) * (y2 - y1)
                    sure = abs(left - right) > _BOUND * (abs(left) + abs(right))
                    if left > right if sure else _exactly_left(x, y, x1, y1, x2, y2):
                        inside = not inside
            if inside:
                return int(owner[run])
        return -1

    def locate_many(self, lons: ArrayLike, lats: ArrayLike) -> NDArray[np.int32]:
        """Indices (n,) int32 of the polygons of n points in degrees, -1 for nowhere."""
        x = np.ascontiguousarray(lons, dtype=np.float64)
        y = np.ascontiguousarray(lats, dtype=np.float64)
        if x.shape != y.shape or x.ndim != 1:
            raise ValueError(f"lons {x.shape} and lats {y.shape} must be two lists of one length")
        if len(x) < FEW_POINTS:
            points = zip(x.tolist(), y.tolist(), strict=True)
            return np.array([self.locate(*p) for p in points], np.int32)
        out = np.empty(len(x), dtype=np.int32)
        for at in range(0, len(x), CHUNK):
            out[at : at + CHUNK] = self._batch(x[at : at + CHUNK], y[at : at + CHUNK])
        return out

    def _batch(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.int32]:
        """One chunk through the compiled walk; large tables are visited tile by tile."""
        from lianxin.core.locate.ray import UNSURE, gather, walk

        p = self.parts
        out, order = np.empty(len(x), np.int32), None
        if p.nbytes > LARGE and len(x) > len(p.cells):
            order, starts = np.empty(len(x), np.int32), np.zeros(len(p.cells) + 2, np.int64)
            lons, lats, x, y = x, y, np.empty_like(x), np.empty_like(y)
            gather(lons, lats, p.box, p.tiles, starts, order, x, y)
        walk(x, y, out, p.box, p.tiles, p.cells, p.first, p.runs, p.owner, p.edge_first, p.edges)
        for i in np.flatnonzero(out == UNSURE).tolist():
            out[i] = self.locate(float(x[i]), float(y[i]))
        return out if order is None else out[order]

    def save(self, path: Path | str) -> None:
        """Write an .npz that `load` reads back without building."""
        arrays = {f.name: getattr(self.parts, f.name) for f in fields(Tables)}
        np.savez(path, ids=np.frombuffer(json.dumps(self.ids).encode(), np.uint8), **arrays)

    @classmethod
    def load(cls, path: Path | str) -> Locator:
        """Read what `save` wrote; a few milliseconds for a prefecture."""
        with np.load(path, allow_pickle=False) as held:
            ids = json.loads(held["ids"].tobytes())
            return cls(ids, Tables(**{f.name: held[f.name] for f in fields(Tables)}))

    def __reduce__(self) -> tuple[type[Locator], tuple[tuple[str, ...], Tables]]:
        return Locator, (self.ids, self.parts)
