"""Count the crossings of many rays at once: the inner loop of a look-up, compiled.

The same walk as `Locator.locate`. A point too near an edge for floating numbers to tell gets
UNSURE, and is asked again one by one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numba import njit

UNSURE = -2
# Shewchuk's first bound for the sign of a 2 × 2 determinant of differences (1997, §4.3).
BOUND = (3.0 + 16.0 * 2.0**-53) * 2.0**-53


def compiled(function: Callable[..., Any]) -> Any:
    """The function compiled on first use; kept on disk where numba finds a place it may write."""
    try:
        return njit(cache=True, nogil=True)(function)
    except RuntimeError:
        return njit(nogil=True)(function)


@compiled
def _decide(
    x: float, y: float, begin: int, end: int, runs: Any, owner: Any, at: Any, edges: Any
) -> Any:
    for c in range(begin, end):
        run = runs[c]
        inside = False
        for e in range(at[run], at[run + 1]):
            y1, y2 = edges[e, 1], edges[e, 3]
            if y1 <= y < y2:
                x1 = edges[e, 0]
                left, right = (edges[e, 2] - x1) * (y - y1), (x - x1) * (y2 - y1)
                det = left - right
                if abs(det) < BOUND * (abs(left) + abs(right)) or det == 0.0:
                    return UNSURE
                inside ^= det > 0.0
        if inside:
            return owner[run]
    return -1


@compiled
def _tile(x: float, y: float, box: Any, tiles: Any) -> tuple[int, int]:
    """The code of the point's tile, and the place of its cell in that tile."""
    west, south, east, north, scale = box[0], box[1], box[2], box[3], box[4]
    if west <= x < east and south <= y < north:
        col, row = int((x - west) * scale), int((y - south) * scale)
        return tiles[row >> 5, col >> 5], ((row & 31) << 5) + (col & 31)
    return 0, 0


@compiled
def walk(
    lons: Any, lats: Any, out: Any, box: Any, tiles: Any, cells: Any,
    first: Any, runs: Any, owner: Any, at: Any, edges: Any,
) -> None:  # fmt: skip
    """Fill `out` with polygon numbers, -1 for nowhere, UNSURE for points to be asked again."""
    for i in range(len(lons)):
        code, place = _tile(lons[i], lats[i], box, tiles)
        out[i] = cells[~code, place] if code < 0 else code
    # Apart from the first pass: memory is then read ahead there, which is half the time.
    for i in range(len(lons)):
        b = ~out[i]
        if b >= 0:
            out[i] = _decide(lons[i], lats[i], first[b], first[b + 1], runs, owner, at, edges)
        else:
            out[i] -= 1


@compiled
def gather(
    lons: Any, lats: Any, box: Any, tiles: Any, starts: Any, order: Any, x: Any, y: Any
) -> None:
    """Points in the order of their tiles (a counting sort), so that large tables are read in order.

    `starts` has a zero for each tile with cells and two more; `order`, `x`, `y` are filled.
    """
    for i in range(len(lons)):
        code, _ = _tile(lons[i], lats[i], box, tiles)
        order[i] = max(~code, -1) + 1
        starts[order[i] + 1] += 1
    for k in range(1, len(starts)):
        starts[k] += starts[k - 1]
    for i in range(len(lons)):
        k = order[i]
        to = starts[k]
        starts[k] += 1
        x[to], y[to] = lons[i], lats[i]
        order[i] = to
