"""What is kept of a person, on which basis and how long (`params/keeping.toml`)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Any

from lianxin.core.flow.page import Words
from lianxin.registry.tables import text_of

ERASE = ("yes", "no", "unless_posted")
OURS = ("skills", "mail", "ways", "phone")  # what the house knows how to erase


@dataclass(frozen=True, slots=True)
class Kept:
    name: str
    words: Words
    erase: str
    basis: Words
    term: Words


def keeping() -> tuple[Kept, ...]:
    """In the order of the table. Raises ValueError for a row that says too little, or lets erase
    what nothing here can."""
    return _read(text_of("keeping.toml"))


@cache
def _read(text: str) -> tuple[Kept, ...]:
    rows: dict[str, dict[str, Any]] = tomllib.loads(text)["kept"]
    return tuple(_row(name, row) for name, row in rows.items())


def _row(name: str, row: dict[str, Any]) -> Kept:
    try:
        found = Kept(name, Words(row["zh"], row["en"]), row["erase"], Words(**row["basis"]),
                     Words(**row["term"]))  # fmt: skip
    except (LookupError, TypeError) as wrong:
        raise ValueError(f"keeping.toml: {name}: {wrong}") from wrong
    if found.erase not in ERASE or (found.erase != "no" and name not in OURS):
        raise ValueError(f"keeping.toml: {name}: erase = {found.erase!r}")
    return found
