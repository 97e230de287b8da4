"""`/pool`: what a member of a unit may take, the nearest first, and what they have taken."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from lianxin.core.flow.page import Step
from lianxin.orders.book import categories
from lianxin.orders.queries import Row, mine, pool, rows
from lianxin.registry.queries.nearby import Nearby
from lianxin.web.access import access
from lianxin.web.cards import Card, card, kind_of, press, steps_for, wished
from lianxin.web.posts import reading
from lianxin.web.words import say

MEMBER = ("member",)
MOST = 100  # cards of one list; nobody walks further
TITLE = 64  # characters: whoever chooses reads more than whoever dispatches


@access(*MEMBER)
def taking(request: HttpRequest) -> HttpResponse:
    """What the unit has open, nearest to the member's own grid first."""
    read, now = reading(request, MEMBER), timezone.now()
    near, who = Nearby(request.user), request.who  # type: ignore[attr-defined]
    offered = rows(near.first(pool(read.grant, who)), now, limit=MOST, whole=True)
    own = rows(mine(who).filter(open=True), now, limit=MOST, whole=True)
    near.look(r.path for r in (*offered, *own))
    own = [r for r in own if taken(r, who.id)]
    return render(request, "lists/pool.html", {
        **read.facts, "title": say("lists.pool.title"),
        "cards": [on_offer(r, near) for r in offered if to_take(r)],
        "mine": sorted((in_hand(r, who.id, near) for r in own), key=lambda c: c.main is None),
    })  # fmt: skip


def on_offer(row: Row, near: Nearby) -> Card:
    step = to_take(row)
    words, when = wished(row.text)
    notes = [seats(row, step), say("lists.pool.when", when=when) if when else "", skill(row, near)]
    return fitted(row, words, notes, near, main=press(row, step))


def in_hand(row: Row, me: str, near: Nearby) -> Card:
    """What I have taken: the step that carries it on under the thumb, the others behind ⋯."""
    words, when = wished(row.text)
    notes = [seats(row, to_take(row)), say("lists.pool.when", when=when) if when else ""]
    steps = steps_for(row, taken(row, me))
    onward = [s for s in steps if s.to and not s.drops]
    main = onward[0] if onward else None
    return fitted(
        row, words, notes, near,
        main=press(row, main) if main else None,
        more=tuple(press(row, s) for s in steps if s is not main and (s.to or s.drops)),
    )  # fmt: skip


def fitted(row: Row, words: str, notes: list[str], near: Nearby, **more: Any) -> Card:
    told = " ".join(words.split())
    title = {"title": told[:TITLE] + ("…" if len(told) > TITLE else "")} if told else {}
    notes = [kind_of(row), *notes]
    return card(row, edge=far(near, row.path), notes=tuple(n for n in notes if n), **title, **more)


def far(near: Nearby, path: str) -> str:
    """`650 m` or `2.4 km` from grid to grid, "" where it is not known."""
    metres = near.metres(path)
    if metres is None:
        return ""
    if metres == 0:
        return say("lists.pool.here")
    return f"{round(metres, -1):.0f} m" if metres < 1000 else f"{metres / 1000:.1f} km"


def to_take(row: Row) -> Step | None:
    """The step by which a member takes a seat of this order, as its page has it."""
    found = (s for s in row.page.steps.values() if s.seats and row.state in s.sources)
    return next((s for s in found if any(by.startswith("member of ") for by in s.by)), None)


def seats(row: Row, step: Step | None) -> str:
    """How many are still wanted; "" where the number of seats stands elsewhere."""
    whole = row.order.fields.get(step.seats) if step and row.order and step.seats else None
    if not whole or not step or not row.order:
        return ""
    left = int(whole) - len(row.order.party(step.casts[0]))
    return say("lists.pool.seats", left=left, whole=int(whole)) if left > 0 else ""


def taken(row: Row, me: str) -> set[str]:
    """The parties in which this person holds a seat."""
    cast = {p for s in row.page.steps.values() if s.seats for p in s.casts}
    hands = row.order.hands if row.order else ()
    return {h.name for h in hands if h.who == me and h.name in cast}


def skill(row: Row, near: Nearby) -> str:
    """The skill that fits, if the member has named it."""
    table = categories().on(timezone.localdate(row.filed)).categories
    fits = near.fits(table[row.category].skills if row.category in table else ())
    return say("lists.pool.skill", skill=fits) if fits else ""
