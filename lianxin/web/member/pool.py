"""`/pool`: what a member of a unit may take, the nearest first, and what they have taken."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lianxin.core.step.who import Grant, Who
from lianxin.orders import served as kept
from lianxin.orders.models import Order
from lianxin.orders.phones import askable
from lianxin.orders.queries import mine, pool, rows
from lianxin.orders.queries.first import own_rows
from lianxin.orders.queries.offers import offers
from lianxin.orders.queries.together import together
from lianxin.orders.sight import OrderQuerySet
from lianxin.orders.wished import WHENS, suiting
from lianxin.registry.queries.nearby import Nearby, nearest
from lianxin.web.access import access
from lianxin.web.member import seats
from lianxin.web.posts import reading
from lianxin.web.words import say

MEMBER = ("member",)
LISTED = 200  # orders behind a sum of hours
MOST = 100  # cards of one list; nobody walks further


@access(*MEMBER)
def taking(request: HttpRequest) -> HttpResponse:
    """What the unit has open, nearest to the member's own grid first."""
    read, now = reading(request, MEMBER), timezone.now()
    near, who = Nearby(request.user), request.who  # type: ignore[attr-defined]
    when = asked if (asked := request.GET.get("when", "")) in WHENS else ""
    if when:
        seen = suiting(pool(read.grant, who), when, timezone.localdate(now))
        offered = rows(nearest(seen, near.home), now, limit=MOST, whole=True)
    else:
        offered = own_rows(near_first, read.grant, who, near.home, now, limit=MOST)
    own = own_rows(in_hand, read.grant, who, "", now, limit=MOST)
    asked = rows(offers(read.grant, who), now, limit=MOST, whole=True)
    near.look(r.path for r in (*offered, *own, *asked))
    own = [r for r in own if seats.taken(r, who.id)]
    phones = askable(own, who)
    two = together(offered)
    held = [seats.in_hand(r, who.id, near, r.id in phones) for r in own]
    return render(request, "lists/pool.html", {
        **read.facts, "title": say("lists.pool.title"), "when": when,
        "whens": [(name, say(f"wishes.chip.{name or 'any'}")) for name in ("", *WHENS)],
        "asked": [seats.to_relieve(r, near) for r in asked if seats.may_relieve(r, who.id)],
        "cards": [seats.on_offer(r, near, r.id in two) for r in offered if seats.to_take(r)],
        "hours": served(int(who.id), timezone.localdate(now)),
        "mine": sorted(held, key=lambda c: c.main is None),
    })  # fmt: skip


def near_first(grant: Grant, who: Who, home: str) -> OrderQuerySet:
    return nearest(pool(grant, who), home)


def in_hand(grant: Grant, who: Who, home: str) -> OrderQuerySet:
    return mine(who).filter(open=True)


def served(person: int, today: date) -> list[tuple[str, str, float]]:
    """One's own hours: (span, its name, how many)."""
    found = kept.totals(person, today)
    return [(span, say(f"hours.{span}"), n) for span, n in found.items()]


@access("person")
@never_cache
@require_safe
def hours(request: HttpRequest) -> HttpResponse:
    """The orders behind one's own hours; nobody else's are anywhere."""
    now, who = timezone.now(), request.who  # type: ignore[attr-defined]
    asked = request.GET.get("of", "")
    span = asked if asked in kept.SPANS else kept.SPANS[0]
    today = timezone.localdate(now)
    found = kept.of_orders(int(who.id), span, today, LISTED)
    served_in = Order.objects.filter(pk__in=[order for order, *_ in found])
    numbers = dict(served_in.values_list("pk", "number"))
    seen = rows(served_in.visible_to(who), now, limit=LISTED)
    words = {row.number: row.text for row in seen}  # of what one may still open
    told = [(numbers[o], words.get(numbers[o]), n, day) for o, n, day in found]
    facts = {"rows": told, "span": span, "hours": served(int(who.id), today)}
    return render(request, "lists/hours.html", facts)
