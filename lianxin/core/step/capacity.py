"""In which capacity one may take a step: as a party, by a post in the right place, or anyone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lianxin.core.flow.page import Page, Role, Step
from lianxin.core.step.order import Order
from lianxin.core.step.refused import Refused
from lianxin.core.step.who import Grant, Who

CLERK = "clerk"  # the role by which a unit speaks (docs/kernel.md#parties)
KERNEL = frozenset({"clock", "child", "parent", "join"})


@dataclass(frozen=True, slots=True)
class Capacity:
    """`name` is the entry of `by` that fitted; `grant` the post it rests on, if any."""

    name: str
    grant: Grant | None = None


def reaches(grant: Grant, role: Role, order: Order) -> bool:
    """Whether a post's place covers the order in the way its role asks.

    >>> from lianxin.core.flow.page import Words
    >>> from datetime import date
    >>> o = Order("1", "f", date(2017, 1, 1), path="522632001004", desk="522632001")
    >>> desk = Role("desk", Words("", ""), "at")
    >>> [reaches(Grant("desk", path), desk, o) for path in ("522632001", "522632001004")]
    [True, False]
    """
    if grant.role != role.name:
        return False
    if role.acts == "at":
        return order.desk.startswith(grant.path)
    if role.acts == "above":
        return order.desk.startswith(grant.path) and order.desk != grant.path
    return role.acts == "place" and order.path.startswith(grant.path)


def as_party(order: Order, page: Page, name: str, who: Who) -> Capacity | None:
    """A party by an own hand, by a link, or as clerk of the unit. The blind never act."""
    if not page.parties[name].sees:
        return None
    if who.party:
        return spoken_for(order, page, name, who) if who.party == (order.id, name) else None
    for hand in order.hands:
        if hand.name != name or hand.veiled:
            continue
        if page.parties[name].holds == "person":
            if hand.who == who.id:
                return Capacity(name)
        else:
            for grant in who.grants:
                if grant.role == CLERK and grant.unit == hand.who:
                    return Capacity(name, grant)
    return None


def spoken_for(order: Order, page: Page, name: str, who: Who) -> Capacity | None:
    """As a party without its account. A unit is spoken for only while the order is with it, and the
    event notes it as it does for its clerk."""
    if page.parties[name].holds == "person":
        return Capacity(name)
    held = any(h.name == name and h.who == who.unit and not h.veiled for h in order.hands)
    return Capacity(name, Grant(CLERK, unit=who.unit)) if held else None


def of_party(order: Order, role: str, party: str, who: Who, entry: str) -> Capacity | None:
    units = {h.who for h in order.party(party)}
    for grant in who.grants:
        if grant.role == role and grant.unit in units:
            return Capacity(entry, grant)
    return None


def with_unit(name: str, who: Who) -> Capacity:
    """A clerk's unit is noted, so that a unit can be bound by it."""
    return Capacity(name, next((g for g in who.grants if g.role == CLERK), None))


def fit(
    order: Order, page: Page, entry: str, who: Who, roles: Mapping[str, Role]
) -> Capacity | None:
    """The capacity one entry of `by` gives to this person on this order, if any."""
    if who.kernel or entry in KERNEL:
        return with_unit(entry, who) if entry == who.kernel else None
    if entry == "anyone":
        return with_unit(entry, who)
    if entry in page.parties:
        return as_party(order, page, entry, who)
    role, _, party = entry.partition(" of ")
    if party:
        return of_party(order, role, party, who, entry)
    for grant in who.grants:
        if reaches(grant, roles[entry], order):
            return Capacity(entry, grant)
    return None


def capacity(order: Order, page: Page, step: Step, who: Who, roles: Mapping[str, Role]) -> Capacity:
    """The first entry of `by` that fits. Raises Refused("not_yours")."""
    for entry in step.by:
        if found := fit(order, page, entry, who, roles):
            return for_oneself(page, step, found)
    raise Refused("not_yours", by=step.by)


def for_oneself(page: Page, step: Step, found: Capacity) -> Capacity:
    """Who stands in for a clerk still files for themselves what anyone may file, unless it is their
    unit that is bound by it."""
    if found.name != "anyone" or found.grant is None or found.grant.behalf is None:
        return found
    binds = any(page.parties[p].holds == "unit" for p in step.casts if p not in step.asked)
    return found if binds else Capacity(found.name)


def opened(order: Order, step: Step, who: Who) -> bool:
    """Whether it is open to them at all: a link opens those it was made for, of its own order."""
    if who.only is None:
        return True
    return step.name in who.only and bool(who.party and who.party[0] == order.id)


def never(page: Page, step: Step, who: Who, order: Order, roles: Mapping[str, Role]) -> bool:
    """Whether only posts (or the kernel) may take this step and this person has none that reaches
    the order, or a link does not open it.

    Such a person is told "not yours" whatever the state; a party who may yet be cast is told
    that it is not their turn. A link says "not yours" to whatever it does not open.
    """
    if not opened(order, step, who):
        return True
    by_post = all(entry in roles or entry in KERNEL for entry in step.by)
    return by_post and not any(fit(order, page, e, who, roles) for e in step.by)
