"""Who sees an order: the only door to rows, for pages, searches, exports and the API alike."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache
from uuid import UUID

from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q, Value
from django.db.models.functions import Left

from lianxin.core.flow.page import BARRED
from lianxin.core.step.capacity import CLERK
from lianxin.core.step.who import Grant, Who
from lianxin.orders.book import book
from lianxin.orders.house import house
from lianxin.orders.rows import pooled

MEMBER = "member"
LEVELS = (4, 6, 9, 12, 18)  # lengths of paths with an index of their own


def hands(**fits: object) -> Exists:
    from lianxin.orders.models import Hand

    return Exists(Hand.objects.filter(order=OuterRef("pk"), until=None, veiled=False, **fits))


class OneOf(Func):
    """`who = ANY('{1,2}')`: the same statement however many there are. `of`: the type of each."""

    template = "%(expressions)s::%(of)s[])"
    arg_joiner = " = ANY("
    output_field = models.BooleanField()


def in_brackets(units: Iterable[str]) -> str:
    """
    >>> in_brackets({"12", "7"})
    '{7,12}'
    """
    keys = ",".join(str(n) for n in sorted(map(int, units)))
    return f"{{{keys}}}"


def clear_of(units: tuple[str, ...]) -> Q:
    """What is not kept from the house of these units, nor a child of what is.

    Whoever belongs to no unit is asked nothing. For the others the few rows that name their house
    are read once by the index of hands, and no order of the list is opened for it.
    """
    from lianxin.orders.models import Hand

    if not units:
        return Q()
    mine = OneOf(F("who"), Value(in_brackets(house(units))), of="bigint")
    kept = Hand.objects.filter(mine, holds=BARRED, until=None).values("order")
    return ~Q(pk__in=kept) & ~Q(parent__in=kept)


def seen_by(grant: Grant) -> Q:
    """What one grant shows its holder: what it opens to anybody, but nothing that is kept from a
    unit they belong to, by this post or by another, or from a unit of whom they stand in for."""
    return opened_by(grant) & clear_of(kept_off(grant))


def opened_by(grant: Grant) -> Q:
    """What one grant opens. A unit's clerk sees what the unit is party to, a member what is open
    to be taken; a post at a place sees the place, behind a wall only the desk in charge."""
    if grant.unit:
        mine = Q(hands(holds="unit", who=int(grant.unit)))
        return mine if grant.role == CLERK else mine & Q(pool=True)
    role = book().roles.get(grant.role)
    if role is None:
        return Q(pk__in=())
    found = turned_to(grant)
    if role.sees:
        found |= Q(wall="place") & (Q(path__startswith=grant.path) | further(grant.path))
        if role.acts == "at":
            found |= Q(wall="desk", desk=grant.path)
    return found


def waiting(grant: Grant) -> Q:
    """What waits for the holder of this post, who need not stand aside."""
    return turned_to(grant) & clear_of(kept_off(grant))


def kept_off(grant: Grant) -> tuple[str, ...]:
    """Units whose complaints this post does not show its holder."""
    return tuple(dict.fromkeys((*grant.units, *grant.away)))


def turned_to(grant: Grant) -> Q:
    """What waits for a post: whoever must act sees it, whatever the wall.

    A role that acts at its desk answers for that desk alone, one that acts above for all desks
    below it, a unit's clerk for what binds the unit.
    """
    if grant.unit:
        return Q(hands(holds="unit", who=int(grant.unit)), turn__in=unit_parties())
    role = book().roles[grant.role]
    if role.acts == "place":
        return Q(path__startswith=grant.path, open=True, turn=grant.role)
    at = Q(desk=grant.path) if role.acts == "at" else Q(desk__startswith=grant.path)
    return at & Q(open=True, turn=grant.role)


def unit_parties() -> list[str]:
    """Names of the parties that are held by units, over all pages."""
    pages = (page for dated in book().pages.values() for page in dated.values())
    return sorted({n for page in pages for n, p in page.parties.items() if p.holds == "unit"})


def further(path: str) -> Q:
    """Orders that belong to this place beside their own: a park, a second grid of the building."""
    from lianxin.orders.models import OrderPath

    return Q(Exists(OrderPath.objects.filter(order=OuterRef("pk"), path__startswith=path)))


@cache
def anyones() -> tuple[tuple[str, date, tuple[str, ...]], ...]:
    """(flow, since, states) in which some step may be taken by anyone; read once, like the book."""
    found = []
    for page in (page for dated in book().pages.values() for page in dated.values()):
        steps = (s for s in page.steps.values() if "anyone" in s.by)
        if states := {state for step in steps for state in step.sources}:
            found.append((page.flow, page.since, tuple(sorted(states))))
    return tuple(found)


def open_to_all() -> Q:
    """Orders that anyone may press though only some may read them: an activity to sign up for."""
    found = Q(pk__in=())
    for flow, since, states in anyones():
        found |= Q(flow=flow, since=since, state__in=states)
    return found


@cache
def members_states() -> Q:
    """The states in which members of a unit may take a step, over all pages; read once."""
    found = Q(pk__in=())
    for page in (page for dated in book().pages.values() for page in dated.values()):
        if states := sorted(state for state in page.states if pooled(page, state)):
            found |= Q(flow=page.flow, since=page.since, state__in=states)
    return found


def just_filled(who: Who) -> Q:
    """Where members may take a step, though all seats may be taken by now: whoever presses a moment
    too late is told so. They do not read it."""
    found = Q(pk__in=())
    for grant in who.grants:
        if grant.unit and grant.role != CLERK:
            mine = Q(hands(holds="unit", who=int(grant.unit)))
            found |= mine & members_states() & clear_of(grant.away)
    return found & clear_of(who.units)


def sight(who: Who) -> Q:
    """All that a person may see, by every grant and every party they are. Who stands aside still
    sees what they asked for themselves."""
    if who.party:
        return spoken_of(who)
    found = Q(pk__in=())
    for grant in who.grants:
        found |= opened_by(grant) & clear_of(grant.away)
    found &= clear_of(who.units)
    if who.id:
        found |= Q(hands(holds="person", who=int(who.id)))
    return found


def spoken_of(who: Who) -> Q:
    """The one order of whoever speaks for a party of it. A unit is shown it for as long as it is
    open and with that unit, and never what is kept from its house."""
    assert who.party
    found = Q(pk=UUID(who.party[0]))
    if who.unit is None:
        return found
    return found & Q(hands(holds="unit", who=int(who.unit)), open=True) & clear_of(who.units)


class OrderQuerySet(models.QuerySet):
    """Rows of orders. Whatever shows any begins with `visible_to` or `of_grant`."""

    def visible_to(self, who: Who) -> OrderQuerySet:
        """Guards single rows, searches and links: all grants at once."""
        return self.filter(sight(who))

    def within_reach(self, who: Who) -> OrderQuerySet:
        """Guards presses: what one sees, and what is open to all. Who presses need not read."""
        return self.filter(sight(who) | just_filled(who) | open_to_all())

    def just_filled_for(self, who: Who) -> OrderQuerySet:
        """What a member could have taken a seat in, but for who was faster."""
        return self.filter(just_filled(who))

    def of_grant(self, grant: Grant) -> OrderQuerySet:
        """A list is read under one grant at a time, each by one index."""
        if grant.unit or not grant.path:
            return self.filter(seen_by(grant))
        level = len(grant.path)
        found = self
        if level in LEVELS and grant.path[:1].isdigit():
            found = found.alias(at_level=Left("path", level)).filter(at_level=grant.path)
        else:
            found = found.filter(path__startswith=grant.path)
        return found.filter(seen_by(grant))

    def open_under(self, grant: Grant) -> OrderQuerySet:
        """What a grant shows and has not ended: by the index of open orders, which stays small
        however many have ended."""
        found = self.filter(seen_by(grant), open=True)
        return found if grant.unit else found.filter(path__startswith=grant.path)
