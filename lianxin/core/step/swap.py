"""A seat changes hands: offered to one who is named or to whoever can, taken over in one press.

`swaps` on a step names the party of those who offer theirs; the step's own cast is the party whose
seat it is. Whom an offer is made to stands in the parties cast together with it, by the same event.
Until it is taken over nothing has changed: who has offered keeps the seat.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lianxin.core.flow.page import Page, Step
from lianxin.core.step.order import Hand, Order
from lianxin.core.step.refused import Refused


def taking(page: Page) -> Step | None:
    """The step by which a seat is taken over, None where a page has none."""
    return next((step for step in page.steps.values() if step.swaps), None)


def asked_parties(page: Page, step: Step) -> frozenset[str]:
    """Parties of those whom an offer is made to."""
    beside = (s.casts for s in page.steps.values() if step.swaps in s.casts)
    return frozenset(name for casts in beside for name in casts if name != step.swaps)


def open_to(page: Page, order: Order, step: Step, who: str) -> list[Hand]:
    """Offers that this person may take up, those made to them by name first."""
    named = asked_parties(page, step)
    found: list[tuple[bool, int, Hand]] = []
    for offer in order.party(step.swaps or ""):
        to = {h.who for h in order.hands if h.name in named and h.since == offer.since}
        if offer.who != who and (not to or who in to):
            found.append((who not in to, offer.since, offer))
    return [offer for _, _, offer in sorted(found, key=lambda row: row[:2])]


def resolved(
    page: Page, order: Order, step: Step, who: str, given: Mapping[str, Any]
) -> dict[str, Any]:
    """The answers with whose seat it is, where it was not said. Raises Refused("no_offer")."""
    if not step.swaps:
        return dict(given)
    offers = [h.who for h in open_to(page, order, step, who)]
    said = given.get(step.swaps)
    said = said[0] if isinstance(said, list) and said else said
    if not offers or (said and said not in offers):
        raise Refused("no_offer", party=step.swaps)
    return {**given, step.swaps: [said or offers[0]]}


def give_up_seat(page: Page, step: Step, draft: Order, given: Mapping[str, Any]) -> None:
    """Whoever has offered leaves; their seat is free for whoever the step casts."""
    if step.swaps:
        leaver, own = given[step.swaps][0], (step.swaps, *step.casts)
        draft.hands = tuple(h for h in draft.hands if not (h.name in own and h.who == leaver))


def settle(page: Page, draft: Order) -> None:
    """An offer ends with the seat it was of, and where the work is over; so does the asking."""
    step = taking(page)
    if step is None:
        return
    seated = {h.who for name in step.casts for h in draft.party(name)}
    live = draft.state in step.sources
    offers = {h.since for h in draft.party(step.swaps or "") if live and h.who in seated}
    bound = {step.swaps, *asked_parties(page, step)}
    draft.hands = tuple(h for h in draft.hands if h.name not in bound or h.since in offers)
