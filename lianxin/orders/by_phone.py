"""What was asked from one phone: the orders that whoever has proven that phone may open.

Not every order that names it. The phone must be the one that its asker left on filing; an asker who
has an account opens it by that account; and nobody may have told the desk that the number is wrong.
Messages about these orders go to the same phone with a link, so the proof opens nothing that is not
on that phone already (docs/decisions/0018-a-phone-opens-its-own.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef

from lianxin.core.step.order import Order as Kernel
from lianxin.core.step.refused import Refused
from lianxin.core.step.seen import askers
from lianxin.orders import links
from lianxin.orders.book import book
from lianxin.orders.models import Delivery, Order
from lianxin.orders.notices.address import WRONG
from lianxin.orders.queries.lists import AT_ONCE, Row, rows
from lianxin.orders.queries.narrow import back, first_id
from lianxin.orders.rows import COLUMNS, order_in
from lianxin.registry.models import Person
from lianxin.registry.phone_rules import mobile

FILED = 1  # the event a phone is left with
LEFT = (
    "SELECT order_id, value #>> '{}' FROM orders_content WHERE name = 'phone' AND value IS NOT NULL"
    " AND orders_tail(value) = %s AND order_id >= %s AND nth = %s ORDER BY order_id DESC"
)
TAIL = 4


def asked_from(phone: str, now: datetime) -> list[Row]:
    """The latest orders that this phone opens, newest first: as many as one page lists."""
    keys = [key for key, _ in opened_by(phone)]
    return rows(Order.objects.filter(pk__in=keys[:AT_ONCE]).order_by("-id"), now)


def known(phone: str) -> bool:
    """Whether anything at all was asked from it within a link's life."""
    return any(True for _ in opened_by(phone))


def open_one(phone: str, number: str, now: datetime) -> str:
    """The secret of a link for one visit, as number and code would give it. Raises
    Refused("not_found")."""
    for key, party in opened_by(phone, number=links.called(number).upper()):
        return links.make(key.hex, party, now, life=links.A_VISIT)
    raise Refused("not_found", number=number[:40])


def opened_by(phone: str, **fits: str) -> Iterator[tuple[UUID, str]]:
    """(order, asker's party) of each, newest first.

    A person of the registry without a password has no other way in: where the phone is theirs too,
    it opens what was written down for them.
    """
    found = left_with(phone)
    wrong = Delivery.objects.filter(notice__order__root=OuterRef("root"), person=None, why=WRONG)
    kept = Order.objects.filter(pk__in=found, **fits).exclude(Exists(wrong)).order_by("-id")
    orders = [order_in(row) for row in kept.values(*COLUMNS)]
    people = Person.objects.filter(pk__in={int(who) for o in orders for who in filed_by(o)})
    own = {str(p.pk) for p in people if p.phone == phone and not p.has_usable_password()}
    for order in orders:
        if filed_by(order) <= own and (parties := askers_of(order)):
            yield UUID(order.id), parties[0]


def left_with(phone: str) -> list[UUID]:
    """The orders filed with it within a link's life; the index knows the last digits of each."""
    since = first_id(back(links.LIFE.days))
    with connection.cursor() as cursor:
        cursor.execute(LEFT, [phone[-TAIL:], since, FILED])
        return [key for key, said in cursor.fetchall() if mobile(said) == phone]


def askers_of(order: Kernel) -> list[str]:
    """The parties that somebody becomes by filing it."""
    return sorted(askers(book().exact(order.flow, order.since)))


def filed_by(order: Kernel) -> set[str]:
    """Who was bound as its asker when it was filed."""
    parties = askers_of(order)
    return {h.who for h in order.hands if h.name in parties and h.since == FILED}
