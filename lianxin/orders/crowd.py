"""Tells those who follow an order in pieces: there may be many, and one who fails holds up nobody.

A piece is one transaction, notices and the ways they go: whoever has the notice of this event and
word has been seen to. A job that died goes on behind the last piece, and tells nobody twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import islice

from django.db import OperationalError, transaction
from django.db.models import Exists, OuterRef

from lianxin.core.flow.page import Page
from lianxin.core.step.seen import askers
from lianxin.orders import follows
from lianxin.orders.models import Event, Follow, Notice, Order
from lianxin.orders.notices.make import corrected, kept, notice
from lianxin.orders.notices.plan import plan
from lianxin.orders.notices.readers import FOLLOW, Reader, followers

AT_ONCE = 50


def tell(
    order: Order, event: Event, page: Page, word: str, whom: str, now: datetime
) -> None:  # fmt: skip
    """Who follows the order hears when its asker does, and so does who follows what was merged into
    it."""
    if whom not in askers(page):
        return
    troubles = tell_of(order, event, word, now)
    for other in followers(order):
        troubles += tell_of(other, event, FOLLOW + word, now)
    raise_all(troubles)


def tell_of(order: Order, event: Event, word: str, now: datetime) -> list[Exception]:
    told = Notice.objects.filter(
        order=order, nth=event.nth, word=word[:40], follow=OuterRef("pk")
    )  # fmt: skip
    left = follows.reachable(order.pk).exclude(Exists(told))

    def piece(keys: list[int]) -> None:
        rows = Follow.objects.filter(pk__in=keys, until=None).order_by("pk")
        readers = [Reader(person_id=row.person_id, follow_id=row.pk) for row in rows]
        plan(kept(notice(order, event.nth, word, r, now) for r in readers), now)

    return in_pieces(left.values_list("pk", flat=True), piece)


def correct(
    order: Order, event: Event, page: Page, word: str, whom: str, now: datetime
) -> None:  # fmt: skip
    """What they were told of a press that has been taken back does not hold."""
    about = Notice.objects.filter(order=order, nth=event.given["nth"], follow__isnull=False)
    about = about.exclude(word=word)
    told = Notice.objects.filter(
        order=order, nth=event.nth, word=word, follow=OuterRef("follow")
    )  # fmt: skip
    left = about.exclude(Exists(told)).order_by("follow").distinct()

    def piece(keys: list[int]) -> None:
        corrected(order, event, word, list(about.filter(follow__in=keys).order_by("pk")), now)

    raise_all(in_pieces(left.values_list("follow", flat=True), piece))


def in_pieces(keys: Iterable[int], piece: Callable[[list[int]], None]) -> list[Exception]:
    """Do it for all of them, and of a piece that fails for each by themselves. What went wrong.
    Raises OperationalError: where the database is away, none of the others can be done either."""
    troubles: list[Exception] = []
    left = iter(list(keys))
    while some := list(islice(left, AT_ONCE)):
        if not done(some, piece, []):
            for key in some:
                done([key], piece, troubles)
    return troubles


def done(keys: list[int], piece: Callable[[list[int]], None], troubles: list[Exception]) -> bool:
    try:
        with transaction.atomic():
            piece(keys)
    except OperationalError:
        raise
    except Exception as failed:
        troubles.append(failed)
        return False
    return True


def raise_all(troubles: list[Exception]) -> None:
    """The job counts as failed and comes back, for those who were not told."""
    if troubles:
        raise ExceptionGroup(f"{len(troubles)} who follow were not told", troubles)
