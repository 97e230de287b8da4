"""The words of `then` and of ladders, each a row: what it does with the order and for whom."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from lianxin.core.flow.page import Page
from lianxin.orders import served
from lianxin.orders.book import book
from lianxin.orders.models import Event, Notice, Order
from lianxin.orders.notices.plan import plan, take_back
from lianxin.orders.notices.readers import (
    FOLLOW,
    Reader,
    askers,
    followers,
    following,
    of_party,
    readers,
)


def tell(
    order: Order, event: Event, page: Page, word: str, whom: str, now: datetime
) -> None:  # fmt: skip
    """One notice for each reader; the same event and word never twice. Who asked for the same in an
    order that was merged into this one hears of it too, and no more than that; and whoever follows
    either is told what state it is in."""
    rows = [notice(order, event.nth, word, r, now) for r in readers(order, page, whom, event)]
    asked = whom in askers(page)
    rows += [notice(order, event.nth, word, r, now) for r in following(order) if asked]
    for other in followers(order) if asked else ():
        theirs = book().exact(other.flow, other.since)
        found = of_party(other, theirs, whom, other.nth) if whom in theirs.parties else ()
        also = (*found, *following(other))
        rows += [notice(other, event.nth, FOLLOW + word, r, now) for r in also]
    plan(kept(rows), now)


def correct(
    order: Order, event: Event, page: Page, word: str, whom: str, now: datetime
) -> None:  # fmt: skip
    """Who was told of a press that has been taken back is told that it has; of what had not gone
    out yet nothing needs to be said outside."""
    served.undone(order, event)
    about = Notice.objects.filter(order=order, nth=event.given["nth"]).exclude(word=word)
    told = list(about.order_by("pk"))
    unheard = take_back(told, now)
    rows = [(n.pk, notice(order, event.nth, word, reader_of(n), now)) for n in told]
    found = kept([row for _, row in rows])
    heard = {reader_of(row) for pk, row in rows if pk not in unheard}
    plan([row for row in found if reader_of(row) in heard], now)


def notice(order: Order, nth: int, word: str, reader: Reader, at: datetime) -> Notice:
    return Notice(
        order=order, nth=nth, word=word[:40], at=at, person_id=reader.person_id,
        unit_id=reader.unit_id, role=reader.role, desk=reader.desk, party=reader.party,
        follow_id=reader.follow_id,
    )  # fmt: skip


def reader_of(row: Notice) -> Reader:
    return Reader(row.person_id, row.unit_id, row.role, row.desk, row.party, row.follow_id)


def kept(rows: Iterable[Notice]) -> list[Notice]:
    """These notices as the database has them, whether made now or by a job that ran before."""
    made = list(rows)
    Notice.objects.bulk_create(made, ignore_conflicts=True)
    about = {"order__in": {r.order_id for r in made}, "nth__in": {r.nth for r in made}}
    found = Notice.objects.filter(**about, word__in={r.word for r in made})
    return list(found.select_related("order").order_by("pk"))


def publish(
    order: Order, event: Event, page: Page, word: str, whom: str, now: datetime
) -> None:  # fmt: skip
    Order.objects.filter(pk=order.pk).update(public=True)


def credit(
    order: Order, event: Event, page: Page, word: str, whom: str, now: datetime
) -> None:  # fmt: skip
    served.reckon(order, event, page)


MECHANISMS: dict[str, Callable[[Order, Event, Page, str, str, datetime], None]] = {
    "notify": tell,
    "remind": tell,
    "tell": tell,
    "correct": correct,
    "credit": credit,
    "publish": publish,
}


def perform(order: UUID, nth: int, word: str, now: datetime | None = None) -> None:
    """Do one word of one event. A word that belongs to a mechanism not installed here is a notice
    to nobody: the log keeps that it was said, and the mechanism counts it from there."""
    verb, _, whom = word.partition(" ")
    act = MECHANISMS.get(verb)
    if act is None:
        return
    with transaction.atomic():
        row = Order.objects.get(pk=order)
        event = Event.objects.get(order_id=order, nth=nth)
        act(row, event, book().exact(row.flow, row.since), word, whom, now or timezone.now())
