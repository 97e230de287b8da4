"""Following another's order instead of filing the same again: its states, and nothing else of it.

A row beside the order, not a party of its page: most who follow have no account that a hand could
hold, and a party reads the words. Nothing is written to the order, so a thousand followers neither
wait for its lock nor stand in its log.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from lianxin.orders.links import digest
from lianxin.orders.models import Event, Follow, Order
from lianxin.orders.queries.merged import carried_on

MOST = 50  # that one page lists


@dataclass(frozen=True, slots=True)
class Turn:
    """A state that an order entered, and when."""

    at: datetime
    state: str


def follow(order: str, key: str, person: str, now: datetime) -> str:
    """The secret of a link to an order's states. The same key of a draft gives the same link, so
    that pressing five times follows once."""
    secret = hashlib.sha256(f"follow\0{key}\0{order}".encode()).hexdigest()[:40]
    who = int(person) if person else None
    Follow.objects.get_or_create(
        secret=digest(secret), defaults={"order_id": UUID(order), "person_id": who, "made": now}
    )
    return secret


def found(secret: str) -> Follow | None:
    """What a link follows, whether or not it has been let go."""
    return Follow.objects.select_related("order").filter(secret=digest(secret)).first()


def known(secret: str) -> bool:
    return Follow.objects.filter(secret=digest(secret)).exists()


def of(person: str) -> list[Follow]:
    """What somebody with an account follows now, newest first."""
    mine = Follow.objects.select_related("order").filter(person=int(person), until=None)
    return list(mine.order_by("-made")[:MOST])


def let_go(row: Follow, now: datetime) -> None:
    Follow.objects.filter(pk=row.pk, until=None).update(until=now)


def take_up(row: Follow) -> None:
    """Follow again what was let go."""
    Follow.objects.filter(pk=row.pk).update(until=None)


def many(order: UUID) -> int:
    """How many follow an order."""
    return Follow.objects.filter(order=order, until=None).count()


def dealt_with(row: Follow) -> Order:
    """The order whose state is told: the one followed, or what it was merged into."""
    return carried_on(row.order)


def turns(order: Order) -> Iterator[Turn]:
    """The states an order has entered, newest first."""
    entered = Event.objects.filter(order=order, target__isnull=False).order_by("-nth")
    for at, state in entered.values_list("at", "target")[:MOST]:
        yield Turn(at, state)
