"""Where a town stands: both banks of a river, hills that bite into it, its first roads.

All in metres on a straightened plane: the river runs along y = const until `bend` lays it out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import pi

import numpy as np
import shapely
import shapely.affinity
import shapely.ops
from shapely import LineString, Polygon

from lianxin.demo.land.split import FAR_M, Cut

GRID_M2 = 42_000.0
RIVER_REACH = 3.0


@dataclass(slots=True)
class Site:
    """The regions that communities share, and all that is already drawn."""

    radius_m: float
    regions: list[Polygon]
    water: Polygon
    river_y: float
    hills: list[Polygon] = field(default_factory=list)
    cuts: list[Cut] = field(default_factory=list)
    core: Polygon | None = None


def blob(rng: np.random.Generator, radius: float, wide: float = 1.0, rough: float = 1.0) -> Polygon:
    """A round shape that no compass drew, about the origin."""
    turns = np.linspace(0, 2 * pi, 97)[:-1]
    waves = [(2, 0.10), (3, 0.09), (4, 0.06), (5, 0.05), (7, 0.03)]
    swell = sum(rough * a * np.cos(k * turns + rng.uniform(0, 2 * pi)) for k, a in waves)
    far = radius * (1 + swell)
    return Polygon(np.stack([far * np.cos(turns) * wide, far * np.sin(turns) / wide], axis=1))


def lay_out(rng: np.random.Generator, communities: int, grids: float) -> Site:
    """A site for so many communities of so many grids in all."""
    radius = float(np.sqrt(grids * GRID_M2 * 1.12 / pi))
    site = _banks(rng, radius, communities)
    _ring(site, communities)
    _bridges(rng, site, communities)
    _mend(site, 0.45 * grids * GRID_M2 / communities)
    for region in site.regions:
        site.cuts.append(Cut("edge", LineString(region.exterior.coords)))
    return site


def _banks(rng: np.random.Generator, radius: float, communities: int) -> Site:
    """The outline less the river and a hill or two; a bank too small to live on is left out."""
    outline = blob(rng, radius, 1.2)
    side = float(rng.choice([-1.0, 1.0]))
    wide = float(np.clip(radius * 0.07, 24, 80))
    river_y = side * radius * (float(rng.uniform(0.08, 0.35)) if communities > 4 else 0.62)
    reach = RIVER_REACH * radius
    water = shapely.box(-reach, river_y - wide / 2, reach, river_y + wide / 2)
    hills = []
    for turn in rng.uniform(0.2 * pi, 0.8 * pi, 1 + communities // 12):
        far = radius * 1.02
        centre = (1.2 * far * np.cos(turn), -side * far * np.sin(turn) / 1.2)
        hill = blob(rng, radius * float(rng.uniform(0.22, 0.36)), 1.1, 1.3)
        hills.append(shapely.affinity.translate(hill, *centre))
    land = outline.difference(shapely.union_all([water, *hills]))
    least = outline.area / communities * 0.5
    banks = [p for p in shapely.get_parts(land) if p.area > least]
    return Site(radius, banks, water, river_y, hills)


def _ring(site: Site, communities: int) -> None:
    """An inner ring road round the old town, where the town is large enough for one."""
    if communities < 8:
        return
    main = max(site.regions, key=lambda p: p.area)
    middle = main.centroid
    core = shapely.affinity.scale(middle.buffer(site.radius_m * 0.40, quad_segs=10), 1.25, 0.85)
    inside = main.intersection(core)
    outside = main.difference(core)
    if isinstance(inside, Polygon) and isinstance(outside, Polygon):
        site.regions = [p for p in site.regions if p is not main] + [inside, outside]
        site.core = inside


def _bridges(rng: np.random.Generator, site: Site, communities: int) -> None:
    """Avenues that cross the river, and part every region they meet."""
    count = 0 if communities < 5 else 1 if communities < 14 else 2 if communities < 26 else 3
    spots = np.linspace(-0.75, 0.75, count + 2)[1:-1] if count > 1 else np.zeros(count)
    middle = max(site.regions, key=lambda p: p.area).centroid.x
    for spot in spots:
        x = middle + float(spot + rng.uniform(-0.06, 0.06)) * site.radius_m
        lean = float(rng.uniform(-0.18, 0.18)) * FAR_M
        line = LineString([(x - lean, site.river_y - FAR_M), (x + lean, site.river_y + FAR_M)])
        if len(site.regions) > 1:
            site.cuts.append(Cut("bridge", site.water.buffer(8).intersection(line)))
        parts = [shapely.get_parts(shapely.ops.split(r, line)) for r in site.regions]
        site.regions = [p for part in parts for p in part]


def _mend(site: Site, least: float) -> None:
    """Join regions too small for a community to the neighbour with the longest common border."""
    while True:
        site.regions.sort(key=lambda p: p.area)
        small = site.regions[0]
        if small.area >= least or len(site.regions) == 1:
            return
        rest = site.regions[1:]
        common = [small.boundary.intersection(p.boundary).length for p in rest]
        best = int(np.argmax(common))
        if common[best] > 1:
            joined = rest[best].union(small)
            if isinstance(joined, Polygon):
                rest[best] = joined
        site.regions = rest
