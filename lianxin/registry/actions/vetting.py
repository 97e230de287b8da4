"""Somebody is vetted from a day on, up to a day, or no longer; who answers for it stands in the
row."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction

from lianxin.registry.actions.stamp import Stamp
from lianxin.registry.models import Person, Vetting
from lianxin.registry.refusal import NotPossible


@transaction.atomic
def vet(stamp: Stamp, person: Person, since: date, until: date | None = None) -> Vetting:
    """Vetted from `since`, up to the day before `until`. What held before ends there.

    Refuses: not_after, own_vetting (nobody answers for themselves).
    """
    if until is not None and until <= since:
        raise NotPossible("not_after", on=until, since=since)
    if stamp.who is not None and stamp.who.pk == person.pk:
        raise NotPossible("own_vetting")
    Person.objects.select_for_update().get(pk=person.pk)
    _end(stamp, person, since)
    row = Vetting.objects.create(person=person, since=since, until=until, by=stamp.who)
    stamp.made("vet", row)
    return row


def after(last: date) -> date:
    """The day on which somebody is vetted no more whose last day this is. Refuses: not_a_date.

    >>> after(date(2027, 12, 31)).isoformat()
    '2028-01-01'
    """
    if last == date.max:
        raise NotPossible("not_a_date", value=last)
    return last + timedelta(days=1)


@transaction.atomic
def unvet(stamp: Stamp, person: Person, on: date) -> bool:
    """From `on` no longer. False: they were not."""
    Person.objects.select_for_update().get(pk=person.pk)
    return _end(stamp, person, on)


def _end(stamp: Stamp, person: Person, on: date) -> bool:
    """A row that has not begun by then is void: it ends on the day it begins."""
    ended = False
    for row in Vetting.objects.filter(person=person):
        if row.until is None or row.until > on:
            ended = stamp.change("unvet", row, until=max(on, row.since)) or ended
    return ended
