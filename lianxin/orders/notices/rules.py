"""The table of notices (`params/notices.toml`): its words, its quiet hours, how often one calls."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from string import Formatter
from typing import Any

from lianxin.core.flow.page import Words
from lianxin.orders.book import calendar, texts

FILE = "notices.toml"
WORDS = ("asker", "staff", "short", "around", "followed")
FACTS = frozenset({"number", "flow", "step", "state", "by", "do", "desk", "place"})
PARSER = Formatter()


@dataclass(frozen=True, slots=True)
class Quiet:
    """From `start` to `end` nobody's phone is to ring; over midnight where `end` is earlier."""

    since: date
    start: time
    end: time

    def holds(self, at: time) -> bool:
        """
        >>> night = Quiet(date(2017, 1, 1), time(21), time(8))
        >>> [night.holds(time(h)) for h in (7, 8, 20, 21, 23)]
        [True, False, False, True, True]
        """
        if self.start <= self.end:
            return self.start <= at < self.end
        return at >= self.start or at < self.end


@dataclass(frozen=True, slots=True)
class Rules:
    """The table, read. `again`: how long after a call that nobody answered the next is made.
    `choices`: of which ways somebody may choose, by kind. `office_waits`: how long a unit's mailbox
    waits for its people to read it."""

    quiet: tuple[Quiet, ...]
    urgent: frozenset[str]
    again: timedelta
    tries: int
    words: dict[str, dict[str, Words]]
    flows: dict[str, dict[str, Words]]
    followed: dict[str, dict[str, Words]]
    choices: dict[str, tuple[str, ...]]
    office_waits: timedelta


@cache
def rules() -> Rules:
    """Raises ValueError, LookupError or TypeError for a table that cannot be used."""
    return read(tomllib.loads(texts(FILE)[FILE]))


def read(table: dict[str, Any]) -> Rules:
    """
    >>> read({"quiet": [], "urgent": [], "calls": {"again_min": 120, "tries": 0}})
    Traceback (most recent call last):
    ValueError: calls: tries and again_min must be 1 at least
    """
    rows = [
        Quiet(row["since"], time.fromisoformat(row["from"]), time.fromisoformat(row["to"]))
        for row in table["quiet"]
    ]
    calls = table["calls"]
    if min(calls["tries"], calls["again_min"]) < 1:
        raise ValueError("calls: tries and again_min must be 1 at least")
    return Rules(
        tuple(sorted(rows, key=lambda row: row.since)), frozenset(table["urgent"]),
        timedelta(minutes=int(calls["again_min"])), int(calls["tries"]),
        {name: spoken(table[name]) for name in WORDS},
        {flow: spoken(rows) for flow, rows in table["flow"].items()},
        {flow: spoken(rows) for flow, rows in table["follows"].items()},
        {kind: tuple(ways) for kind, ways in table["choices"].items()},
        timedelta(minutes=int(table["units"]["mail_after_min"])),
    )  # fmt: skip


def spoken(rows: dict[str, dict[str, str]]) -> dict[str, Words]:
    """A fact that nothing fills in would stop the message it stands in: that is found at the start.

    Raises ValueError.
    """
    for key, row in rows.items():
        for text in (row["zh"], row["en"]):
            if unknown := {name for _, name, _, _ in PARSER.parse(text) if name} - FACTS:
                raise ValueError(f"{key} tells of {sorted(unknown)}; there is {sorted(FACTS)}")
    return {key: Words(row["zh"], row["en"]) for key, row in rows.items()}


def awake(now: datetime) -> datetime:
    """The next moment from `now` on at which somebody's phone may ring; `now` itself by day."""
    local = now.astimezone(calendar().zone)
    held = [row for row in rules().quiet if row.since <= local.date()]
    if not held or not held[-1].holds(local.time()):
        return now
    end = held[-1].end
    day = local.date() + timedelta(days=local.time() >= end)
    return datetime.combine(day, end, calendar().zone)
