"""The tables of posts and grades this place lives by (`params/careers/<first day>.toml`)."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from pathlib import Path

from lianxin.core.career import Tables, read_tables
from lianxin.orders.book import texts


@cache
def careers() -> Tables:
    """Raises ValueError for a table nobody can be paid by, or a file whose name is no day."""
    found = texts("careers/*.toml")
    return read_tables({
        date.fromisoformat(Path(name).stem): tomllib.loads(text) for name, text in found.items()
    })  # fmt: skip
