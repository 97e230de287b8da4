"""The demo prefecture goes into an empty database: places, units and people."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from tqdm import tqdm

from lianxin.demo import organisations, people, units
from lianxin.demo.contact_points import pour_contact_points
from lianxin.demo.growth import Known, Scene, pour_growth
from lianxin.demo.land import Land, make_land
from lianxin.demo.people import PersonRow
from lianxin.orders import world
from lianxin.registry.actions.pour import next_key, pour
from lianxin.registry.actions.stamp import Stamp
from lianxin.registry.models import (
    Area,
    Boundary,
    Building,
    Door,
    Duty,
    Generation,
    Person,
    PersonSkill,
    Post,
    Unit,
    Vetting,
)  # fmt: skip
from lianxin.registry.spelling import spelt
from lianxin.web.demo_flag import MARK

SEED = 2026
SINCE = date(2017, 1, 1)
UNUSABLE = "!demo"  # what stands where a password would: nobody logs in with it
DOOR_SIGNS = "23456789abcdefghjkmnpqrstuvwxyz"


@dataclass
class Size:
    """How much demo: all of it, or a corner for tests. `played`: orders will be played in it, so
    there are as many people at least as their scripts need, however small the share."""

    workers: int = people.WORKERS
    members: int = people.MEMBERS
    scale: float = 1.0
    played: bool = False

    @classmethod
    def of(cls, share: float) -> Size:
        """That share of everything. Raises ValueError for no share at all, or more than all."""
        if not 0 < share <= 1:
            raise ValueError(f"{share} is no share")
        return cls(int(people.WORKERS * share), int(people.MEMBERS * share), share, played=True)


@dataclass
class Loaded:
    """Keys of what was poured in: area path → id, unit code → id."""

    land: Land
    areas: dict[str, int]
    units: list[units.UnitRow]


def load(size: Size, say: Callable[[str], None] = lambda line: None) -> Loaded:
    """Pour the registry of the demo. Raises ValueError if there are areas already."""
    if Area.objects.exists():
        raise ValueError("the registry is not empty")
    rng, stamp = Random(SEED), Stamp(None, timezone.now())
    land = make_land(seed=SEED, scale=size.scale)
    with transaction.atomic():
        areas = pour_places(stamp, land, rng)
        counties = [(a.path, a.name) for a in land.of("county")]
        offices = list(units.units(counties, next_key(Unit)))
        for park in land.of("park"):
            offices += units.campus(park.path, offices[-1].id + 1)
        pour_units(stamp, offices, areas)
        known = pour_people(stamp, everybody(land, offices, rng, size), areas)
        pour_growth(Scene(stamp, land, areas, offices, known, rng, size.scale))
        organisations.found(stamp, land, areas, size.scale, pour_people)
        pour_contact_points(stamp, land, areas)
    world.forget()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    (Path(settings.VAR) / MARK).touch()
    return Loaded(land, areas, offices)


def everybody(
    land: Land, offices: list[units.UnitRow], rng: Random, size: Size
) -> Iterator[PersonRow]:
    """Workers of the prefecture and, beside it, of the smaller places; officials; members."""
    least = staffed(land, "5226") if size.played else 0
    yield from people.staff(land, ("5226",), rng, max(size.workers, least))
    for root in ("341125", "370113"):
        yield from others(land, root, rng)
    yield from people.officials(land, rng)
    inside = [u for u in offices if u.area.startswith("5226")] or offices
    pairs = 2 * len(inside) if size.played else 0  # two of a unit go together
    yield from people.unit_people(land, inside, rng, max(size.members, pairs))


def staffed(land: Land, root: str) -> int:
    """How many it takes for one on every grid, and a desk and a secretary in every community."""
    return len(land.of("grid", root)) + 2 * len(land.of("community", root))


def others(land: Land, root: str, rng: Random) -> Iterator[PersonRow]:
    """A county beside the prefecture, with just as many."""
    for row in people.staff(land, (root,), rng, staffed(land, root)):
        yield PersonRow(f"{root}-{row.username}", row.name, row.home, row.posts)


def pour_places(stamp: Stamp, land: Land, rng: Random) -> dict[str, int]:
    first = next_key(Area)
    areas = {a.path: first + n for n, a in enumerate(land.areas)}
    pour(
        stamp, Area, ("id", "kind_id", "path", "code", "grid_code", "name", "phone", "since"),
        (
            (areas[a.path], a.kind, a.path, a.code, a.grid_code, a.name, office(a.kind, n), SINCE)
            for n, a in enumerate(land.areas)
        ),
    )  # fmt: skip
    pour_boundaries(stamp, land, areas)
    pour_buildings(stamp, land, areas, rng)
    return areas


def office(kind: str, n: int) -> str:
    """The number of a community's office. None begins with 0 behind the area's code: it rings
    nowhere."""
    return f"0000-0{n:06d}" if kind == "community" else ""


def pour_boundaries(stamp: Stamp, land: Land, areas: dict[str, int]) -> None:
    """One generation of boundaries for each county, all in force from the beginning."""
    first = next_key(Generation)
    counties = [a for a in land.of("county") if a.polygon]
    generations = {a.path: first + n for n, a in enumerate(counties)}
    pour(
        stamp, Generation, ("id", "root", "name", "since", "west", "south", "east", "north"),
        (
            (generations[a.path], a.path, f"{a.name}网格图", SINCE, *box(a.polygon))
            for a in counties
        ),
    )  # fmt: skip
    shapes = [a for a in land.areas if a.polygon and a.path.lstrip("PZ")[:6] in generations]
    pour(
        stamp, Boundary,
        ("id", "area_id", "generation_id", "geojson", "west", "south", "east", "north"),
        (
            (n, areas[a.path], generations[a.path.lstrip("PZ")[:6]], json.dumps(a.geometry),
             *box(a.polygon))
            for n, a in enumerate(shapes, next_key(Boundary))
        ),
    )  # fmt: skip


def box(polygon: list[Any]) -> tuple[float, float, float, float]:
    """West, south, east, north of a MultiPolygon's coordinates."""
    points = [p for part in polygon for p in part[0]]
    lons, lats = [p[0] for p in points], [p[1] for p in points]
    return min(lons), min(lats), max(lons), max(lats)


