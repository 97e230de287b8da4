"""What a member may take on where they checked in (params/tasks.toml)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from typing import Any

from lianxin.core.flow.page import Words
from lianxin.registry.tables import text_of


def task_words(kind: str) -> Words:
    """What it is called; one that the table has lost is called by its name."""
    row = _rows(text_of("tasks.toml")).get(kind)
    return Words(row["zh"], row["en"]) if row else Words(kind, kind)


def offered(besides: Iterable[str] = ()) -> tuple[str, ...]:
    """The kinds one may still take on, without those one has."""
    held = set(besides)
    rows = _rows(text_of("tasks.toml"))
    return tuple(n for n, row in rows.items() if n not in held and not row.get("ended"))


@cache
def _rows(text: str) -> dict[str, dict[str, Any]]:
    """ValueError where a row lacks a language or its name is too long for the register."""
    rows: dict[str, dict[str, Any]] = tomllib.loads(text)["tasks"]
    for name, row in rows.items():
        if not (row.get("zh") and row.get("en")) or len(name) > 20:
            raise ValueError(f"tasks.toml: {name} wants zh and en, and a name of 20 letters")
    return rows
