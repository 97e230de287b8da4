"""The words of `then` and of ladders, each a row: what it does with the order and for whom."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from lianxin.core.flow.page import Page
from lianxin.orders import crowd, served
from lianxin.orders.book import book
from lianxin.orders.models import Event, Notice, Order
from lianxin.orders.notices.make import corrected, kept, notice
from lianxin.orders.notices.plan import plan
from lianxin.orders.notices.readers import (
    FOLLOW,
    askers,
    followers,
    of_party,
    readers,
)


def tell(
    order: Order, event: Event, page: Page, word: str, whom: str, now: datetime
) -> None:  # fmt: skip
    """One notice for each reader; the same event and word never twice. Who asked for the same in an
    order that was merged into this one hears of it too, and no more than that."""
    rows = [notice(order, event.nth, word, r, now) for r in readers(order, page, whom, event)]
    asked = whom in askers(page)
    for other in followers(order) if asked else ():
        theirs = book().exact(other.flow, other.since)
        found = of_party(other, theirs, whom, other.nth) if whom in theirs.parties else ()
        rows += [notice(other, event.nth, FOLLOW + word, r, now) for r in found]
    plan(kept(rows), now)


def correct(
    order: Order, event: Event, page: Page, word: str, whom: str, now: datetime
) -> None:  # fmt: skip
    """Who was told of a press that has been taken back is told that it has; of what had not gone
    out yet nothing needs to be said outside."""
    served.undone(order, event)
    about = Notice.objects.filter(order=order, nth=event.given["nth"], follow=None)
    corrected(order, event, word, list(about.exclude(word=word).order_by("pk")), now)


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
CROWDS: dict[str, Callable[[Order, Event, Page, str, str, datetime], None]] = {
    "notify": crowd.tell,
    "remind": crowd.tell,
    "tell": crowd.tell,
    "correct": crowd.correct,
}


def perform(order: UUID, nth: int, word: str, now: datetime | None = None) -> None:
    """Do one word of one event. A word that belongs to a mechanism not installed here is a notice
    to nobody: the log keeps that it was said, and the mechanism counts it from there. Whoever
    follows the order is told behind it, in pieces."""
    verb, _, whom = word.partition(" ")
    act = MECHANISMS.get(verb)
    if act is None:
        return
    with transaction.atomic():
        row = Order.objects.get(pk=order)
        event = Event.objects.get(order_id=order, nth=nth)
        page, now = book().exact(row.flow, row.since), now or timezone.now()
        act(row, event, page, word, whom, now)
    if verb in CROWDS:
        CROWDS[verb](row, event, page, word, whom, now)
