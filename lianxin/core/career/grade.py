"""A worker's grade on one day, computed from the career and the tables, with its arithmetic.

Service has one beginning: the day of entry, moved later by every day that does not count and
earlier by what degrees and certificates count. Each grade is an anniversary of it, so that anybody
can check the sum with a calendar on the wall. What was reached is kept: a grade falls by a decision
or with the change to a lower post, never because a table, a certificate or a year's result changed.

A prefecture is reckoned at once, so the sum of a day that only carries another is figures alone;
its lines are written for the day that was asked.
"""

from __future__ import annotations

from bisect import bisect_right
from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from math import floor
from typing import Any, NamedTuple

from lianxin.core.career.history import Career, CareerError, Gained, Result
from lianxin.core.career.table import MONTHS, Credit, Post, Table, Tables

DAY = timedelta(days=1)
SHORTEST = 28  # days of a month


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the sum: `what` has its words in words/career.toml, `facts` fill them."""

    what: str
    facts: dict[str, Any]


class Standing(NamedTuple):
    """What the facts and the table of one day alone come to. `begins`: when service begins, all
    counted; `steps`: grades climbed since; `fell`: grades lost by decision."""

    post: Post
    name: str
    grade: int
    begins: date
    steps: int
    fell: int


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
    begin = max(career.entered, tables.days[0])
    changes = {*career.events(), *heard(career, tables), *tables.changes(begin, day), begin, day}
    return sorted(turn for turn in changes if begin <= turn <= day)


def heard(career: Career, tables: Tables) -> Iterator[date]:
    """Days on which the result of a year became known; not of one that counts whole, where no day
    is ever lost bit by bit: grades only rise there, and what stood on such a day stands on the eve
    of the next turn."""
    even = not career.away and len(career.worked) == 1
    even = even and all(r.known.year > r.year or r.result in tables.whole for r in career.results)
    for result in career.results:
        if not (even and result.result in tables.whole and result.known >= tables.days[0]):
            yield result.known


def carried(held: int, eve: Standing, now: Standing, career: Career, turn: date) -> int:
    """What somebody who stood in grade `held` the day before stands in now."""
    if down := sum([fall.by for fall in career.falls if fall.on == turn]):
        held = max(now.post.low, held - down)
    if now.name != eve.name and now.post.low < eve.post.low:
        return now.grade
    return max(held, now.grade)


def standing(career: Career, day: date, tables: Tables) -> Standing | None:
    if not career.serves(day):
        return None
    table, name = tables.on(day), career.post_on(day)
    post = known(table.posts, "post", name)
    lost = missed(career, day) + sum([days for _, days in docked(career, day, table)])
    months = 0
    for _, _, credit in credited(career, day, table):
        months += credit.months
    begins = months_on(career.entered + timedelta(days=lost), -months)
    steps = bisect_right(post.ladder, months_between(begins, day))
    fell = sum([fall.by for fall in career.falls if fall.on <= day])
    return Standing(post, name, max(post.low, post.low + steps - fell), begins, steps, fell)


def missed(career: Career, day: date) -> int:
    """Days since entry that were no service."""
    if len(career.worked) == 1 and not career.away:
        return 0
    return (day - career.entered).days - career.served(career.entered, day)


def docked(career: Career, day: date, table: Table) -> Iterator[tuple[Result, int]]:
    """How many days of a year do not count, by its result."""
    for result in career.results:
        if result.known <= day:
            share = known(table.results, "result", result.result)[1]
            if share != 1:
                year, after = date(result.year, 1, 1), date(result.year + 1, 1, 1)
                spent = career.served(year, min(after, day))
                yield result, floor(spent * (1 - share) + 1e-6)


def credited(career: Career, day: date, table: Table) -> Iterator[tuple[str, str, Credit]]:
    """The degree and the certificate that count, where there are any: (kind, name, credit)."""
    for kind, rows, credits in (
        ("degree", career.degrees, table.degrees),
        ("certificate", career.certificates, table.certificates),
    ):
        name, credit = best(rows, credits, kind, day)
        if credit:
            yield kind, name, credit


def best(
    rows: Iterable[Gained], credits: dict[str, Credit], kind: str, day: date
) -> tuple[str, Credit | None]:
    """Of what was gained by that day and has not run out, what counts most."""
    name = ""
    most: Credit | None = None
    for one in rows:
        if one.since <= day and (one.until is None or day < one.until):
            credit = known(credits, kind, one.name)
            if most is None or (credit.months, one.name) > (most.months, name):
                name, most = one.name, credit
    return name, most


def told(career: Career, day: date, table: Table, now: Standing, held: int) -> Grade:
    lines = [*sum_of(career, day, table, now)]
    if held > now.grade:
        lines.append(Line("kept", {"grade": held, "reckoned": now.grade}))
    steps = held + 1 - now.post.low + now.fell
    climbs = held < now.post.high and steps <= now.post.high - now.post.low
    next_on = months_on(now.begins, now.post.ladder[steps - 1]) if climbs else None
    _, paid = best(career.certificates, table.certificates, "certificate", day)
    pay = table.pay[held - 1] + now.post.pay + (paid.pay if paid else 0)
    lines.append(Line("grade", {"grade": held}))
    lines.append(Line("next", {"grade": held + 1, "on": next_on}) if next_on else Line("top", {}))
    return Grade(held, now.name, pay, next_on, tuple(lines))


def sum_of(career: Career, day: date, table: Table, now: Standing) -> Iterator[Line]:
    """The lines of `standing`, in the order in which it reckons."""
    yield Line("entered", {"on": career.entered})
    if lost := missed(career, day):
        yield Line("away", {"days": lost})
    for result, days in docked(career, day, table):
        if days:
            yield Line("year", {"year": result.year, "result": result.result, "days": days})
    for kind, name, credit in credited(career, day, table):
        if credit.months:
            yield Line(kind, {"name": name, "months": credit.months})
    yield Line("begins", {"on": now.begins})
    yield Line("band", {"post": now.name, "low": now.post.low, "high": now.post.high})
    yield Line("steps", {"steps": now.steps})
    if now.fell:
        yield Line("fell", {"by": now.fell})


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
    last = day.day if day.day <= SHORTEST else monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def months_between(first: date, day: date) -> int:
    """The most months for which `months_on(first, n)` has come by that day.

    >>> months_between(date(2024, 2, 29), date(2025, 2, 28)), months_between(date(2024, 1, 31),
    ...     date(2024, 2, 28))
    (12, 0)
    """
    n = (day.year - first.year) * MONTHS + day.month - first.month
    short = first.day > day.day and day.day < monthrange(day.year, day.month)[1]
    return n - short
