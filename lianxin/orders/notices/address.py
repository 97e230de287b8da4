"""Where a reader can be reached: looked up when it is needed, and kept nowhere else."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from lianxin.core.step.seen import closed_fields, phone_fields
from lianxin.core.step.who import Grant, Who
from lianxin.orders.book import book
from lianxin.orders.follow_mail import mail_of
from lianxin.orders.follows import phone_of
from lianxin.orders.models import Content, Delivery, Notice, Order
from lianxin.orders.notices.sentence import Facts
from lianxin.orders.split import wholes
from lianxin.registry.models import Person, Post

DESK = "desk"
WRONG = "wrong_number"


def left(facts: Facts, names: set[str]) -> str:
    """The phone left with the order under one of these names, or with the order that it is a part
    of; "" if none, or taken out again."""
    for key in (UUID(facts.order.id), *wholes(facts.order)):
        said = Content.objects.filter(order=key, name__in=names, erased=None)
        last = said.order_by("nth").last()
        if last and last.value:
            return str(last.value)
    return ""


def phone(facts: Facts, person: Person | None) -> str:
    """An asker's phone is the one left with the order, then their own."""
    asked = left(facts, phone_fields(facts.page)) if facts.asker else ""
    return asked or own_phone(facts, person)


def phone_for(facts: Facts, person: Person | None, who: Who) -> str:
    """The same, as far as somebody may read it who is to call there."""
    closed = closed_fields(facts.page, facts.order, who, book().roles)
    asked = left(facts, phone_fields(facts.page) - closed) if facts.asker else ""
    return asked or own_phone(facts, person)


def own_phone(facts: Facts, person: Person | None) -> str:
    """A person's, or the office's of a unit in which nobody has an account, or what a follower left
    for this order alone."""
    if person is None and facts.notice.follow:
        return phone_of(facts.notice.follow)
    if person is None:
        return facts.notice.unit.phone if facts.notice.unit else ""
    return person.phone


def own_mail(facts: Facts, person: Person | None) -> str:
    """The same for mail."""
    if person is None and facts.notice.follow:
        return mail_of(facts.notice.follow)
    if person is None:
        return facts.notice.unit.mail if facts.notice.unit else ""
    return person.mail


def desk_can_call(facts: Facts, person: Person | None) -> bool:
    """Whether the desk in charge sees the order and a phone of this reader. How a unit is reached
    the desk may know though the register does not."""
    who = Who("", (Grant(DESK, facts.order.desk),))
    seen = Order.objects.visible_to(who).filter(pk=UUID(facts.order.id))
    known = (person is None and facts.notice.unit_id) or phone_for(facts, person, who)
    return bool(known) and seen.exists()


def is_wrong(facts: Facts, person: Person | None) -> bool:
    """Whether somebody has answered already that this is not the reader's phone."""
    return Delivery.objects.filter(same_phone(facts.notice, person), why=WRONG).exists()


def same_phone(notice: Notice, person: Person | None) -> Q:
    """What has been carried to the same reader by the same phone. An asker without account has one
    phone for the whole and for each part it was divided into."""
    found = same_reader(notice, person)
    if notice.party is None:
        return found
    family = Order.objects.filter(pk=notice.order_id).values("root", "flow")
    return found | Q(
        notice__order__root__in=family.values("root"), notice__party=notice.party, person=None,
        notice__order__flow__in=family.values("flow"), notice__follow=None, notice__unit=None,
    )  # fmt: skip


def same_reader(notice: Notice, person: Person | None) -> Q:
    """What has been carried to the same reader about the same order. Units share no reader: what is
    told to one overtakes nothing that is told to another; nor do those who follow."""
    unit = notice.unit_id if person is None else None
    about = Q(notice__order=notice.order_id, notice__party=notice.party, person=person)
    about &= Q(notice__follow=notice.follow_id)
    return about & Q(notice__unit=unit) if unit else about


def has_post(person: Person, now: datetime) -> bool:
    """Whether somebody looks at our pages for their work, every day."""
    return Post.objects.on(timezone.localdate(now)).filter(person=person).exists()


def can_sign_in(person: Person) -> bool:
    return person.is_active and person.has_usable_password()
