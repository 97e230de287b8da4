"""The tables a look-up reads: tiles, their cells, and for a cell on a border the edges that decide.

A tile or cell holds a code: 0 nobody, n > 0 polygon n - 1 all over, n < 0 look closer at ~n.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from lianxin.core.locate.edges import Edges, Floats, Ints, distinct, edges_of, spread
from lianxin.core.locate.raster import Raster, covered, rows_of, touched

SHIFT = 5
SIDE = 1 << SHIFT
CELLS = SIDE * SIDE
# A polygon with few edges keeps them in one run; a longer one has a run for each row of cells.
FEW = 10
# Towns far apart leave most tiles empty; beyond this many, cells grow instead.
MOST_TILES = 4_000_000
Codes = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Tables:
    """All of a locator. `box`: west, south, east, north, cells a degree.

    `tiles` (rows, cols) and `cells` (n, 32 · 32) hold codes. Border cell b has the runs
    `runs[first[b]:first[b + 1]]`; run r belongs to polygon `owner[r]` and has the edges
    `edges[edge_first[r]:edge_first[r + 1]]`, each x1, y1, x2, y2 with y1 < y2.
    """

    box: Floats
    tiles: Codes
    cells: Codes
    first: Codes
    runs: Codes
    owner: Codes
    edge_first: Codes
    edges: Floats

    @property
    def nbytes(self) -> int:
        """Memory of all tables, in bytes."""
        return sum(getattr(self, name).nbytes for name in self.__slots__)


def tables(geoms: NDArray[np.object_], fine: float = 24.0, most_cells: int = 12_000_000) -> Tables:
    """Build the tables for polygons (n,): about `fine` cells a side of a middling polygon."""
    edges = edges_of(geoms)
    if not len(edges.xy):
        raise ValueError("no polygon with an area")
    raster = _raster(geoms, edges, fine, most_cells)
    coarse = raster.coarse(SIDE)
    border = _border(coarse, edges)
    slots = np.full(coarse.rows * coarse.cols, -1, dtype=np.int64)
    slots[border] = np.arange(len(border))
    tiles = _solid(coarse, edges)
    tiles[border] = ~np.arange(len(border), dtype=np.int32)
    cells, keys = _cells(raster, coarse, slots, edges, len(geoms))
    first, runs, owner, edge_first, flat = _runs(raster, coarse, border, edges, keys)
    east, north = edges.xy[:, [0, 2]].max(), edges.xy[:, 3].max()
    box = np.array([raster.west, raster.south, east, north, 1.0 / raster.step])
    grid = tiles.reshape(coarse.rows, coarse.cols)
    return Tables(box, grid, cells, first, runs, owner, edge_first, flat)


def _raster(geoms: NDArray[np.object_], edges: Edges, fine: float, most: int) -> Raster:
    """Cells as small as wished, if the tiles along the borders stay within `most` cells."""
    west, south = edges.xy[:, [0, 2]].min(), edges.xy[:, 1].min()
    width, height = edges.xy[:, [0, 2]].max() - west, edges.xy[:, 3].max() - south
    areas = shapely.area(geoms)
    step = float(np.sqrt(np.median(areas[areas > 0]))) / fine
    while True:
        cols, rows = int(width / step) + 2, int(height / step) + 2
        raster = Raster(float(west), float(south), step, cols, rows)
        tiles = raster.coarse(SIDE)
        over = tiles.cols * tiles.rows / MOST_TILES
        over = max(over, len(_border(tiles, edges)) * CELLS / most) if over <= 1 else over
        if over <= 1:
            return raster
        step *= max(float(np.sqrt(over)), 1.02)


def _border(tiles: Raster, edges: Edges) -> Ints:
    """The numbers of the tiles an edge comes near, ascending."""
    _, col, row = touched(tiles, edges)
    near = np.zeros(tiles.rows * tiles.cols, dtype=bool)
    near[row * tiles.cols + col] = True
    return np.flatnonzero(near)


def _paint(codes: Codes, at: Ints, owner: Ints) -> None:
    """Give each place the lowest polygon that covers it."""
    order = np.argsort(-owner, kind="stable")
    codes[at[order]] = owner[order] + 1


def _solid(coarse: Raster, edges: Edges) -> Codes:
    codes = np.zeros(coarse.rows * coarse.cols, dtype=np.int32)
    owner, row, low, high = covered(coarse, edges)
    which, col = spread(low, high)
    _paint(codes, row[which] * coarse.cols + col, owner[which])
    return codes


def _place(coarse: Raster, slots: Ints, col: Ints, row: Ints) -> Ints:
    """The cell's number in the table of cells; its tile must be a border tile."""
    slot: Ints = slots[(row >> SHIFT) * coarse.cols + (col >> SHIFT)]
    at: Ints = slot * CELLS + ((row & SIDE - 1) << SHIFT) + (col & SIDE - 1)
    return at


