"""Names of people, units and areas, looked up together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connection

_NAMES = """
SELECT 'people', id::text, name FROM registry_person WHERE id = ANY(%s)
UNION ALL SELECT 'units', id::text, name FROM registry_unit WHERE id = ANY(%s)
UNION ALL SELECT 'areas', id::text, name FROM registry_area WHERE id = ANY(%s)
UNION ALL (SELECT 'paths', path, name FROM registry_area WHERE path = ANY(%s) ORDER BY since)"""

Known = dict[str, dict[str, str]]


def names(
    people: Iterable[Any] = (), units: Iterable[Any] = (), areas: Iterable[Any] = (),
    paths: Iterable[str] = (),
) -> Known:  # fmt: skip
    """Names by key, those of areas also by path as they are called now; one query, none for
    nobody. What is no key is nobody's."""
    asked = [*(keys(found) for found in (people, units, areas)), list(paths)]
    known: Known = {"people": {}, "units": {}, "areas": {}, "paths": {}}
    if any(asked):
        with connection.cursor() as cursor:
            cursor.execute(_NAMES, asked)
            for kind, key, name in cursor.fetchall():
                known[kind][key] = name
    return known


def keys(found: Iterable[Any]) -> list[int]:
    return [int(i) for i in found if i and str(i).isdecimal()]
