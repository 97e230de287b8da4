"""A post at a place goes from one person to another in one step: nobody is missed in between."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction

from lianxin.registry.actions.posts import appoint, end_post
from lianxin.registry.actions.stamp import Stamp
from lianxin.registry.models import Area, Person, Post
from lianxin.registry.refusal import NotPossible
from lianxin.registry.team_rules import team_rule


@transaction.atomic
def hand_over_post(stamp: Stamp, post: Post, to: Person, on: date) -> Post:
    """`post` ends on `on` and `to` holds the same from that day. Returns the new post.

    Refuses: nobody_there (it has ended, or is a stand-in's), same_person, closed (the area is no
    more), too_long_ago, day_to_come, not_after, shut (an account nobody signs in to), held_already.
    """
    row = Post.objects.select_for_update().get(pk=post.pk)
    if row.until is not None or row.behalf_of_id is not None or row.area_id is None:
        raise NotPossible("nobody_there")
    if row.person_id == to.pk:
        raise NotPossible("same_person_again", name=to.name)
    area = Area.objects.get(pk=row.area_id)
    in_use(area)
    in_time(on, stamp.day)
    if not to.is_active:
        raise NotPossible("shut", name=to.name)
    end_post(stamp, row, on)
    return appoint(stamp, to, row.role, on, area=area)


@transaction.atomic
def fill_post(stamp: Stamp, area: Area, role: str, to: Person, on: date) -> Post:
    """Somebody where nobody is. Refuses what `hand_over_post` does, and somebody_there."""
    row = Area.objects.select_for_update().get(pk=area.pk)
    in_use(row)
    in_time(on, stamp.day)
    if not to.is_active:
        raise NotPossible("shut", name=to.name)
    held = Post.objects.filter(area=row, role=role, until=None, behalf_of=None)
    if there := held.select_related("person").order_by("pk").first():
        raise NotPossible("somebody_there", name=there.person.name)
    return appoint(stamp, to, role, on, area=row)


def in_use(area: Area) -> None:
    if area.until is not None:
        raise NotPossible("closed", name=area.name, until=area.until)


def in_time(on: date, today: date) -> None:
    """What is to come is done on its day: the orders go over at once."""
    back: int = team_rule("hand_over", "back_days")
    if on > today:
        raise NotPossible("day_to_come", on=on)
    if on < today - timedelta(days=back):
        raise NotPossible("too_long_ago", on=on, days=back)
