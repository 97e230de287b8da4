"""Reserve secretaries are kept for a community, reared by a plan, and end as what they became."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction

from lianxin.core.step.given import YEARS
from lianxin.growth.models import Fact, Rearing, Reserve
from lianxin.registry.actions.posts import appoint
from lianxin.registry.actions.stamp import Stamp
from lianxin.registry.models import Area, Person, Post
from lianxin.registry.models.dated import in_force
from lianxin.registry.refusal import NotPossible

COMMUNITY = "community"
DEPUTY = "deputy"
SECRETARY, HEAD = "secretary", "head"  # the post in the house, and in the career
LONGEST = 120  # signs of a line of a plan


@transaction.atomic
def keep(
    stamp: Stamp, person: Person, area: Area, door: str, since: date, order: UUID | None = None
) -> Reserve:
    """Kept for a community from `since`, chosen openly or put forward.

    Refuses: no_door, community_only, closed, shut, reserve_already (for this or another one).
    """
    if door not in Reserve.Door.values:
        raise NotPossible("no_door", door=door)
    if area.kind_id != COMMUNITY:
        raise NotPossible("community_only", name=area.name)
    if area.until is not None:
        raise NotPossible("closed", name=area.name, until=area.until)
    if not person.is_active:
        raise NotPossible("shut", name=person.name)
    row = Reserve(person=person, area=area, door=door, since=since, order=order)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as kept:
        where = Reserve.objects.select_related("area").get(person=person, until=None).area
        raise NotPossible("reserve_already", name=person.name, area=where.name) from kept
    stamp.made("keep", row)
    return row


@transaction.atomic
def end(stamp: Stamp, reserve: Reserve, on: date, ended: str) -> None:
    """From `on` they are kept no more; their plan ends with it.

    Refuses: deputy_stays (who becomes deputy stays a reserve), no_end, reserve_over, not_after.
    """
    if ended == DEPUTY:
        raise NotPossible("deputy_stays")
    if ended not in Reserve.Ended.values:
        raise NotPossible("no_end", ended=ended)
    row = live(reserve)
    if on < row.since:
        raise NotPossible("not_after", on=on, since=row.since)
    stamp.change("end", row, until=on, ended=ended)
    end_plan(stamp, row, on)


def end_plan(stamp: Stamp, row: Reserve, on: date, **narrow: str) -> None:
    """What of it lasts is over on that day; of a kind alone, where one is said."""
    for line in Rearing.objects.select_for_update().filter(reserve=row, until=None, **narrow):
        stamp.change("end", line, until=max(on, line.since))


@transaction.atomic
def became(stamp: Stamp, reserve: Reserve, office: str, on: date) -> None:
    """Elected: as secretary they leave the reserve and hold the post from that day; as deputy they
    stay, and their career, if there is one, has the post. Refuses: no_office, deputy_already, and
    what `end` and `appoint` do."""
    if office == Reserve.Ended.SECRETARY:
        end(stamp, reserve, on, office)
        held = Post.objects.filter(person=reserve.person, role=SECRETARY, area=reserve.area)
        if not held.filter(until=None).exists():
            appoint(stamp, reserve.person, SECRETARY, on, area=reserve.area)
        in_career(stamp, reserve.person, HEAD, on)
    elif office == DEPUTY:
        live(reserve)
        if post_of(reserve.person, on) == DEPUTY:
            raise NotPossible("deputy_already", name=reserve.person.name)
        in_career(stamp, reserve.person, DEPUTY, on)
    else:
        raise NotPossible("no_office", office=office)


@transaction.atomic
def plan(
    stamp: Stamp, reserve: Reserve, kind: str, name: str, since: date, until: date | None = None
) -> Rearing:
    """One line of the plan: a mentor (the one before goes), a task, a practice post, study at an
    institution.

    Refuses: no_rearing, no_name, too_long, day_far, reserve_over, not_after, line_there (the same
    lasts already).
    """
    said = name.strip()
    readable(kind, said, since, until)
    row = live(reserve)
    if since < row.since:
        raise NotPossible("not_after", on=since, since=row.since)
    lasting = Rearing.objects.filter(reserve=row, kind=kind, until=None)
    if until is None and lasting.filter(name=said).exists():
        raise NotPossible("line_there", name=said)
    if until is None and kind == Rearing.Kind.MENTOR:
        end_plan(stamp, row, since, kind=kind)
    line = Rearing.objects.create(reserve=row, kind=kind, name=said, since=since, until=until)
    stamp.made("plan", line)
    return line


def readable(kind: str, name: str, since: date, until: date | None) -> None:
    """What can be said of a line alone."""
    if kind not in Rearing.Kind.values:
        raise NotPossible("no_rearing", kind=kind)
    if not name:
        raise NotPossible("no_name")
    if len(name) > LONGEST:
        raise NotPossible("too_long", most=LONGEST)
    if since.year not in YEARS:
        raise NotPossible("day_far", on=since)
    if until is not None and until <= since:
        raise NotPossible("not_after", on=until, since=since)


@transaction.atomic
def close_line(stamp: Stamp, line: Rearing, on: date) -> None:
    """From `on` it counts no more: a course of study was finished, a task done, a mentor has gone.

    Refuses: line_over, not_after, day_to_come.
    """
    row = Rearing.objects.select_for_update().get(pk=line.pk)
    if row.until is not None:
        raise NotPossible("line_over", until=row.until)
    if on < row.since:
        raise NotPossible("not_after", on=on, since=row.since)
    if on > stamp.day:
        raise NotPossible("day_to_come", on=on)
    stamp.change("end", row, until=on)


def live(reserve: Reserve) -> Reserve:
    row = Reserve.objects.select_for_update().get(pk=reserve.pk)
    if row.until is not None:
        raise NotPossible("reserve_over", until=row.until)
    return row


def in_career(stamp: Stamp, person: Person, post: str, on: date) -> None:
    """A change of post is a fact of the career; who has none is paid by nobody's grade."""
    if works(person, on) and post_of(person, on) != post:
        fact = Fact.objects.create(person=person, kind=Fact.Kind.POST, name=post, since=on)
        stamp.made("record", fact)


def works(person: Person, on: date) -> bool:
    return Fact.objects.filter(in_force(on), person=person, kind=Fact.Kind.WORKED).exists()


def post_of(person: Person, on: date) -> str:
    """By the career, "" where it has none on that day."""
    posts = Fact.objects.filter(in_force(on), person=person, kind=Fact.Kind.POST)
    return posts.order_by("-since", "-pk").values_list("name", flat=True).first() or ""
