"""What must hold before a step is taken, each guard a function of its own."""

from __future__ import annotations

from collections.abc import Callable

from lianxin.core.clock import due
from lianxin.core.flow.page import Page
from lianxin.core.step.order import Order
from lianxin.core.step.pair import two_vetted
from lianxin.core.step.refused import Refused
from lianxin.core.step.scene import Scene, leads, listed
from lianxin.core.step.tally import scope


def holds(page: Page, order: Order, party: str) -> str:
    """Persons and units have keys of their own: 7 the person is not 7 the unit."""
    return page.about if party == "subject" else page.parties[party].holds


def barred(order: Order, party: str) -> set[str]:
    if party == "subject":
        return {order.subject} if order.subject else set()
    return order.ids(party)


def not_interested(scene: Scene) -> None:
    """Neither the actor, nor the actor's units, nor whoever is being cast may be one of these; nor
    may, by a post that is stood in for, whoever holds it."""
    if not scene.step.bars:
        return
    touched = {"person": {scene.who.id}, "unit": set(scene.who.units)}
    if (grant := scene.cap.grant) and grant.behalf:
        touched["person"].add(grant.behalf)
        touched["unit"].update(grant.away)
    for party in scene.step.casts:
        if party in scene.step.asked:
            kind = holds(scene.page, scene.order, party)
            touched[kind] |= {str(v) for v in listed(scene.given.get(party))}
    for party in scene.step.bars:
        kind = holds(scene.page, scene.order, party)
        if barred(scene.order, party) & touched.get(kind, set()):
            raise Refused("interested", party=party)


def among_them(scene: Scene) -> None:
    """Who is named must be one of those the form offers: `member of unit`."""
    if scene.rules.among is None:
        return
    for name, value in scene.given.items():
        rule = scene.page.field(name).among
        if not rule:
            continue
        role, _, party = rule.partition(" of ")
        units = frozenset(scene.order.ids(party) | {*map(str, listed(scene.given.get(party)))})
        for one in listed(value):
            if not scene.rules.among(role, units, one):
                raise Refused("not_among", field=name, who=one, among=rule)


def not_asked_twice(scene: Scene) -> None:
    for name in scene.step.opens:
        if name in scene.step.closes:
            continue
        if any(k.paper and not k.ended for k in scene.round_kids(name)):
            raise Refused("already_asked", child=name)


def not_too_often(scene: Scene) -> None:
    rule, found = scene.step.at_most, scope(scene)
    if rule is None or found is None:
        return
    key, across = found
    times = scene.rules.tallies(key) if across else scene.order.tallies.get(key, 0)
    if times >= rule.number:
        raise Refused("too_often", most=rule.number)


def not_overdue(scene: Scene) -> None:
    """A limit that stands still has run out if it was late when it stopped."""
    running = scene.order.limits.get(scene.step.before) if scene.step.before else None
    if running is None:
        return
    late = running.due < scene.at if running.due else min((running.left or {"": 0}).values()) < 0
    if late:
        raise Refused("overdue", limit=scene.step.before, due=running.due)


def in_window(scene: Scene) -> None:
    if scene.step.window and scene.order.entered:
        ends = due(scene.order.entered, scene.step.window, scene.rules.calendar).due
        if scene.at > ends:
            raise Refused("window_closed", ended=ends)


def has_children(scene: Scene) -> None:
    """At least one of that name in this round (a void one was never there); with `children`: and
    all have ended."""
    step = scene.step
    for name in (step.has, step.children):
        if name and all(k.void for k in scene.round_kids(name)):
            raise Refused("no_children", child=name)
    if step.children and any(not k.ended for k in scene.round_kids(step.children)):
        raise Refused("children_open", child=step.children)


def has_quorum(scene: Scene) -> None:
    rule = scene.step.quorum
    if rule is None:
        return
    hands = [h for h in scene.order.party(rule.party) if not h.veiled]
    if rule.by == "as":
        present = {h.capacity for h in hands}
    elif rule.by == "unit" and scene.page.parties[rule.party].holds == "person":
        present = {h.unit for h in hands if h.unit}
    else:
        present = {h.who for h in hands}
    if len(present) < rule.at_least:
        raise Refused("no_quorum", party=rule.party, now=len(present), need=rule.at_least)


def children_done(scene: Scene) -> None:
    """A case may not end while a child that is waited for is open."""
    step = scene.step
    to = leads(step, scene.given)
    if not to or not scene.page.states[to].final:
        return
    if any(k.waits and not k.ended and k.name not in step.closes for k in scene.kids):
        raise Refused("children_open")


def target_fits(scene: Scene) -> None:
    if scene.step.joins and scene.target:
        raise scene.target


def may_be_lifted(scene: Scene) -> None:
    """A person is told that there is no desk further up; time does not try (see `limits`)."""
    order, levels = scene.order, scene.step.lifts
    if not levels or scene.who.kernel:
        return
    if order.desk not in order.desks:
        raise Refused("top")
    if not 0 <= order.desks.index(order.desk) + levels < len(order.desks):
        raise Refused("top" if levels > 0 else "bottom")


GUARDS: tuple[Callable[[Scene], None], ...] = (
    among_them,
    two_vetted,
    not_asked_twice,
    not_interested,
    not_too_often,
    not_overdue,
    in_window,
    has_children,
    has_quorum,
    children_done,
    target_fits,
    may_be_lifted,
)
