"""A group covers buildings, a core household lives in one; a building has one live group."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction

from lianxin.registry.actions.organisation_rules import kind_called, live, must_be_past, within
from lianxin.registry.actions.stamp import Stamp
from lianxin.registry.models import Building, Cover, Door, Organisation
from lianxin.registry.refusal import NotPossible

GROUP = "group"


@transaction.atomic
def cover(stamp: Stamp, organisation: Organisation, building: Building, since: date) -> Cover:
    """From `since` the building is this group's, or the household's. The building is locked: two
    groups that reach for it in one second do not both get it.

    Refuses: organisation_over, no_buildings_here, in_future, not_after, building_outside,
    building_covered, many_buildings.
    """
    row = live(organisation)
    known = Building.objects.select_for_update().get(pk=building.pk)
    must_be_past(stamp, since, row.since)
    doors = Door.objects.filter(building=known).select_related("area__successor")
    if not any(within(door.area, row.area) for door in doors):
        raise NotPossible("building_outside", building=known.name, area=row.area.name)
    _has_room(row, known)
    made = Cover(organisation=row, building=known, since=since)
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError as twice:
        raise NotPossible("building_covered", building=known.name, name=row.name) from twice
    stamp.made("cover", made)
    return made


@transaction.atomic
def uncover(stamp: Stamp, held: Cover, on: date) -> None:
    """Refuses: uncovered_already, in_future, not_after."""
    row = Cover.objects.select_for_update().get(pk=held.pk)
    if row.until is not None:
        raise NotPossible("uncovered_already", until=row.until)
    must_be_past(stamp, on, row.since)
    stamp.change("uncover", row, until=on)


def _has_room(row: Organisation, building: Building) -> None:
    most = kind_called(row.kind).covers
    if most == 0:
        raise NotPossible("no_buildings_here", name=row.name)
    if most is not None and row.covers.filter(until=None).count() >= most:
        raise NotPossible("many_buildings", name=row.name, n=most)
    others = Cover.objects.filter(building=building, until=None, organisation__kind=GROUP)
    if row.kind == GROUP and (taken := others.select_related("organisation").first()):
        facts = {"building": building.name, "name": taken.organisation.name}
        raise NotPossible("building_covered", **facts)
