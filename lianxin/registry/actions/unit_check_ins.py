"""Units check in with communities, and both sides keep three lists: needs, resources, projects."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from lianxin.core.step.who import Grant
from lianxin.registry.actions.check_ins import CLERK, holds, still_there
from lianxin.registry.actions.stamp import Stamp
from lianxin.registry.models import Area, Promise, Unit, UnitCheckIn
from lianxin.registry.refusal import NotPossible

DESK = "desk"
LONGEST = 400  # characters of a line
Kind = Promise.Kind
KEPT_BY = {Kind.NEED: (DESK,), Kind.RESOURCE: (CLERK,), Kind.PROJECT: (DESK, CLERK)}


@transaction.atomic
def check_in_unit(stamp: Stamp, unit: Unit, area: Area) -> UnitCheckIn:
    """From today. Refuses: not_own_unit, closed, not_a_community, unit_checked_in_already."""
    if not holds(stamp, CLERK, unit=unit.pk):
        raise NotPossible("not_own_unit")
    Unit.objects.select_for_update().get(pk=unit.pk)
    still_there(unit, stamp.day)
    still_there(area, stamp.day)
    if area.kind_id != "community":
        raise NotPossible("not_a_community", name=area.name)
    if UnitCheckIn.objects.filter(unit=unit, area=area, until=None).exists():
        raise NotPossible("unit_checked_in_already", unit=unit.name, name=area.name)
    row = UnitCheckIn.objects.create(unit=unit, area=area, since=stamp.day)
    stamp.made("check_in", row)
    return row


@transaction.atomic
def leave_community(stamp: Stamp, pair: UnitCheckIn) -> None:
    """With it end its lists. Refuses: not_own_unit, pair_over."""
    row = _live(pair)
    if not holds(stamp, CLERK, unit=row.unit_id):
        raise NotPossible("not_own_unit")
    for line in Promise.objects.select_for_update().filter(check_in=row, until=None):
        stamp.change("end", line, until=stamp.day)
    stamp.change("leave", row, until=stamp.day)


@transaction.atomic
def promise(stamp: Stamp, pair: UnitCheckIn, kind: str, text: str) -> Promise:
    """A line more. Refuses: not_your_list, no_text, too_much_text, pair_over."""
    row = _live(pair)
    _keeps(stamp, row, kind)
    if not text.strip():
        raise NotPossible("no_text")
    if len(text.strip()) > LONGEST:
        raise NotPossible("too_much_text", most=LONGEST)
    line = Promise.objects.create(check_in=row, kind=kind, text=text.strip(), since=stamp.day)
    stamp.made("promise", line)
    return line


@transaction.atomic
def end_promise(stamp: Stamp, line: Promise, done: bool) -> None:
    """It was done, or it will not be. Refuses: not_your_list, line_over."""
    row = Promise.objects.select_for_update(of=("self",)).select_related("check_in__area")
    found = row.get(pk=line.pk)
    _keeps(stamp, found.check_in, found.kind)
    if found.until is not None:
        raise NotPossible("line_over", until=found.until)
    stamp.change("done" if done else "end", found, until=stamp.day, done=done)


@transaction.atomic
def to_become(stamp: Stamp, line: Promise) -> Promise:
    """A need, or what both will do, about to become an order: the line, locked. The community's
    desk alone says so. Refuses: not_a_task, not_your_list, line_over, order_already."""
    row = Promise.objects.select_for_update(of=("self",)).select_related("check_in__area")
    found = row.get(pk=line.pk)
    if found.kind == Kind.RESOURCE:
        raise NotPossible("not_a_task")
    if not holds(stamp, DESK, area=found.check_in.area_id):
        raise NotPossible("not_your_list")
    if found.until is not None:
        raise NotPossible("line_over", until=found.until)
    if found.order is not None:
        raise NotPossible("order_already")
    return found


def became(stamp: Stamp, line: Promise, order: UUID) -> None:
    """The caller holds the transaction that filed it."""
    stamp.change("became", line, order=order)


def keeps(grant: Grant, pair: UnitCheckIn, kind: str) -> bool:
    """Whether this post writes to the list: that of the community's desk, of the unit's clerk."""
    at = {DESK: (grant.area, pair.area_id), CLERK: (grant.unit, pair.unit_id)}
    if grant.role not in KEPT_BY[Kind(kind)]:
        return False
    mine, theirs = at[grant.role]
    return str(mine) == str(theirs)


def _keeps(stamp: Stamp, pair: UnitCheckIn, kind: str) -> None:
    where = {DESK: {"area": pair.area_id}, CLERK: {"unit": pair.unit_id}}
    known = KEPT_BY[Kind(kind)] if kind in Kind.values else ()
    if not any(holds(stamp, role, **where[role]) for role in known):
        raise NotPossible("not_your_list")


def _live(pair: UnitCheckIn) -> UnitCheckIn:
    rows = UnitCheckIn.objects.select_for_update(of=("self",)).select_related("unit", "area")
    row = rows.get(pk=pair.pk)
    if row.until is not None:
        raise NotPossible("pair_over", until=row.until)
    return row
