"""Statements written once and asked with other values each time.

Django builds a statement anew whenever it is asked, which costs several times what asking it does.
Where the same one is asked all day long it is built from marks instead, once for each shape it has;
then each mark is exchanged for what it stands for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet


@dataclass(frozen=True, slots=True)
class Written:
    """`sql` with its `values`, marks among them; "" for what can never find anything."""

    sql: str
    values: tuple[Any, ...] = ()

    @classmethod
    def of(cls, found: QuerySet[Any]) -> Written:
        try:
            sql, values = found.query.sql_with_params()
        except EmptyResultSet:
            return cls("")
        return cls(sql, tuple(values))

    def ask(self, said: Mapping[Any, Any]) -> list[tuple[Any, ...]]:
        """The rows, with what each mark stands for."""
        if not self.sql:
            return []
        with connection.cursor() as cursor:
            asked = [v if isinstance(v, list) else said.get(v, v) for v in self.values]
            cursor.execute(self.sql, asked)
            return cursor.fetchall()
