"""A prefecture that never was: sixteen counties' public names, and below them all is made up."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import shapely
from shapely import LineString

from lianxin.demo.land import country
from lianxin.demo.land.county import Draft, draw_county
from lianxin.demo.land.names import Names
from lianxin.demo.land.plan import (
    CHANGQING,
    DINGYUAN,
    PREFECTURE,
    UPPER,
    County,
    other_plans,
    prefecture_plans,
)
from lianxin.demo.land.rows import Area, Building, Land, Shape, multi
from lianxin.demo.land.weave import joined

__all__ = ["Area", "Building", "Land", "Shape", "make_land"]

HILLS_A_COUNTY = 7


def make_land(
    seed: int = 2025, scale: float = 1.0, counties: Collection[str] | None = None
) -> Land:
    """The whole land, or a part of it: the same seed and size give the same rows.

    `counties`: six-digit codes, all eighteen by default; a county's town does not depend on which
    others are asked for. `scale`: share of the communities of each county (at least one).
    Raises ValueError for an unknown county.
    """
    every = [*PREFECTURE, DINGYUAN, CHANGQING]
    chosen = [c for c in every if counties is None or c.code in counties]
    unknown = set(counties or ()) - {c.code for c in every}
    if unknown or not chosen:
        raise ValueError(f"no such county: {sorted(unknown)}")
    rng = np.random.default_rng(seed)
    plans = prefecture_plans(rng) | other_plans(rng)
    ways = country.headings(rng, every)
    outlines = _outlines(seed)
    drafts = []
    for c in chosen:
        part = plans[c.code][: max(1, round(len(plans[c.code]) * scale))]
        own = np.random.default_rng([seed, int(c.code)])
        drafts.append(draw_county(own, c, part, ways[c.code], outlines[c.code]))
    shapes = [s for d in drafts for s in d.shapes] + _country(seed, chosen, drafts, outlines)
    areas = _upper(outlines, chosen) + [a for d in drafts for a in d.areas]
    areas.sort(key=lambda a: (a.path[0].isalpha(), len(a.path), a.path))
    return Land(seed, areas, [b for d in drafts for b in d.buildings], shapes)


def _outlines(seed: int) -> dict[str, shapely.Polygon]:
    """Polygons of all eighteen counties, whichever are asked for."""
    rng = np.random.default_rng([seed, 1])
    found = country.borders(rng, PREFECTURE, 0.22)
    for alone in (DINGYUAN, CHANGQING):
        found |= country.borders(rng, [alone], 0.26)
    return found


def _upper(outlines: dict[str, shapely.Polygon], chosen: list[County]) -> list[Area]:
    """Provinces (without a polygon) and prefectures above the chosen counties."""
    rows = []
    for path, kind, name in UPPER:
        if any(c.code.startswith(path) for c in chosen):
            whole = [p for code, p in outlines.items() if code.startswith(path)]
            polygon = multi(joined(whole)) if kind == "prefecture" else []
            rows.append(Area(path, kind, path, None, name, polygon))
    return rows


def _country(
    seed: int, chosen: list[County], drafts: list[Draft], outlines: dict[str, shapely.Polygon]
) -> list[Shape]:
    """Rivers, trunk roads and hills of the chosen counties."""
    rng = np.random.default_rng([seed, 2])
    names = Names(rng)
    banks = {d.county.code: d.river for d in drafts}
    shapes = [Shape("river", names.stem() + "江", *_line(*r)) for r in country.rivers(rng, banks)]
    for group in (PREFECTURE, (DINGYUAN,), (CHANGQING,)):
        held = [c for c in group if c in chosen]
        if len(held) > 2:
            roads = country.trunk_roads(rng, held)
            shapes += [Shape("trunk", names.stem() + "公路", *_line(*r)) for r in roads]
    for c in chosen:
        shapes += country.hills(rng, c, outlines[c.code], HILLS_A_COUNTY, names)
    return shapes


def _line(county: str, line: LineString) -> tuple[str, list[list[tuple[float, float]]]]:
    return county, [[tuple(p) for p in shapely.get_coordinates(line).tolist()]]
