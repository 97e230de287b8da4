"""Hours of service: credited to those who did it when an order is struck off, one sum per order
and person, taken back when it is opened again. Of oneself, for oneself: nobody lists others."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Max, Q, Sum
from django.utils import timezone

from lianxin.core.flow.page import Page
from lianxin.core.step.pair import crew_of
from lianxin.orders.book import categories
from lianxin.orders.models import Event, Hand, Order, Served

FIELD = "hours"  # what the one who says that it is done may declare
UNDO = "undo"
Credit = tuple[Decimal, date]
SPANS = ("month", "year", "all")
TOTALS = f"""
SELECT {", ".join(["sum(hours) FILTER (WHERE day >= %s)"] * len(SPANS))}
FROM orders_served WHERE person_id = %s"""


def reckon(order: Order, event: Event, page: Page) -> None:
    """What this event means for hours: credited where it ends the order, else taken back. Twice is
    once, and a late job finds that the order has gone on."""
    order = Order.objects.select_for_update().get(pk=order.pk)
    state = page.states.get(event.target or "")
    if state is None or not state.final:
        take_back(order, event)
    elif order.round == event.round and event.target == order.state:
        credit(order, event, page)


def undone(order: Order, event: Event) -> None:
    """What a press did to hours is undone with the press."""
    rows = Served.objects.filter(order=order, nth=event.given["nth"])
    write(order, event, {row.person_id: (-row.hours, row.day) for row in rows})


def credit(order: Order, event: Event, page: Page) -> None:
    crew = crew_of(page)
    stood = Q(since__lte=event.nth) & (Q(until=None) | Q(until__gt=event.nth))
    hands = Hand.objects.filter(stood, order=order, name=crew, holds="person")
    people = set(hands.values_list("who", flat=True)) - set(sums(order))
    given = Decimal(str(hours_of(order, event)))
    write(order, event, dict.fromkeys(people, (given, timezone.localdate(event.at))))


def take_back(order: Order, event: Event) -> None:
    """From the day they were credited to: no month falls below nothing."""
    write(order, event, {person: (-hours, day) for person, (hours, day) in sums(order).items()})


def sums(order: Order) -> dict[int, Credit]:
    """Who has hours with this order now, how many, and the day they count for."""
    found = Served.objects.filter(order=order).values_list("person").order_by("person")
    rows = found.annotate(n=Sum("hours"), last=Max("day"))
    return {person: (n, last) for person, n, last in rows if n > 0}


def write(order: Order, event: Event, hours: dict[int, Credit]) -> None:
    rows = (Served(order=order, person_id=p, nth=event.nth, hours=h, day=day)
            for p, (h, day) in sorted(hours.items()))  # fmt: skip
    Served.objects.bulk_create(rows, ignore_conflicts=True)


def hours_of(order: Order, event: Event) -> float:
    """As declared in this round by a press that stands, else what is usual for the category; never
    more than its most."""
    told = Event.objects.filter(order=order, round=event.round, nth__lt=event.nth)
    undone = [e.given["nth"] for e in told.filter(verb=UNDO)]
    last = told.filter(given__has_key=FIELD).exclude(nth__in=undone).order_by("nth").last()
    declared = float(last.given[FIELD]) if last else None
    return categories().hours(order.category, timezone.localdate(order.filed), declared)


# ── one's own ────────────────────────────────────────────────────────────────────────────────────


def first_day(span: str, today: date) -> date | None:
    starts = {"month": today.replace(day=1), "year": today.replace(month=1, day=1)}
    return starts.get(span)


def totals(person: int, today: date) -> dict[str, float]:
    """This person's hours of this month, this year, and all; one query."""
    first = [first_day(span, today) or date.min for span in SPANS]
    with connection.cursor() as cursor:
        cursor.execute(TOTALS, [*first, person])
        found = cursor.fetchone()
    return {span: float(n or 0) for span, n in zip(SPANS, found, strict=True)}


def of_orders(person: int, span: str, today: date, most: int) -> list[tuple[UUID, float, date]]:
    """The orders behind a sum, the latest first: (order, hours, day)."""
    found: Any = Served.objects.filter(person=person)
    if start := first_day(span, today):
        found = found.filter(day__gte=start)
    rows: Iterable[Any] = found.values("order").annotate(n=Sum("hours"), last=Max("day"))
    return [(r["order"], float(r["n"]), r["last"])
            for r in rows.exclude(n=0).order_by("-last", "-order")[:most]]  # fmt: skip
