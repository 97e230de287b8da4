"""The roads of a town by name, and the buildings that stand along them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from shapely import LineString

from lianxin.demo.land.names import Names
from lianxin.demo.land.plan import apportion
from lianxin.demo.land.town import Town
from lianxin.demo.land.weave import Block

SET_BACK_M = 13.0
HOUSE_M = 9.0
HOUSEHOLDS_A_GRID = (300, 500)


@dataclass(frozen=True, slots=True)
class Road:
    """A named road on the plane, metres."""

    kind: str
    name: str
    line: LineString


@dataclass(frozen=True, slots=True)
class House:
    """A building on the plane: its block, its address, how many households live in it."""

    block: Block
    spot: shapely.Point
    street: str
    number: int
    households: int


def roads_of(town: Town, names: Names) -> list[Road]:
    """Every street once; embankments and the ring road carry one name for all their pieces."""
    roads = [
        Road(cut.kind, names.road(cut.kind), line)
        for cut in town.cuts
        if cut.kind != "edge"
        for line in shapely.get_parts(cut.line)
        if isinstance(line, LineString)
    ]
    edges = shapely.union_all([c.line for c in town.cuts if c.kind == "edge"], grid_size=0.05)
    outside = shapely.union_all(town.site.regions).buffer(-1)
    inside = town.site.core.boundary if town.site.core else shapely.Point()
    outer, inner, bank = names.road("ring"), names.road("ring"), names.stem() + "滨江路"
    for line in shapely.get_parts(shapely.line_merge(edges)):
        middle = line.interpolate(0.5, normalized=True)
        if middle.distance(town.site.water) < 1:
            roads.append(Road("avenue", bank, line))
        elif middle.dwithin(inside, 1):
            roads.append(Road("ring", inner, line))
        elif middle.within(outside):
            roads.append(Road("avenue", names.road("avenue"), line))
        else:
            roads.append(Road("ring", outer, line))
    return roads


def houses_of(rng: np.random.Generator, town: Town, roads: list[Road]) -> list[House]:
    """Five to fifteen buildings in each grid, set back from the edges of its blocks."""
    grids: dict[tuple[int, int, int], list[Block]] = {}
    for block in town.blocks:
        if block.grid:
            grids.setdefault((block.community, block.quarter, block.grid), []).append(block)
    blocks, rings, along, homes = [], [], [], []
    for members in grids.values():
        inner = [_ring(b) for b in members]
        count = int(rng.integers(5, 16))
        each = apportion(count, np.array([r.length for r in inner]), 0)
        for block, ring, n in zip(members, inner, each, strict=True):
            blocks += [block] * n
            rings += [ring] * n
            along += ((np.arange(n) + rng.uniform(0.2, 0.8, n)) / max(n, 1)).tolist()
        homes += apportion(int(rng.integers(*HOUSEHOLDS_A_GRID)), rng.uniform(0.6, 1.4, count), 4)
    spots = shapely.line_interpolate_point(np.array(rings, dtype=object), along, normalized=True)
    streets = _addresses(spots, roads)
    return [House(*row) for row in zip(blocks, spots, *streets, homes, strict=True)]


def _ring(block: Block) -> LineString:
    """The line along which a block is built up: as far in as the block is wide enough for."""
    for back in (SET_BACK_M, SET_BACK_M / 2, SET_BACK_M / 4, 0.8):
        inner = shapely.get_parts(block.shape.buffer(-back, join_style="mitre"))
        if len(inner):
            return LineString(max(inner, key=lambda p: p.area).exterior.coords)
    raise ValueError(f"a block of {block.shape.area:.0f} m² has no room for a building")


def _addresses(spots: np.ndarray, roads: list[Road]) -> tuple[list[str], list[int]]:
    """Street and number of each spot: the nearest road, odd on its left and even on its right."""
    lines = np.array([r.line for r in roads], dtype=object)
    near = shapely.STRtree(lines).nearest(spots)
    down = shapely.line_locate_point(lines[near], spots)
    foot = shapely.get_coordinates(shapely.line_interpolate_point(lines[near], down))
    back = shapely.get_coordinates(
        shapely.line_interpolate_point(lines[near], np.maximum(down - 2, 0))
    )
    ahead = shapely.get_coordinates(shapely.line_interpolate_point(lines[near], down + 2))
    way, out = ahead - back, shapely.get_coordinates(spots) - foot
    right = way[:, 0] * out[:, 1] - way[:, 1] * out[:, 0] < 0
    used: set[tuple[str, int]] = set()
    streets, numbers = [], []
    for road, metres, even in zip(near.tolist(), down.tolist(), right.tolist(), strict=True):
        name, number = roads[road].name, 1 + 2 * int(metres / HOUSE_M) + even
        while (name, number) in used:
            number += 2
        used.add((name, number))
        streets.append(name)
        numbers.append(number)
    return streets, numbers
