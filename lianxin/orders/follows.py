"""Following another's order instead of filing the same again: its states, and nothing else of it.

A row beside the order, not a party of its page: most who follow have no account that a hand could
hold, and a party reads the words. Nothing is written to the order, so a thousand followers neither
wait for its lock nor stand in its log.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from lianxin.orders.links import digest
from lianxin.orders.models import Delivery, Event, Follow, FollowMail, Notice, Order, State
from lianxin.orders.queries.merged import carried_on
from lianxin.registry import secret as secret_keeper

MOST = 50  # that one page lists
PHONE = "follow.phone"
LET_GO = "let_go"
SHORT_BYTES = 12  # of what only the house's key can make, in 16 characters


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
    return Follow.objects.select_related("order").filter(by(secret)).first()


def known(secret: str) -> bool:
    return Follow.objects.filter(by(secret)).exists()


def by(secret: str) -> Q:
    """The link that was given to the follower, or the short one of their messages."""
    return Q(secret=digest(secret)) | Q(short=digest(secret))


def short_of(row: Follow) -> str:
    """The secret of the short link, made anew from the row each time it is needed."""
    made = bytes.fromhex(secret_keeper.blind("follow.link", row.secret))[:SHORT_BYTES]
    short = base64.urlsafe_b64encode(made).decode()
    Follow.objects.filter(pk=row.pk, short=None).update(short=digest(short))
    return short


def of(person: str) -> list[Follow]:
    """What somebody with an account follows now, newest first."""
    mine = Follow.objects.select_related("order").filter(person=int(person), until=None)
    return list(mine.order_by("-made")[:MOST])


@transaction.atomic
def let_go(row: Follow, now: datetime) -> None:
    """Phone and address go with it, and what there was to be told."""
    gone = {"phone_sealed": None, "mail_sealed": None}
    Follow.objects.filter(pk=row.pk, until=None).update(until=now, **gone)
    FollowMail.objects.filter(follow=row).delete()
    Notice.objects.filter(order=row.order_id, follow=row).update(dropped=LET_GO)


def take_up(row: Follow) -> None:
    """Follow again what was let go."""
    Follow.objects.filter(pk=row.pk).update(until=None)


def leave_phone(row: Follow, phone: str) -> None:
    """Whoever follows has proven this phone and is told there; "" takes it out again."""
    kept = secret_keeper.seal(PHONE, phone) if phone else None
    Follow.objects.filter(pk=row.pk, until=None).update(phone_sealed=kept)


def phone_of(row: Follow) -> str:
    return secret_keeper.unseal(PHONE, row.phone_sealed) if row.phone_sealed else ""


LEFT = Q(phone_sealed__isnull=False) | Q(mail_sealed__isnull=False)


def reachable(order: UUID) -> QuerySet[Follow]:
    """Those who follow an order and can be told: by their account, or by what they left."""
    known = Q(person__isnull=False) | LEFT
    return Follow.objects.filter(known, order=order, until=None).order_by("pk")


@transaction.atomic
def forget_contacts() -> int:
    """Phones and addresses left for orders that have ended, and of which nothing waits to be said.
    How many had left any."""
    kept = Follow.objects.filter(LEFT | Q(mail_waits__isnull=False)).select_related("order")
    over = [row.pk for row in kept if not dealt_with(row).open]
    FollowMail.objects.filter(follow__in=over).delete()
    waiting = Delivery.objects.filter(notice__follow__in=over, state=State.QUEUED)
    for_good = Follow.objects.filter(LEFT, pk__in=over)
    for_good = for_good.exclude(pk__in=waiting.values("notice__follow"))
    return for_good.update(phone_sealed=None, mail_sealed=None)


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
