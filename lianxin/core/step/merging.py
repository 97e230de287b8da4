"""Merging: one order goes into another, which gets its askers and, if closed, opens again; a wrong
merge is parted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from lianxin.core.flow.page import Step
from lianxin.core.step.capacity import fit
from lianxin.core.step.event import Deed, kernel_change
from lianxin.core.step.hands import never_both
from lianxin.core.step.order import Hand, Order
from lianxin.core.step.pair import crew_of
from lianxin.core.step.refused import Refused
from lianxin.core.step.who import Who

if TYPE_CHECKING:
    from lianxin.core.step.family import Family

JOIN = Who("join", kernel="join")


def named(family: Family, id: str, verb: str, given: Mapping[str, Any]) -> Iterator[str]:
    """The order that a step is to merge this one into, or those that it takes it out of, if they
    are at hand."""
    order = family.orders[id]
    step = family.page(order).steps.get(verb)
    other = family.orders.get(str(given.get(step.joins))) if step and step.joins else None
    if other:
        yield last_of(family, other).id
    if step and step.leaves:
        yield from (one.id for one in row_from(family, str(order.fields.get(step.leaves))))


def target(
    family: Family, order: Order, step: Step, given: Mapping[str, Any], who: Who
) -> tuple[Refused | None, Mapping[str, Any]]:
    """Why the order named cannot take this one in, and the answer led on to the last of a row."""
    if not step.joins or not given.get(step.joins):
        return None, given
    other = family.orders.get(str(given[step.joins]))
    if other is None:
        return Refused("unknown", field=step.joins, value=given[step.joins]), given
    other = last_of(family, other)
    return refusal(family, order, other, step, who), {**given, step.joins: other.id}


def refusal(family: Family, order: Order, other: Order, step: Step, who: Who) -> Refused | None:
    """Whoever merges must have both orders in hand, or anybody could reopen a stranger's."""
    if other.id == order.id:
        return Refused("circle")
    page, roles, who = family.page(other), family.rules.book.roles, family.facing(other, who)
    if not any(fit(other, page, entry, who, roles) for entry in step.by):
        return Refused("not_yours", by=step.by)
    if family.ended(other) and again(family, other) is None:
        return Refused("target_closed", state=other.state)
    if crew_of(page) and family.two_go(order) and not family.two_go(other):
        return Refused("pair_into")
    return None


def last_of(family: Family, order: Order) -> Order:
    """The order this one was merged into, and that one into, to the end of the row."""
    seen = set()
    while order.state and order.id not in seen:
        seen.add(order.id)
        into = merged_into(family, order)
        if into is None or into not in family.orders:
            break
        order = family.orders[into]
    return order


def merged_into(family: Family, order: Order) -> str | None:
    for step in family.page(order).steps.values():
        if step.joins and step.to and order.state in step.to.states:
            return order.fields.get(step.joins)
    return None


def again(family: Family, order: Order) -> str | None:
    """The step by which a closed order opens when another is merged into it."""
    steps = family.page(order).steps.values()
    return next((s.name for s in steps if "join" in s.by and order.state in s.sources), None)


def join(family: Family, order: Order, into: str, at: datetime, now: datetime) -> None:
    """The other order gets the askers. Raises Refused("same_house") where one of them may not stand
    beside those who have it: a complaint is not merged into the hands of whom it complains of."""
    other = family.orders[into]
    joined = other.copy()
    for hand in askers(family, order, other):
        joined.hands = (*never_both(family.rules, family.page(other), joined, hand), hand)
    when = max(at, family.last(into))
    deed = Deed("joined", when, now, family.act)
    family.write(kernel_change(other, joined, deed, {"order": order.id}))
    family.hand_up(other, into, when, now)
    joined = family.orders[into]
    if family.ended(joined) and (verb := again(family, joined)):
        family.press_on(joined, verb, JOIN, {}, when, now)


def askers(family: Family, order: Order, other: Order) -> Iterator[Hand]:
    """Who was bound when the order was filed, or came by a merge, goes along veiled; and whoever it
    is kept from, so that it is kept from them there too."""
    page = family.page(other)
    for hand in order.hands:
        rule = page.parties.get(hand.name)
        along = hand.since == 1 or hand.veiled or bool(rule and not rule.sees)
        if rule and rule.many and along and not other.holds(hand.name, hand.who):
            yield replace(hand, since=other.nth + 1, veiled=True)


def part(family: Family, order: Order, into: str, at: datetime, now: datetime) -> None:
    """A wrong merge: the askers who came along leave the other order, and every one that it was
    merged into in its turn. Whatever was done there stays done, and whoever it has been kept from
    stays kept from it: that somebody is not to deal with it is not for a desk to take back.
    """
    for other in row_from(family, family.orders[into].id):
        leaving = came_along(family, order, other)
        parted = other.copy()
        parted.hands = tuple(h for h in other.hands if h not in leaving)
        deed = Deed("parted", max(at, family.last(other.id)), now, family.act)
        family.write(kernel_change(other, parted, deed, {"order": order.id}))


def row_from(family: Family, into: str) -> list[Order]:
    """An order and those that it was merged into, one after the other."""
    found: list[Order] = []
    next_one = family.orders.get(into)
    while next_one is not None and next_one not in found:
        found.append(next_one)
        next_one = family.orders.get(merged_into(family, next_one) or "")
    return found


def came_along(family: Family, order: Order, other: Order) -> tuple[Hand, ...]:
    """The veiled askers of the other order who are parties of this one."""
    mine, parties = {(h.name, h.who) for h in order.hands}, family.page(other).parties
    veiled = (h for h in other.hands if h.veiled and (h.name, h.who) in mine)
    return tuple(h for h in veiled if h.name in parties and parties[h.name].sees)
