"""Paths, division codes, grid codes and datums: what a place is called."""

import doctest
import random
import tomllib
from math import cos, hypot, radians
from pathlib import Path

import pytest

from lianxin.core.place import code, datum, path

PLACES = Path(__file__).parent.parent / "lianxin/params/places.toml"
DEGREE_M = 111_320


@pytest.mark.parametrize("module", [path, code, datum], ids=lambda m: m.__name__)
def test_the_examples_in_the_docstrings_hold(module):
    ran = doctest.testmod(module)
    assert ran.attempted and not ran.failed


def test_a_grid_without_a_quarter_hangs_under_its_community():
    grid = path.build("522601001001", grid=4)
    assert path.level(grid) == "grid"
    assert path.parent(grid) == "522601001001"
    assert path.parent(path.build("522601001001", 3, 4)) == "522601001001003"


def test_a_span_is_containment():
    rng = random.Random(5)
    paths = [path.build(f"5226{rng.randint(1, 39):02d}001{rng.randint(1, 199):03d}", 1, 9)
             for _ in range(300)] + ["P522601001", "P522602001"]  # fmt: skip
    for prefix in ("", "52", "522609", "522629", "P522601", paths[0][:12]):
        low, high = path.span(prefix)
        inside = {p for p in paths if low <= p < high}
        assert inside == {p for p in paths if path.contains(prefix, p)}
    assert path.span("522699999")[1] == "52269999:"


@pytest.mark.parametrize(
    "text",
    ["", "5", "522", "52a6", "520000", "522601000", "P5226", "P522601000", "X370113001", "５２"],
)
def test_what_is_no_path_is_refused(text):
    with pytest.raises(path.PathError):
        path.check(text)


def test_quarters_want_a_community():
    with pytest.raises(path.PathError, match="under a community"):
        path.build("522601001", 1)
    with pytest.raises(path.PathError, match="three digits"):
        path.build("522601001001", 1000)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("52260１", "digits"),
        ("5226011", "length"),
        ("002601", "province"),
        ("520001", "gap"),
        ("441900003", None),
        ("522601000001", "township"),
        ("522601001001", None),
        ("522601000000", None),
        ("429004001", None),
    ],
)
def test_the_structure_of_a_division_code(text, why):
    assert code.problem(text) == why


@pytest.mark.parametrize(
    ("segment", "kind"),
    [("001", "street"), ("099", "street"), ("100", "town"), ("199", "town"),
     ("200", "township"), ("399", "township"), ("400", "special")],
)  # fmt: skip
def test_the_township_segment_tells_its_class(segment, kind):
    assert code.township_kind("522601" + segment) == kind


@pytest.mark.parametrize(
    ("pattern", "parts", "made"),
    [
        ("{community:12}{seq:3}", {"community": "522601001001", "seq": 7}, "522601001001007"),
        ("{community:12}{kind:1}{seq:3}",
         {"community": "3" * 12, "kind": 2, "seq": 1}, "3" * 12 + "2001"),
        ("{county:6}{street:3}{community:3}{unit:4}{seq:4}",
         {"county": "341125", "street": 1, "community": 2, "unit": 3, "seq": 4},
         "34112500100200030004"),
        ("W{county:6}-{seq:3}", {"county": "341125", "seq": 12}, "W341125-012"),
    ],
)  # fmt: skip
def test_grid_codes_are_made_and_read_by_the_citys_own_pattern(pattern, parts, made):
    shape = code.GridPattern(pattern)
    assert shape.make(**parts) == made and shape.width == len(made)
    assert shape.make(**shape.parse(made)) == made


def test_a_grid_code_that_does_not_fit_is_refused():
    shape = code.GridPattern()
    for bad in ("52260100100100", "52260100100100a", ""):
        with pytest.raises(code.CodeError):
            shape.parse(bad)
    with pytest.raises(code.CodeError):
        shape.make(community="522601001001", seq=1000)
    with pytest.raises(code.CodeError):
        shape.make(community="522601001001")
    for bad in ("no parts", "{a:2}{a:3}", "{a:2}{b}"):
        with pytest.raises(ValueError, match=r"wants|brace"):
            code.GridPattern(bad)


def test_the_way_back_from_gcj_is_better_than_a_decimetre_everywhere():
    rng = random.Random(3)
    worst = 0.0
    for _ in range(5_000):
        lon, lat = rng.uniform(73.5, 135.5), rng.uniform(18, 53.5)
        there = datum.to_gcj(lon, lat)
        back = datum.to_wgs(*there)
        east, north = (there[0] - lon) * cos(radians(lat)), there[1] - lat
        assert 20 < hypot(east, north) * DEGREE_M < 1_100
        worst = max(worst, hypot(back[0] - lon, back[1] - lat) * DEGREE_M)
    assert worst < 0.001


def test_the_shift_is_the_published_one():
    assert datum.to_gcj(121.5272106, 31.1774276) == pytest.approx(
        (121.531541859215, 31.17530398364597), abs=1e-12
    )


def test_abroad_nothing_is_shifted():
    for point in ((2.35, 48.86), (-73.9, 40.7), (144.9, -37.8)):
        assert datum.to_gcj(*point) == point == datum.to_wgs(*point)


def test_the_table_of_kinds_agrees_with_the_paths():
    table = tomllib.loads(PLACES.read_text("utf-8"))
    kinds = table["kinds"]
    assert {k: v["digits"] for k, v in kinds.items() if "letter" not in v} == path.LEVELS
    assert {v["letter"]: k for k, v in kinds.items() if "letter" in v} == path.LETTERS
    assert code.GridPattern(table["grid_code"]["pattern"]).width == 15
    rows = [row for part in ("kinds", "problems") for row in table[part].values()]
    assert all(row["zh"] and row["en"] for row in rows)
    assert {"digits", "length", "province", "gap", "township", "grid"} == set(table["problems"])
