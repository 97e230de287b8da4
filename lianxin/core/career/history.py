"""One worker's career as facts with their days; what contradicts itself is refused with a code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any


class CareerError(Exception):
    """`code` has its words in words/career.toml; `facts` fill them."""

    def __init__(self, code: str, **facts: object) -> None:
        self.code, self.facts = code, facts
        super().__init__(code, facts)


@dataclass(frozen=True, slots=True)
class Spell:
    """From `since` on; `until` is the first day that is not part of it, None while it lasts."""

    since: date
    until: date | None = None

    def days(self, first: date, end: date) -> int:
        """How many of its days lie from `first` to the day before `end`."""
        begun, over = max(self.since, first), min(self.until or end, end)
        return max(0, (over - begun).days)


@dataclass(frozen=True, slots=True)
class Held:
    post: str
    since: date


@dataclass(frozen=True, slots=True)
class Gained:
    """A degree, or a certificate that may run out."""

    name: str
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """Of the assessment of a calendar year, known from a later day on."""

    year: int
    result: str
    known: date


@dataclass(frozen=True, slots=True)
class Fall:
    """So many grades down, by decision, on one day."""

    on: date
    by: int


@dataclass(frozen=True, slots=True)
class Career:
    """`worked`: spells of service; `away`: within them, what does not count (leave without pay)."""

    worked: tuple[Spell, ...]
    posts: tuple[Held, ...]
    away: tuple[Spell, ...] = ()
    degrees: tuple[Gained, ...] = ()
    certificates: tuple[Gained, ...] = ()
    results: tuple[Result, ...] = ()
    falls: tuple[Fall, ...] = ()

    @property
    def entered(self) -> date:
        return self.worked[0].since

    def serves(self, day: date) -> bool:
        for spell in self.worked:
            if spell.since <= day and (spell.until is None or day < spell.until):
                return True
        return False

    def served(self, first: date, end: date) -> int:
        """Days of service from `first` to the day before `end`, without what does not count."""
        spent = sum(s.days(first, end) for s in self.worked)
        return spent - sum(s.days(first, end) for s in self.away)

    def post_on(self, day: date) -> str:
        return next(held.post for held in reversed(self.posts) if held.since <= day)

    def events(self) -> set[date]:
        """The days on which one of the facts begins or ends, but for the results of years."""
        found: set[date | None] = {held.since for held in self.posts}
        for spell in (*self.worked, *self.away):
            found |= {spell.since, spell.until}
        for one in (*self.degrees, *self.certificates):
            found |= {one.since, one.until}
        found |= {fall.on for fall in self.falls}
        return {day for day in found if day}


def career_in(row: Mapping[str, Any]) -> Career:
    """A career as a file or a form has it: lists of rows with their days. Raises CareerError."""
    try:
        found = Career(
            worked=spells(row["worked"]),
            posts=tuple(sorted((Held(**p) for p in row["posts"]), key=lambda p: p.since)),
            away=spells(row.get("away", ())),
            degrees=gained(row.get("degrees", ())),
            certificates=gained(row.get("certificates", ())),
            results=tuple(sorted((Result(**r) for r in row.get("results", ())),
                                 key=lambda r: (r.year, r.known))),
            falls=tuple(sorted((Fall(**f) for f in row.get("falls", ())), key=lambda f: f.on)),
        )  # fmt: skip
    except (TypeError, KeyError, AttributeError) as wrong:
        raise CareerError("bad_shape", wrong=str(wrong)) from wrong
    check(found)
    return found


def spells(rows: Iterable[Mapping[str, Any]]) -> tuple[Spell, ...]:
    return tuple(sorted((Spell(**row) for row in rows), key=lambda s: s.since))


def gained(rows: Iterable[Mapping[str, Any]]) -> tuple[Gained, ...]:
    return tuple(sorted((Gained(**row) for row in rows), key=lambda g: (g.since, g.name)))


def check(career: Career) -> None:
    """Raises CareerError: never_began, backwards, overlap, away_outside, no_post, two_posts,
    before_entry, two_results, early_result, no_fall."""
    if not career.worked:
        raise CareerError("never_began")
    spans = [(s.since, s.until) for s in (*career.worked, *career.away)]
    for since, until in (*spans, *((g.since, g.until) for g in career.certificates)):
        if until is not None and until <= since:
            raise CareerError("backwards", since=since, until=until)
    for row in (career.worked, career.away):
        for one, other in pairwise(row):
            if one.until is None or one.until > other.since:
                raise CareerError("overlap", since=other.since)
    for away in career.away:
        if not any(within(away, spell) for spell in career.worked):
            raise CareerError("away_outside", since=away.since)
    check_posts(career)
    check_results(career)
    for fall in career.falls:
        if fall.by < 1 or not career.serves(fall.on):
            raise CareerError("no_fall", on=fall.on)


def within(part: Spell, whole: Spell) -> bool:
    ends = whole.until is None or (part.until is not None and part.until <= whole.until)
    return whole.since <= part.since and ends


def check_posts(career: Career) -> None:
    if not career.posts or career.posts[0].since > career.entered:
        raise CareerError("no_post", on=career.entered)
    if career.posts[0].since < career.entered:
        raise CareerError("before_entry", since=career.posts[0].since, entered=career.entered)
    for one, other in pairwise(career.posts):
        if one.since == other.since:
            raise CareerError("two_posts", on=one.since)


def check_results(career: Career) -> None:
    for one, other in pairwise(career.results):
        if one.year == other.year:
            raise CareerError("two_results", year=one.year)
    for result in career.results:
        if result.known < date(result.year, 12, 1):
            raise CareerError("early_result", year=result.year, known=result.known)
