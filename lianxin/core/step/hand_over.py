"""What somebody has in hand goes over to another who takes their place: by no step of any page.

Only work that still lies ahead goes over: who did what is done stays who did it, and who asked
stays who asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from lianxin.core.flow.page import Page
from lianxin.core.step.capacity import Capacity
from lianxin.core.step.event import BY_ITSELF, KERNEL, Deed, kernel_change
from lianxin.core.step.hands import comes_back, never_both
from lianxin.core.step.order import Hand, Order
from lianxin.core.step.pair import crew_of
from lianxin.core.step.press import Press
from lianxin.core.step.refused import Refused
from lianxin.core.step.seen import askers
from lianxin.core.step.swap import asked_parties, settle, taking
from lianxin.core.step.who import Who

if TYPE_CHECKING:
    from lianxin.core.step.family import Family

HANDED = "handed"


def in_hand(page: Page, order: Order, who: str) -> Iterator[Hand]:
    """Where somebody is bound to work that lies ahead."""
    aside = askers(page)
    if step := taking(page):
        aside |= {step.swaps or "", *asked_parties(page, step)}
    for hand in order.hands:
        rule = page.parties.get(hand.name)
        if rule is None or hand.who != who or hand.veiled or hand.name in aside:
            continue
        if rule.holds == "person" and rule.sees and comes_back(page, order.state, hand.name):
            yield hand


def hand_over(
    family: Family, id: str, old: str, new: str, by: Who, now: datetime, act: str = ""
) -> bool | None:
    """One event that puts `new` where `old` was. True: all of it went over. False: something stays,
    because `new` may not hold it. None: there was nothing in hand."""
    with Press(family, act):
        family.let_time(id, now, now)
        order = family.orders[id]
        page = family.page(order)
        held = list(in_hand(page, order, old))
        draft = order.copy()
        went = [hand.name for hand in held if moved(family, page, draft, hand, new)]
        if went:
            settle(page, draft)
            grant = by.grants[0] if by.grants else None
            cap = Capacity(grant.role, grant) if grant else BY_ITSELF
            deed = Deed(HANDED, now, now, family.act, by.id or KERNEL, cap)
            words = tuple(f"notify {name}" for name in went)
            given = {name: [new] for name in went}
            family.write(kernel_change(order, draft, deed, given, words))
    return len(went) == len(held) if held else None


def moved(family: Family, page: Page, draft: Order, hand: Hand, new: str) -> bool:
    """Puts one hand over on the draft where the page lets that person hold it."""
    rule, order = page.parties[hand.name], draft
    if order.holds(hand.name, new) or not may_hold(family, page, order, hand, new):
        return False
    rest = draft.copy()
    rest.hands = tuple(h for h in draft.hands if h != hand)
    fresh = replace(hand, who=new, since=order.nth + 1)
    try:
        kept = never_both(family.rules, page, rest, fresh)
    except Refused:
        return False
    others = kept if rule.many else tuple(h for h in kept if h.name != hand.name)
    draft.hands = (*others, fresh)
    return True


def may_hold(family: Family, page: Page, order: Order, hand: Hand, new: str) -> bool:
    """One of those the party is among, and vetted where two vetted people go."""
    rule, rules = page.parties[hand.name], family.rules
    if rule.among and rules.among:
        role, _, party = rule.among.partition(" of ")
        if not rules.among(role, frozenset(order.ids(party)), new):
            return False
    if hand.name == crew_of(page) and family.two_go(order) and rules.vetted:
        return bool(rules.vetted(frozenset({new})))
    return True
