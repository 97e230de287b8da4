"""What an organisation took part in: one writes it down, another who was not of it confirms it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction

from lianxin.registry.actions.organisation_rules import live, must_be_past
from lianxin.registry.actions.stamp import Stamp
from lianxin.registry.models import Officer, Organisation, Part
from lianxin.registry.refusal import NotPossible

LONGEST = 400


@transaction.atomic
def note_part(
    stamp: Stamp, organisation: Organisation, on: date, text: str, order: UUID | None = None
) -> Part:
    """Refuses: organisation_over, no_text, long_text, in_future, not_after."""
    row = live(organisation)
    must_be_past(stamp, on, row.since)
    if not text.strip():
        raise NotPossible("no_text")
    if len(text.strip()) > LONGEST:
        raise NotPossible("long_text", n=LONGEST)
    made = Part.objects.create(
        organisation=row, on=on, text=text.strip(), order=order, by=stamp.who
    )
    stamp.made("note", made)
    return made


@transaction.atomic
def confirm_part(stamp: Stamp, part: Part) -> None:
    """Refuses: nobody, confirmed_already, own_word (whoever wrote it down), own_officer (whoever
    holds an office there or held one on that day)."""
    row = Part.objects.select_for_update().get(pk=part.pk)
    if stamp.who is None:
        raise NotPossible("nobody")
    if row.confirmed is not None:
        raise NotPossible("confirmed_already", on=row.confirmed)
    if row.by_id == stamp.who.pk:
        raise NotPossible("own_word")
    held = Officer.objects.filter(organisation=row.organisation_id, person=stamp.who)
    if held.filter(until=None).exists() or held.on(row.on).exists():
        raise NotPossible("own_officer")
    stamp.change("confirm", row, confirmed=stamp.day, confirmed_by=stamp.who)
