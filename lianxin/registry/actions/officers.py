"""Officers are elected for a term, one secretary at a time, and step down."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Q

from lianxin.registry.actions.organisation_rules import ended, live, must_be_past
from lianxin.registry.actions.stamp import Stamp
from lianxin.registry.models import Officer, Organisation, Person
from lianxin.registry.organisations import organisations
from lianxin.registry.refusal import NotPossible


@transaction.atomic
def elect(
    stamp: Stamp,
    organisation: Organisation,
    person: Person,
    office: str,
    since: date,
    term: date | None = None,
) -> Officer:
    """In office from `since`; `term`: the day on which the term ends, else the usual years. Whoever
    held the one office before is out of it on that day, and so is the same person's own last term.

    Refuses: organisation_over, wrong_office, in_future, not_after, short_term.
    """
    row = live(organisation)
    known = organisations().offices.get(office)
    if known is None or row.kind not in known.of:
        raise NotPossible("wrong_office", name=row.name, office=office)
    must_be_past(stamp, since, row.since)
    ends = term or later(since, known.years)
    if ends <= since:
        raise NotPossible("short_term", on=ends, since=since)
    held = Officer.objects.filter(organisation=row, office=office, until=None)
    before = held if known.one else held.filter(Q(person=person))
    if late := before.filter(since__gt=since).first():
        raise NotPossible("not_after", on=since, since=late.since)
    ended(stamp, before, since)
    made = Officer.objects.create(
        organisation=row, person=person, office=office, since=since, term=ends
    )
    stamp.made("elect", made)
    return made


@transaction.atomic
def step_down(stamp: Stamp, officer: Officer, on: date) -> None:
    """Refuses: officer_over, in_future, not_after."""
    row = Officer.objects.select_for_update().get(pk=officer.pk)
    if row.until is not None:
        raise NotPossible("officer_over", until=row.until)
    must_be_past(stamp, on, row.since)
    stamp.change("step_down", row, until=on)


def later(day: date, years: int) -> date:
    """The same day so many years on; of 29 February the last of that month.

    >>> later(date(2024, 2, 29), 3).isoformat(), later(date(2025, 5, 1), 3).isoformat()
    ('2027-02-28', '2028-05-01')
    """
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
