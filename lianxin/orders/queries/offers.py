"""Seats that colleagues of a unit have offered: to one by name, or to whoever can."""

from __future__ import annotations

from functools import cache

from django.db.models import Exists, OuterRef

from lianxin.core.flow.page import Step
from lianxin.core.step.who import Grant, Who
from lianxin.orders.book import book
from lianxin.orders.models import Hand, Order
from lianxin.orders.sight import OrderQuerySet, hands


def offers(grant: Grant, who: Who) -> OrderQuerySet:
    """Orders of the unit in which somebody else offers a seat, soonest due first. Whether it is
    offered to this one the order itself says (`core/step/swap.py`)."""
    if not any_offered(int(grant.unit or 0)):
        return Order.objects.none()  # as nearly always: whose eyes may see it need not be asked
    here = Hand.objects.filter(order=OuterRef("pk"), holds="person", until=None)
    offered = here.filter(name__in=offering()).exclude(who=int(who.id))
    seated = here.filter(name__in=seats(), who=int(who.id))
    ours = hands(holds="unit", who=int(grant.unit or 0))
    found = Order.objects.visible_to(who).filter(ours, Exists(offered), ~Exists(seated), open=True)
    return found.order_by("due", "id")


def any_offered(unit: int) -> bool:
    """Whether anybody of this unit offers a seat at all."""
    offer = Hand.objects.filter(order=OuterRef("order"), name__in=offering(), until=None)
    held = Hand.objects.filter(holds="unit", who=unit, until=None, veiled=False)
    return held.filter(Exists(offer)).exists()


@cache
def offering() -> tuple[str, ...]:
    """Over all pages: the parties of those who offer their seat."""
    return tuple(sorted({s.swaps for s in swapping() if s.swaps}))


@cache
def seats() -> tuple[str, ...]:
    return tuple(sorted({party for step in swapping() for party in step.casts}))


@cache
def swapping() -> tuple[Step, ...]:
    pages = (page for dated in book().pages.values() for page in dated.values())
    return tuple(step for page in pages for step in page.steps.values() if step.swaps)
