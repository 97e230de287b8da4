"""Who answers for a category at a place: the nearest unit, and the reason for naming it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import connection

from lianxin.core.place import path as paths
from lianxin.registry.models import Area, Duty, Unit

_PARTS: tuple[tuple[Any, str], ...] = ((Duty, "duty"), (Unit, "unit"), (Area, "area"))
_FIELDS = [(m, name, tuple(f.attname for f in m._meta.concrete_fields)) for m, name in _PARTS]
_SQL = f"""
SELECT {", ".join(f"{name}.{field}" for _, name, fields in _FIELDS for field in fields)}
FROM registry_duty duty
JOIN registry_unit unit ON unit.id = duty.unit_id AND unit.since <= %(on)s
  AND (unit.until IS NULL OR unit.until > %(on)s)
JOIN registry_area area ON area.id = duty.area_id AND area.since <= %(on)s
  AND (area.until IS NULL OR area.until > %(on)s)
WHERE duty.category = ANY(%(categories)s) AND area.path = ANY(%(paths)s)
ORDER BY length(area.path) DESC, length(duty.category) DESC, unit.code"""


def who_answers(category: str, path: str, on: date) -> list[tuple[Unit, Duty]]:
    """Units with a duty over this category and place, nearest place first, then by category.

    The duty is the reason: its area and its category say how near and how specific it is. Written
    as SQL: each form that asks for a unit begins with it.
    """
    prefixes = [category[:end] for end in range(len(category) + 1)]
    asked = {"on": on, "categories": prefixes, "paths": [*paths.ancestors(path), path]}
    with connection.cursor() as cursor:
        cursor.execute(_SQL, asked)
        return [_read(row) for row in cursor.fetchall()]


def _read(row: tuple[Any, ...]) -> tuple[Unit, Duty]:
    made, at = [], 0
    for model, _, fields in _FIELDS:
        made.append(model.from_db(connection.alias, fields, row[at : at + len(fields)]))
        at += len(fields)
    duty, duty.unit, duty.area = made
    return duty.unit, duty
