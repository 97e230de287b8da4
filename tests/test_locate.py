"""A point finds its grid: as shapely says inside, by one rule on every border."""

import doctest
import pickle
import subprocess
import sys
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
import shapely

from lianxin.core import locate
from lianxin.core.locate import FEW_POINTS, Locator, edges


def bricks(cols: int, rows: int, seed: int = 2) -> list[shapely.Polygon]:
    """Uneven cells that share every corner, six corners each."""
    rng = np.random.default_rng(seed)
    at = np.stack(np.meshgrid(np.arange(2 * cols + 3), np.arange(rows + 1)), axis=-1).astype(float)
    at[1:-1, 1:-1] += rng.uniform(-0.4, 0.4, at[1:-1, 1:-1].shape)
    at = at / 100 + [107.9, 26.5]
    return [
        shapely.Polygon([*at[r, k : k + 3], *at[r + 1, k : k + 3][::-1]])
        for r in range(rows)
        for k in (2 * c + r % 2 for c in range(cols))
    ]


def by_the_rule(polygons: list[shapely.Geometry], x: float, y: float) -> int:
    """The definition, in fractions: the first polygon whose edges a ray east crosses oddly."""
    px, py = Fraction(x), Fraction(y)
    for i, polygon in enumerate(polygons):
        crossings = 0
        for ring in shapely.get_rings(polygon):
            corners = [(Fraction(a), Fraction(b)) for a, b in ring.coords]
            for (ax, ay), (bx, by) in pairwise(corners):
                if (ay <= py) != (by <= py):
                    crossings += ax + (py - ay) / (by - ay) * (bx - ax) > px
        if crossings % 2:
            return i
    return -1


