"""Hours of credit for a class, from its minutes, by the rule of the day it began."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Rule:
    """`minutes` make one hour of credit; what is left over is half an hour from `half` minutes."""

    since: date
    minutes: int
    half: int

    def hours(self, minutes: int) -> float:
        """
        >>> rule = Rule(date(2017, 1, 1), 30, 15)
        >>> [rule.hours(n) for n in (0, 14, 15, 29, 30, 44, 45, 90)]
        [0, 0, 0.5, 0.5, 1, 1, 1.5, 3]
        """
        whole, left = divmod(max(0, minutes), self.minutes)
        return whole + (0.5 if left >= self.half else 0)


@dataclass(frozen=True, slots=True)
class Rules:
    rows: tuple[Rule, ...]

    def on(self, day: date) -> Rule:
        """The first one holds for what was before it: classes were held before anybody wrote a rule
        down."""
        at = bisect_right([rule.since for rule in self.rows], day)
        return self.rows[max(0, at - 1)]


def read_credit(texts: Mapping[date, Mapping[str, Any]]) -> Rules:
    """Raises ValueError, with the day and the key, for a rule that counts nothing."""
    if not texts:
        raise ValueError("there is no rule for hours of credit")
    rows = []
    for since in sorted(texts):
        row = texts[since]
        try:
            rule = Rule(since, int(row["minutes"]), int(row["half"]))
        except (LookupError, TypeError) as wrong:
            raise ValueError(f"{since}: {wrong} is missing or no number") from wrong
        if rule.minutes < 1 or not 0 < rule.half <= rule.minutes:
            raise ValueError(f"{since}: half ({rule.half}) lies between 1 and minutes "
                             f"({rule.minutes})")  # fmt: skip
        rows.append(rule)
    return Rules(tuple(rows))
