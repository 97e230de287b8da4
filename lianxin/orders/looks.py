"""Whoever looks at something guarded is written down before it is shown: who, when, how much."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone

from lianxin.core.step.refused import Refused
from lianxin.core.step.who import Grant, Who
from lianxin.orders.book import texts
from lianxin.orders.models import Look
from lianxin.orders.queries.lists import Row, cases_of, phones, rows
from lianxin.orders.queries.narrow import RECENT, back, first_id, midnight
from lianxin.orders.queries.typed import FEWEST
from lianxin.registry import secret

PHONE, SHEET, PAPER, PICTURE, CALL = "phone", "sheet", "paper", "picture", "call"
ASKER = "asker"  # the phone left with one order (orders/phones.py)
PARTICULARS = "particulars"  # somebody's birth and identity number (growth/actions/shown.py)
ROLL = "roll"  # a register of people taken out as a sheet (web/rolls/sheet.py)
ROLL_CLEAR = "roll_clear"  # the same with phones in clear
KINDS = (PHONE, SHEET, PAPER, PICTURE, CALL, ASKER, PARTICULARS, ROLL, ROLL_CLEAR)
BLIND = "look.phone"
ENDS = (
    "SELECT order_id FROM orders_content WHERE name = 'phone' AND value IS NOT NULL"
    " AND orders_tail(value) = %s AND order_id >= %s"
)

MINE = "SELECT pg_advisory_xact_lock(hashtext('orders_look'), %s)"


@cache
def bounds(what: str = PHONE) -> dict[str, int]:
    """`params/looks.toml`: how much one look of this kind shows, and how many there are a day."""
    read: dict[str, int] = tomllib.loads(texts("looks.toml")["looks.toml"])[what]
    return read


def looked(
    who: Who, what: str, *, order: UUID | None = None, n: int = 0, path: str = "", about: str = "",
    now: datetime | None = None,
) -> None:  # fmt: skip
    """Write down one look. `path`: the place of the post it was done under; `n`: rows shown;
    `about`: under which conditions, never the words or digits themselves."""
    assert what in KINDS, f"{what}: a kind of look has words (words/looks.toml) and stands in KINDS"
    Look.objects.create(
        at=now or timezone.now(), who_id=int(who.id), what=what, order_id=order, n=n, path=path,
        about=about[:200],
    )  # fmt: skip


def by_phone(digits: str, grant: Grant, who: Who, now: datetime) -> list[Row]:
    """The latest orders whose asker left a phone that ends so, as far as this post may read phones.

    `digits`: four at least. Only at the post's own place: a unit has none. Written down before it
    is answered, also where nothing was found. Raises Refused: not_yours, too_many_looks.
    """
    if grant.unit or not grant.path:
        raise Refused("not_yours", by=())
    assert len(digits) >= FEWEST
    most = bounds()
    ends = RawSQL(ENDS, [digits[-FEWEST:], first_id(back(RECENT))])
    found = rows(cases_of(grant).filter(pk__in=ends), now, limit=100, whole=True)
    alone = Who(who.id, (grant,))
    said = phones(found, alone)
    fit = [
        replace(row, order=None)  # a line of a list, like any other
        for row in found if secret.digits(said.get(row.id, "")).endswith(digits)
    ][: most["rows"]]  # fmt: skip
    with transaction.atomic():
        spend(who, now)
        looked(who, PHONE, n=len(fit), path=grant.path, about=secret.blind(BLIND, digits), now=now)
    return fit


def spend(who: Who, now: datetime) -> None:
    """One more look at phones today. Raises Refused("too_many_looks")."""
    if of_today(who, PHONE, now).count() >= bounds()["a_day"]:
        raise Refused("too_many_looks", most=bounds()["a_day"])


def of_today(who: Who, what: str, now: datetime) -> QuerySet[Look]:
    """Somebody's looks of one kind on this day, within a transaction: two at once wait for each
    other, so that the last one is given out once."""
    with connection.cursor() as cursor:
        cursor.execute(MINE, [int(who.id) % 2**31])
    day = midnight(timezone.localdate(now))
    tomorrow = day + timedelta(days=1)
    return Look.objects.filter(who=int(who.id), what=what, at__gte=day, at__lt=tomorrow)
