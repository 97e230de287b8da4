"""How many of a place's workers may be assessed as what (`params/assessments/<first day>.toml`)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from math import floor
from pathlib import Path
from typing import Any

from lianxin.core.place.path import LEVELS
from lianxin.orders.book import texts


@dataclass(frozen=True, slots=True)
class Quota:
    """Of those who served in a year at a place of this level, `share` may have this result; where
    they are fewer than `small`, `least` of them."""

    result: str
    within: str
    share: float
    small: int
    least: int

    def most(self, served: int) -> int:
        """
        >>> rule = Quota("excellent", "community", 0.2, 5, 1)
        >>> [rule.most(n) for n in (0, 1, 4, 5, 9, 10)]
        [0, 1, 1, 1, 1, 2]
        """
        return min(served, self.least) if served < self.small else floor(served * self.share)

    def place(self, path: str) -> str:
        """The place of this level that a path lies in, "" where it lies above."""
        digits = LEVELS[self.within]
        return path[:digits] if path[:1].isdigit() and len(path) >= digits else ""


@dataclass(frozen=True, slots=True)
class Rules:
    since: date
    quotas: tuple[Quota, ...]
    soon: dict[str, int]


@cache
def rules() -> tuple[Rules, ...]:
    """Oldest first. Raises ValueError, with the day, for a rule that says nothing."""
    found = texts("assessments/*.toml").items()
    return tuple(read(date.fromisoformat(Path(name).stem), text) for name, text in found)


def rules_on(day: date) -> Rules:
    """What holds on that day; before the first, the first."""
    begun = [rule for rule in rules() if rule.since <= day]
    return begun[-1] if begun else rules()[0]


def read(since: date, text: str) -> Rules:
    row: dict[str, Any] = tomllib.loads(text)
    try:
        quotas = tuple(Quota(**quota) for quota in row.get("quota", ()))
        soon = {name: int(row["soon"][name]) for name in ("contract", "certificate")}
    except (TypeError, LookupError) as wrong:
        raise ValueError(f"assessments/{since}: {wrong}") from wrong
    for quota in quotas:
        if quota.within not in LEVELS or not 0 <= quota.share <= 1 or quota.least < 0:
            raise ValueError(f"assessments/{since}: {quota} is no quota")
    return Rules(since, quotas, soon)
