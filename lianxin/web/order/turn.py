"""Whose turn an order is, in the words of its page: a desk's place, a unit's name, the people."""

from __future__ import annotations

from django.utils.safestring import SafeString

from lianxin.orders.book import book
from lianxin.registry.queries import area_at
from lianxin.web.order.seen import Seen
from lianxin.web.templatetags.speech import foreign
from lianxin.web.words import say, say_html


def yours(seen: Seen) -> bool:
    """Whether the reader is the one in turn, and not only somebody who may act instead."""
    state = seen.page.states.get(seen.order.state or "")
    held = bool(state and state.turn in seen.telling.held)
    return held and any(b.main for b in seen.sheet.buttons)


def turn(seen: Seen) -> SafeString | str:
    state = seen.page.states.get(seen.order.state or "")
    if state is None or state.final:
        return say("orders.turn.closed")
    if state.turn == "children":
        return say("orders.turn.children", n=sum(o.open for o in seen.children))
    if state.turn == "clock":
        return say("orders.turn.clock")
    return say_html("orders.turn.of", who=whose(seen))


def whose(seen: Seen) -> SafeString:
    """Whoever must act now."""
    name = seen.page.states[seen.order.state or ""].turn or ""
    if name in seen.page.parties:
        party = seen.page.parties[name]
        return seen.party(name) or say_html("orders.turn.nobody", party=party.words)
    role = book().roles[name]
    key = "above" if role.acts == "above" else "at_desk"
    return say_html(f"orders.turn.{key}", place=foreign(_desk(seen)), role=role.words)


def _desk(seen: Seen) -> str:
    names, desk = {a.path: a.name for a in seen.places}, seen.order.desk
    if desk not in names and (area := area_at(desk, seen.today)):
        return str(area.name)
    return names.get(desk, "")


def others(seen: Seen) -> SafeString | str:
    """Who else must act, beside the reader whose turn it is."""
    name = seen.page.states[seen.order.state or ""].turn or ""
    alone = {h.who for h in seen.order.party(name)} == {seen.sheet.who.id}
    return "" if alone else whose(seen)
