"""A grid is handed over in one step: the post, and the open orders that were in hand there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from django.db import transaction

from lianxin.core.step.hand_over import hand_over as put_over
from lianxin.core.step.who import Who
from lianxin.orders.actions import after_last, write
from lianxin.orders.models import Hand
from lianxin.orders.shelf import lock
from lianxin.orders.world import rules
from lianxin.registry.actions.hand_over import hand_over_post
from lianxin.registry.actions.stamp import Stamp
from lianxin.registry.models import Person, Post


@dataclass(frozen=True, slots=True)
class HandedOver:
    """`went`: numbers of the orders that went over; `stayed`: those where something stays with who
    had it, because the other may not hold it (is not of the unit, is not vetted)."""

    post: Post
    went: tuple[str, ...]
    stayed: tuple[str, ...]


@transaction.atomic
def hand_over(stamp: Stamp, post: Post, to: Person, on: date, by: Who) -> HandedOver:
    """All of it or nothing: the post with its two days, and each open order with one event.

    Posts are locked before roots, roots by id: no step of an order locks a post. Raises
    NotPossible as `hand_over_post`.
    """
    fresh = hand_over_post(stamp, post, to, on)
    assert fresh.area is not None
    found = in_hand_at(post.person_id, fresh.area.path)
    shelf = lock({root.hex for root in found.values()}, rules())
    went, stayed = [], []
    for id in (pk.hex for pk in found):
        at, act = after_last(shelf, id, stamp.at), uuid4().hex
        done = put_over(shelf.family, id, str(post.person_id), str(to.pk), by, at, act)
        if done is not None:
            (went if done else stayed).append(shelf.numbers[id])
    write(shelf)
    return HandedOver(fresh, tuple(went), tuple(stayed))


def in_hand_at(person: int, path: str) -> dict[UUID, UUID]:
    """Open orders under a place that somebody is bound to, with their roots, the oldest first."""
    held = Hand.objects.filter(
        holds="person", who=person, until=None, veiled=False, order__open=True,
        order__path__startswith=path,
    )  # fmt: skip
    return dict(held.order_by("order_id").values_list("order_id", "order__root_id"))
