"""The made-up land: whole to the last grid, without gaps, and the same for the same seed."""

import doctest
from collections import Counter, defaultdict

import numpy as np
import pytest
import shapely
from shapely.geometry import shape

from lianxin.core.locate import Locator
from lianxin.core.place import code, path
from lianxin.demo.land import Land, make_land, plan

HERE = "5226"
# A square metre in square degrees: less than this is a rounding of corners.
M2 = 1e-10


@pytest.fixture(scope="module")
def land() -> Land:
    return make_land(seed=2025)


@pytest.fixture(scope="module")
def shapes(land) -> dict[str, shapely.Geometry]:
    return {a.path: shape(a.geometry) for a in land.areas if a.polygon}


def children(land: Land, kinds: tuple[str, ...]) -> dict[str, list[str]]:
    """Paths of areas of some kinds by the path they hang under."""
    found = defaultdict(list)
    for area in land.areas:
        if area.kind in kinds:
            found[path.parent(area.path)].append(area.path)
    return found


def test_the_examples_in_the_docstrings_hold():
    ran = doctest.testmod(plan)
    assert ran.attempted and not ran.failed


def test_the_prefecture_has_exactly_its_counts(land):
    counts = Counter(a.kind for a in land.areas if a.path.startswith(HERE))
    del counts["street"]
    assert counts == {
        "prefecture": 1, "county": 16, "community": 169, "quarter": 497, "grid": 1_703,
    }  # fmt: skip


def test_dingyuan_is_uneven_and_changqing_has_a_park(land):
    assert len(land.of("community", "341125")) == 24
    grids = land.of("grid", "341125")
    direct = [g for g in grids if g.path[12:15] == path.MISSING]
    assert 0 < len(direct) < len(grids) and land.of("quarter", "341125")
    (park,) = land.of("park")
    assert path.level(park.path) == "park" and path.county(park.path) == "370113"


def test_paths_codes_and_names_are_sound(land):
    paths = [a.path for a in land.areas]
    assert len(set(paths)) == len(paths)
    assert all(path.level(path.check(a.path)) == a.kind for a in land.areas)
    held = set(paths)
    assert all(path.parent(p) in held for p in paths if path.parent(p))
    codes = [a.code for a in land.areas if a.code]
    assert len(set(codes)) == len(codes) and not any(map(code.problem, codes))
    grid_codes = [a.grid_code for a in land.areas if a.kind == "grid"]
    assert len(set(grid_codes)) == len(grid_codes)
    for area in land.of("grid"):
        assert code.GridPattern().parse(area.grid_code)["community"] == area.path[:12]
    for county in land.of("county"):
        below = [a.name for a in land.areas if a.path.startswith(county.path)]
        assert len(set(below)) == len(below)


@pytest.mark.parametrize(
    ("parents", "kinds"),
    [("prefecture", ("county",)), ("street", ("community",)), ("community", ("quarter", "grid")),
     ("quarter", ("grid",))],
)  # fmt: skip
def test_parts_fill_their_whole_and_never_overlap(land, shapes, parents, kinds):
    hanging = children(land, kinds)
    seen = 0
    for parent in land.of(parents):
        parts = np.array([shapes[p] for p in hanging.get(parent.path, [])], dtype=object)
        if not len(parts) or (parents == "prefecture" and parent.path != HERE):
            continue
        seen += len(parts)
        one, other = np.triu_indices(len(parts), 1)
        assert shapely.area(shapely.intersection(parts[one], parts[other])).sum() < M2
        assert shapely.coverage_is_valid(parts)
        whole = shapes[parent.path]
        assert shapely.union_all(parts).symmetric_difference(whole).area < M2 * len(parts)
        assert shapely.area(shapely.difference(parts, whole)).max() < M2
    assert seen >= 16


def test_every_area_is_one_valid_piece_inside_its_county(land, shapes):
    assert all(s.is_valid for s in shapes.values())
    small = [a for a in land.areas if a.kind in ("grid", "quarter", "county")]
    assert all(len(a.polygon) == 1 for a in small)
    for area in land.areas:
        if area.kind in ("street", "park"):
            assert shapes[path.county(area.path)].contains(shapes[area.path])


def test_grids_of_a_prefecture_have_plausible_sizes(land, shapes):
    hectares = sorted(shapes[g.path].area / M2 / 1e4 for g in land.of("grid", HERE))
    assert hectares[0] > 0.1 and 1 < hectares[len(hectares) // 2] < 10 and hectares[-1] < 40


def test_every_building_stands_in_its_grid(land):
    grids = land.of("grid")
    here = Locator.build([g.path for g in grids], [g.geometry for g in grids])
    found = here.locate_many([b.lon for b in land.buildings], [b.lat for b in land.buildings])
    assert [here.ids[i] for i in found.tolist()] == [b.area for b in land.buildings]
    assert (found >= 0).all()


def test_a_grid_has_a_handful_of_buildings_and_three_to_five_hundred_households(land):
    count, homes = Counter(), Counter()
    for b in land.buildings:
        count[b.area] += 1
        homes[b.area] += b.households
    assert count.keys() == {g.path for g in land.of("grid")}
    assert set(count.values()) <= set(range(5, 16))
    assert min(homes.values()) >= 300 and max(homes.values()) <= 500


def test_an_address_and_a_buildings_name_are_given_once(land):
    addresses = [(b.area[:6], b.street, b.number) for b in land.buildings]
    names = [(b.area[:15], b.name) for b in land.buildings]
    assert len(set(addresses)) == len(addresses) and len(set(names)) == len(names)
    roads = {(s.county, s.name) for s in land.shapes}
    assert {(a, street) for a, street, _ in addresses} <= roads


def test_a_river_runs_through_every_town_and_no_grid_lies_in_it(land, shapes):
    for county in land.of("county"):
        water = [s for s in land.shapes if s.kind == "water" and s.county == county.path]
        river = shapely.union_all([shapely.Polygon(*s.parts[:1]) for s in water])
        town = [shapes[a.path] for a in land.of("street", county.path)]
        assert river.distance(shapely.union_all(town)) < 1e-4
        grids = np.array([shapes[g.path] for g in land.of("grid", county.path)], dtype=object)
        wet = shapely.area(shapely.intersection(grids, river)) / shapely.area(grids)
        assert wet.max() < 0.01


def test_a_small_land_is_the_same_town_made_small(land):
    small = make_land(seed=2025, scale=0.3, counties=["522634"])
    assert [a.name for a in small.of("county")] == ["雷山县"]
    assert len(small.of("community")) == 3
    assert small.of("grid") and small.buildings
    whole = make_land(seed=2025, counties=["522634"])
    assert whole.of("grid") == land.of("grid", "522634")


def test_a_seed_makes_one_land():
    part = ["522634", "370113"]
    digests = [make_land(seed, counties=part).digest for seed in (5, 5, 6)]
    assert digests[0] == digests[1] != digests[2]
    with pytest.raises(ValueError, match="999999"):
        make_land(counties=["999999"])
