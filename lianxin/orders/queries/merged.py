"""What has become of an order that was merged into another: that one's state, never its words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from lianxin.orders.actions import LONGEST_ROW
from lianxin.orders.models import Order
from lianxin.orders.queries.page import Sheet
from lianxin.orders.shelf import look
from lianxin.orders.world import rules


@dataclass(frozen=True, slots=True)
class Standing:
    """All that an asker of the merged order may know of the other one."""

    flow: str
    state: str
    turn: str | None
    due: datetime | None
    outcome: str | None


def standing(sheet: Sheet) -> Standing | None:
    """Where the order stands into which this one was merged, at the end of the row; None if none.

    `visible_to` is not asked: whoever sees the merged order may know this much.
    """
    row = end_of_row(sheet.family.merged_into(sheet.order))
    return Standing(row.flow, row.state, row.turn, row.due, row.outcome) if row else None


def carried_on(row: Order) -> Order:
    """The order that deals with it now: itself, or the last of those it was merged into."""
    family = look([row.root_id.hex], rules()).family
    return end_of_row(family.merged_into(family.orders[row.pk.hex])) or row


def end_of_row(into: str | None) -> Order | None:
    row = None
    for _ in range(LONGEST_ROW):
        if into is None or (found := Order.objects.filter(pk=UUID(into)).first()) is None:
            break
        row = found
        family = look([row.root_id.hex], rules()).family
        into = family.merged_into(family.orders[row.pk.hex])
    return row
