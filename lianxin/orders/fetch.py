"""Rows of a statement by the names of their columns, jsonb read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import connection

JSONB = 3802  # PostgreSQL's number of the type; Django hands such columns over as text


def read_json(text: str) -> Any:
    """Most columns of most events hold nothing."""
    return {} if text == "{}" else json.loads(text)


def rows_of(sql: str, params: Sequence[Any]) -> list[dict[str, Any]]:
    """Rows of a statement by column name, jsonb read."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [*named(cursor.description, cursor.fetchall())]


def named(columns: Sequence[Any], rows: Iterable[Sequence[Any]]) -> Iterator[dict[str, Any]]:
    reads = [read_json if c.type_code == JSONB else None for c in columns]
    names = [c.name for c in columns]
    for row in rows:
        yield {
            name: read(value) if read and value is not None else value
            for name, read, value in zip(names, reads, row, strict=True)
        }
