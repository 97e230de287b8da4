"""A worker's grade on one day, computed from the career and the tables, with its arithmetic.

Service has one beginning: the day of entry, moved later by every day that does not count and
earlier by what degrees and certificates count. Each grade is an anniversary of it, so that anybody
can check the sum with a calendar on the wall. What was reached is kept: a grade falls by a decision
or with the change to a lower post, never because a table, a certificate or a year's result changed.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from math import floor
from typing import Any

from lianxin.core.career.history import Career, CareerError, Gained
from lianxin.core.career.table import MONTHS, Credit, Post, Table, Tables

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the sum: `what` has its words in words/career.toml, `facts` fill them."""

    what: str
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Standing:
    """What the facts and the table of one day alone come to. `begins`: when service begins, all
    counted; `fell`: grades lost by decision."""

    post: Post
    grade: int
    begins: date
    fell: int
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Grade:
    """`pay` in yuan a month; `next_on`: when the next grade is reached if nothing changes, None at
    the top of the post's band."""

    grade: int
    post: str
    pay: int
    next_on: date | None
    lines: tuple[Line, ...]


def grade_on(career: Career, day: date, tables: Tables) -> Grade | None:
    """None on a day without service. Raises CareerError for a post, degree, certificate or result
    that the table does not know (unknown), LookupError before the first table."""
    table = tables.on(day)
    now: Standing | None = None
    held = 0
    for turn in turns(career, day, tables):
        eve = standing(career, turn - DAY, tables) if now else None
        now = standing(career, turn, tables)
        if now:
            held = carried(max(held, eve.grade), eve, now, career, turn) if eve else now.grade
    return told(career, day, table, now, held) if now else None


def turns(career: Career, day: date, tables: Tables) -> list[date]:
    """The days on which something may change, up to this one; none before there is a table."""
    begin = max(career.entered, tables.rows[0].since)
    changes = {*career.turns(day), *tables.changes(begin, day), begin, day}
    return sorted(turn for turn in changes if begin <= turn <= day)


def carried(held: int, eve: Standing, now: Standing, career: Career, turn: date) -> int:
    """What somebody who stood in grade `held` the day before stands in now."""
    if down := sum(fall.by for fall in career.falls if fall.on == turn):
        held = max(now.post.low, held - down)
    if career.post_on(turn) != career.post_on(turn - DAY) and (now.post.low < eve.post.low):
        return now.grade
    return max(held, now.grade)


def standing(career: Career, day: date, tables: Tables) -> Standing | None:
    if not career.serves(day):
        return None
    table, name = tables.on(day), career.post_on(day)
    post = known(table.posts, "post", name)
    lines = [Line("entered", {"on": career.entered})]
    lost = (day - career.entered).days - career.served(career.entered, day)
    lines += [Line("away", {"days": lost})] if lost else []
    for result in (r for r in career.results if r.known <= day):
        counts = known(table.results, "result", result.result)[1]
        if counts == 1:
            continue
        year, after = date(result.year, 1, 1), date(result.year + 1, 1, 1)
        days = floor(career.served(year, min(after, day)) * (1 - counts) + 1e-6)
        lost += days
        facts = {"year": result.year, "result": result.result, "days": days}
        lines += [Line("year", facts)] if days else []
    months = 0
    for kind, rows, credits in (
        ("degree", career.degrees, table.degrees),
        ("certificate", career.certificates, table.certificates),
    ):
        name_, credit = best(rows, credits, kind, day)
        months += credit.months if credit else 0
        if credit and credit.months:
            lines.append(Line(kind, {"name": name_, "months": credit.months}))
    begins = months_on(career.entered + timedelta(days=lost), -months)
    steps = climbed(table, post, begins, day)
    fell = sum(fall.by for fall in career.falls if fall.on <= day)
    lines += [
        Line("begins", {"on": begins}),
        Line("band", {"post": name, "low": post.low, "high": post.high}),
        Line("steps", {"steps": steps}),
    ]
    lines += [Line("fell", {"by": fell})] if fell else []
    return Standing(post, max(post.low, post.low + steps - fell), begins, fell, tuple(lines))


def best(
    rows: Iterable[Gained], credits: dict[str, Credit], kind: str, day: date
) -> tuple[str, Credit | None]:
    """Of what was gained by that day and has not run out, what counts most."""
    held = [g.name for g in rows if g.since <= day and (g.until is None or day < g.until)]
    found = [(known(credits, kind, name).months, name) for name in held]
    if not found:
        return "", None
    _, name = max(found)
    return name, credits[name]


def climbed(table: Table, post: Post, begins: date, day: date) -> int:
    """Grades above the band's lowest whose anniversary has come."""
    steps = 0
    while steps < post.high - post.low and reached_on(table, post, begins, steps + 1) <= day:
        steps += 1
    return steps


def reached_on(table: Table, post: Post, begins: date, steps: int) -> date:
    return months_on(begins, table.months_to(post, steps))


def told(career: Career, day: date, table: Table, now: Standing, held: int) -> Grade:
    name, lines = career.post_on(day), list(now.lines)
    if held > now.grade:
        lines.append(Line("kept", {"grade": held, "reckoned": now.grade}))
    steps = held + 1 - now.post.low + now.fell
    climbs = held < now.post.high and steps <= now.post.high - now.post.low
    next_on = reached_on(table, now.post, now.begins, steps) if climbs else None
    _, paid = best(career.certificates, table.certificates, "certificate", day)
    pay = table.pay[held - 1] + now.post.pay + (paid.pay if paid else 0)
    lines.append(Line("grade", {"grade": held}))
    lines.append(Line("next", {"grade": held + 1, "on": next_on}) if next_on else Line("top", {}))
    return Grade(held, name, pay, next_on, tuple(lines))


def known(rows: dict[str, Any], kind: str, name: str) -> Any:
    if name not in rows:
        raise CareerError("unknown", kind=kind, name=name)
    return rows[name]


def months_on(day: date, months: int) -> date:
    """So many months later (earlier); the last day of a month that is too short.

    >>> months_on(date(2024, 2, 29), 12), months_on(date(2024, 3, 31), -1)
    (datetime.date(2025, 2, 28), datetime.date(2024, 2, 29))
    """
    year, month = divmod(day.year * MONTHS + day.month - 1 + months, MONTHS)
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))
