"""Members are admitted to an organisation, one at a time for each person, and leave it."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction

from lianxin.registry.actions.organisation_rules import kind_called, live, must_be_past
from lianxin.registry.actions.stamp import Stamp
from lianxin.registry.models import Belonging, Organisation, Person
from lianxin.registry.refusal import NotPossible


@transaction.atomic
def admit(
    stamp: Stamp, organisation: Organisation, person: Person, since: date, full: bool = True
) -> Belonging:
    """A member from `since`; one on probation who is admitted again as a full one becomes so.

    Refuses: organisation_over, no_members_here, in_future, not_after, belongs_already.
    """
    row = live(organisation)
    if not kind_called(row.kind).admits:
        raise NotPossible("no_members_here", name=row.name)
    must_be_past(stamp, since, row.since)
    held = Belonging.objects.select_for_update().filter(person=person, until=None).first()
    if held is not None and held.organisation_id == row.pk and full and not held.full:
        stamp.change("full", held, full=True)
        return held
    made = Belonging(organisation=row, person=person, since=since, full=full)
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError as twice:
        raise NotPossible("belongs_already", name=person.name) from twice
    stamp.made("admit", made)
    return made


@transaction.atomic
def leave(stamp: Stamp, belonging: Belonging, on: date) -> None:
    """Refuses: left_already, in_future, not_after."""
    row = Belonging.objects.select_for_update().get(pk=belonging.pk)
    if row.until is not None:
        raise NotPossible("left_already", until=row.until)
    must_be_past(stamp, on, row.since)
    stamp.change("leave", row, until=on)
