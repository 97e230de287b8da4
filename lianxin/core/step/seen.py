"""What of an order somebody may not see, though they see the order: veiled names, closed fields."""

from __future__ import annotations

from collections.abc import Mapping, Set
from functools import cache

from lianxin.core.flow.page import Field, Page, Role
from lianxin.core.step.capacity import as_party, fit
from lianxin.core.step.order import Order
from lianxin.core.step.who import Who


def askers(page: Page) -> set[str]:
    """Parties of persons that somebody becomes by filing."""
    cast = {name for door in page.doors for name in door.casts}
    return {n for n in cast if page.parties[n].holds == "person" and page.parties[n].sees}


def ended(page: Page, order: Order) -> bool:
    """Whether an order stands in a final state, or is void."""
    state = page.states.get(order.state or "")
    return bool(order.state) and (state is None or state.final)


def veiled_parties(page: Page, order: Order) -> frozenset[str]:
    """Parties whose names the other parties do not see yet."""
    if order.unveiled:
        return frozenset()
    return frozenset(name for name, party in page.parties.items() if party.veil)


def closed_fields(
    page: Page, order: Order, who: Who, roles: Mapping[str, Role], among: Set[str] | None = None
) -> frozenset[str]:
    """Fields which are not for this person; those without `seen` are open to all who see. `among`:
    of these alone, where a long list has one question.

    What leads to somebody's home (`home`) closes, once the order has ended, to the parties that did
    the work: it stays with the asker, and with the posts that answer for the order.
    """
    over, asked = ended(page, order), page.fields.keys() if among is None else among
    open_to = cache(lambda entry: bool(fit(order, page, entry, who, roles)))
    closed = frozenset(
        name
        for name in asked
        if (eyes := eyes_of(page.fields[name], page, roles, over)) is not None
        and not any(map(open_to, eyes))
    )
    return closed | (not_by_link(page, who) & asked)


def not_by_link(page: Page, who: Who) -> frozenset[str]:
    """Phones are not for whoever speaks for a unit by a link: a sheet may lie in the street, and no
    look at it could be written down to anybody."""
    return frozenset() if who.unit is None else phone_fields(page)


def phone_fields(page: Page) -> frozenset[str]:
    return frozenset(name for name, field in page.fields.items() if field.type == "phone")


def eyes_of(
    field: Field, page: Page, roles: Mapping[str, Role], over: bool
) -> tuple[str, ...] | None:
    """The parties and roles a field is open to; None: to whoever sees the order."""
    if not (field.home and over):
        return field.seen
    left = {*roles, *askers(page)}
    return tuple(e for e in (field.seen or (*page.parties, *roles)) if e in left)


def hidden(page: Page, order: Order, who: Who, roles: Mapping[str, Role]) -> frozenset[str]:
    """Names of fields and parties whose answers are not for these eyes.

    Who is a party sees no veiled party but themselves, whatever post they hold besides.
    """
    mine = {name for name in page.parties if as_party(order, page, name, who)}
    veiled = veiled_parties(page, order) - mine if mine else frozenset()
    return veiled | closed_fields(page, order, who, roles)
