"""The country round the towns: county borders, rivers from town to town, trunk roads, hills."""

from __future__ import annotations

from collections.abc import Iterable
from math import atan2, cos, radians

import numpy as np
import shapely
import shapely.affinity
from shapely import LineString, MultiPoint, Polygon

from lianxin.demo.land.names import Names
from lianxin.demo.land.plan import County
from lianxin.demo.land.rows import Shape, multi
from lianxin.demo.land.site import blob
from lianxin.demo.land.weave import joined

MESH_DEG = 0.02
# So near a town all land is its own county's.
TOWN_DEG = 0.055
# Towns along each river, downstream.
COURSES = (
    ("522635", "522601", "522630", "522629", "522628", "522627"),
    ("522622", "522623", "522625", "522626"),
    ("522636", "522632", "522633"),
)


def waves(rng: np.random.Generator, xy: np.ndarray, reach: float) -> np.ndarray:
    """Points (n, 2) moved about by slow and quick swells, at most some `reach` degrees."""
    moved = xy.copy()
    for share, pitch in ((0.5, 8.0), (0.3, 19.0), (0.2, 47.0)):
        turn, phase = rng.uniform(0, 2 * np.pi, 2), rng.uniform(0, 2 * np.pi, 2)
        for axis in (0, 1):
            along = xy @ np.array([np.cos(turn[axis]), np.sin(turn[axis])])
            moved[:, axis] += reach * share * np.sin(pitch * along + phase[axis])
    return moved


def borders(
    rng: np.random.Generator, counties: Iterable[County], reach: float
) -> dict[str, Polygon]:
    """County polygons round their towns; neighbours share every corner, nothing lies between.

    A fine mesh of cells is shared out by the nearest town, seen through rippled glass.
    """
    seats = list(counties)
    towns = np.array([(c.lon, c.lat) for c in seats])
    low, high = towns.min(axis=0) - reach - 0.2, towns.max(axis=0) + reach + 0.2
    cols, rows = np.ceil((high - low) / MESH_DEG).astype(int)
    at = np.stack(np.meshgrid(np.arange(cols), np.arange(rows)), axis=-1).reshape(-1, 2)
    spots = low + (at + rng.uniform(0.1, 0.9, at.shape)) * MESH_DEG
    mesh = shapely.get_parts(shapely.voronoi_polygons(MultiPoint(spots), ordered=True))
    through = waves(rng, np.vstack([spots, towns]), 0.11)
    seen, seats_seen = through[: len(spots)], through[len(spots) :]
    gaps = ((seen[:, None] - seats_seen) ** 2).sum(axis=2)
    outline = MultiPoint(seats_seen).convex_hull.buffer(reach)
    held = np.where(shapely.contains_xy(outline, seen), gaps.argmin(axis=1), -1)
    plain = ((spots[:, None] - towns) ** 2).sum(axis=2)
    held = np.where(plain.min(axis=1) < TOWN_DEG**2, plain.argmin(axis=1), held)
    _mend(held, mesh, spots, towns)
    rounded = shapely.transform(mesh, lambda xy: np.round(xy, 6))
    return {c.code: joined(rounded[held == i]) for i, c in enumerate(seats)}


def _mend(held: np.ndarray, mesh: np.ndarray, spots: np.ndarray, towns: np.ndarray) -> None:
    """Cells cut off from their town go to a neighbour, so that each county is one piece."""
    one, other = shapely.STRtree(mesh).query(mesh, predicate="intersects")
    near: list[list[int]] = [[] for _ in mesh]
    for a, b in zip(one.tolist(), other.tolist(), strict=True):
        near[a].append(b)
    whole = np.zeros(len(mesh), dtype=bool)
    homes = [int(((spots - town) ** 2).sum(axis=1).argmin()) for town in towns]
    edge = [0, *homes]
    while edge:
        cell = edge.pop()
        whole[cell] = True
        edge += [n for n in near[cell] if held[n] == held[cell] and not whole[n]]
    while not whole.all():
        for cell in np.flatnonzero(~whole).tolist():
            kind = [n for n in near[cell] if whole[n]]
            if kind:
                held[cell], whole[cell] = held[kind[0]], True