def ask(here: Locator, xy: np.ndarray) -> list[int]:
    """Both ways of asking, which must agree."""
    one = [here.locate(*p) for p in xy.tolist()]
    times = -(-FEW_POINTS // len(xy))
    many = here.locate_many(np.tile(xy[:, 0], times), np.tile(xy[:, 1], times))
    assert many.dtype == np.int32 and many[: len(xy)].tolist() == one
    return one


@pytest.fixture(scope="module")
def town():
    return bricks(9, 8)


@pytest.fixture(scope="module")
def here(town):
    return Locator.build([str(i) for i in range(len(town))], town)


def test_the_examples_in_the_docstrings_hold():
    for module in (locate, edges):
        ran = doctest.testmod(module)
        assert ran.attempted and not ran.failed


def test_random_points_as_shapely_says(town, here):
    west, south, east, north = shapely.total_bounds(town)
    rng = np.random.default_rng(4)
    xy = rng.uniform([west - 0.02, south - 0.02], [east + 0.02, north + 0.02], (20_000, 2))
    truth = np.full(len(xy), -1)
    point, polygon = shapely.STRtree(town).query(shapely.points(xy), predicate="within")
    truth[point] = polygon
    assert ask(here, xy) == truth.tolist()
    assert 0 < (truth < 0).sum() < len(xy) // 2


def test_corners_and_points_along_edges_follow_the_rule_exactly(town, here):
    corners = shapely.get_coordinates(town)
    middle = (corners[1:] + corners[:-1]) / 2
    third = corners[1:] * (1 / 3) + corners[:-1] * (2 / 3)
    nudged = np.nextafter(middle, [200, 90])
    xy = np.vstack([corners, middle, third, nudged])
    xy = xy[shapely.dwithin(shapely.union_all(town), shapely.points(xy), 1e-9)]
    xy = xy[::3]
    assert len(xy) > 300
    assert ask(here, xy) == [by_the_rule(town, *p) for p in xy.tolist()]


def test_a_point_on_a_shared_border_has_exactly_one_owner(town, here):
    single = [Locator.build(["one"], [polygon]) for polygon in town]
    whole = shapely.union_all(town)
    corners = shapely.points(np.unique(shapely.get_coordinates(town), axis=0))
    inner = corners[shapely.contains_properly(whole, corners)]
    assert len(inner) > 60
    for x, y in shapely.get_coordinates(inner).tolist():
        owners = [i for i, one in enumerate(single) if one.locate(x, y) == 0]
        assert owners == [here.locate(x, y)]
        assert town[owners[0]].covers(shapely.Point(x, y))


def test_squares_own_their_west_and_south(here):
    four = [shapely.box(x, y, x + 1, y + 1) for y in (0, 1) for x in (0, 1)]
    squares = Locator.build("abcd", four)
    xy = np.array([[1, 0.5], [0.5, 1], [1, 1], [0, 0], [2, 0.5], [0.5, 2], [2, 2], [0, 2]], float)
    assert ask(squares, xy) == [1, 2, 3, 0, -1, -1, -1, -1]


def test_holes_islands_and_parts_of_one_area():
    ring = shapely.box(0, 0, 9, 9).difference(shapely.box(3, 3, 6, 6))
    island = shapely.MultiPolygon([shapely.box(4, 4, 5, 5), shapely.box(20, 0, 21, 1)])
    spots = Locator.build(["ring", "island"], [ring, shapely.geometry.mapping(island)])
    xy = np.array([[1, 1], [3.5, 3.5], [4.5, 4.5], [20.5, 0.5], [15, 0.5], [6, 5], [3, 5]])
    assert ask(spots, xy) == [0, -1, 1, 1, -1, 0, -1]
    assert spots.id(4.5, 4.5) == "island" and spots.id(15, 0.5) is None


def test_where_polygons_overlap_the_first_has_the_point():
    two = [shapely.box(0, 0, 2, 2), shapely.box(1, 1, 9, 9), shapely.box(0, 0, 9, 9)]
    stack = Locator.build("abc", two)
    assert ask(stack, np.array([[1.5, 1.5], [3, 3], [0.5, 5], [8.9, 0.1]])) == [0, 1, 2, 2]


def test_a_large_area_beside_small_ones():
    rng = np.random.default_rng(9)
    turns = np.linspace(0, 2 * np.pi, 4_001)[:-1]
    coast = np.stack([np.cos(turns), np.sin(turns)], axis=1) * rng.uniform(0.8, 1.2, (4_000, 1))
    county = shapely.Polygon(coast)
    villages = [shapely.Point(*p).buffer(0.01) for p in rng.uniform(-0.5, 0.5, (30, 2))]
    here = Locator.build(map(str, range(31)), [*villages, county])
    xy = np.vstack([rng.uniform(-1.3, 1.3, (4_000, 2)), rng.uniform(-0.5, 0.5, (4_000, 2))])
    expected = np.full(len(xy), -1)
    for i in range(30, -1, -1):
        expected[shapely.contains_xy([*villages, county][i], xy)] = i
    assert ask(here, xy) == expected.tolist()


def test_sorted_through_large_tables_the_answer_is_the_same(town, here, monkeypatch):
    rng = np.random.default_rng(6)
    xy = rng.uniform([107.85, 26.45], [108.2, 26.6], (30_000, 2))
    plain = here.locate_many(*xy.T)
    monkeypatch.setattr(locate, "LARGE", 0)
    monkeypatch.setattr(locate, "CHUNK", 20_000)
    assert (here.locate_many(*xy.T) == plain).all() and (plain >= 0).any()


@pytest.mark.parametrize("point", [(np.nan, 26.5), (107.95, np.nan), (np.inf, 0.0), (-1e300, 26.5)])
def test_no_number_is_nowhere(here, point):
    assert ask(here, np.array([point])) == [-1]


def test_saved_loaded_and_pickled_it_answers_alike(tmp_path, town, here):
    xy = shapely.get_coordinates(shapely.point_on_surface(town))
    here.save(tmp_path / "grids.npz")
    for copy in (Locator.load(tmp_path / "grids.npz"), pickle.loads(pickle.dumps(here))):
        assert copy.ids == here.ids
        assert ask(copy, xy) == list(range(len(town)))


def test_what_cannot_be_built_or_asked(here):
    with pytest.raises(ValueError, match="1 ids for 0"):
        Locator.build(["a"], [])
    with pytest.raises(TypeError, match="LineString"):
        Locator.build(["a"], [shapely.LineString([(0, 0), (1, 1)])])
    with pytest.raises(ValueError, match="area"):
        Locator.build([], [])
    with pytest.raises(ValueError, match="one length"):
        here.locate_many([1.0, 2.0], [1.0])


def test_a_single_look_up_loads_no_compiler():
    script = (
        "import sys, shapely; from lianxin.core.locate import Locator;"
        "h = Locator.build(['a'], [shapely.box(0, 0, 1, 1)]); assert h.locate(.5, .5) == 0;"
        "assert h.locate_many([.5], [.5]).tolist() == [0]; assert 'numba' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
