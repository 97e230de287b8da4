"""What must hold of an organisation before anything of it is written; each refusal has a code."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet

from lianxin.registry.actions.stamp import Stamp
from lianxin.registry.models import Area, Organisation
from lianxin.registry.organisations import Kind, organisations
from lianxin.registry.refusal import NotPossible

ALONE = ("community", "branch")  # one of these at a place
LONGEST = {"name": 120, "number": 60}


def kind_called(name: str) -> Kind:
    found = organisations().kinds.get(name)
    if found is None:
        raise NotPossible("no_kind", kind=name)
    return found


def fits(**said: str) -> None:
    """Refuses: too_long."""
    for name, text in said.items():
        if len(text) > LONGEST[name]:
            raise NotPossible("too_long", most=LONGEST[name])


def live(organisation: Organisation) -> Organisation:
    """The row, locked until the change is through. Refuses: organisation_over."""
    row = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if row.until is not None:
        raise NotPossible("organisation_over", name=row.name, until=row.until)
    return row


def must_be_past(stamp: Stamp, on: date, since: date | None = None) -> None:
    """What is written down has happened: today or before, and not before the row began."""
    if on > stamp.day:
        raise NotPossible("in_future", on=on)
    if since is not None and on < since:
        raise NotPossible("not_after", on=on, since=since)


def place_for(kind: Kind, area: Area, today: date) -> None:
    if area.kind_id not in kind.at:
        raise NotPossible("wrong_place", kind=kind.words, area=area.name)
    if area.until is not None and area.until <= today:
        raise NotPossible("area_over", area=area.name, until=area.until)


def under(kind: Kind, area: Area, parent: Organisation | None) -> None:
    """It hangs on one of the right kind, whose place holds its own."""
    if parent is None:
        if kind.under:
            raise NotPossible("no_parent_organisation", kind=kind.words)
        return
    if parent.kind not in kind.under:
        raise NotPossible("wrong_parent", kind=kind.words, name=parent.name)
    if not within(area, parent.area):
        raise NotPossible("parent_elsewhere", area=area.name, name=parent.name)


def within(area: Area, place: Area) -> bool:
    """Whether an area lies in a place, itself or through what it has become."""
    lies = [area, *([area.successor] if area.successor else [])]
    holds = [place, *([place.successor] if place.successor else [])]
    return any(one.path.startswith(other.path) for one in lies for other in holds)


def only_one(kind: str, area: Area) -> None:
    if kind in ALONE and Organisation.objects.filter(kind=kind, area=area, until=None).exists():
        raise NotPossible(f"second_{kind}", area=area.name)


def parts_of(organisation: Organisation) -> QuerySet[Organisation]:
    """What hangs on it now."""
    return Organisation.objects.filter(parent=organisation, until=None).order_by("pk")


def ended(stamp: Stamp, rows: QuerySet[Any], on: date, verb: str = "end") -> None:
    """Rows end on that day; one that had not begun by then is void."""
    for row in rows.select_for_update().order_by("pk"):
        stamp.change(verb, row, until=max(on, row.since))
