"""An organisation is set up, renamed, moved and ended, each time with its entry."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import IntegrityError, transaction

from lianxin.registry.actions.belongings import admit
from lianxin.registry.actions.covers import cover
from lianxin.registry.actions.officers import elect
from lianxin.registry.actions.organisation_rules import (
    ended,
    fits,
    kind_called,
    live,
    must_be_past,
    only_one,
    parts_of,
    place_for,
    under,
    within,
)
from lianxin.registry.actions.people import plain_name
from lianxin.registry.actions.stamp import Stamp
from lianxin.registry.models import Area, Building, Cover, Organisation, Person
from lianxin.registry.organisations import Kind, organisations
from lianxin.registry.refusal import NotPossible


@transaction.atomic
def set_up(
    stamp: Stamp,
    kind: str,
    area: Area,
    *,
    number: str,
    on: date | None,
    name: str = "",
    parent: Organisation | None = None,
    leader: Person | None = None,
    term: date | None = None,
    members: Iterable[Person] = (),
    buildings: Iterable[Building] = (),
) -> Organisation:
    """A new organisation with the number and day of the paper that approved it. `leader`: elected
    to the first office of the kind. A blank name becomes the usual one.

    Refuses: no_kind, no_number, no_day, too_long, in_future, wrong_place, area_over, wrong_parent,
    organisation_over, second_branch, second_community, few_members, and what admitting, covering
    and electing refuse.
    """
    level, day, name = kind_called(kind), _approved(stamp, number, on), plain_name(name)
    fits(name=name, number=number.strip())
    place_for(level, area, stamp.day)
    over = live(parent) if parent else None
    under(level, area, over)
    only_one(kind, area)
    row = Organisation(
        kind=kind, name=name or usual_name(level, area), parent=over, area=area,
        number=number.strip(), since=day,
    )  # fmt: skip
    _saved(row)
    stamp.made("set_up", row)
    _admit_first(stamp, level, row, leader, members)
    for building in buildings:
        cover(stamp, row, building, day)
    if leader is not None:
        elect(stamp, row, leader, organisations().first_office(kind), day, term)
    return row


@transaction.atomic
def rename(stamp: Stamp, organisation: Organisation, name: str) -> bool:
    """Refuses: no_name, too_long, organisation_over. False: it was called so."""
    name = plain_name(name)
    if not name:
        raise NotPossible("no_name")
    fits(name=name)
    return stamp.change("rename", live(organisation), name=name)


@transaction.atomic
def move(stamp: Stamp, organisation: Organisation, area: Area, parent: Organisation | None) -> bool:
    """To another place, under another organisation, or both, with all that hangs on it.

    Refuses: organisation_over, wrong_place, area_over, wrong_parent, second_branch,
    second_community, parts_outside. False: it stood there.
    """
    row = live(organisation)
    level = kind_called(row.kind)
    place_for(level, area, stamp.day)
    over = live(parent) if parent else None
    under(level, area, over)
    if area.pk != row.area_id:
        only_one(row.kind, area)
        _takes_all_along(row, area)
    return stamp.change("move", row, area=area, parent=over)


@transaction.atomic
def end(stamp: Stamp, organisation: Organisation, on: date) -> None:
    """From `on` it is no more; its officers, members and buildings with it.

    Refuses: organisation_over, in_future, not_after, parts_hang.
    """
    row = live(organisation)
    must_be_past(stamp, on, row.since)
    if hanging := parts_of(row).count():
        raise NotPossible("parts_hang", name=row.name, n=hanging)
    for rows in (row.officers, row.belongings, row.covers):
        ended(stamp, rows.filter(until=None), on)
    stamp.change("end", row, until=on)


def usual_name(kind: Kind, area: Area) -> str:
    """What one of this kind is called there: the place's name and the next number."""
    before = Organisation.objects.filter(kind=kind.name, area=area).count()
    return kind.named.format(area=area.name, n=before + 1)


def _approved(stamp: Stamp, number: str, on: date | None) -> date:
    if not number.strip():
        raise NotPossible("no_number")
    if on is None:
        raise NotPossible("no_day")
    must_be_past(stamp, on)
    return on


def _saved(row: Organisation) -> None:
    """Two may set up a branch of one quarter in the same second: the database lets one pass."""
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as second:
        raise NotPossible(f"second_{row.kind}", area=row.area.name) from second


def _admit_first(
    stamp: Stamp, kind: Kind, row: Organisation, leader: Person | None, members: Iterable[Person]
) -> None:
    """Those it is set up with; who leads a branch is a member of it."""
    named = {person.pk: person for person in members}
    if leader is not None and kind.members:
        named.setdefault(leader.pk, leader)
    if len(named) < kind.members:
        raise NotPossible("few_members", n=kind.members, m=len(named))
    for person in named.values():
        admit(stamp, row, person, row.since)


def _takes_all_along(row: Organisation, area: Area) -> None:
    outside = [part for part in parts_of(row).select_related("area") if not within(part.area, area)]
    covers = Cover.objects.filter(organisation=row, until=None).select_related("building")
    for held in covers.prefetch_related("building__doors__area__successor"):
        if not any(within(door.area, area) for door in held.building.doors.all()):
            outside.append(row)
    if outside:
        raise NotPossible("parts_outside", name=row.name, area=area.name, n=len(outside))
