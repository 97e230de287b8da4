"""Members check in where they live, are confirmed by their unit, take on tasks, move and leave."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import QuerySet

from lianxin.core.place import path as paths
from lianxin.registry import tasks
from lianxin.registry.actions.people import change_person
from lianxin.registry.actions.posts import appoint, end_post
from lianxin.registry.actions.stamp import Stamp
from lianxin.registry.models import Area, CheckIn, Person, Post, Task, Unit
from lianxin.registry.refusal import NotPossible

MEMBER, CLERK = "member", "clerk"
LONGEST = 200  # characters of a reason


@transaction.atomic
def check_in(stamp: Stamp, person: Person, unit: Unit, area: Area) -> CheckIn:
    """From today, once somebody of the unit has confirmed it. Refuses: checked_in_already, closed,
    too_wide (nobody lives in a whole county)."""
    Person.objects.select_for_update().get(pk=person.pk)
    live = CheckIn.objects.filter(person=person, until=None).select_related("area").first()
    if live is not None:
        raise NotPossible("checked_in_already", name=live.area.name, since=live.since)
    return _begun(stamp, CheckIn(person=person, unit=unit, area=area, since=stamp.day))


@transaction.atomic
def confirm(stamp: Stamp, check_in: CheckIn) -> None:
    """From today it counts, and the orders of the unit are open to them.

    Refuses: not_own_unit, own_check_in, check_in_over, confirmed_already, closed.
    """
    row = _waiting(stamp, check_in)
    still_there(row.unit, stamp.day)
    stamp.change("confirm", row, confirmed=stamp.day, confirmed_by=stamp.who)
    if not _member_posts(row, stamp.day).exists():
        appoint(stamp, row.person, MEMBER, stamp.day, unit=row.unit)


@transaction.atomic
def decline(stamp: Stamp, check_in: CheckIn, reason: str) -> None:
    """It ends on the day it began, and its member reads why.

    Refuses: no_reason, too_much_text, not_own_unit, own_check_in, check_in_over,
    confirmed_already.
    """
    if not reason.strip():
        raise NotPossible("no_reason")
    if len(reason.strip()) > LONGEST:
        raise NotPossible("too_much_text", most=LONGEST)
    row = _waiting(stamp, check_in)
    row.reason = reason.strip()  # kept in the row alone: what is said of somebody can be erased
    stamp.change("decline", row, until=row.since)


@transaction.atomic
def leave(stamp: Stamp, check_in: CheckIn) -> None:
    """From today no longer: with it end its tasks and the post in the unit. For its member and for
    the unit's clerk. Refuses: check_in_over, not_own_unit."""
    row = _live(stamp, check_in)
    _end_tasks(stamp, row)
    for post in _member_posts(row, stamp.day):
        end_post(stamp, post, stamp.day)
    stamp.change("leave", row, until=stamp.day)


@transaction.atomic
def move(stamp: Stamp, check_in: CheckIn, unit: Unit, area: Area) -> CheckIn:
    """To another place, which the unit need not confirm again; or to another unit, which has to,
    and until then one is a member of none. What was stays as it was, up to today.

    Refuses: check_in_over, not_own_unit, same_place, closed, too_wide.
    """
    row = _live(stamp, check_in)
    if (row.unit_id, row.area_id) == (unit.pk, area.pk):
        raise NotPossible("same_place", name=area.name)
    fresh = CheckIn(person=row.person, unit=unit, area=area, since=stamp.day)
    if unit.pk == row.unit_id:
        fresh.confirmed, fresh.confirmed_by = row.confirmed, row.confirmed_by
        _end_tasks(stamp, row)
        stamp.change("move", row, until=stamp.day)
    else:
        leave(stamp, row)
    return _begun(stamp, fresh)


