"""Many rows at once into the registry: one COPY a table, one entry for them all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models
from django.db.models import Max
from psycopg import sql

from lianxin.registry.actions.stamp import Stamp
from lianxin.registry.models import Entry


def next_key(model: type[models.Model]) -> int:
    """The first id free for rows that are to be poured in."""
    return (model._default_manager.aggregate(top=Max("pk"))["top"] or 0) + 1


def pour(
    stamp: Stamp, model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> int:
    """Copy rows with ids of the caller's into a table and leave one entry that counts them.

    For set-up and demo alone: rows that people make leave an entry each. Returns the number.
    """
    table = model._meta.db_table
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    command = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)
    count = 0
    with connection.cursor() as cursor:
        with cursor.copy(command) as copy:
            for row in rows:
                copy.write_row(row)
                count += 1
        cursor.execute(
            f"SELECT setval(pg_get_serial_sequence(%s, 'id'), (SELECT max(id) FROM \"{table}\"))"
            if "id" in columns
            else "SELECT %s",
            [table],
        )
    Entry.objects.create(
        at=stamp.at, who=stamp.who, verb="pour", model=model._meta.label_lower, key=0,
        after={"rows": count}, batch=stamp.batch,
    )  # fmt: skip
    return count
