"""Facts of a career are written, corrected and voided; what then does not read is not written.

A fact that was wrong is corrected in its row or taken out of it; the log keeps what it said.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q

from lianxin.core.career import CareerError, Table, career_in, grade_on
from lianxin.growth.actions.quotas import keep_quota
from lianxin.growth.careers import careers
from lianxin.growth.fact_kinds import names_of
from lianxin.growth.models import Fact, plain_number
from lianxin.growth.queries.careers import row_of, told_of
from lianxin.registry.actions import Stamp
from lianxin.registry.actions.stamp import facts as columns
from lianxin.registry.actions.told import together
from lianxin.registry.models import BatchRow, Person
from lianxin.registry.refusal import NotPossible

Kind = Fact.Kind
FIRST, LAST = 1940, 2100  # years within which anybody here works or learns
LONGEST = {"name": 60, "number": 40}
HAPPENED = (Kind.DEGREE, Kind.CERTIFICATE, Kind.RESULT, Kind.GRADE)  # never before it came
NUMBERED = (Kind.RESULT, Kind.FALL, Kind.GRADE)
# What a career lacks while the rows of a sheet come in one by one, and not once all are there.
UNFINISHED = ("never_began", "no_post")


@transaction.atomic
@together()
def write(stamp: Stamp, person: Person, *new: Fact, unfinished: bool = False) -> list[Fact]:
    """Facts more, together: service and its first post are two.

    Refuses: became, no_fact_kind, too_long, day_far, not_after, not_yet, needs_place, closed,
    second_spell, not_in_table, certificate_used, no_year, no_grade, over_quota, not_served, and
    `career_<code>` with what core/career says where the whole would not read. `unfinished`: a
    sheet brings the rest.
    """
    row = locked(person)
    for fact in new:
        fact.person = row
        saved(fact)
        stamp.made("write", fact)
    settled(stamp, row, UNFINISHED if unfinished else ())
    return list(new)


@transaction.atomic
@together()
def correct(stamp: Stamp, fact: Fact, unfinished: bool = False, **values: Any) -> bool:
    """Other days, names or numbers in the same row. False: nothing differs. Refuses as `write`,
    and fact_gone."""
    person = locked(fact.person)
    row = still(fact)
    before = columns(row)
    for name, value in values.items():
        setattr(row, name, value)
    after = columns(row)
    changed = [name for name in after if after[name] != before[name]]
    if not changed:
        return False
    saved(row)
    stamp.enter("correct", row, {n: before[n] for n in changed}, {n: after[n] for n in changed})
    settled(stamp, person, UNFINISHED if unfinished else ())
    return True


@transaction.atomic
@together()
def void(stamp: Stamp, fact: Fact) -> None:
    """It was never so. Refuses fact_gone, and `career_<code>` where the rest would not read without
    it."""
    person = locked(fact.person)
    row = still(fact)
    stamp.enter("void", row, before=columns(row))
    BatchRow.objects.filter(model=row._meta.label_lower, key=row.pk).delete()  # nothing to undo
    row.delete()
    settled(stamp, person, ("never_began",) if row.kind == Kind.WORKED else ())


def locked(person: Person) -> Person:
    """One hand at a time in a career. Refuses: became (it belongs to another row by now)."""
    row = Person.objects.select_for_update(of=("self",)).select_related("became").get(pk=person.pk)
    if row.became is not None:
        raise NotPossible("became", name=row.became.name, username=row.became.username)
    return row


def still(fact: Fact) -> Fact:
    """The row as it stands; the caller has locked its person. Refuses: fact_gone (another hand took
    it out)."""
    row = Fact.objects.select_related("area").filter(pk=fact.pk).first()
    if row is None:
        raise NotPossible("fact_gone")
    return row


def saved(fact: Fact) -> None:
    check(fact)
    if fact.kind == Kind.WORKED:
        one_at_a_time(fact)
    if fact.kind == Kind.RESULT:
        keep_quota(fact)
    try:
        with transaction.atomic():
            fact.save()
    except IntegrityError as taken:
        if "certificate_once" in str(taken):
            raise NotPossible("certificate_used", number=fact.number) from taken
        raise NotPossible("second_spell", since=fact.since) from taken


def check(fact: Fact) -> None:
    """What can be said of a fact alone. A certificate's number is written as it is compared."""
    if fact.kind not in Kind.values:
        raise NotPossible("no_fact_kind", kind=fact.kind)
    if fact.kind == Kind.CERTIFICATE:
        fact.number = plain_number(fact.number)
    for name, most in LONGEST.items():
        if len(getattr(fact, name)) > most:
            raise NotPossible("too_long", most=most)
    for day in (fact.since, fact.until):
        if day is not None and not FIRST <= day.year <= LAST:
            raise NotPossible("day_far", on=day)
    if fact.until is not None and fact.until <= fact.since:
        raise NotPossible("not_after", on=fact.until, since=fact.since)
    check_number(fact)
    check_name(fact)


def check_number(fact: Fact) -> None:
    if fact.kind == Kind.RESULT and not (fact.n and FIRST <= fact.n <= LAST):
        raise NotPossible("no_year")
    if fact.kind in NUMBERED and not (fact.n and fact.n > 0):
        raise NotPossible("no_grade")
    if fact.kind == Kind.GRADE and fact.n > len(table_of(fact.since).pay):
        raise NotPossible("no_grade")
    if fact.kind == Kind.CERTIFICATE and fact.number:
        used = Fact.objects.filter(kind=fact.kind, number=fact.number).exclude(pk=fact.pk)
        if used.exists():
            raise NotPossible("certificate_used", number=fact.number)


def check_name(fact: Fact) -> None:
    """As the table of that day calls it; before the first table as that one does."""
    known = names_of(fact.kind, fact.since)
    if known is not None and fact.name not in known:
        raise NotPossible("not_in_table", name=fact.name, on=fact.since)
    if fact.kind == Kind.DUTY and not fact.name.strip():
        raise NotPossible("no_name")


def table_of(day: date) -> Table:
    return careers().on(max(day, careers().days[0]))


def one_at_a_time(fact: Fact) -> None:
    """Service is at a place that was there for as long, and in one spell at a time."""
    area = fact.area
    if area is None:
        raise NotPossible("needs_place")
    if area.until is not None and (fact.until is None or fact.until > area.until):
        raise NotPossible("closed", name=area.name, until=area.until)
    others = Fact.objects.filter(person=fact.person_id, kind=fact.kind).exclude(pk=fact.pk)
    others = others.filter(Q(until=None) | Q(until__gt=F("since")) & Q(until__gt=fact.since))
    if fact.until is not None:
        others = others.filter(since__lt=fact.until)
    if other := others.order_by("since").first():
        raise NotPossible("second_spell", since=other.since)


def settled(stamp: Stamp, person: Person, excused: Iterable[str] = ()) -> None:
    """The career still reads, by today's table too."""
    facts = next((found for _, found in told_of([person.pk])), [])
    day = max(stamp.day, careers().days[0])
    not_yet(facts, day)
    try:
        grade_on(career_in(row_of(facts)), day, careers())
    except CareerError as no:
        if no.code not in excused:
            raise NotPossible(f"career_{no.code}", **no.facts) from no


def not_yet(facts: Iterable[tuple[Any, ...]], day: date) -> None:
    for kind, _, _, since, _ in facts:
        if kind in HAPPENED and since > day:
            raise NotPossible("not_yet", on=since)