@transaction.atomic
def take_task(stamp: Stamp, check_in: CheckIn, kind: str) -> Task:
    """Refuses: no_task, check_in_over, not_own_unit, not_confirmed, task_twice."""
    if kind not in tasks.offered():
        raise NotPossible("no_task", task=kind[:20])
    row = _live(stamp, check_in)
    if row.confirmed is None:
        raise NotPossible("not_confirmed")
    if Task.objects.filter(check_in=row, kind=kind, until=None).exists():
        raise NotPossible("task_twice", task=tasks.task_words(kind))
    task = Task.objects.create(check_in=row, kind=kind, since=stamp.day)
    stamp.made("take", task)
    return task


@transaction.atomic
def drop_task(stamp: Stamp, task: Task) -> None:
    """Refuses: check_in_over, not_own_unit, task_over."""
    _live(stamp, task.check_in)
    row = Task.objects.select_for_update().get(pk=task.pk)
    if row.until is not None:
        raise NotPossible("task_over", task=tasks.task_words(row.kind))
    stamp.change("drop", row, until=stamp.day)


def still_there(row: Area | Unit, on: date) -> None:
    """Refuses: closed."""
    if row.until is not None and row.until <= on:
        raise NotPossible("closed", name=row.name, until=row.until)


def is_home(path: str) -> bool:
    """Whether somebody can live there: a community, or what lies in one.

    >>> is_home("522601001001"), is_home("522601"), is_home("P522601001")
    (True, False, False)
    """
    return paths.cut(path, "community") is not None


def holds(stamp: Stamp, role: str, **where: int) -> bool:
    """Whether whoever signs holds this role there today; the operator at the terminal always."""
    if stamp.who is None:
        return True
    held = Post.objects.on(stamp.day).filter(person=stamp.who, role=role, **where)
    return held.exists()


# ── what the above share ─────────────────────────────────────────────────────────────────────────


def _begun(stamp: Stamp, row: CheckIn) -> CheckIn:
    still_there(row.area, stamp.day)
    still_there(row.unit, stamp.day)
    if not is_home(row.area.path):
        raise NotPossible("too_wide", name=row.area.name)
    row.save()
    stamp.made("check_in", row)
    home = row.person.home
    if home is None or not home.path.startswith(row.area.path):
        change_person(stamp, row.person, home=row.area)
    return row


def _locked(check_in: CheckIn) -> CheckIn:
    rows = CheckIn.objects.select_for_update(of=("self",))
    return rows.select_related("person__home", "unit", "area", "confirmed_by").get(pk=check_in.pk)


def _live(stamp: Stamp, check_in: CheckIn) -> CheckIn:
    """Locked, for its member or the clerk of its unit."""
    row = _locked(check_in)
    own = stamp.who is not None and stamp.who.pk == row.person_id
    if not (own or holds(stamp, CLERK, unit=row.unit_id)):
        raise NotPossible("not_own_unit")
    if row.until is not None:
        raise NotPossible("check_in_over", until=row.until)
    return row


def _waiting(stamp: Stamp, check_in: CheckIn) -> CheckIn:
    """Locked, for the clerk of its unit; nobody answers for themselves."""
    row = _locked(check_in)
    if not holds(stamp, CLERK, unit=row.unit_id):
        raise NotPossible("not_own_unit")
    if stamp.who is not None and stamp.who.pk == row.person_id:
        raise NotPossible("own_check_in")
    if row.until is not None:
        raise NotPossible("check_in_over", until=row.until)
    if row.confirmed is not None:
        raise NotPossible("confirmed_already", on=row.confirmed)
    return row


def _end_tasks(stamp: Stamp, row: CheckIn) -> None:
    for task in Task.objects.select_for_update().filter(check_in=row, until=None).order_by("pk"):
        stamp.change("drop", task, until=stamp.day)


def _member_posts(row: CheckIn, on: date) -> QuerySet[Post]:
    """The post that being confirmed gave, or that was there before."""
    held = Post.objects.filter(person=row.person_id, role=MEMBER, unit=row.unit_id, since__lte=on)
    return held.filter(until=None, behalf_of=None).order_by("pk")
