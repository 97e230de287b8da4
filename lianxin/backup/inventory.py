"""What of ours stands in a schema of the database: tables with columns, counters, and the rest."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.apps import apps
from django.db import connection

# Keys of people who are signed in just now, and where wrong passwords came from: nobody's business
# a month later, and a stolen backup opens no session.
LEFT_OUT = ("django_session", "axes_")

_TABLES = """
SELECT c.relname, array_agg(a.attname ORDER BY a.attnum)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
  AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
GROUP BY 1 ORDER BY 1"""
_TIES = """
SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint
WHERE contype = 'f' AND connamespace = current_schema()::regnamespace"""
_SEQUENCES = """
SELECT relname FROM pg_class
WHERE relnamespace = current_schema()::regnamespace AND relkind = 'S' ORDER BY 1"""


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    columns: tuple[str, ...]

    @property
    def listed(self) -> str:
        return ", ".join(quoted(name) for name in self.columns)


def quoted(name: str) -> str:
    return str(connection.ops.quote_name(name))


def prefixes() -> set[str]:
    """How the names of all that is ours begin."""
    names = {model._meta.db_table for model in apps.get_models()} | {"django_migrations"}
    return {name.partition("_")[0] for name in names}


def ours(names: Iterable[str]) -> list[str]:
    known = prefixes()
    return [name for name in names if name.partition("_")[0] in known]


def tables() -> dict[str, Table]:
    """All tables of ours that are kept, whole ones only: partitions come with their table."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        found = {name: Table(name, tuple(columns)) for name, columns in cursor.fetchall()}
    return {name: found[name] for name in ours(found) if not name.startswith(LEFT_OUT)}


def in_order(names: Iterable[str]) -> list[str]:
    """The names so that what others point to comes first. A circle is cut where it is entered."""
    with connection.cursor() as cursor:
        cursor.execute(_TIES)
        ties = cursor.fetchall()
    wanted, found = list(names), list[str]()
    above = {name: [b for a, b in ties if a == name and b != name] for name in wanted}

    def place(name: str, way: tuple[str, ...]) -> None:
        if name in way or name in found or name not in above:
            return
        for other in sorted(above[name]):
            place(other, (*way, name))
        found.append(name)

    for name in wanted:
        place(name, ())
    return found


def sequences() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(_SEQUENCES)
        return [name for name in ours(n for (n,) in cursor.fetchall()) if _kept(name)]


def _kept(name: str) -> bool:
    return not name.startswith(LEFT_OUT)
