"""Which area stood under a path on a day, what lies above it, and where somebody is in charge."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import connection

from lianxin.core.place import path as paths
from lianxin.core.step.who import Grant
from lianxin.registry.models import Area, Entry, Post
from lianxin.registry.models.area import AreaQuerySet
from lianxin.registry.models.dated import in_force

HISTORY = 5  # changes of an office that are shown
LONGEST_CHAIN = 20  # mergers followed; more can only be a circle


def visible_areas(held: Iterable[Grant], on: date) -> AreaQuerySet:
    """The areas in force on that day under any of these grants, by path."""
    return Area.objects.on(on).under(*{g.path for g in held}).order_by("path")


def area_at(path: str, on: date) -> Area | None:
    """The area that had this path on that day."""
    return Area.objects.on(on).filter(path=path).first()


_AREA = tuple(field.attname for field in Area._meta.concrete_fields)
_BY = {
    name: f"SELECT {', '.join(_AREA)} FROM registry_area WHERE {name} = %s"
    " AND since <= %s AND (until IS NULL OR until > %s) ORDER BY id LIMIT 1"
    for name in ("id", "path", "grid_code")
}


_OVER = (
    f"SELECT {', '.join(_AREA)} FROM registry_area WHERE path = ANY(%s)"
    " AND since <= %s AND (until IS NULL OR until > %s) ORDER BY path"
)


def area_by(name: str, value: object, on: date) -> Area | None:
    """The area with this `id`, `path` or `grid_code` on that day. Written as SQL, like `grants`:
    every filing begins with it, and building the statement costs more than asking it."""
    with connection.cursor() as cursor:
        cursor.execute(_BY[name], [value, on, on])
        row = cursor.fetchone()
    return Area.from_db(connection.alias, _AREA, row) if row else None


def ancestors(path: str, on: date) -> list[Area]:
    """The areas above a path on that day, outermost first. Written as SQL, like `area_by`: every
    page of an order asks it."""
    with connection.cursor() as cursor:
        cursor.execute(_OVER, [paths.ancestors(path), on, on])
        return [Area.from_db(connection.alias, _AREA, row) for row in cursor.fetchall()]


def office(path: str, on: date) -> Area | None:
    """The nearest area at a path or over it whose office has a number on that day."""
    line = Area.objects.on(on).filter(path__in=(path, *paths.ancestors(path)))
    return max(line.exclude(phone=""), key=lambda area: len(area.path), default=None)


def office_was(area: Area) -> list[Entry]:
    """The latest changes of its office's number, by page, terminal and sheet, newest first."""
    about = Entry.objects.filter(model="registry.area", key=area.pk, before__has_key="phone")
    return list(about.select_related("who").order_by("-at", "-pk")[:HISTORY])


def live_post_areas(role: str, among: Iterable[str], on: date) -> set[str]:
    """Those of the paths where somebody holds a post of this role on that day; one query."""
    held = Post.objects.on(on).filter(in_force(on, "area__"), role=role, area__path__in=set(among))
    return set(held.values_list("area__path", flat=True))


def successor_of(area: Area) -> Area:
    """The area itself, or the one it has become through mergers."""
    for _ in range(LONGEST_CHAIN):
        if area.successor is None:
            break
        area = area.successor
    return area
