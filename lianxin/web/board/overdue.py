"""What is late, the longest first: whose turn it is, how long already, and what may be done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone

from lianxin.core.step.agenda import can_lift
from lianxin.core.step.capacity import fit
from lianxin.core.step.tally import key_of
from lianxin.core.step.who import Who
from lianxin.orders.book import book
from lianxin.orders.queries import Row
from lianxin.registry.models import Area, Unit
from lianxin.web.desk.cards import Card, card
from lianxin.web.words import say, speak

URGE, ESCALATE = "urge", "escalate"


@dataclass(frozen=True, slots=True)
class Late:
    """`turn`: a desk's place or a unit's name, never a person's. `urge` and `escalate`: where they
    are pressed, "" where this reader may not; `urged`: this reader has, today."""

    card: Card
    turn: str
    since: str
    urge: str
    urged: bool
    escalate: str


def told(found: list[Row], who: Who, now: datetime) -> list[Late]:
    units, desks = names_of(found)
    return [one(row, who, now, units, desks) for row in found]


def one(row: Row, who: Who, now: datetime, units: dict[str, str], desks: dict[str, str]) -> Late:
    urged = has_urged(row, who, now)
    return Late(
        card(row), turn(row, units, desks), how_long(now - (row.due or now)),
        address(row, URGE) if not urged and may(row, URGE, who) else "", urged,
        address(row, ESCALATE) if may(row, ESCALATE, who) else "",
    )  # fmt: skip


def may(row: Row, name: str, who: Who) -> bool:
    """Whether the page gives them this step where the order stands; the kernel has the last word
    when it is pressed."""
    order, step = row.order, row.page.steps.get(name)
    if order is None or step is None or row.state not in step.sources:
        return False
    if step.lifts and not can_lift(order, step.lifts):
        return False
    return any(fit(order, row.page, entry, who, book().roles) for entry in step.by)


def has_urged(row: Row, who: Who, now: datetime) -> bool:
    """Whether this reader has pressed it as often as a day allows."""
    step = row.page.steps.get(URGE)
    if step is None or step.at_most is None or row.order is None:
        return False
    parts = {"actor": who.id, "unit": None, "subject": None, "round": row.order.round}
    key = key_of(step, row.order.flow, parts, timezone.localtime(now))
    return row.order.tallies.get(key, 0) >= step.at_most.number


def address(row: Row, verb: str) -> str:
    return reverse("step", args=[row.number, verb])


# ── in words ─────────────────────────────────────────────────────────────────────────────────────


def names_of(found: Iterable[Row]) -> tuple[dict[str, str], dict[str, str]]:
    """Units by key and desks by path, of all rows in two queries."""
    orders = [row.order for row in found if row.order]
    units = {h.who for o in orders for h in o.hands if h.name == "unit"}
    desks = {o.desk for o in orders}
    named = Unit.objects.filter(pk__in=units).values_list("pk", "name")
    areas = Area.objects.on(timezone.localdate()).filter(path__in=desks)
    return {str(pk): name for pk, name in named}, dict(areas.values_list("path", "name"))


def turn(row: Row, units: dict[str, str], desks: dict[str, str]) -> str:
    """Whose turn it is, as a desk's place or a unit: of persons no list is made."""
    order, name = row.order, row.turn or ""
    if order is None:
        return ""
    if name in book().roles:
        return joined(desks.get(order.desk, ""), speak(book().roles[name].words))
    party = row.page.parties.get(name)
    if party is None:
        return ""
    held = next((h.who for h in order.hands if h.name == "unit"), "")
    at = units.get(held, "") if party.holds == "unit" or party.among else ""
    return at if at and party.holds == "unit" else joined(at, speak(party.words))


def joined(*words: str) -> str:
    return " · ".join(w for w in words if w)


def how_long(late: timedelta) -> str:
    """By the clock on the wall, rounded down.

    >>> how_long(timedelta(days=3, hours=5)), how_long(timedelta(minutes=20))
    ('超时3天', '超时不到1小时')
    """
    hours = int(late.total_seconds() // 3600)
    if hours >= 48:
        return say("board.over.days", n=hours // 24)
    return say("board.over.hours", n=hours) if hours else say("board.over.less")
