"""Children of an order: opened by a step, told of when they end, void when no longer wanted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from lianxin.core.flow.page import Child, Page
from lianxin.core.step.clockwork import try_again
from lianxin.core.step.event import Deed, kernel_change, voided
from lianxin.core.step.hands import NOBODY
from lianxin.core.step.order import Change, Order
from lianxin.core.step.refused import Refused
from lianxin.core.step.rules import Rules
from lianxin.core.step.scene import listed
from lianxin.core.step.who import Who

if TYPE_CHECKING:
    from lianxin.core.step.family import Family

CHILD = Who("child", kernel="child")


# ── a new order ──────────────────────────────────────────────────────────────────────────────────


def located(
    rules: Rules, given: Mapping[str, Any], path: str, area: str | None
) -> tuple[str, str | None]:
    """(path, area) of the place that is answered, else the ones known without asking."""
    place = given.get("place")
    found = rules.places(str(place)) if place and rules.places else None
    return (found, str(place)) if found else (path, area)


def raised(
    rules: Rules, page: Page, door: str, given: Mapping[str, Any], path: str, area: str | None
) -> tuple[str, str | None, Mapping[str, Any]]:
    """(path, area, answers) of an order that is to stand above the place answered, where its door
    says so: who is below neither sees nor decides it. Raises Refused("top") where nothing is."""
    step = page.steps.get(door)
    if step is None or not step.stands or rules.over is None:
        return path, area, given
    found = rules.over(path, step.stands)
    if found is None:
        raise Refused("top")
    return *found, {**given, "place": found[1]}


def about(page: Page, given: Mapping[str, Any]) -> str | None:
    """What a door's answers name that the order is about: a room, a centre, a building, or a person
    or unit that it binds as a party."""
    fields = [f.name for f in page.fields.values() if f.type == page.about != "place"]
    parties = [p.name for p in page.parties.values() if p.holds == page.about and not p.many]
    return next((str(given[name]) for name in (*fields, *parties) if given.get(name)), None)


def blank(
    family: Family, page: Page, at: datetime, path: str, area: str | None, *,
    parent: Order | None = None, id: str | None = None,
) -> Order:  # fmt: skip
    """An order before its first event. A child has its parent's desk, or its page names one."""
    order = Order(
        id=id or family.rules.new_id(at), flow=page.flow, since=page.since, path=path, desk="",
        area=area,
    )  # fmt: skip
    if parent:
        order.parent, order.in_round, order.subject = parent.id, parent.round, parent.subject
        order.desk, order.desks = parent.desk, parent.desks
    if page.desk or not parent:
        order.desks = family.rules.desks(page, path)
        order.desk = order.desks[0]
    return order


# ── opening ──────────────────────────────────────────────────────────────────────────────────────


def open_all(family: Family, change: Change, child: Child, who: Who, now: datetime) -> None:
    """One child, or one for each value. Raises Refused if its door does not take what it gets."""
    order, at = change.order, change.event.at
    answers = change.event.given | {c.name: c.value for c in change.contents}
    day = at.astimezone(family.rules.calendar.zone).date()
    page = family.rules.book.page(child.flow, day)
    door = next(s for s in page.doors if "parent" in s.by)
    opener = Who(who.id, who.grants, kernel="parent")
    values = listed(gift(family, order, child.each, None, who, answers)) if child.each else [None]
    for one in values:
        given = {}
        for name, source in child.gives:
            value = gift(family, order, source, one, who, answers)
            value = value if page.field(name).many else next(iter(listed(value)), None)
            if value is not None:
                given[name] = value
        path, area = located(family.rules, given, order.path, order.area)
        kid = blank(family, page, at, path, area, parent=order)
        kid.child = child.name
        family.press_on(kid, door.name, opener, given, at, now)


def gift(
    family: Family, order: Order, source: str, one: Any, who: Who, answers: Mapping[str, Any]
) -> Any:
    """What a child's field gets: the `each` value, the actor, who stands in a party, or a field."""
    if source == "each":
        return one
    if source == "actor":
        return None if who.id in NOBODY else who.id
    if party := family.page(order).parties.get(source):
        return [h.who for h in order.party(source) if not (h.veiled and party.sees)]
    return answers.get(source, order.fields.get(source, order.area if source == "place" else None))


# ── arriving in a state ──────────────────────────────────────────────────────────────────────────


def arrive(family: Family, id: str, at: datetime, now: datetime) -> None:
    """Children that have all ended are asked at once; an end voids papers and is told upward."""
    order = family.orders[id]
    page = family.page(order)
    if order.state in page.states and page.states[order.state].turn == "children":
        for child in page.children.values():
            all_ended(family, id, child, at, now)
    order = family.orders[id]
    if family.ended(order):
        void(family, (k for k in family.children(order) if family.paper(k)), at, now)
        tell_parent(family, order, at, now)


def tell_parent(family: Family, order: Order, at: datetime, now: datetime) -> None:
    parent = family.orders.get(order.parent or "")
    if parent is None or order.child is None:
        return
    child = family.page(parent).children[order.child]
    if verb := dict(child.on).get(order.state or ""):
        wake(family, parent.id, verb, at, now, said=True)
    all_ended(family, parent.id, child, at, now)
    try_again(family, parent.id, max(at, family.last(parent.id)), now)


def all_ended(family: Family, id: str, child: Child, at: datetime, now: datetime) -> None:
    order = family.orders[id]
    verb = dict(child.on).get("all")
    if verb is None or order.state not in family.page(order).steps[verb].sources:
        return
    kids = [
        k for k in family.children(order) if k.child == child.name and k.in_round == order.round
    ]
    if kids and all(family.ended(k) for k in kids):
        wake(family, id, verb, at, now)


def wake(
    family: Family, id: str, verb: str, at: datetime, now: datetime, said: bool = False
) -> None:
    """A child's end takes the parent's step; if it no longer fits, the parent says so and stays."""
    mark, when = family.mark(), max(at, family.last(id))
    try:
        family.press_on(family.orders[id], verb, CHILD, {}, when, now)
    except Refused as no:
        family.back_to(mark)
        if said:
            order = family.orders[id]
            deed = Deed("void", when, now, family.act)
            words = {"step": verb, "why": no.code}
            family.write(kernel_change(order, order.copy(), deed, words))


def void(family: Family, orders: Iterable[Order], at: datetime, now: datetime) -> None:
    """End orders, and all beneath them, in the end that is the kernel's alone."""
    for order in list(orders):
        order = family.orders[order.id]
        if not family.ended(order):
            when = max(at, family.last(order.id))
            deed = Deed("void", when, now, family.act)
            family.write(kernel_change(order, voided(order, when), deed, {}))
            void(family, family.children(order), at, now)
