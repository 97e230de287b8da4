"""Hours of credit for classes (`params/training/<first day>.toml`)."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from pathlib import Path

from lianxin.core.career.credit import Rules, read_credit
from lianxin.growth.models import Attendance
from lianxin.orders.book import texts


@cache
def training() -> Rules:
    """Raises ValueError for a rule that counts nothing, or a file whose name is no day."""
    found = texts("training/*.toml")
    return read_credit({
        date.fromisoformat(Path(name).stem): tomllib.loads(text) for name, text in found.items()
    })  # fmt: skip


def hours_of(row: Attendance) -> float:
    """What somebody has who came; nobody else has any."""
    return training().on(row.course.since).hours(row.minutes) if row.came else 0
