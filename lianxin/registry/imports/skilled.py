"""What somebody can do, as a cell lists it."""

from __future__ import annotations

import re

from lianxin.registry.imports.outcome import Problem
from lianxin.registry.sheets.table import Row

APART = re.compile(r"[、,，;；/ ]+")
LONGEST = 40  # characters of one


def skills_of(row: Row) -> tuple[str, ...]:
    """Each once, as the cell has them. Problem: too_long."""
    skills = tuple(dict.fromkeys(s for s in APART.split(row.get("skills")) if s))
    if any(len(skill) > LONGEST for skill in skills):
        raise Problem("too_long", "skills", most=LONGEST)
    return skills