def _cells(
    raster: Raster, coarse: Raster, slots: Ints, edges: Edges, count: int
) -> tuple[Codes, tuple[Ints, Ints]]:
    """Codes of all cells, and the sorted (border cell's place, polygon) pairs that may decide."""
    which, col, row = touched(raster, edges)
    near = slots[(row >> SHIFT) * coarse.cols + (col >> SHIFT)] >= 0
    which, col, row = which[near], col[near], row[near]
    at = _place(coarse, slots, col, row)
    keys = at * count + edges.owner[which]
    codes = np.zeros((int(slots.max()) + 1) * CELLS, dtype=np.int32)
    border = np.zeros(len(codes), dtype=bool)
    border[at] = True
    cover, owner = _covers(raster, coarse, slots, edges)
    _paint(codes, cover, owner)
    inside = border[cover]
    keys = distinct(np.concatenate([keys, cover[inside] * count + owner[inside]]))
    codes[border] = ~np.arange(int(border.sum()), dtype=np.int32)
    return codes.reshape(-1, CELLS), (keys // count, keys % count)


def _covers(raster: Raster, coarse: Raster, slots: Ints, edges: Edges) -> tuple[Ints, Ints]:
    """(cell's place, polygon) for each cell of a border tile whose centre a polygon covers."""
    owner, row, low, high = covered(raster, edges)
    some = low <= high
    owner, row, low, high = owner[some], row[some], low[some], high[some]
    which, tile = spread(low >> SHIFT, high >> SHIFT)
    near = slots[(row[which] >> SHIFT) * coarse.cols + tile] >= 0
    which, tile = which[near], tile[near]
    left = np.maximum(low[which], tile << SHIFT)
    right = np.minimum(high[which], (tile << SHIFT) + SIDE - 1)
    piece, col = spread(left, right)
    which = which[piece]
    return _place(coarse, slots, col, row[which]), owner[which]


def _runs(
    raster: Raster, coarse: Raster, border: Ints, edges: Edges, keys: tuple[Ints, Ints]
) -> tuple[Codes, Codes, Codes, Codes, Floats]:
    """Candidates of each border cell as runs of edges; level edges no ray crosses are left out."""
    place, polygon = keys
    rising = edges.xy[:, 1] < edges.xy[:, 3]
    xy, owner = edges.xy[rising], edges.owner[rising]
    few = np.bincount(owner, minlength=int(owner.max()) + 1) <= FEW
    tile_row = border[place // CELLS] // coarse.cols
    row = (tile_row << SHIFT) + (place % CELLS >> SHIFT)
    wanted = _name(raster, few, polygon, row)
    names = distinct(wanted)
    runs = np.searchsorted(names, wanted)
    which, at_row = rows_of(raster, raster.scaled(xy))
    # A polygon with few edges has one run for all rows: take each of its edges once.
    again = np.append(False, which[1:] == which[:-1]) & few[owner[which]]
    which, at_row = which[~again], at_row[~again]
    name = _name(raster, few, owner[which], at_row)
    at = np.searchsorted(names, name)
    known = (at < len(names)) & (names[np.minimum(at, len(names) - 1)] == name)
    at, which = at[known], which[known]
    order = np.argsort(at, kind="stable")
    edge_first = np.searchsorted(at[order], np.arange(len(names) + 1))
    first = np.append(np.flatnonzero(np.append(True, place[1:] != place[:-1])), len(place))
    flat = np.ascontiguousarray(xy[which[order]])
    small = [a.astype(np.int32) for a in (first, runs, names // (raster.rows + 1), edge_first)]
    return small[0], small[1], small[2], small[3], flat


def _name(raster: Raster, few: NDArray[np.bool_], polygon: Ints, row: Ints) -> Ints:
    """A run's number: polygon and row; row 0 stands for all rows of a polygon with few edges."""
    return polygon * (raster.rows + 1) + np.where(few[polygon], 0, row + 1)
