"""From streets to blocks, and from blocks to grids: neighbours share every corner of a border."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import shapely
from shapely import LineString, Polygon
from shapely.geometry.base import BaseGeometry

SNAP_M = 0.05
STEP_M = 25.0
# Two blocks are neighbours if they share this much of a border.
BORDER_M = 8.0


@dataclass(frozen=True, slots=True)
class Block:
    """A block between streets, and which community, quarter (0: none) and grid (0: none) has it."""

    community: int
    quarter: int
    grid: int
    shape: Polygon


def faces(lines: Iterable[LineString]) -> np.ndarray:
    """All faces that the lines enclose; corners of either neighbour are corners of both."""
    noded = shapely.union_all(list(lines), grid_size=SNAP_M)
    steps = shapely.segmentize(shapely.get_parts(noded), STEP_M)
    return shapely.get_parts(shapely.polygonize(steps))


def holders(found: np.ndarray, blocks: list[Polygon]) -> np.ndarray:
    """For each face the block that it is (a part of), or -1; (n,)."""
    spots = shapely.point_on_surface(found)
    face, block = shapely.STRtree(blocks).query(spots, predicate="within")
    held = np.full(len(found), -1)
    held[face] = block
    return held


def joined(parts: Iterable[BaseGeometry]) -> BaseGeometry:
    """Faces as one shape."""
    return shapely.coverage_union_all(list(parts))


def neighbours(shapes: np.ndarray) -> list[set[int]]:
    """For each shape those it shares a border with."""
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    first = one < other
    one, other = one[first], other[first]
    shared = shapely.length(shapely.intersection(shapes[one], shapes[other])) > BORDER_M
    near: list[set[int]] = [set() for _ in shapes]
    for a, b in zip(one[shared].tolist(), other[shared].tolist(), strict=True):
        near[a].add(b)
        near[b].add(a)
    return near


def grow(shapes: np.ndarray, near: list[set[int]], members: list[int], count: int) -> list[int]:
    """Which of `count` connected groups of like size each member joins; (len(members),)."""
    spots = shapely.get_coordinates(shapely.centroid(shapes[members]))
    areas = shapely.area(shapes[members])
    inside = {m: i for i, m in enumerate(members)}
    group = np.full(len(members), -1)
    group[_apart(spots, count)] = np.arange(count)
    while (group < 0).any():
        size = np.bincount(group[group >= 0], areas[group >= 0], minlength=count)
        for g in np.argsort(size, kind="stable").tolist():
            edge = {
                inside[n]
                for i in np.flatnonzero(group == g).tolist()
                for n in near[members[i]]
                if n in inside and group[inside[n]] < 0
            }
            if edge:
                centre = spots[group == g].mean(axis=0)
                far = {i: float(((spots[i] - centre) ** 2).sum()) for i in edge}
                group[min(sorted(edge), key=far.__getitem__)] = g
                break
        else:
            group[group < 0] = 0
    return group.tolist()


def _apart(spots: np.ndarray, count: int) -> list[int]:
    """So many of the spots, each far from those before it."""
    chosen = [int(np.argmax(((spots - spots.mean(axis=0)) ** 2).sum(axis=1)))]
    while len(chosen) < count:
        gaps = ((spots[:, None] - spots[chosen]) ** 2).sum(axis=2).min(axis=1)
        chosen.append(int(np.argmax(gaps)))
    return chosen
