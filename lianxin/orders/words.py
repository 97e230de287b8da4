"""The words of `then` and of ladders, each a row: what it does with the order and for whom."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from lianxin.core.flow.page import Page
from lianxin.orders.book import book
from lianxin.orders.models import Event, Hand, Notice, Order


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom a notice is for: a person, a unit, or whoever holds a role at a desk."""

    person_id: int | None = None
    unit_id: int | None = None
    role: str | None = None
    desk: str | None = None


def readers(order: Order, page: Page, whom: str) -> Iterator[Reader]:
    """Who is meant by `turn`, a party or a role."""
    name = (order.turn or "") if whom == "turn" else whom
    if name in page.parties:
        for hand in Hand.objects.filter(order=order, name=name, until=None).order_by("since"):
            if hand.holds == "person":
                yield Reader(person_id=hand.who)
            else:
                yield Reader(unit_id=hand.who)
    elif name in book().roles:
        yield Reader(role=name, desk=order.desk)


def tell(order: Order, event: Event, page: Page, word: str, whom: str) -> None:
    """One notice for each reader; the same event and word never twice."""
    Notice.objects.bulk_create(
        [
            Notice(
                order=order,
                nth=event.nth,
                word=word,
                at=timezone.now(),
                person_id=r.person_id,
                unit_id=r.unit_id,
                role=r.role,
                desk=r.desk,
            )
            for r in readers(order, page, whom)
        ],
        ignore_conflicts=True,
    )


def correct(order: Order, event: Event, page: Page, word: str, whom: str) -> None:
    """Who was told of a press that has been taken back is told that it has."""
    told = Notice.objects.filter(order=order, nth=event.given["nth"]).order_by("pk")
    again = [
        Notice(order=order, nth=event.nth, word=word, at=timezone.now(), person_id=n.person_id,
               unit_id=n.unit_id, role=n.role, desk=n.desk)
        for n in told
    ]  # fmt: skip
    Notice.objects.bulk_create(again, ignore_conflicts=True)


def publish(order: Order, event: Event, page: Page, word: str, whom: str) -> None:
    Order.objects.filter(pk=order.pk).update(public=True)


MECHANISMS: dict[str, Callable[[Order, Event, Page, str, str], None]] = {
    "notify": tell,
    "remind": tell,
    "tell": tell,
    "correct": correct,
    "publish": publish,
}


def perform(order: UUID, nth: int, word: str) -> None:
    """Do one word of one event. A word that belongs to a mechanism not installed here is a notice
    to nobody: the log keeps that it was said, and the mechanism counts it from there."""
    verb, _, whom = word.partition(" ")
    act = MECHANISMS.get(verb)
    if act is None:
        return
    with transaction.atomic():
        row = Order.objects.get(pk=order)
        event = Event.objects.get(order_id=order, nth=nth)
        act(row, event, book().exact(row.flow, row.since), word, whom)
