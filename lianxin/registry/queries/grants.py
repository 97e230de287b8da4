"""What a person may act as on a day: one query, stand-ins included.

Written as SQL because every request begins with it and the tables it joins are few.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from lianxin.core.step.who import Grant
from lianxin.registry.models import Person

NOWHERE = "-"  # the path of a post without an area: no place begins with it

_POSTS = """registry_post post
    LEFT JOIN registry_area area ON area.id = post.area_id
    LEFT JOIN registry_unit unit ON unit.id = post.unit_id
    LEFT JOIN registry_post held ON held.id = post.behalf_of_id"""
# Whether they are vetted is looked up where it can matter: for posts in a unit.
_VETTED = """post.unit_id IS NOT NULL AND EXISTS (
    SELECT 1 FROM registry_vetting vetting WHERE vetting.person_id = post.person_id
    AND vetting.since <= %(day)s AND (vetting.until IS NULL OR vetting.until > %(day)s))"""
# The units of whoever is stood in for: asked for stand-ins alone.
_AWAY = """CASE WHEN held.id IS NOT NULL THEN ARRAY(
    SELECT DISTINCT other.unit_id FROM registry_post other
    WHERE other.person_id = held.person_id AND other.unit_id IS NOT NULL
    AND other.since <= %(day)s AND (other.until IS NULL OR other.until > %(day)s)
    ORDER BY 1) END"""
_COLUMNS = (
    f"post.id, post.role, area.id, area.path, post.unit_id, held.person_id, {_VETTED}, {_AWAY}"
)
_OWN_FIRST = "held.id IS NOT NULL, post.id"  # by which of two like posts somebody acts


def _in_force(table: str) -> str:
    return f"{table}.since <= %(day)s AND ({table}.until IS NULL OR {table}.until > %(day)s)"


_LIVE = " AND ".join(
    [_in_force("post")] + [f"({t}.id IS NULL OR {_in_force(t)})" for t in ("area", "unit", "held")]
)
_GRANTS = (
    f"SELECT {_COLUMNS} FROM {_POSTS} WHERE post.person_id = %(person)s AND {_LIVE}"
    f" ORDER BY {_OWN_FIRST}"
)

_PERSON = tuple(field.attname for field in Person._meta.concrete_fields)
_STANDING = """
SELECT 'area', id, name, path FROM registry_area WHERE id = ANY(%s)
UNION ALL
SELECT 'unit', unit.id, unit.name, area.path
FROM registry_unit unit LEFT JOIN registry_area area ON area.id = unit.area_id
WHERE unit.id = ANY(%s)"""
_WHOLE = ", ".join(f"person.{name}" for name in _PERSON) + f", {_COLUMNS}"
_WITH_POSTS = f"LEFT JOIN ({_POSTS}) ON post.person_id = person.id AND {_LIVE}"
_BY_KEY = f"""
SELECT {_WHOLE} FROM registry_person person {_WITH_POSTS}
WHERE person.id = %(key)s ORDER BY {_OWN_FIRST}"""
_BY_TOKEN = f"""
SELECT {_WHOLE} FROM registry_token token
JOIN registry_person person ON person.id = token.person_id AND person.is_active
{_WITH_POSTS}
WHERE token.hash = %(hash)s AND token.since <= %(now)s
  AND (token.until IS NULL OR token.until > %(now)s)
ORDER BY {_OWN_FIRST}"""


def grants(person: Person, at: date | datetime) -> tuple[Grant, ...]:
    """The posts of a person that are in force on that day, each as a grant; one query.

    A post is in force while its area, its unit and, for a stand-in, the post stood in for are.
    `unit` and `behalf` (the person stood in for) are ids as text.
    """
    with connection.cursor() as cursor:
        cursor.execute(_GRANTS, {"person": person.pk, "day": day_of(at)})
        return tuple(_grant(row) for row in cursor.fetchall())


def person_by_token(hash_: str, now: datetime) -> tuple[Person, tuple[Grant, ...]] | None:
    """Who a token speaks for, with the grants of this moment; one query. None: no such token."""
    return _with_grants(_BY_TOKEN, {"hash": hash_, "now": now, "day": day_of(now)})


def person_by_key(key: int, at: date | datetime) -> tuple[Person, tuple[Grant, ...]] | None:
    """Somebody by their key, with the grants of that day; one query."""
    return _with_grants(_BY_KEY, {"key": key, "day": day_of(at)})


def _with_grants(sql: str, asked: dict[str, Any]) -> tuple[Person, tuple[Grant, ...]] | None:
    with connection.cursor() as cursor:
        cursor.execute(sql, asked)
        rows = cursor.fetchall()
    if not rows:
        return None
    width = len(_PERSON)
    person = Person.from_db(connection.alias, _PERSON, rows[0][:width])
    return person, tuple(_grant(row[width:]) for row in rows if row[width] is not None)


def standing(held: Sequence[Grant]) -> list[tuple[str, str]]:
    """(name, path) of where each grant stands, ("", "") for one that stands nowhere; one query. A
    unit stands where its area is."""
    areas = [int(g.area) for g in held if g.area and not g.unit]
    units = [int(g.unit) for g in held if g.unit]
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, [areas, units])
        found = {(kind, key): (name, path or "") for kind, key, name, path in cursor.fetchall()}
    asked = (("unit", int(g.unit)) if g.unit else ("area", int(g.area or 0)) for g in held)
    return [found.get(key, ("", "")) for key in asked]


def day_of(at: date | datetime) -> date:
    """The day a moment falls on where the house stands."""
    return timezone.localdate(at) if isinstance(at, datetime) else at


def _grant(row: tuple[Any, ...]) -> Grant:
    post, role, area, path, unit, behalf, vetted, away = row
    return Grant(
        role, path or NOWHERE, _text(unit), post, area, _text(behalf), vetted=bool(vetted),
        away=tuple(map(str, away or ())),
    )  # fmt: skip


def _text(key: int | None) -> str | None:
    return None if key is None else str(key)
