"""Notices as rows: one for each reader, event and word, whichever job makes them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from lianxin.orders.models import Event, Notice, Order
from lianxin.orders.notices.plan import plan, take_back
from lianxin.orders.notices.readers import Reader


def notice(order: Order, nth: int, word: str, reader: Reader, at: datetime) -> Notice:
    return Notice(
        order=order, nth=nth, word=word[:40], at=at, person_id=reader.person_id,
        unit_id=reader.unit_id, role=reader.role, desk=reader.desk, party=reader.party,
        follow_id=reader.follow_id,
    )  # fmt: skip


def reader_of(row: Notice) -> Reader:
    return Reader(row.person_id, row.unit_id, row.role, row.desk, row.party, row.follow_id)


def kept(rows: Iterable[Notice]) -> list[Notice]:
    """These notices as the database has them, whether made now or by a job that ran before. All of
    them are for such as follow, or none."""
    made = list(rows)
    Notice.objects.bulk_create(made, ignore_conflicts=True)
    about = {"order__in": {r.order_id for r in made}, "nth__in": {r.nth for r in made}}
    found = Notice.objects.filter(**about, word__in={r.word for r in made})
    follow = {r.follow_id for r in made if r.follow_id}
    found = found.filter(follow__in=follow) if follow else found.filter(follow=None)
    return list(found.select_related("order", "follow").order_by("pk"))


def corrected(order: Order, event: Event, word: str, told: list[Notice], now: datetime) -> None:
    """What has not gone out of these does not; who has heard is told that it does not hold."""
    unheard = take_back(told, now)
    rows = [(n.pk, notice(order, event.nth, word, reader_of(n), now)) for n in told]
    found = kept([row for _, row in rows])
    heard = {reader_of(row) for pk, row in rows if pk not in unheard}
    plan([row for row in found if reader_of(row) in heard], now)
