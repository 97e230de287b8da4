"""Many rows enter at once, and each leaves what one alone would: an entry, and a row of its batch.

One COPY a table. The ids come from the tables' own sequences, so that others may write meanwhile.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection, models
from psycopg import sql

from lianxin.registry.actions.stamp import Facts, Stamp, facts, kept_of
from lianxin.registry.models import BatchRow, Entry

Line = Sequence[Any]


def make_many(stamp: Stamp, verb: str, rows: Sequence[models.Model]) -> None:
    """What `save` and `stamp.made` do, for rows of one model that are not saved yet."""
    if not rows:
        return
    model = type(rows[0])
    for row, key in zip(rows, reserved(model, len(rows)), strict=True):
        row.pk = key
    columns = [(f.attname, f.column) for f in model._meta.concrete_fields]
    copied(model, [c for _, c in columns], ([getattr(r, a) for a, _ in columns] for r in rows))
    _enter(stamp, verb, model, [(row.pk, None, facts(row)) for row in rows])


def set_many(
    stamp: Stamp, verb: str, model: type[models.Model], field: str,
    values: Mapping[int, tuple[Any, Any]],
) -> None:  # fmt: skip
    """What `stamp.change` does to one column of numbers, for many rows: key → (was, is)."""
    if not values:
        return
    column = model._meta.get_field(field).column
    with connection.cursor() as cursor:
        cursor.execute(
            f"""UPDATE {model._meta.db_table} AS row SET {column} = fresh.value
            FROM unnest(%s::bigint[], %s::bigint[]) AS fresh (id, value)
            WHERE row.id = fresh.id""",
            [list(values), [new for _, new in values.values()]],
        )
    name = model._meta.get_field(field).attname
    told = [(key, {name: was}, {name: now}) for key, (was, now) in values.items()]
    _enter(stamp, verb, model, told)


def reserved(model: type[models.Model], n: int) -> list[int]:
    """So many ids that nobody else will get."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, n],
        )
        return [key for (key,) in cursor.fetchall()]


def copied(model: type[models.Model], columns: Sequence[str], lines: Iterable[Line]) -> None:
    command = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(model._meta.db_table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with connection.cursor() as cursor, cursor.copy(command) as copy:
        for line in lines:
            copy.write_row(line)


def _enter(
    stamp: Stamp, verb: str, model: type[models.Model],
    told: Sequence[tuple[int, Facts | None, Facts]],
) -> None:  # fmt: skip
    """An entry each; within an import a row of the batch each, which of what was made keeps no more
    than that it was."""
    label, who = model._meta.label_lower, stamp.who and stamp.who.pk
    batch = stamp.batch and stamp.batch.pk
    copied(
        Entry, ("at", "who_id", "verb", "model", "key", "before", "after", "batch_id"),
        (
            (stamp.at, who, verb, label, key, _json(kept_of(model, was)),
             _json(kept_of(model, now)), batch)
            for key, was, now in told
        ),
    )  # fmt: skip
    if batch is not None:
        copied(
            BatchRow, ("batch_id", "model", "key", "before", "after"),
            ((batch, label, key, _json(was), _json(was and now)) for key, was, now in told),
        )  # fmt: skip


def _json(value: Facts | None) -> str | None:
    return None if value is None else json.dumps(value)
