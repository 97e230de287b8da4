"""Whom a unit may thank: its members who served in a year, with hours and for what, by name.

Only hours with an order behind them, and only while somebody was checked in from that unit. Who did
not serve is named nowhere, nor how many there are: a letter thanks, it does not count absences.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from lianxin.core.step.who import Grant
from lianxin.orders.models import Served
from lianxin.registry.models import CheckIn

Span = tuple[date, date | None]


@dataclass(frozen=True, slots=True)
class Thanked:
    """`did`: codes of categories and how many orders of each."""

    name: str
    hours: Decimal
    did: tuple[tuple[str, int], ...]


def thanked(unit: int, year: int, grants: Iterable[Grant]) -> list[Thanked]:
    """Those whom these posts may read of, as names are spelt: nobody is first for having more."""
    spans: dict[int, list[Span]] = {}
    names: dict[int, tuple[str, str]] = {}
    held = CheckIn.objects.under(grants).filter(
        unit=unit, confirmed__isnull=False, since__lte=date(year, 12, 31)
    )
    for row in held.exclude(until__lte=date(year, 1, 1)).select_related("person"):
        spans.setdefault(row.person_id, []).append((row.since, row.until))
        names[row.person_id] = (row.person.spelt, row.person.name)
    sums = served_of(spans, year)
    found = [(*names[person], *_sum(orders)) for person, orders in sums.items() if orders]
    return [Thanked(name, hours, did) for _, name, hours, did in sorted(found)]


Orders = dict[UUID, tuple[str, Decimal]]


def served_of(spans: dict[int, list[Span]], year: int) -> dict[int, Orders]:
    """Person → order → (category, hours), what was taken back left out."""
    rows = Served.objects.filter(
        person__in=list(spans), day__range=(date(year, 1, 1), date(year, 12, 31))
    )
    sums: dict[int, Orders] = {}
    for person, order, category, hours, day in rows.values_list(
        "person", "order", "order__category", "hours", "day"
    ):
        if any(since <= day and (until is None or day < until) for since, until in spans[person]):
            own = sums.setdefault(person, {})
            own[order] = (category or "", own.get(order, ("", Decimal(0)))[1] + hours)
    return {
        person: {order: one for order, one in own.items() if one[1] > 0}
        for person, own in sums.items()
    }


def _sum(orders: Orders) -> tuple[Decimal, tuple[tuple[str, int], ...]]:
    times: dict[str, int] = {}
    for category, _ in orders.values():
        times[category] = times.get(category, 0) + 1
    return sum((hours for _, hours in orders.values()), Decimal(0)), tuple(sorted(times.items()))
