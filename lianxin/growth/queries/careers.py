"""Careers out of their facts, for one and for thousands, and what each comes to on a day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import transaction

from lianxin.core.career import Career, CareerError, Grade, career_in, grade_on
from lianxin.growth.careers import careers
from lianxin.growth.models import Fact, Standing

COLUMNS = ("person_id", "kind", "name", "n", "since", "until")
AT_ONCE = 5000
Told = tuple[str, str, int | None, date, date | None]  # kind, name, n, since, until
# Kind of a fact → the list of core/career that it stands in, and how it is written there.
WRITTEN: dict[str, tuple[str, Callable[[str, int | None, date, date | None], dict[str, Any]]]] = {
    "worked": ("worked", lambda name, n, since, until: {"since": since, "until": until}),
    "away": ("away", lambda name, n, since, until: {"since": since, "until": until}),
    "post": ("posts", lambda name, n, since, until: {"post": name, "since": since}),
    "degree": ("degrees", lambda name, n, since, until: {"name": name, "since": since}),
    "certificate": (
        "certificates",
        lambda name, n, since, until: {"name": name, "since": since, "until": until},
    ),
    "result": (
        "results",
        lambda name, n, since, until: {"year": n, "result": name, "known": since},
    ),
    "fall": ("falls", lambda name, n, since, until: {"on": since, "by": n}),
}


@dataclass(frozen=True, slots=True)
class Tally:
    """What reckoning came to, in persons: `reckoned`, of them `out` (in no service that day) and
    `unwritten` (no grade on paper); those whose sum `differs` from the paper, and those who
    `rise` by it. `wrong`: whose career contradicts itself, with why."""

    reckoned: int = 0
    out: int = 0
    unwritten: int = 0
    differs: int = 0
    rise: int = 0
    wrong: tuple[tuple[int, CareerError], ...] = ()


def row_of(facts: Iterable[Told]) -> dict[str, list[dict[str, Any]]]:
    """The facts of one person as core/career reads them. A void one, which ends on the day it
    begins, is none."""
    row: dict[str, list[dict[str, Any]]] = {place: [] for place, _ in WRITTEN.values()}
    for kind, name, n, since, until in facts:
        if kind in WRITTEN and until != since:
            place, write = WRITTEN[kind]
            row[place].append(write(name, n, since, until))
    return row


def told_of(people: Iterable[int]) -> Iterator[tuple[int, list[Told]]]:
    """Person → all their facts, oldest first; one query for every few thousand people."""
    asked = sorted(set(people))
    for start in range(0, len(asked), AT_ONCE):
        rows = Fact.objects.filter(person__in=asked[start : start + AT_ONCE])
        rows = rows.order_by("person_id", "since", "pk").values_list(*COLUMNS)
        for person, facts in groupby(rows.iterator(chunk_size=10_000), itemgetter(0)):
            yield person, [fact[1:] for fact in facts]


def everybody(area: str = "") -> set[int]:
    """Whoever ever worked at a place or below it; without one all who have a career or stand
    somewhere, so that who left stands nowhere."""
    if area:
        rows = Fact.objects.filter(kind=Fact.Kind.WORKED, area__path__startswith=area)
        return set(rows.values_list("person_id", flat=True).distinct())
    known = (
        Fact.objects.order_by()
        .values_list("person_id")
        .union(Standing.objects.order_by().values_list("person_id"))
    )
    return {person for (person,) in known}


def career_of(person: int) -> Career:
    """Raises CareerError where the facts contradict themselves, or are none."""
    return career_in(row_of(next((facts for _, facts in told_of([person])), [])))


def recorded(facts: Iterable[Told], day: date) -> int | None:
    """The grade on paper: the last one recorded by that day."""
    written = [(since, n) for kind, _, n, since, _ in facts if kind == "grade" and since <= day]
    return max(written, key=itemgetter(0))[1] if written else None


@dataclass(frozen=True, slots=True)
class Reckoned:
    """One person's sum of a day. `grade` is None out of service."""

    person: int
    grade: Grade | None
    recorded: int | None


def sums(people: Iterable[int], day: date) -> Iterator[Reckoned | tuple[int, CareerError]]:
    """The sum of each who has facts, or why there is none. Raises LookupError before the first
    table."""
    tables = careers()
    for person, facts in told_of(people):
        try:
            found = grade_on(career_in(row_of(facts)), day, tables)
        except CareerError as no:
            yield person, no
        else:
            yield Reckoned(person, found, recorded(facts, day))


@transaction.atomic
def reckon(people: Iterable[int], day: date) -> Tally:
    """Writes down what these careers come to on that day, in bulk. Whoever is in no service, or
    whose career contradicts itself, stands nowhere. Raises LookupError before the first table."""
    asked = sorted(set(people))
    found, wrong = [], []
    for one in sums(asked, day):
        (found if isinstance(one, Reckoned) else wrong).append(one)
    rows = [Standing(
        person_id=r.person, on=day, post=r.grade.post, grade=r.grade.grade, pay=r.grade.pay,
        next_on=r.grade.next_on, recorded=r.recorded,
    ) for r in found if r.grade]  # fmt: skip
    Standing.objects.filter(person__in=set(asked) - {r.person_id for r in rows}).delete()
    Standing.objects.bulk_create(
        rows, batch_size=2000, update_conflicts=True, unique_fields=["person"],
        update_fields=["on", "post", "grade", "pay", "next_on", "recorded"],
    )  # fmt: skip
    return tally(rows, len(found) - len(rows), wrong)


def tally(rows: list[Standing], out: int, wrong: list[Any]) -> Tally:
    known = [(row.grade, row.recorded) for row in rows if row.recorded is not None]
    return Tally(
        reckoned=len(rows) + out, out=out, unwritten=len(rows) - len(known),
        differs=sum(grade != paper for grade, paper in known),
        rise=sum(grade > paper for grade, paper in known), wrong=tuple(wrong),
    )  # fmt: skip


def stale(on: date, next_on: date | None, day: date) -> bool:
    """Whether a sum of `on` may not hold on that day: a newer table, or a day of rising, came."""
    newer = careers().days
    begun = [since for since in newer if since <= day]
    return bool(begun and on < begun[-1]) or bool(next_on and on < next_on <= day)
