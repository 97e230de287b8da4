"""Links that open one order to its asker without an account; the secret is stored hashed."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from lianxin.core.step.who import Who
from lianxin.orders.models import Link

LIFE = timedelta(days=365)  # an order may be reopened or appealed long after it was struck off
BYTES = 24  # of chance in a secret; guessing one is out of reach, so looking up by its hash is safe


def make(
    order: str, party: str, now: datetime, *, once: bool = False, life: timedelta = LIFE
) -> str:
    """A new link's secret, shown this one time. `once`: spent with the first step taken by it."""
    secret = secrets.token_urlsafe(BYTES)
    Link.objects.create(
        order_id=UUID(order), party=party, secret=digest(secret), once=once, made=now,
        until=now + life,
    )  # fmt: skip
    return secret


def bearer(secret: str, now: datetime) -> Who | None:
    """Whom a link speaks for: a party of one order. None if it is unknown, over or spent."""
    link = Link.objects.filter(secret=digest(secret), spent=None, until__gt=now).first()
    return Who(id="", party=(link.order_id.hex, link.party)) if link else None


def spend(secret: str, now: datetime) -> None:
    """A one-use link has done its step."""
    Link.objects.filter(secret=digest(secret), once=True, spent=None).update(spent=now)


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
