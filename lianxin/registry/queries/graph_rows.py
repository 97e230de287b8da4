"""What the graph reads, one query a function, each for all nodes of a level at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import connection
from django.db.models import Count, F, FilteredRelation, Q

from lianxin.core.place import path as paths
from lianxin.core.step.who import Grant
from lianxin.registry.models import Area, ContactPoint, Cover, Officer, Organisation, Post
from lianxin.registry.models.dated import in_force

COMMUNITY = paths.LEVELS["community"]
COUNTED = ("community", "quarter", "grid")  # kinds that can have a gap of their own
ORDER = list(paths.LEVELS)

# The path above a path: a level is left out where its digits are zeros (core/place/path.py).
_ABOVE = r"""CASE WHEN length(area.path) <= 6 THEN left(area.path, -2) ELSE regexp_replace(
    regexp_replace(left(area.path, -3), '^(.{6,}?)(000)+$', '\1'), '^(\d{4})00$', '\1') END"""
_IN_FORCE = "{0}.since <= %(on)s AND ({0}.until IS NULL OR {0}.until > %(on)s)"
_NO_ORGANISATION = f"""NOT EXISTS (SELECT FROM registry_organisation own
    WHERE own.area_id = area.id AND own.kind = '{{}}' AND {_IN_FORCE.format("own")})"""
_BARE = f"""CASE area.kind_id
    WHEN 'community' THEN {_NO_ORGANISATION.format("community")}
    WHEN 'quarter' THEN {_NO_ORGANISATION.format("branch")}
    WHEN 'grid' THEN NOT EXISTS (SELECT FROM registry_post post WHERE post.area_id = area.id
        AND post.role = 'grid_worker' AND {_IN_FORCE.format("post")})
    ELSE false END"""
_TALLY = f"""
SELECT key, kind_id, count(*), count(*) FILTER (WHERE bare), count(*) FILTER (WHERE above = key)
FROM (
    SELECT area.kind_id, {_ABOVE} AS above, {_BARE} AS bare,
        CASE WHEN substr(area.path, length(opened.low) + 1, opened.width - length(opened.low))
            ~ '^0+$' THEN left(area.path, opened.width + 3) ELSE left(area.path, opened.width)
        END AS key
    FROM unnest(%(low)s::text[], %(high)s::text[], %(width)s::int[]) AS opened(low, high, width)
    JOIN registry_area area ON area.path >= opened.low COLLATE "C"
        AND area.path < opened.high COLLATE "C" AND length(area.path) >= opened.width
    WHERE {_IN_FORCE.format("area")}) AS counted
GROUP BY key, kind_id"""
_UNCOVERED = f"""
SELECT place.low, count(DISTINCT door.building_id)
FROM unnest(%(low)s::text[], %(high)s::text[]) AS place(low, high)
JOIN registry_area area ON area.path >= place.low COLLATE "C"
    AND area.path < place.high COLLATE "C" AND {_IN_FORCE.format("area")}
JOIN registry_door door ON door.area_id = area.id
WHERE NOT EXISTS (
    SELECT FROM registry_cover cover
    JOIN registry_organisation over ON over.id = cover.organisation_id AND over.kind = 'group'
        AND {_IN_FORCE.format("over")}
    WHERE cover.building_id = door.building_id AND {_IN_FORCE.format("cover")})
