"""A county town: communities, quarters and grids out of its blocks, down to each building."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from shapely import LineString, Polygon

from lianxin.demo.land.plan import Plan
from lianxin.demo.land.site import Site, lay_out
from lianxin.demo.land.split import Cut, deal
from lianxin.demo.land.weave import Block, faces, grow, holders, joined, neighbours

BLOCKS_A_GRID = 2.3


@dataclass(slots=True)
class Town:
    """A town on the straightened plane. Communities are numbered from 0, the rest from 1."""

    site: Site
    plans: list[Plan]
    blocks: list[Block] = field(default_factory=list)
    cuts: list[Cut] = field(default_factory=list)

    def of(self, community: int, quarter: int | None = None, grid: int | None = None) -> Polygon:
        """The shape of a community, of a quarter of it, of a grid."""
        return joined(
            b.shape
            for b in self.blocks
            if b.community == community
            and (quarter is None or b.quarter == quarter)
            and (grid is None or b.grid == grid)
        )


def build_town(rng: np.random.Generator, plans: list[Plan]) -> Town:
    """Site, streets, blocks and grids for these plans."""
    site = lay_out(rng, len(plans), sum(p.weight for p in plans))
    town = Town(site, plans, cuts=list(site.cuts))
    lots: list[tuple[int, int, Polygon]] = []
    for region, members in _settle(site.regions, plans):
        grain = float(rng.normal(0, 0.10))
        weights = [float(plans[m].weight) for m in members]
        for found in deal(region, weights, grain, "avenue", rng):
            if isinstance(found, Cut):
                town.cuts.append(found)
            else:
                lots += _lots(rng, town, members[found[0]], found[1], grain)
    _weave(town, lots)
    return town


def _settle(regions: list[Polygon], plans: list[Plan]) -> list[tuple[Polygon, list[int]]]:
    """Which communities lie in which region: the largest first, where most room is left."""
    room = np.array([r.area for r in regions])
    room *= sum(p.weight for p in plans) / room.sum()
    members: list[list[int]] = [[] for _ in regions]
    for m in sorted(range(len(plans)), key=lambda m: -plans[m].weight):
        to = int(np.argmax(room))
        members[to].append(m)
        room[to] -= plans[m].weight
    return [(r, sorted(held)) for r, held in zip(regions, members, strict=True) if held]


def _lots(
    rng: np.random.Generator, town: Town, community: int, shape: Polygon, grain: float
) -> list[tuple[int, int, Polygon]]:
    """Cut a community into quarters and these into lots: (community, quarter, lot)."""
    plan = town.plans[community]
    parts = list(plan.quarters) or [plan.weight]
    own = grain + float(rng.choice([rng.normal(0, 0.12), rng.normal(0, 0.5)], p=[0.75, 0.25]))
    lots = []
    for found in deal(shape, [float(p) for p in parts], own, "street", rng):
        if isinstance(found, Cut):
            town.cuts.append(found)
            continue
        count = max(parts[found[0]], round(parts[found[0]] * BLOCKS_A_GRID))
        weights = rng.uniform(0.7, 1.3, count).tolist()
        quarter = found[0] + 1 if plan.quarters else 0
        for lot in deal(found[1], weights, own, "lane", rng):
            if isinstance(lot, Cut):
                town.cuts.append(lot)
            else:
                lots.append((community, quarter, lot[1]))
    return lots


def _weave(town: Town, lots: list[tuple[int, int, Polygon]]) -> None:
    """Blocks from the streets, and grids grown from the blocks of each quarter."""
    lines: list[LineString] = [c.line for c in town.cuts if c.kind != "bridge"]
    found = faces(lines)
    held = holders(found, [lot for _, _, lot in lots])
    parts: dict[int, list[Polygon]] = {}
    for face, lot in zip(found, held.tolist(), strict=True):
        if lot >= 0:
            parts.setdefault(lot, []).append(face)
    shapes = np.array([joined(parts[i]) for i in sorted(parts)], dtype=object)
    near = neighbours(shapes)
    groups: dict[tuple[int, int], list[int]] = {}
    for at, i in enumerate(sorted(parts)):
        groups.setdefault(lots[i][:2], []).append(at)
    for (community, quarter), members in sorted(groups.items()):
        plan = town.plans[community]
        count = plan.quarters[quarter - 1] if quarter else plan.grids
        grids = grow(shapes, near, members, count) if count else [-1] * len(members)
        for m, g in zip(members, grids, strict=True):
            town.blocks.append(Block(community, quarter, g + 1, shapes[m]))
