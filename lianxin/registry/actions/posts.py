"""Persons are appointed to posts, stood in for between two days, and relieved of them."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction

from lianxin.registry import roles
from lianxin.registry.actions.stamp import Stamp
from lianxin.registry.models import Area, Person, Post, Unit
from lianxin.registry.models.post import ONE_STAND_IN
from lianxin.registry.refusal import NotPossible


@transaction.atomic
def appoint(
    stamp: Stamp,
    person: Person,
    role: str,
    since: date,
    *,
    area: Area | None = None,
    unit: Unit | None = None,
    until: date | None = None,
) -> Post:
    """A post from `since`. Refuses: no_role, needs_area, needs_unit, closed (the place or the unit
    ends before the post does), not_after, held_already."""
    check_role(role, area, unit)
    return _opened(
        stamp,
        "appoint",
        Post(person=person, role=role, area=area, unit=unit, since=since, until=until),
    )


@transaction.atomic
def stand_in(stamp: Stamp, post: Post, person: Person, since: date, until: date) -> Post:
    """`person` holds `post` beside its holder, up to the day before `until`.

    Refuses: same_person, chain (nobody stands in for a stand-in), closed, not_after, held_already,
    two_stand_ins (on one day of these somebody else does already).
    """
    if person.pk == post.person_id:
        raise NotPossible("same_person")
    if post.behalf_of_id is not None:
        raise NotPossible("chain")
    return _opened(
        stamp,
        "stand_in",
        Post(
            person=person,
            role=post.role,
            area=post.area,
            unit=post.unit,
            since=since,
            until=until,
            behalf_of=post,
        ),
    )


@transaction.atomic
def end_post(stamp: Stamp, post: Post, on: date) -> None:
    """From `on` the post is held no more, nor stood in for. Refuses: not_after."""
    row = Post.objects.select_for_update().get(pk=post.pk)
    if on < row.since:
        raise NotPossible("not_after", on=on, since=row.since)
    stamp.change("end", row, until=on)


def check_role(role: str, area: Area | None, unit: Unit | None) -> None:
    """A role that acts at places must be given a place, or it would reach everywhere or nowhere."""
    known = roles.all_roles()
    if role not in known:
        raise NotPossible("no_role", role=role)
    if known[role].acts == "unit" and unit is None:
        raise NotPossible("needs_unit", role=role)
    if known[role].acts != "unit" and area is None:
        raise NotPossible("needs_area", role=role)


def lasts_as_long(post: Post) -> None:
    """Whoever closes the place in the same second waits for this, or is waited for."""
    places = Area.objects.select_for_update(no_key=True).filter(pk=post.area_id)
    for row in (*places, *([post.unit] if post.unit else [])):
        if row.until is not None and (post.until is None or post.until > row.until):
            raise NotPossible("closed", name=row.name, until=row.until)


def _opened(stamp: Stamp, verb: str, post: Post) -> Post:
    if post.until is not None and post.until <= post.since:
        raise NotPossible("not_after", on=post.until, since=post.since)
    lasts_as_long(post)
    try:
        with transaction.atomic():
            post.save()
    except IntegrityError as held:
        if ONE_STAND_IN in str(held):
            raise NotPossible("two_stand_ins") from held
        raise NotPossible("held_already", role=post.role) from held
    stamp.made(verb, post)
    return post