GROUP BY place.low"""


@dataclass(slots=True)
class Tally:
    """Of a place with all that lies in it: how many of each kind, how many of them are bare, and
    how many places are directly below."""

    holds: dict[str, int] = field(default_factory=dict)
    gaps: dict[str, int] = field(default_factory=dict)
    parts: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """An organisation that stands at a place; `head` "" where nobody is elected."""

    name: str
    head: str


def tallies(opened: Iterable[tuple[str, int]], on: date) -> dict[str, Tally]:
    """Tallies by path of the places that lie in each prefix and have so many digits (more where
    that level is missing)."""
    asked = list(opened)
    spans = [paths.span(prefix) for prefix, _ in asked]
    given = {
        "low": [low for low, _ in spans], "high": [high for _, high in spans],
        "width": [width for _, width in asked], "on": on,
    }  # fmt: skip
    found: dict[str, Tally] = {}
    with connection.cursor() as cursor:
        cursor.execute(_TALLY, given)
        for key, kind, n, bare, parts in cursor.fetchall():
            tally = found.setdefault(key, Tally())
            tally.parts += parts
            if kind in COUNTED:
                tally.holds[kind], tally.gaps[kind] = n, bare
    return found


def uncovered(low: Sequence[str], on: date) -> dict[str, int]:
    """How many buildings at each place are in no building group."""
    spans = [paths.span(path) for path in low]
    with connection.cursor() as cursor:
        cursor.execute(_UNCOVERED, {
            "low": [a for a, _ in spans], "high": [b for _, b in spans], "on": on,
        })  # fmt: skip
        return dict(cursor.fetchall())


def below(opened: Iterable[str], on: date) -> list[Area]:
    """The places directly below each of these, by path."""
    wanted = Q(pk__in=())
    for path in opened:
        wanted |= _directly(path)
    return list(Area.objects.on(on).filter(wanted).order_by("path"))


def _directly(path: str) -> Q:
    """The next level; and the one after it, where the next is missing."""
    if paths.second(path):
        return Q(path__regex=rf"^{path}\d{{3}}$")
    at = ORDER.index(paths.level(path))
    found = Q(pk__in=())
    if at + 1 < len(ORDER):
        found = Q(path__startswith=path, kind=ORDER[at + 1])
    if at + 2 < len(ORDER):
        zeros = "0" * (paths.LEVELS[ORDER[at + 1]] - len(path))
        found |= Q(path__startswith=path + zeros, kind=ORDER[at + 2])
    return found


# ── what stands there ────────────────────────────────────────────────────────────────────────────


def standing(areas: Sequence[int], reader: Grant, on: date) -> dict[int, Standing]:
    """The community organisation or branch of each area, with its secretary."""
    secretary = Q(officers__office="secretary") & in_force(on, "officers__")
    seen = Organisation.objects.on(on).under([reader])
    found = seen.filter(area__in=areas, kind__in=("community", "branch"))
    told = found.annotate(elected=FilteredRelation("officers", condition=secretary))
    rows = told.order_by("pk").values_list("area_id", "name", "elected__person__name")
    return {area: Standing(name, head or "") for area, name, head in rows}


def leading(areas: Sequence[int], reader: Grant, on: date) -> dict[int, list[str]]:
    """The leaders whose contact point each area is."""
    seen = ContactPoint.objects.on(on).under([reader])
    found = seen.filter(area__in=areas).order_by("since", "pk")
    return _listed(found.values_list("area_id", "person__name"))


def working(areas: Sequence[int], on: date) -> dict[int, list[str]]:
    """Who holds the post of each grid, stand-ins last."""
    held = Post.objects.on(on).filter(role="grid_worker", area__in=areas)
    own_first = held.order_by(F("behalf_of").asc(nulls_first=True), "since", "pk")
    return _listed(own_first.values_list("area_id", "person__name"))


def _listed(rows: Iterable[tuple[int, str]]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for key, name in rows:
        if name not in found.setdefault(key, []):
            found[key].append(name)
    return found


def hung(areas: Sequence[int], on: date) -> dict[int, int]:
    """How many building groups stand at each area itself."""
    found = Organisation.objects.on(on).filter(kind="group", area__in=areas)
    return dict(found.order_by().values_list("area_id").annotate(n=Count("pk")))


# ── groups and core households ───────────────────────────────────────────────────────────────────


def organisation(key: int, reader: Grant, on: date) -> Organisation | None:
    found = Organisation.objects.on(on).under([reader]).filter(pk=key).select_related("area")
    return found.filter(in_force(on, "area__")).first()


def groups(opened: Sequence[str], reader: Grant, on: date) -> list[Organisation]:
    """The building groups that stand at exactly these places."""
    seen = Organisation.objects.on(on).under([reader])
    found = seen.filter(kind="group", area__path__in=opened)
    live = found.filter(in_force(on, "area__")).select_related("area")
    return list(live.order_by("area__path", "name", "pk"))


def households(over: Sequence[int], reader: Grant, on: date) -> list[Organisation]:
    """The core households under these groups."""
    seen = Organisation.objects.on(on).under([reader])
    found = seen.filter(kind="household", parent__in=over)
    return list(found.select_related("area").order_by("name", "pk"))


def homes(over: Sequence[int], on: date) -> dict[int, int]:
    """How many core households each group has."""
    found = Organisation.objects.on(on).filter(kind="household", parent__in=over)
    return dict(found.order_by().values_list("parent_id").annotate(n=Count("pk")))


def elected(organisations: Sequence[int], office: str, on: date) -> dict[int, str]:
    """Who holds the office of each."""
    found = Officer.objects.filter(in_force(on), organisation__in=organisations, office=office)
    return dict(found.order_by("-pk").values_list("organisation_id", "person__name"))


def addresses(organisations: Sequence[int], on: date) -> dict[int, str]:
    """The building that each core household lives in, as people write it."""
    found = Cover.objects.filter(in_force(on), organisation__in=organisations)
    rows = found.select_related("building").order_by("pk")
    return {cover.organisation_id: cover.building.written for cover in rows}
