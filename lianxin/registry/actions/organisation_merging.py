"""One organisation goes on as another of its kind, with its members, buildings and parts."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from lianxin.registry.actions.organisation_rules import ended, must_be_past, parts_of
from lianxin.registry.actions.stamp import Stamp
from lianxin.registry.models import Belonging, Cover, Organisation
from lianxin.registry.refusal import NotPossible


@transaction.atomic
def merge(stamp: Stamp, organisation: Organisation, into: Organisation, on: date) -> None:
    """From `on` it goes on as `into`. Offices end; each row ends here and begins there, so that
    both histories stay. Both are locked by id: two mergers that cross do not wait for each other.

    Refuses: same, organisation_over, other_kind, in_future, not_after.
    """
    if organisation.pk == into.pk:
        raise NotPossible("same", name=organisation.name)
    row, target = _both(organisation, into)
    if row.kind != target.kind:
        raise NotPossible("other_kind", name=row.name, other=target.name)
    must_be_past(stamp, on, max(row.since, target.since))
    for part in parts_of(row).select_for_update():
        stamp.change("move", part, parent=target)
    ended(stamp, row.officers.filter(until=None), on)
    _members(stamp, row, target, on)
    _buildings(stamp, row, target, on)
    stamp.change("merge", row, until=on, successor=target)


def _both(one: Organisation, other: Organisation) -> tuple[Organisation, Organisation]:
    locked = Organisation.objects.select_for_update().filter(pk__in=(one.pk, other.pk))
    rows = {row.pk: row for row in locked.order_by("pk")}
    for row in rows.values():
        if row.until is not None:
            raise NotPossible("organisation_over", name=row.name, until=row.until)
    return rows[one.pk], rows[other.pk]


def _members(stamp: Stamp, row: Organisation, target: Organisation, on: date) -> None:
    for held in row.belongings.filter(until=None).select_for_update().order_by("pk"):
        day = max(on, held.since)
        stamp.change("leave", held, until=day)
        made = Belonging.objects.create(
            organisation=target, person_id=held.person_id, full=held.full, since=day
        )
        stamp.made("admit", made)


def _buildings(stamp: Stamp, row: Organisation, target: Organisation, on: date) -> None:
    """A household that goes on as another lives where that one does."""
    if row.kind == "household":
        ended(stamp, row.covers.filter(until=None), on, "uncover")
        return
    there = set(target.covers.filter(until=None).values_list("building", flat=True))
    for held in row.covers.filter(until=None).select_for_update().order_by("pk"):
        day = max(on, held.since)
        stamp.change("uncover", held, until=day)
        if held.building_id not in there:
            made = Cover.objects.create(
                organisation=target, building_id=held.building_id, since=day
            )
            stamp.made("cover", made)
