"""Who reads a notice today, and whether they may: asked anew each time something is to be said."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from lianxin.core.place import path as paths
from lianxin.core.step.capacity import CLERK
from lianxin.core.step.who import Grant, Who
from lianxin.orders.book import book
from lianxin.orders.models import Follow, Notice, Order
from lianxin.orders.receivers import receiver
from lianxin.registry.models import Person, Post
from lianxin.registry.queries import grants

MOST = 10  # people of one unit or desk that are told: of more, each would think another does it


def people(notice: Notice, now: datetime) -> list[Person]:
    """The persons behind a notice today; nobody where its reader has no account."""
    if notice.person_id:
        return list(Person.objects.filter(pk=notice.person_id, is_active=True))
    if not (notice.unit_id or notice.role):
        return []
    held = Post.objects.on(timezone.localdate(now)).filter(person__is_active=True)
    if notice.unit_id:
        held = held.filter(role=CLERK, unit=notice.unit_id)
    else:
        held = held.filter(role=notice.role, area__path__in=seats(notice))
    posts = list(held.select_related("person", "area").order_by("since", "pk"))
    if notice.role and posts:
        nearest = max(len(p.area.path) for p in posts)
        posts = [p for p in posts if len(p.area.path) == nearest]
    return list({p.person_id: p.person for p in posts}.values())[:MOST]


def seats(notice: Notice) -> list[str]:
    """The areas whose post of this role a notice is for; of several the nearest is told."""
    role, desk = book().roles[notice.role or ""], notice.desk or ""
    if role.acts == "at":
        return [desk]
    place = notice.order.path if role.acts == "place" else ""
    return [*paths.ancestors(place), place] if place else paths.ancestors(desk)


def who_is(notice: Notice, person: Person | None, now: datetime) -> Who:
    """Whoever would read it, as queries and `seen` know them."""
    answers = receiver(notice.order.flow) if notice.unit_id else None
    if person is None and answers:
        return Who("", party=(notice.order_id.hex, answers.party), unit=str(notice.unit_id))
    if person is None and notice.unit_id:
        return Who("", (Grant(CLERK, unit=str(notice.unit_id)),))
    if person is None:
        return Who("", party=(notice.order_id.hex, notice.party or ""))
    return Who(str(person.pk), grants(person, now))


def sees(notice: Notice, person: Person | None, now: datetime) -> bool:
    """Whether this reader sees the order at this moment; of those who follow it, whether they still
    do: its states are for whoever has the link."""
    if notice.follow_id:
        return Follow.objects.filter(pk=notice.follow_id, until=None).exists()
    who = who_is(notice, person, now)
    return Order.objects.visible_to(who).filter(pk=notice.order_id).exists()
