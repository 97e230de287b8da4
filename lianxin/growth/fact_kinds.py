"""What the kinds of facts, and the names in them, are called (`params/facts.toml`, careers)."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from typing import Any

from lianxin.core.flow.page import Words
from lianxin.growth.careers import careers
from lianxin.registry.tables import text_of


def kinds() -> dict[str, Words]:
    """Kind → words, in the order of the table."""
    return _kinds(text_of("facts.toml"))


@cache
def _kinds(text: str) -> dict[str, Words]:
    return {name: Words(**row) for name, row in tomllib.loads(text)["kinds"].items()}


def names_of(kind: str, day: date) -> dict[str, Words] | None:
    """What the table of that day knows of this kind, before the first table what that one does;
    None where no table speaks of it."""
    table = careers().on(max(day, careers().days[0]))
    rows: dict[str, dict[str, Any]] = {
        "post": table.posts, "degree": table.degrees, "certificate": table.certificates,
        "result": {name: words for name, (words, _) in table.results.items()},
    }  # fmt: skip
    if kind not in rows:
        return None
    return {name: getattr(row, "words", row) for name, row in rows[kind].items()}


def called(kind: str, name: str) -> Words:
    """What the name of a fact says, by the latest table that has it; itself where none does."""
    for day in reversed(careers().days):
        found = names_of(kind, day)
        if found and name in found:
            return found[name]
    return Words(name, name)
