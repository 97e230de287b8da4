"""An asker's phone stands in nobody's page until it is asked for; whoever asks is written down."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from lianxin.core.flow.page import Page
from lianxin.core.step.capacity import as_party
from lianxin.core.step.order import Order as Kernel
from lianxin.core.step.refused import Refused
from lianxin.core.step.seen import askers, closed_fields, ended, phone_fields
from lianxin.core.step.who import Who
from lianxin.orders.book import book
from lianxin.orders.looks import ASKER, bounds, looked, of_today
from lianxin.orders.models import Content, Order
from lianxin.orders.queries.lists import Row, phones
from lianxin.orders.queries.narrow import midnight
from lianxin.orders.reach import seen
from lianxin.orders.shelf import look
from lianxin.orders.world import rules


def phone_of(number: str, who: Who, now: datetime) -> str:
    """The phone left with an order, given to whoever may read it now; the look is kept first.

    An asker reads their own as often as they like. Raises Refused: not_found, phone_closed,
    phone_gone, no_phone, no_account, too_many_phones.
    """
    row, order, page, who = faced(number, who)
    names = readable(order, page, who, now)
    said = Content.objects.filter(order=row, name__in=names, erased=None).order_by("nth").last()
    if said is None or not said.value:
        raise Refused("no_phone")
    if not asks(order, page, who):
        keep(who, row, now)
    return str(said.value)


def faced(number: str, who: Who) -> tuple[Order, Kernel, Page, Who]:
    """The order, its page, and the reader as they stand before it. Raises Refused("not_found")."""
    id = seen(number[:40], who)
    if id is None:
        raise Refused("not_found", number=number[:40])
    row = Order.objects.get(pk=id)
    family = look([row.root_id.hex], rules()).family
    order = family.orders[id.hex]
    return row, order, family.page(order), family.facing(order, who)


def readable(order: Kernel, page: Page, who: Who, now: datetime) -> set[str]:
    """Names of the phones that are for this reader. Raises Refused: phone_closed, phone_gone."""
    kinds = phone_fields(page)
    names = kinds - closed_fields(page, order, who, book().roles, kinds)
    if names and (asks(order, page, who) or lasts(order, page, now)):
        return names
    bound = any(as_party(order, page, name, who) for name in page.parties)
    raise Refused("phone_gone" if names or (bound and ended(page, order)) else "phone_closed")


def asks(order: Kernel, page: Page, who: Who) -> bool:
    """Whether this reader is who asked for it."""
    return any(as_party(order, page, name, who) for name in askers(page))


def lasts(order: Kernel, page: Page, now: datetime) -> bool:
    """Whether posts may still look: for so many days after the end (`params/looks.toml`)."""
    if not ended(page, order) or order.entered is None:
        return True
    return now <= order.entered + timedelta(days=bounds(ASKER)["days"])


def keep(who: Who, row: Order, now: datetime) -> None:
    """Write the look down. The same order again on the same day is written down and not counted:
    a bad network costs nobody a call. Raises Refused: no_account, too_many_phones."""
    if not who.id:
        raise Refused("no_account")
    with transaction.atomic():
        known = set(of_today(who, ASKER, now).values_list("order", flat=True))
        if row.pk not in known and len(known) >= bounds(ASKER)["a_day"]:
            tomorrow = midnight(timezone.localdate(now)) + timedelta(days=1)
            wait = int((tomorrow - now).total_seconds())
            raise Refused("too_many_phones", most=bounds(ASKER)["a_day"], wait=wait)
        looked(who, ASKER, order=row.pk, n=1, path=row.path, now=now)


def askable(found: Iterable[Row], who: Who) -> set[str]:
    """Those orders of a list, read whole, with a phone that this reader may ask for."""
    return {id for id, said in phones(found, who).items() if said}
