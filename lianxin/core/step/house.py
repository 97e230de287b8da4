"""Who stands aside: whoever belongs to the house of a unit that an order is kept from."""

from __future__ import annotations

from lianxin.core.flow.page import Page
from lianxin.core.step.order import Order
from lianxin.core.step.rules import Rules
from lianxin.core.step.who import Who

NONE: frozenset[str] = frozenset()


def kept_from(page: Page, order: Order) -> frozenset[str]:
    """Units of the parties that do not see the order, whenever they were named."""
    blind = {n for n, party in page.parties.items() if not party.sees and party.holds == "unit"}
    return frozenset(h.who for h in order.hands if h.name in blind) if blind else NONE


def house(rules: Rules, units: frozenset[str]) -> frozenset[str]:
    """These units with all that are one house with them."""
    return rules.house(units) if rules.house and units else units


def aside(rules: Rules, units: frozenset[str], who: Who) -> Who:
    """Somebody as they stand before an order that is kept from these units: who belongs to their
    house acts by no post there, only as the party they are themselves; who stands in for one of
    them, not by that post."""
    if not units:
        return who
    kin = house(rules, units)
    if kin.isdisjoint(who.units):
        return who.by(tuple(g for g in who.grants if kin.isdisjoint(g.away)))
    return who.as_person()


def handed_up(rules: Rules, order: Order, units: frozenset[str]) -> Order | None:
    """The order at the next desk up where somebody need not stand aside; None if it may stay.

    Desks where all must are off its ladder from now on. Where that leaves nobody at all, it waits
    at the top, and whoever is appointed there later finds it.
    """
    if rules.impartial is None:
        return None
    left = rules.impartial(order.desks, house(rules, units))
    left = tuple(d for d in order.desks if d in left) or order.desks[-1:]
    if left == order.desks or order.desk not in order.desks:
        return None
    up = order.desks[order.desks.index(order.desk) :]
    draft = order.copy()
    draft.desks, draft.desk = left, next((d for d in up if d in left), left[-1])
    return draft
