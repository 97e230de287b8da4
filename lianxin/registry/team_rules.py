"""What the page of people counts as a gap, and what its registers call things by (teams.toml)."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import Any

from lianxin.core.flow.page import Words
from lianxin.registry.tables import text_of

NUMBERS = (("grids", "most"), ("hand_over", "back_days"), ("staffing", "per"))


def team_rule(table: str, name: str) -> Any:
    return _rules(text_of("teams.toml"))[table][name]


def called(table: str) -> dict[str, Words]:
    """What the rows of a table are called, by code."""
    rows = _rules(text_of("teams.toml"))[table]
    return {code: Words(row["zh"], row["en"]) for code, row in rows.items()}


@cache
def _rules(text: str) -> dict[str, Any]:
    """ValueError for a number nobody can mean."""
    rows = tomllib.loads(text)
    for table, name in NUMBERS:
        value = rows[table][name]
        if not isinstance(value, int) or value < 1:
            raise ValueError(f"teams.toml: {table}.{name} is {value!r}, not 1 or more")
    return rows
