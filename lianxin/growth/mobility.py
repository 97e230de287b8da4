"""Who may apply for a post that is kept for the best (`params/mobility/<first day>.toml`)."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from pathlib import Path

from lianxin.core.career.eligible import Rules, read_rules
from lianxin.orders.book import texts


@cache
def mobility() -> Rules:
    """Raises ValueError for a rule nobody can read, or a file whose name is no day."""
    found = texts("mobility/*.toml")
    return read_rules({
        date.fromisoformat(Path(name).stem): tomllib.loads(text) for name, text in found.items()
    })  # fmt: skip
