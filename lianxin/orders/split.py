"""A part of a divided order belongs to whoever asked for the whole: their phone, their link.

Children that ask on somebody's behalf (a paper, a department called) are no parts: a part is a
child whose page is given the parent's asker (`gives = { filer = "filer" }`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from lianxin.core.flow.page import Page
from lianxin.core.step.order import Order as Kernel
from lianxin.core.step.refused import Refused
from lianxin.core.step.seen import askers
from lianxin.orders.book import book
from lianxin.orders.links import digest
from lianxin.orders.models import Link, Order
from lianxin.orders.queries.lists import Row, rows
from lianxin.orders.queries.page import Sheet
from lianxin.orders.rows import COLUMNS, order_in

DEEPEST = 10  # a part of a part of a part…


def heirs(page: Page, child: str | None) -> set[str]:
    """Parties of this kind of child in which whoever asked for the whole stands."""
    opened = page.children.get(child or "")
    return {name for name, source in opened.gives if source in askers(page)} if opened else set()


def wholes(order: Kernel) -> Iterator[UUID]:
    """The orders that this one is a part of, the nearest first."""
    for _ in range(DEEPEST):
        if order.parent is None:
            return
        row = Order.objects.filter(pk=UUID(order.parent)).values(*COLUMNS).get()
        child, order = order.child, order_in(row)
        if not heirs(book().exact(order.flow, order.since), child):
            return
        yield row["id"]


def parts(sheet: Sheet, now: datetime) -> list[Row]:
    """The parts of an order that its reader, who asked for the whole, may follow and rate."""
    party = sheet.who.party and sheet.who.party[1]
    kids = [k for k in sheet.family.children(sheet.order) if party in heirs(sheet.page, k.child)]
    if not kids:
        return []
    return rows(Order.objects.filter(pk__in=[UUID(k.id) for k in kids]).order_by("id"), now)


def link_to(sheet: Sheet, secret: str, number: str, now: datetime) -> str:
    """The secret of a link to one part, the same each time, and alive as long as the link to the
    whole by which it was asked for. Raises Refused("not_found")."""
    found = next((row for row in parts(sheet, now) if row.number == number), None)
    whole = Link.objects.filter(secret=digest(secret)).first()
    if found is None or whole is None:
        raise Refused("not_found", number=number[:40])
    own = hashlib.sha256(f"part\0{secret}\0{found.id}".encode()).hexdigest()[:40]
    child = sheet.family.orders[found.id].child
    Link.objects.get_or_create(
        secret=digest(own),
        defaults={
            "order_id": UUID(found.id), "party": next(iter(heirs(sheet.page, child))),
            "made": now, "until": whole.until, "once": whole.once,
        },
    )  # fmt: skip
    return own
