"""The hand of the clock: finds orders whose time has come and lets it act on them."""

from __future__ import annotations

from datetime import datetime

from lianxin.orders import actions
from lianxin.orders.models import Order

AT_ONCE = 200


def due(now: datetime, limit: int = AT_ONCE) -> list[str]:
    """Roots of the families in which time has something to do, longest waiting first."""
    rows = Order.objects.filter(next_at__lte=now).order_by("next_at", "id")
    return list(dict.fromkeys(r.hex for r in rows.values_list("root_id", flat=True)[:limit]))


def sweep(now: datetime, limit: int = AT_ONCE) -> int:
    """Let time act on all that is due, each family in a transaction of its own. Returns events."""
    return sum(actions.tick(root, now) for root in due(now, limit))
