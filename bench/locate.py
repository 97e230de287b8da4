"""How fast a point finds its grid: `python -m bench.locate [grids …]`.

Uneven six-cornered cells tile two degrees by one and a half; the points fall anywhere in them.
Times are of the processor, one thread, which holds better on a busy machine. Prints seconds to
build, megabytes, millions of points a second in a batch, microseconds for one, and how many of
200,000 points differ from an exact test with shapely (must be 0).
"""

from __future__ import annotations

import sys
from time import process_time

import numpy as np
import shapely

from lianxin.core.locate import Locator

WEST, SOUTH, WIDTH, HEIGHT = 107.3, 26.0, 2.2, 1.5
POINTS = 4_000_000


def cells(count: int, rng: np.random.Generator) -> np.ndarray:
    """About `count` polygons laid like bricks, every corner moved but shared by its neighbours."""
    rows = round(count**0.5)
    cols = -(-count // rows)
    at = np.stack(np.meshgrid(np.arange(2 * cols + 3), np.arange(rows + 1)), axis=-1).astype(float)
    at[1:-1, 1:-1] += rng.uniform(-0.35, 0.35, at[1:-1, 1:-1].shape)
    corners = at / [2 * cols + 2, rows] * [WIDTH, HEIGHT] + [WEST, SOUTH]
    row = np.repeat(np.arange(rows), cols)
    left = 2 * np.tile(np.arange(cols), rows) + row % 2
    low = [corners[row, left + k] for k in (0, 1, 2)]
    high = [corners[row + 1, left + k] for k in (2, 1, 0)]
    return shapely.polygons(np.stack([*low, *high, low[0]], axis=1))[:count]


def differences(here: Locator, polygons: np.ndarray, xy: np.ndarray) -> int:
    """Points for which shapely's own test names another polygon."""
    point, polygon = shapely.STRtree(polygons).query(shapely.points(xy), predicate="within")
    truth = np.full(len(xy), -1)
    truth[point] = polygon
    return int((here.locate_many(xy[:, 0], xy[:, 1]) != truth).sum())


def measure(count: int) -> str:
    """One line of the report."""
    rng = np.random.default_rng(7)
    polygons = cells(count, rng)
    start = process_time()
    here = Locator.build([str(i) for i in range(count)], polygons)
    build = process_time() - start
    xy = rng.random((POINTS, 2)) * [WIDTH, HEIGHT] + [WEST, SOUTH]
    x, y = xy[:, 0].copy(), xy[:, 1].copy()
    here.locate_many(x[:5000], y[:5000])
    batch = min(_seconds(here.locate_many, x, y) for _ in range(3))
    some = list(zip(x[:100_000].tolist(), y[:100_000].tolist(), strict=True))
    one = min(_seconds(lambda: [here.locate(*p) for p in some]) for _ in range(3))
    wrong = differences(here, polygons, xy[:200_000])
    return (
        f"{count:>9,} grids  build {build:6.2f} s  {here.parts.nbytes / 1e6:7.1f} MB"
        f"  batch {POINTS / batch / 1e6:5.1f} M/s  one {one / len(some) * 1e6:4.2f} µs"
        f"  wrong {wrong}"
    )


def _seconds(call, *args) -> float:
    start = process_time()
    call(*args)
    return process_time() - start


if __name__ == "__main__":
    for wanted in sys.argv[1:] or ("1703", "1000000"):
        print(measure(int(wanted)), flush=True)
