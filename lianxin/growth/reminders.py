"""The table of reminders (`params/reminders.toml`): of what, how long before, whom, which words."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from string import Formatter
from typing import Any

from lianxin.core.flow.page import Words
from lianxin.orders.book import texts

FILE = "reminders.toml"
FACTS = frozenset({"who", "what", "where", "on"})
PERSON, UNIT = "person", "unit"  # readers that are no role
PARSER = Formatter()


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of thing. `days`: thresholds, the longest first. `told`: readers, the first there
    is. `opens`, `own`: names of addresses."""

    name: str
    days: tuple[int, ...]
    told: tuple[str, ...]
    opens: str
    words: Words
    own: str = ""

    def threshold(self, left: int) -> int | None:
        """The one that so many days belong to; None while it is early.

        >>> rule = Rule("term", (90, 0), ("desk",), "", Words("", ""))
        >>> [rule.threshold(n) for n in (91, 90, 1, 0, -400)]
        [None, 90, 90, 0, 0]
        """
        return min((days for days in self.days if left <= days), default=None)


@cache
def reminders() -> dict[str, Rule]:
    """Raises ValueError for a table that cannot be kept to."""
    return read(texts(FILE)[FILE])


def read(text: str) -> dict[str, Rule]:
    """
    >>> read('[x]\\ndays = []\\ntold = ["desk"]\\nopens = "x"\\nzh = ""\\nen = ""')
    Traceback (most recent call last):
    ValueError: reminders.toml: x: days must be whole numbers from 0 on
    """
    return {name: row_of(name, row) for name, row in tomllib.loads(text).items()}


def row_of(name: str, row: dict[str, Any]) -> Rule:
    days = row.get("days")
    if not days or not all(isinstance(n, int) and n >= 0 for n in days):
        raise ValueError(f"{FILE}: {name}: days must be whole numbers from 0 on")
    try:
        words = Words(row["zh"], row["en"])
        rule = Rule(
            name, tuple(sorted(days, reverse=True)), tuple(row["told"]), row["opens"], words,
            row.get("own", ""),
        )  # fmt: skip
    except (KeyError, TypeError) as wrong:
        raise ValueError(f"{FILE}: {name}: {wrong}") from wrong
    told = {fact for text in (words.zh, words.en) for _, fact, _, _ in PARSER.parse(text) if fact}
    if unknown := told - FACTS:
        raise ValueError(f"{FILE}: {name} tells of {sorted(unknown)}; there is {sorted(FACTS)}")
    return rule
