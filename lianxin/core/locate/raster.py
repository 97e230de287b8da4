"""Which cells of a raster an edge touches, and which cell centres a polygon covers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lianxin.core.locate.edges import Edges, Floats, Ints, spread

# Cells. An edge is taken as touching a cell it passes this near; far above the rounding of
# degrees (1e-10 cells), so that no point is ever looked up in a cell that missed its edge.
SLACK = 1e-6


@dataclass(frozen=True, slots=True)
class Raster:
    """Square cells of `step` degrees from a south-west corner, `cols` × `rows`."""

    west: float
    south: float
    step: float
    cols: int
    rows: int

    def scaled(self, xy: Floats) -> Floats:
        """Coordinates (n, 4) in cells."""
        corner = np.array([self.west, self.south, self.west, self.south])
        cells: Floats = (xy - corner) * (1.0 / self.step)
        return cells

    def coarse(self, factor: int) -> Raster:
        """The raster of tiles, `factor` cells a side."""
        cols, rows = -(-self.cols // factor), -(-self.rows // factor)
        return Raster(self.west, self.south, self.step * factor, cols, rows)


def rows_of(raster: Raster, uv: Floats) -> tuple[Ints, Ints]:
    """(which edge, row) for each row an edge comes near; uv is (n, 4) in cells."""
    low = np.maximum(np.floor(uv[:, 1] - SLACK), 0).astype(np.int64)
    high = np.minimum(np.floor(uv[:, 3] + SLACK), raster.rows - 1).astype(np.int64)
    return spread(low, high)


def touched(raster: Raster, edges: Edges) -> tuple[Ints, Ints, Ints]:
    """(which edge, column, row) for each cell an edge comes near."""
    uv = raster.scaled(edges.xy)
    which, row = rows_of(raster, uv)
    u1, v1, u2, v2 = uv[which].T
    rise = np.where(v2 > v1, v2 - v1, 1.0)
    low = np.clip((row - SLACK - v1) / rise, 0, 1)
    high = np.where(v2 > v1, np.clip((row + 1 + SLACK - v1) / rise, 0, 1), 1.0)
    a, b = u1 + low * (u2 - u1), u1 + high * (u2 - u1)
    first = np.clip(np.floor(np.minimum(a, b) - SLACK), 0, raster.cols - 1).astype(np.int64)
    last = np.clip(np.floor(np.maximum(a, b) + SLACK), 0, raster.cols - 1).astype(np.int64)
    piece, col = spread(first, last)
    return which[piece], col, row[piece]


def covered(raster: Raster, edges: Edges) -> tuple[Ints, Ints, Ints, Ints]:
    """(polygon, row, first column, last column) of the cells whose centre a polygon covers."""
    uv = raster.scaled(edges.xy)
    low = np.maximum(np.ceil(uv[:, 1] - 0.5), 0).astype(np.int64)
    high = np.minimum(np.ceil(uv[:, 3] - 0.5) - 1, raster.rows - 1).astype(np.int64)
    which, row = spread(low, high)
    u1, v1, u2, v2 = uv[which].T
    cross = u1 + (row + 0.5 - v1) / (v2 - v1) * (u2 - u1)
    order = np.lexsort((cross, row, edges.owner[which]))
    cross, row, owner = cross[order], row[order], edges.owner[which][order]
    # Crossings of a closed ring come in pairs: in, out, in, out.
    first = np.maximum(np.ceil(cross[0::2] - 0.5), 0).astype(np.int64)
    last = np.minimum(np.ceil(cross[1::2] - 0.5) - 1, raster.cols - 1).astype(np.int64)
    return owner[0::2], row[0::2], first, last