def pour_buildings(stamp: Stamp, land: Land, areas: dict[str, int], rng: Random) -> None:
    rows = list(enumerate(land.buildings, next_key(Building)))
    pour(
        stamp, Building, ("id", "name", "street", "number", "lon", "lat", "households"),
        ((n, b.name, b.street, str(b.number), b.lon, b.lat, b.households) for n, b in rows),
    )  # fmt: skip
    pour(
        stamp, Door, ("id", "code", "building_id", "area_id", "label"),
        (
            (key, "".join(rng.choice(DOOR_SIGNS) for _ in range(12)), n, areas[b.area], "")
            for key, (n, b) in enumerate(rows, next_key(Door))
        ),
    )  # fmt: skip


def pour_units(stamp: Stamp, offices: list[units.UnitRow], areas: dict[str, int]) -> None:
    pour(
        stamp, Unit, ("id", "code", "name", "kind", "area_id", "since"),
        ((u.id, u.code, u.name, u.kind, areas[u.area], SINCE) for u in offices),
    )  # fmt: skip
    pairs = [(u, duty) for u in offices for duty in u.duties]
    pour(
        stamp, Duty, ("id", "unit_id", "category", "area_id"),
        ((n, u.id, d, areas[u.area]) for n, (u, d) in enumerate(pairs, next_key(Duty))),
    )  # fmt: skip


def pour_people(stamp: Stamp, rows: Iterator[PersonRow], areas: dict[str, int]) -> Known:
    """Returns them with their keys."""
    known = list(
        tqdm(enumerate(rows, next_key(Person)), desc="人员 people", unit="人", disable=None)
    )
    pour(
        stamp, Person,
        ("id", "username", "name", "spelt", "password", "home_id", "language", "is_active",
         "is_operator"),
        (
            (n, p.username, p.name, spelt(p.name), UNUSABLE, areas[p.home] if p.home else None,
             "zh", True, False)
            for n, p in known
        ),
    )  # fmt: skip
    posts = [(n, post) for n, p in known for post in p.posts]
    pour(
        stamp, Post, ("id", "person_id", "role", "area_id", "unit_id", "since"),
        (
            (key, n, role, areas[path] if path else None, unit, SINCE)
            for key, (n, (role, path, unit)) in enumerate(posts, next_key(Post))
        ),
    )  # fmt: skip
    sent = dict.fromkeys(n for n, (role, _, _) in posts if role == "member")
    pour(
        stamp, Vetting, ("id", "person_id", "since"),
        ((key, n, SINCE) for key, n in enumerate(sent, next_key(Vetting))),
    )  # fmt: skip
    skills = [(n, s) for n, p in known for s in p.skills]
    pour(
        stamp, PersonSkill, ("id", "person_id", "skill"),
        ((key, n, s) for key, (n, s) in enumerate(skills, next_key(PersonSkill))),
    )  # fmt: skip
    return known
