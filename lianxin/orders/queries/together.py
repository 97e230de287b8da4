"""With which orders of a list two vetted people go: for its own sake, or as a part of another."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from lianxin.core.step.order import Order as Kernel
from lianxin.core.step.press import Drawer
from lianxin.orders.models import Order
from lianxin.orders.queries.lists import Row
from lianxin.orders.rows import COLUMNS, order_in
from lianxin.orders.world import rules


def together(rows: Iterable[Row]) -> frozenset[str]:
    """Their ids. The list was asked for whole; a statement more for each storey above parts."""
    asked = {r.id: r.order for r in rows if r.order}
    drawer = Drawer(rules(), with_above(asked).values())
    return frozenset(id for id, order in asked.items() if drawer.two_go(order))


def with_above(asked: dict[str, Kernel]) -> dict[str, Kernel]:
    found = dict(asked)
    while missing := {o.parent for o in found.values() if o.parent} - found.keys():
        wanted = Order.objects.filter(pk__in=[UUID(id) for id in missing]).values(*COLUMNS)
        more = [order_in(row) for row in wanted]
        if not more:
            break
        found |= {order.id: order for order in more}
    return found
