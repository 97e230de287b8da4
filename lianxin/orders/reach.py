"""One order found by its number, within somebody's reach or sight: what every page and press of it
begins with.

The statement is `within_reach` or `visible_to`, as everywhere, but built once for each kind of
people (`marks.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F, Value

from lianxin.core.flow.page import Page
from lianxin.core.step.refused import Refused
from lianxin.core.step.who import Who
from lianxin.database.written import Written
from lianxin.orders.book import book
from lianxin.orders.fetch import read_json
from lianxin.orders.house import house
from lianxin.orders.marks import SELF, Kind, filled, kinds_of, stand_ins
from lianxin.orders.models import Order
from lianxin.orders.sight import OneOf, OrderQuerySet, in_brackets
from lianxin.registry.models import Area

NUMBER, LINKED = "<number>", UUID(int=0)
COLUMNS = ("id", "root_id", "flow", "since", "number")
ORDER = tuple(f.attname for f in Order._meta.concrete_fields)
AREA = tuple(f.attname for f in Area._meta.concrete_fields)
WHOLE = (*ORDER, *(f"area__{name}" for name in AREA))
FACTS = ORDER.index("facts")
Shown = Callable[[Who], OrderQuerySet]


@dataclass(frozen=True, slots=True)
class Reach:
    """Where a press goes: the order, the root of its family, the page it is done by."""

    id: str
    root: str
    page: Page


def reached(number: str, who: Who) -> Reach:
    """The order with this number, if this person may press on it. Raises Refused("not_found")."""
    rows = asked(within_reach, number, who)
    if not rows:
        raise Refused("not_found", number=number[:40])
    id, root, flow, since, _ = rows[0]
    return Reach(id.hex, root.hex, book().exact(flow, since))


def all_reached(numbers: Iterable[str], who: Who) -> list[tuple[Any, ...]]:
    """(id, root, flow, since, number) of those among these orders that this person may press on."""
    return asked(any_within_reach, list(numbers), who)


def seen(number: str, who: Who) -> UUID | None:
    """The id of the order with this number, if this person may see it."""
    rows = asked(visible_to, number, who)
    return rows[0][0] if rows else None


def opened(number: str, who: Who) -> Order | None:
    """The same order with all its columns and its area."""
    return whole(asked(whole_to, number, who))


def spoken_of(who: Who) -> Order | None:
    """The one order that is shown by a link."""
    return whole(asked(shown_by_link, "", who)) if who.party else None


def whole(rows: list[tuple[Any, ...]]) -> Order | None:
    if not rows:
        return None
    row, at = list(rows[0]), connection.alias
    row[FACTS] = read_json(row[FACTS])
    found, area = Order.from_db(at, ORDER, row[: len(ORDER)]), row[len(ORDER) :]
    found.area = Area.from_db(at, AREA, area) if found.area_id else None
    return found


def asked(shown: Shown, number: str | list[str], who: Who) -> list[tuple[Any, ...]]:
    if who.party:
        held: dict[Any, Any] = {NUMBER: number, LINKED: UUID(who.party[0])}
        if who.unit:
            held |= {SELF: int(who.unit), in_brackets([str(SELF)]): in_brackets(house(who.units))}
        return by_link(shown, bool(who.unit)).ask(held)
    kinds = kinds_of(who)
    return written(shown, bool(who.id), kinds).ask({NUMBER: number, **filled(who, kinds)})


@lru_cache
def by_link(shown: Shown, of_unit: bool) -> Written:
    """The statement for whoever holds the link to an order, as a person or for a unit."""
    return build(shown, Who("", party=(LINKED.hex, ""), unit=str(SELF) if of_unit else None))


@lru_cache(maxsize=2000)
def written(shown: Shown, account: bool, kinds: tuple[Kind, ...]) -> Written:
    """The statement for one kind of people."""
    return build(shown, Who(str(SELF) if account else "", stand_ins(kinds)))


def build(shown: Shown, who: Who) -> Written:
    return Written.of(shown(who).order_by())


def within_reach(who: Who) -> OrderQuerySet:
    return Order.objects.within_reach(who).filter(number=NUMBER).values_list(*COLUMNS)


def any_within_reach(who: Who) -> OrderQuerySet:
    named = OneOf(F("number"), Value(NUMBER), of="text")
    return Order.objects.within_reach(who).filter(named).values_list(*COLUMNS)


def visible_to(who: Who) -> OrderQuerySet:
    return Order.objects.visible_to(who).filter(number=NUMBER).values_list(*COLUMNS)


def whole_to(who: Who) -> OrderQuerySet:
    return Order.objects.visible_to(who).filter(number=NUMBER).values_list(*WHOLE)


def shown_by_link(who: Who) -> OrderQuerySet:
    return Order.objects.visible_to(who).values_list(*WHOLE)
