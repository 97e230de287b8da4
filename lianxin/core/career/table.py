"""Posts, grades, credits and pay from one day on; several tables, of which the last one holds."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import accumulate, pairwise
from typing import Any

from lianxin.core.flow.page import Words

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Post:
    """`low` to `high` are its grades, `pay` what it adds, in yuan a month. `ladder[n - 1]`: after
    how many months of service somebody of this post has climbed n grades."""

    words: Words
    low: int
    high: int
    pay: int
    ladder: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Credit:
    """A degree or a certificate: so many months count as served; what it adds to the pay."""

    words: Words
    months: int
    pay: int


@dataclass(frozen=True, slots=True)
class Table:
    """`years[n - 1]` are spent in grade n before the next, `pay[n - 1]` is its pay. `results`: what
    part of a year counts, by the result of its assessment."""

    since: date
    posts: dict[str, Post]
    years: tuple[int, ...]
    pay: tuple[int, ...]
    degrees: dict[str, Credit]
    certificates: dict[str, Credit]
    results: dict[str, tuple[Words, float]]


@dataclass(frozen=True, slots=True)
class Tables:
    """Sorted by their first day. `whole`: results by which a year counts whole in all of them."""

    rows: tuple[Table, ...]
    days: tuple[date, ...]
    whole: frozenset[str]

    def on(self, day: date) -> Table:
        """Raises LookupError before the first."""
        at = bisect_right(self.days, day)
        if not at:
            raise LookupError(f"no table of careers holds on {day}; the first is of "
                              f"{self.rows[0].since}")  # fmt: skip
        return self.rows[at - 1]

    def changes(self, after: date, until: date) -> list[date]:
        """Days within on which another table begins."""
        return [row.since for row in self.rows if after < row.since <= until]


def read_tables(texts: Mapping[date, Mapping[str, Any]]) -> Tables:
    """Raises ValueError, with the day and the key, for a table nobody can be paid by."""
    if not texts:
        raise ValueError("there is no table of careers")
    days = tuple(sorted(texts))
    rows = tuple(read(since, texts[since]) for since in days)
    return Tables(rows, days, frozenset.intersection(*map(whole, rows)))


def whole(table: Table) -> frozenset[str]:
    return frozenset(name for name, (_, counts) in table.results.items() if counts == 1)


def read(since: date, row: Mapping[str, Any]) -> Table:
    try:
        years, pay = tuple(row["grades"]["years"]), tuple(row["grades"]["pay"])
        table = Table(
            since, {name: post(p, years) for name, p in row["posts"].items()}, years, pay,
            {name: credit(c) for name, c in row["degrees"].items()},
            {name: credit(c) for name, c in row["certificates"].items()},
            {n: (Words(r["zh"], r["en"]), float(r["counts"])) for n, r in row["results"].items()},
        )  # fmt: skip
    except (LookupError, TypeError, AttributeError) as wrong:
        raise ValueError(f"{since}: {wrong} is missing or of another shape") from wrong
    except ValueError as wrong:
        raise ValueError(f"{since}: {wrong}") from wrong
    check(table)
    return table


def post(row: Mapping[str, Any], years: tuple[int, ...]) -> Post:
    if len(row["band"]) != 2:
        raise ValueError(f"band: {row['band']} is not two grades")
    low, high = row["band"]
    ladder = tuple(MONTHS * n for n in accumulate(years[max(0, low - 1) : max(0, high - 1)]))
    return Post(Words(row["zh"], row["en"]), low, high, row.get("pay", 0), ladder)


def credit(row: Mapping[str, Any]) -> Credit:
    months = row["years"] * MONTHS
    if months != int(months) or months < 0:
        raise ValueError(f"{row['years']} years are no whole months")
    return Credit(Words(row["zh"], row["en"]), int(months), row.get("pay", 0))


def check(table: Table) -> None:
    """A hole in the pay, a band outside the grades, a grade that pays less than the one below."""
    at, top = table.since, len(table.pay)
    if len(table.years) != top - 1:
        raise ValueError(f"{at}: grades.years has {len(table.years)} entries, {top} grades need "
                         f"{top - 1}")  # fmt: skip
    for n, years in enumerate(table.years, 1):
        if not isinstance(years, int) or years < 1:
            raise ValueError(f"{at}: grades.years: {years!r} in grade {n}; whole years, 1 at least")
    for n, pay in enumerate(table.pay, 1):
        if not isinstance(pay, int) or pay <= 0:
            raise ValueError(f"{at}: grades.pay: grade {n} has no pay ({pay!r})")
    for n, (below, above) in enumerate(pairwise(table.pay), 2):
        if above < below:
            raise ValueError(f"{at}: grades.pay: grade {n} pays {above}, less than {below} below")
    for name, row in table.posts.items():
        if not 1 <= row.low <= row.high <= top:
            raise ValueError(f"{at}: posts.{name}.band: {row.low} to {row.high} is not within "
                             f"1 to {top}")  # fmt: skip
    for name, (_, counts) in table.results.items():
        if not 0 <= counts <= 1:
            raise ValueError(f"{at}: results.{name}.counts: {counts} is not between 0 and 1")
