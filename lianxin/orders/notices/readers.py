"""Whom a word is for: persons, units, whoever holds a role at a desk, an asker without account."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from lianxin.core.flow.page import Page
from lianxin.core.step.family import Family
from lianxin.core.step.scene import listed
from lianxin.core.step.seen import askers
from lianxin.orders.actions import LONGEST_ROW
from lianxin.orders.book import book
from lianxin.orders.models import Event, Hand, Order
from lianxin.orders.rows import COLUMNS, order_in
from lianxin.orders.world import rules

FOLLOW = "follow "  # before the word of another order: the one this order was merged into


@dataclass(frozen=True, slots=True)
class Reader:
    """One of person, unit, (role, desk), party, follow (with the person if they were signed in)."""

    person_id: int | None = None
    unit_id: int | None = None
    role: str | None = None
    desk: str | None = None
    party: str | None = None
    follow_id: int | None = None


def readers(order: Order, page: Page, whom: str, event: Event) -> Iterator[Reader]:
    """Who is meant by `turn`, a party or a role, as things stood when the event had happened: a job
    may come late."""
    name = turn(page, event) if whom == "turn" else whom
    step = page.steps.get(event.verb)
    if step and step.swaps == name:
        yield from relieved(event, name)
    elif name in page.parties:
        yield from of_party(order, page, name, event.nth)
    elif name in book().roles:
        yield Reader(role=name, desk=order.desk)


def relieved(event: Event, name: str) -> Iterator[Reader]:
    """Whose seat has been taken over by this event: they stand there no more, and are told so."""
    for key in listed(event.given.get(name)):
        yield Reader(person_id=int(key))


def turn(page: Page, event: Event) -> str:
    state = page.states.get(event.target or event.source or "")
    return (state and state.turn) or ""


def of_party(order: Order, page: Page, name: str, nth: int) -> Iterator[Reader]:
    """Who stands in a party. An asker who filed without account stands there by the link alone."""
    party = page.parties[name]
    if not party.sees:
        return
    stood = Q(since__lte=nth) & (Q(until=None) | Q(until__gt=nth))
    found = Hand.objects.filter(stood, order=order, name=name, veiled=False).order_by("since", "pk")
    hands = list(found)
    for hand in hands:
        yield Reader(person_id=hand.who) if hand.holds == "person" else Reader(unit_id=hand.who)
    if not hands and name in askers(page):
        yield Reader(party=name)


def followers(order: Order) -> list[Order]:
    """Orders that were merged into this one, and into those, and still are: their askers wait for
    the same thing."""
    found: dict[UUID, Order] = {}
    line = [order.pk]
    for id in line:
        joined = Event.objects.filter(order_id=id, verb="joined").order_by("nth")
        ids = [UUID(str(e.given["order"])) for e in joined]
        for other in Order.objects.filter(pk__in=ids).order_by("pk"):
            if other.pk not in found and leads(other) == id and len(found) < LONGEST_ROW:
                found[other.pk] = other
                line.append(other.pk)
    return list(found.values())


def leads(order: Order) -> UUID | None:
    """The order that this one is merged into now."""
    row = {name: getattr(order, name) for name in COLUMNS}
    into = Family(rules()).merged_into(order_in(row))
    return UUID(str(into)) if into else None
