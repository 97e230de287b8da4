"""Where a reader can be reached: looked up when it is needed, and kept nowhere else."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils import timezone

from lianxin.core.step.seen import closed_fields
from lianxin.core.step.who import Grant, Who
from lianxin.orders.book import book
from lianxin.orders.models import Content, Delivery, Order
from lianxin.orders.notices.sentence import Facts
from lianxin.registry.models import Person, Post

DESK = "desk"
WRONG = "wrong_number"


def phones(facts: Facts) -> set[str]:
    return {name for name, field in facts.page.fields.items() if field.type == "phone"}


def left(facts: Facts, names: set[str]) -> str:
    """The phone left with the order under one of these names; "" if none, or taken out again."""
    said = Content.objects.filter(order=UUID(facts.order.id), name__in=names, erased=None)
    last = said.order_by("nth").last()
    return str(last.value) if last and last.value else ""


def phone(facts: Facts, person: Person | None) -> str:
    """An asker's phone is the one left with the order, then their own."""
    asked = left(facts, phones(facts)) if facts.asker else ""
    return asked or (person.phone if person else "")


def phone_for(facts: Facts, person: Person | None, who: Who) -> str:
    """The same, as far as somebody may read it who is to call there."""
    closed = closed_fields(facts.page, facts.order, who, book().roles)
    asked = left(facts, phones(facts) - closed) if facts.asker else ""
    return asked or (person.phone if person else "")


def desk_can_call(facts: Facts, person: Person | None) -> bool:
    """Whether the desk in charge sees the order and a phone of this reader."""
    who = Who("", (Grant(DESK, facts.order.desk),))
    seen = Order.objects.visible_to(who).filter(pk=UUID(facts.order.id))
    return bool(phone_for(facts, person, who)) and seen.exists()


def is_wrong(facts: Facts, person: Person | None) -> bool:
    """Whether somebody has answered already that this is not the reader's phone."""
    about = {"notice__order": UUID(facts.order.id), "notice__party": facts.notice.party}
    return Delivery.objects.filter(**about, person=person, why=WRONG).exists()


def has_post(person: Person, now: datetime) -> bool:
    """Whether somebody looks at our pages for their work, every day."""
    return Post.objects.on(timezone.localdate(now)).filter(person=person).exists()


def can_sign_in(person: Person) -> bool:
    return person.is_active and person.has_usable_password()
