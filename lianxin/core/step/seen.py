"""What of an order somebody may not see, though they see the order: veiled names, closed fields."""

from __future__ import annotations

from collections.abc import Mapping

from lianxin.core.flow.page import Page, Role
from lianxin.core.step.capacity import as_party, fit
from lianxin.core.step.order import Order
from lianxin.core.step.who import Who


def veiled_parties(page: Page, order: Order) -> frozenset[str]:
    """Parties whose names the other parties do not see yet."""
    if order.unveiled:
        return frozenset()
    return frozenset(name for name, party in page.parties.items() if party.veil)


def closed_fields(page: Page, order: Order, who: Who, roles: Mapping[str, Role]) -> frozenset[str]:
    """Fields which `seen` closes to this person; those without `seen` are open to all who see."""
    return frozenset(
        name
        for name, field in page.fields.items()
        if field.seen is not None
        and not any(fit(order, page, entry, who, roles) for entry in field.seen)
    )


def hidden(page: Page, order: Order, who: Who, roles: Mapping[str, Role]) -> frozenset[str]:
    """Names of fields and parties whose answers are not for these eyes.

    Who is a party sees no veiled party but themselves, whatever post they hold besides.
    """
    mine = {name for name in page.parties if as_party(order, page, name, who)}
    veiled = veiled_parties(page, order) - mine if mine else frozenset()
    return veiled | closed_fields(page, order, who, roles)