def headings(rng: np.random.Generator, counties: Iterable[County]) -> dict[str, float]:
    """Which way the river runs through each town, radians from east."""
    at = {c.code: (c.lon, c.lat) for c in counties}
    ways = {code: float(rng.uniform(-0.7, 0.7)) for code in at}
    for course in COURSES:
        for i, code in enumerate(course):
            before, after = course[max(i - 1, 0)], course[min(i + 1, len(course) - 1)]
            if {before, code, after} <= at.keys():
                (x1, y1), (x2, y2) = at[before], at[after]
                ways[code] = atan2(y2 - y1, (x2 - x1) * cos(radians(y1)))
    return ways


def wander(
    rng: np.random.Generator, start: np.ndarray, end: np.ndarray, out: np.ndarray, into: np.ndarray
) -> np.ndarray:
    """A winding line from start to end that leaves and arrives in given directions; (n, 2)."""
    length = float(np.hypot(*(end - start)))
    t = np.linspace(0, 1, max(int(length / 0.004), 8))[:, None]
    pull = 0.9 * length
    curve = (
        (2 * t**3 - 3 * t**2 + 1) * start
        + (t**3 - 2 * t**2 + t) * out * pull
        + (3 * t**2 - 2 * t**3) * end
        + (t**3 - t**2) * into * pull
    )
    calm = np.minimum(np.minimum(t, 1 - t) * 6, 1) ** 2
    return np.round(curve + (waves(rng, curve, 0.07) - curve) * calm, 6)


def rivers(rng: np.random.Generator, banks: dict[str, LineString]) -> list[tuple[str, LineString]]:
    """(county it is drawn with, line): between the towns of a course, and from spring to mouth."""
    found = []
    lone = [(code,) for code in banks if not any(code in course for course in COURSES)]
    for course in (*COURSES, *lone):
        held = [code for code in course if code in banks]
        if not held:
            continue
        lines = [np.array(banks[code].coords) for code in held]
        line = np.vstack([_beyond(rng, lines[0][:2])[::-1], lines[0]])
        for following in lines[1:]:
            out, into = _way(line[-2:]), _way(following[:2])
            line = np.vstack([line, wander(rng, line[-1], following[0], out, into), following])
        line = np.vstack([line, _beyond(rng, line[-1:-3:-1])])
        found.append((held[0], LineString(line)))
    return found


def _way(pair: np.ndarray) -> np.ndarray:
    step = pair[1] - pair[0]
    return step / np.hypot(*step)


def _beyond(rng: np.random.Generator, ends: np.ndarray) -> np.ndarray:
    """On from the first of two points, away from the second, some fifteen kilometres."""
    way = -_way(ends)
    turn = float(rng.uniform(-0.6, 0.6))
    later = np.array([way[0] - turn * way[1], way[1] + turn * way[0]])
    return wander(rng, ends[0], ends[0] + later * float(rng.uniform(0.1, 0.18)), way, later)


def trunk_roads(
    rng: np.random.Generator, counties: Iterable[County]
) -> list[tuple[str, LineString]]:
    """(county, line) from each town to its two nearest."""
    seats = list(counties)
    towns = np.array([(c.lon, c.lat) for c in seats])
    gaps = np.hypot(*(towns[:, None] - towns).transpose(2, 0, 1))
    pairs = {(min(i, j), max(i, j)) for i in range(len(seats)) for j in gaps[i].argsort()[1:3]}
    found = []
    for i, j in sorted(pairs):
        way = _way(towns[[i, j]])
        found.append((seats[i].code, LineString(wander(rng, towns[i], towns[j], way, way))))
    return found


def hills(
    rng: np.random.Generator, county: County, outline: Polygon, count: int, names: Names
) -> list[Shape]:
    """Hills of one to four kilometres, clear of the town."""
    west, south, east, north = outline.bounds
    found: list[Shape] = []
    while len(found) < count:
        lon, lat = rng.uniform([west, south], [east, north]).tolist()
        km = float(rng.uniform(1.0, 4.0))
        hill = shapely.affinity.translate(blob(rng, km / 105, 1.15, 1.2), lon, lat)
        hill = shapely.transform(hill, lambda xy: np.round(xy, 6))
        if outline.contains(hill) and hill.distance(shapely.Point(county.lon, county.lat)) > 0.05:
            found.append(Shape("hill", names.stem() + "山", county.code, multi(hill)[0]))
    return found
