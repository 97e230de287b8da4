"""Undo: the reverse of one act, written as new events while nobody has acted on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from lianxin.core.flow.page import Step
from lianxin.core.step.capacity import CLERK, Capacity, fit, reaches
from lianxin.core.step.event import Deed, kernel_change, voided
from lianxin.core.step.facts import turned
from lianxin.core.step.order import Event, Order
from lianxin.core.step.refused import Refused
from lianxin.core.step.tally import counted
from lianxin.core.step.who import VIA, Grant, Who

if TYPE_CHECKING:
    from lianxin.core.step.family import Family

NOT_A_PRESS = frozenset({"clock", "child", "parent", "join", "kernel"})
CORRECT = ("correct",)  # the word: whoever was told is told that it does not hold


def undo(family: Family, events: Sequence[Event], who: Who, now: datetime) -> Order:
    """Reverse one act. `events`: all of it, over all orders it touched. Raises Refused."""
    press = pressed(family, events)
    untouched(family, events)
    cap = entitled(family, events, press, who)
    last_word(family, press)
    opened = {e.order for e in events if e.nth == 1}
    for event in sorted(events, key=lambda e: -e.nth):
        if event.nth == 1 or event.order not in opened:
            reverse(family, event, Deed("undo", now, now, family.act, who.id, cap))
    return family.orders[press.order]


def pressed(family: Family, events: Sequence[Event]) -> Event:
    """The step that a person took; all else in the act followed from it."""
    presses = [e for e in events if e.capacity not in NOT_A_PRESS and e.order in family.orders]
    if len(presses) != 1:
        raise Refused("undo_too_late")
    press = presses[0]
    if press.nth == 1:
        raise Refused("undo_door")
    step = family.page(family.orders[press.order]).steps.get(press.verb)
    if step is None:
        raise Refused("undo_too_late")  # an undo, or a note kept, is not undone again
    if step.erases:
        raise Refused("undo_erased")  # what is gone does not come back by saying so
    return press


def untouched(family: Family, events: Sequence[Event]) -> None:
    """No order has moved on since the act, and no child that it opened."""
    last: dict[str, Event] = {}
    for event in events:
        if event.order not in last or event.nth > last[event.order].nth:
            last[event.order] = event
    for id, event in last.items():
        order = family.orders.get(id)
        if order is None or (order.nth, order.head) != (event.nth, event.head):
            raise Refused("undo_too_late", order=id)


def entitled(family: Family, events: Sequence[Event], press: Event, who: Who) -> Capacity:
    """The same capacity as took the step, on the order as it was; of a crowd, the same person, and
    never one of those who have no account."""
    was = family.orders[press.order]
    for event in sorted((e for e in events if e.order == press.order), key=lambda e: -e.nth):
        was = turned(was, event.was)
    page = family.page(was)
    there = family.facing(was, who)
    cap = fit(was, page, press.capacity, there, family.rules.book.roles)
    cap = (cap if who.only is None else None) or off_paper(family, was, press, there)
    other = personal(page.steps[press.verb], press) and who.id != press.actor
    if cap is None or other or (press.capacity == "anyone" and not who.id):
        raise Refused("not_yours", by=(press.capacity,))
    return cap


def off_paper(family: Family, was: Order, press: Event, who: Who) -> Capacity | None:
    """Whoever copied a unit's answer from paper takes their own slip back, while their post lasts;
    it is the unit's step still, and the event says so."""
    roles = family.rules.book.roles
    if press.given.get(VIA) != "paper" or who.id != press.actor or who.party:
        return None
    if not any(reaches(g, roles[g.role], was) for g in who.grants if g.role in roles):
        return None
    return Capacity(press.capacity, Grant(CLERK, unit=press.unit))


def personal(step: Step, press: Event) -> bool:
    """Whether a step bound its actor, or anyone of many could have taken it."""
    crowd = press.capacity == "anyone" or " of " in press.capacity
    casts_actor = any(party not in step.asked for party in step.casts)
    return crowd or casts_actor or bool(step.count or step.each or step.drops)


def last_word(family: Family, press: Event) -> None:
    """The mechanism's own row may refuse: not everything beside an order can be taken back."""
    order = family.orders[press.order]
    page = family.page(order)
    if page.detail and (detail := family.rules.details.get(page.detail)):
        detail.check(order, "undo", taken_back(press))


def taken_back(event: Event) -> dict[str, Any]:
    return {"of": event.verb, "nth": event.nth}


def reverse(family: Family, event: Event, deed: Deed) -> None:
    """Put one event's facts back. The visit moves on, so that forms made before are too late."""
    order = family.orders[event.order]
    page = family.page(order)
    if event.nth == 1:
        new = voided(order, deed.at)
    else:
        new = turned(order, event.was)
        new.visit = order.visit + (event.target is not None)
    step = page.steps.get(event.verb)
    words = CORRECT if step and step.then else ()
    change = kernel_change(order, new, deed, taken_back(event), words)
    key = counted(page, event, order.subject, family.rules.calendar.zone)
    family.write(replace(change, gives_back=(key,)) if key else change)
