"""Whom a step binds and lets go, and when many hands together make one move.

Each function writes on the draft of the order that the step makes.
"""

from __future__ import annotations

from lianxin.core.flow.page import BARRED, Page
from lianxin.core.step.house import house
from lianxin.core.step.order import Hand, Order
from lianxin.core.step.refused import Refused
from lianxin.core.step.rules import Rules
from lianxin.core.step.scene import Scene, listed
from lianxin.core.step.swap import give_up_seat

NOBODY = frozenset({"", "clock", "child", "join"})  # the kernel's own hands are nobody's


def act(scene: Scene, draft: Order, nth: int) -> bool:
    """Lay, clear, drop and cast. Returns whether this hand moves the order.

    Of hands that are counted only the completing one does the rest; of seats each acts at once,
    and the one that fills the last seat moves.
    """
    step = scene.step
    if step.count or step.each:
        same_as_before(scene)
        lay(scene, draft, nth)
        if not complete(scene, draft):
            return False
    let_go(scene, draft)
    give_up_seat(scene.page, step, draft, scene.given)
    left = room(scene, draft)
    if left is not None and left <= 0:
        raise Refused("too_late", seats=step.seats)
    for party in step.casts:
        ids = cast_values(scene, party)
        bind(scene, draft, party, ids, nth)
        left = None if left is None else left - len(ids)
    if left is not None and left < 0:
        raise Refused("too_late", seats=step.seats)
    return left is None or step.seats_of_parent or left == 0


# ── many hands make one move ─────────────────────────────────────────────────────────────────────


def same_as_before(scene: Scene) -> None:
    order, step = scene.order, scene.step
    if scene.dry or not order.party(step.name):
        return
    for name in step.same:
        if order.fields.get(name) != scene.given.get(name):
            raise Refused("differs", field=name)


def lay(scene: Scene, draft: Order, nth: int) -> None:
    """One hand a person over all steps of this state that count; with `each` one a party too."""
    step, who = scene.step, scene.who
    rivals = {step.name}
    if step.count:
        state = scene.order.state
        rivals = {s.name for s in scene.page.steps.values() if s.count and state in s.sources}
    for hand in draft.hands:
        if hand.name not in rivals:
            continue
        if hand.who == who.id or (step.each and hand.capacity == scene.cap.name):
            raise Refused("twice")
    hand = Hand(step.name, who.id, scene.cap.name, nth, unit=scene.unit)
    draft.hands = (*draft.hands, hand)


def complete(scene: Scene, draft: Order) -> bool:
    laid = draft.party(scene.step.name)
    if scene.step.count:
        return len(laid) >= scene.step.count
    return {h.capacity for h in laid} >= set(scene.step.each)


# ── seats ────────────────────────────────────────────────────────────────────────────────────────


def room(scene: Scene, draft: Order) -> int | None:
    """Seats left on this order, or over all children of its parent; None where none are counted."""
    step = scene.step
    if step.seats is None:
        return None
    if step.seats_of_parent and scene.parent:
        others = (o for o in scene.siblings if o.id != draft.id and o.state != "void")
        seats, sharing = scene.parent.fields.get(step.seats), [draft, *others]
    else:
        seats, sharing = draft.fields.get(step.seats), [draft]
    return int(seats or 0) - sum(len(o.party(step.casts[0])) for o in sharing)


# ── binding and letting go ───────────────────────────────────────────────────────────────────────


def let_go(scene: Scene, draft: Order) -> None:
    """`clears` empties parties, `drops` takes one out (the named, else the actor)."""
    step = scene.step
    if not step.clears and not step.drops:
        return
    hands = tuple(h for h in draft.hands if h.name not in step.clears)
    for party in step.drops:
        if scene.dry and party in step.asked:
            continue
        leavers = {str(v) for v in listed(scene.given.get(party, scene.who.id))}
        if missing := leavers - {h.who for h in hands if h.name == party}:
            raise Refused("not_cast", party=party, who=min(missing))
        hands = tuple(h for h in hands if not (h.name == party and h.who in leavers))
    draft.hands = hands


def cast_values(scene: Scene, party: str) -> list[str]:
    """Who is bound: the answer where the step asks, else the actor (or the actor's unit)."""
    if party in scene.step.asked:
        return [str(v) for v in listed(scene.given.get(party))]
    if scene.page.parties[party].holds == "person":
        return actor(scene)
    if scene.unit is None:
        raise Refused("no_unit", party=party)
    return [scene.unit]


def actor(scene: Scene) -> list[str]:
    """Whoever has no account may file, but takes nobody's seat. Raises Refused("no_account")."""
    if scene.who.id not in NOBODY:
        return [scene.who.id]
    if not scene.step.door and scene.who.kernel is None:
        raise Refused("no_account")
    return []


def bind(scene: Scene, draft: Order, party: str, ids: list[str], nth: int) -> None:
    """Of one alone the last stands: whoever is named again has it anew."""
    page, rule = scene.page, scene.page.parties[party]
    by_actor = party not in scene.step.asked and rule.holds == "person"
    for one in ids:
        if rule.many and draft.holds(party, one):
            raise Refused("already", party=party, who=one)
        hand = Hand(party, one, scene.cap.name, nth, unit=scene.unit if by_actor else None)
        draft.hands = never_both(scene.rules, page, draft, hand)
        if not rule.many:
            draft.hands = tuple(h for h in draft.hands if h.name != party)
        draft.hands = (*draft.hands, hand)


def never_both(rules: Rules, page: Page, order: Order, hand: Hand) -> tuple[Hand, ...]:
    """Who stays beside a hand that is laid. Parties that are kept apart may not coincide, whichever
    of the two was there first; where one of them does not see the order, nor may any unit of its
    house. From whom it was taken already, and who only reads why, makes way for that."""
    mine, stay = page.parties[hand.name], order.hands
    for name, rule in page.parties.items():
        if name not in mine.apart and hand.name not in rule.apart:
            continue
        if BARRED in (mine.index, rule.index):
            if hand.who not in house(rules, frozenset(order.ids(name))):
                continue
            if rule.index == BARRED or comes_back(page, order.state, name):
                raise Refused("same_house", party=hand.name, other=name, who=hand.who)
            stay = tuple(h for h in stay if h.name != name)
        elif order.holds(name, hand.who):
            raise Refused("interested", party=hand.name, who=hand.who)
    return stay


def comes_back(page: Page, state: str | None, party: str) -> bool:
    """Whether an order may be somebody's (again) on some way from here without being given to them
    anew. An order that was handed up is not: its new desk dispatches it first."""
    line = [state] if state in page.states else []
    for here in line:
        if page.states[here].turn == party:
            return True
        for step in page.steps.values():
            if here not in step.sources or party in (*step.casts, *step.clears):
                continue
            if step.to and (party in step.by or step.to.back):
                return True
            onward = (*(step.to.states if step.to else ()), step.if_none)
            line += [s for s in dict.fromkeys(onward) if s and s not in line]
    return not line
