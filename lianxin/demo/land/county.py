"""One county as rows: its town bent into the valley, every area with a path, a code and a name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import atan2

import numpy as np
import shapely
from shapely import LineString, Polygon

from lianxin.core.place.code import GridPattern
from lianxin.core.place.path import build, park
from lianxin.demo.land.bend import Bend
from lianxin.demo.land.names import Names
from lianxin.demo.land.plan import CHANGQING, County, Plan
from lianxin.demo.land.roads import House, houses_of, roads_of
from lianxin.demo.land.rows import Area, Building, Shape, multi
from lianxin.demo.land.site import RIVER_REACH
from lianxin.demo.land.town import Town, build_town

COMMUNITIES_A_STREET = 5
GRID_CODE = GridPattern()


@dataclass(slots=True)
class Draft:
    """What a county adds to the land."""

    county: County
    river: LineString
    areas: list[Area] = field(default_factory=list)
    buildings: list[Building] = field(default_factory=list)
    shapes: list[Shape] = field(default_factory=list)


@dataclass(slots=True)
class Row:
    """An area still on the plane; `holds` names community, quarter and grid as the town counts."""

    path: str
    kind: str
    name: str
    polygon: Polygon
    holds: tuple[int, ...] = ()
    grid_code: str | None = None


def draw_county(
    rng: np.random.Generator, county: County, plans: list[Plan], turn: float, outline: Polygon
) -> Draft:
    """Areas, buildings and shapes of a county with these communities, its river along `turn`."""
    names = Names(rng)
    town, bend = _found(rng, county, plans, turn)
    rows = list(_rows(rng, county, town, names))
    roads = roads_of(town, names)
    houses = houses_of(rng, town, roads)
    draft = Draft(county, _river(town, bend))
    draft.areas.append(Area(county.code, "county", county.code, None, county.name, multi(outline)))
    for row, polygon in zip(rows, bend.all([r.polygon for r in rows]), strict=True):
        code = row.path if row.kind in ("street", "community") else None
        draft.areas.append(Area(row.path, row.kind, code, row.grid_code, row.name, multi(polygon)))
    draft.buildings = _buildings(rows, houses, bend)
    long = bend.all([shapely.segmentize(r.line, 25) for r in roads])
    draft.shapes = [
        Shape(r.kind, r.name, county.code, [_points(line)])
        for r, line in zip(roads, long, strict=True)
    ]
    draft.shapes += _ground(county, town, bend, names)
    return draft


def _found(
    rng: np.random.Generator, county: County, plans: list[Plan], turn: float
) -> tuple[Town, Bend]:
    """A town and its bend; one in some hundreds bends a sharp corner over itself and is redrawn."""
    while True:
        town = build_town(rng, plans)
        bend = Bend.draw(rng, (county.lon, county.lat), turn, town.site.radius_m)
        if shapely.is_valid(bend.all([b.shape for b in town.blocks])).all():
            return town, bend


def _rows(rng: np.random.Generator, county: County, town: Town, names: Names) -> Iterator[Row]:
    """Streets, communities, quarters and grids of a town, and the park of the university town."""
    shapes = [town.of(c) for c in range(len(town.plans))]
    for number, members in enumerate(_streets(town, shapes)):
        lower = number >= 2 + len(town.plans) // 12
        code = county.code + (f"{100 + number}" if lower else f"{number + 1:03d}")
        whole = shapely.coverage_union_all([shapes[m] for m in members])
        yield Row(code, "street", names.stem() + ("镇" if lower else "街道"), whole)
        for seq, m in enumerate(members, 1):
            path = f"{code}{seq:03d}"
            name = names.stem() + "社区"
            yield Row(path, "community", name, shapes[m], (m,))
            yield from _parts(town, m, path, name, names)
    if county is CHANGQING:
        ground = shapely.coverage_union_all(shapes[: max(1, len(shapes) // 2)])
        yield Row(park(county.code, 1), "park", names.stem() + "大学科技园", ground)


def _streets(town: Town, shapes: list[Polygon]) -> list[list[int]]:
    """Communities by street: neighbours on a walk round the town."""
    centre = shapely.centroid(shapely.coverage_union_all(shapes))
    turns = [atan2(s.centroid.y - centre.y, s.centroid.x - centre.x) for s in shapes]
    order = sorted(range(len(shapes)), key=turns.__getitem__)
    count = max(1, round(len(order) / COMMUNITIES_A_STREET))
    return [part.tolist() for part in np.array_split(np.array(order), count)]


def _parts(town: Town, m: int, path: str, community: str, names: Names) -> Iterator[Row]:
    """Quarters of a community with their grids, then the grids that stand under none."""
    plan, seq = town.plans[m], 0
    for quarter, grids in enumerate(plan.quarters or (plan.grids,), 1):
        q, name = (quarter, names.quarter()) if plan.quarters else (0, community)
        if q:
            yield Row(build(path, q), "quarter", name, town.of(m, q), (m, q))
        for grid in range(1, grids + 1):
            seq += 1
            code = GRID_CODE.make(community=path, seq=seq)
            title, shape = f"{name}第{grid}网格", town.of(m, q, grid)
            yield Row(build(path, q, grid), "grid", title, shape, (m, q, grid), code)


def _buildings(rows: list[Row], houses: list[House], bend: Bend) -> list[Building]:
    """Houses in degrees, numbered through each quarter."""
    grids = {row.holds: row for row in rows if row.kind == "grid"}
    count: dict[str, int] = {}
    found = []
    spots = shapely.get_coordinates(bend.all([h.spot for h in houses])).tolist() if houses else []
    for house, (lon, lat) in zip(houses, spots, strict=True):
        block = house.block
        row = grids[block.community, block.quarter, block.grid]
        estate = row.name.partition("第")[0]
        count[estate] = count.get(estate, 0) + 1
        name = f"{estate}{count[estate]}栋"
        found.append(
            Building(row.path, name, house.street, house.number, lon, lat, house.households)
        )
    return found


def _river(town: Town, bend: Bend) -> LineString:
    """The middle of the river through and a little beyond the town, in degrees."""
    reach, y = RIVER_REACH * town.site.radius_m, town.site.river_y
    return bend.all([shapely.segmentize(LineString([(-reach, y), (reach, y)]), 60)])[0]


def _ground(county: County, town: Town, bend: Bend, names: Names) -> list[Shape]:
    """Water and hills of the town."""
    site = town.site
    drawn = bend.all([shapely.segmentize(p, 40) for p in (site.water, *site.hills)])
    water = Shape("water", "", county.code, multi(drawn[0])[0])
    hills = [Shape("hill", names.stem() + "山", county.code, multi(h)[0]) for h in drawn[1:]]
    return [water, *hills]


def _points(line: LineString) -> list[tuple[float, float]]:
    return [(x, y) for x, y in line.coords]
