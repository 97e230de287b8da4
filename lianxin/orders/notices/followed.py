"""What somebody is told who follows another's order: the state that its work is in, and no more.

Not even the number: by it one could be asked about an order that is not one's own.
"""

from __future__ import annotations

from lianxin.core.flow.page import Words
from lianxin.core.step.family import Family
from lianxin.core.step.order import Order as Kernel
from lianxin.orders.book import book
from lianxin.orders.notices.rules import rules
from lianxin.orders.queries.merged import end_of_row
from lianxin.orders.world import rules as house

VOID = Words("作废", "Void")


def for_follower(order: Kernel, lang: str) -> str:
    """One sentence: by the words of its flow for this state, else by the state's own name."""
    flow, since, state = order.flow, order.since, order.state or ""
    if other := end_of_row(Family(house()).merged_into(order)):
        flow, since, state = other.flow, other.since, other.state
    known = book().exact(flow, since).states.get(state)
    words = rules().followed.get(flow, {}).get(state) or rules().words["followed"]["state"]
    return str(getattr(words, lang).format(state=getattr(known.words if known else VOID, lang)))
