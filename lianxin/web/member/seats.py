"""An order as a card of `/pool`: open to me, taken by me, or a seat that I may take over."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from lianxin.core.flow.page import Step
from lianxin.core.step import swap
from lianxin.orders.book import categories
from lianxin.orders.queries import Row
from lianxin.registry.queries.nearby import Nearby
from lianxin.web.asking.wishes import of_row
from lianxin.web.desk.cards import Card, card, kind_of, press, steps_for
from lianxin.web.words import say

TITLE = 64  # characters: whoever chooses reads more than whoever dispatches


def on_offer(row: Row, near: Nearby, two_go: bool) -> Card:
    step = to_take(row)
    words, when = of_row(row)
    notes = [
        seats(row, step), say("lists.pool.when", when=when) if when else "", skill(row, near),
        say("vetting.pair") if two_go else "",
    ]  # fmt: skip
    return fitted(row, words, notes, near, main=press(row, step))


def in_hand(row: Row, me: str, near: Nearby, phone: bool) -> Card:
    """What I have taken: the step that carries it on under the thumb, the others behind ⋯."""
    words, when = of_row(row)
    notes = [seats(row, to_take(row)), say("lists.pool.when", when=when) if when else ""]
    steps = steps_for(row, taken(row, me))
    onward = [s for s in steps if s.to and not s.drops]
    offered = (step := swap.taking(row.page)) and step.swaps in taken(row, me)
    notes.append(say("swap.offered") if offered else "")
    main = onward[0] if onward else None
    return fitted(
        row, words, notes, near, phone=phone,
        main=press(row, main) if main else None,
        more=tuple(press(row, s) for s in steps if s is not main and may_press(s, bool(offered))),
    )  # fmt: skip


def may_press(step: Step, offered: bool) -> bool:
    """Moves, and what is done with a seat; an offer is made once."""
    return bool(step.to or step.drops or (step.casts and not offered))


def to_relieve(row: Row, near: Nearby) -> Card:
    """Somebody's seat that I may take over in one press."""
    words, when = of_row(row)
    step = swap.taking(row.page)
    notes = [say("swap.wanted"), say("lists.pool.when", when=when) if when else ""]
    return fitted(row, words, notes, near, main=press(row, step) if step else None)


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


def may_relieve(row: Row, me: str) -> bool:
    step = swap.taking(row.page)
    return bool(step and row.order and swap.open_to(row.page, row.order, step, me))


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
    cast = {p for s in row.page.steps.values() if s.seats or s.swaps for p in s.casts}
    cast |= {s.swaps for s in row.page.steps.values() if s.swaps}
    hands = row.order.hands if row.order else ()
    return {h.name for h in hands if h.who == me and h.name in cast}


def skill(row: Row, near: Nearby) -> str:
    """The skill that fits, if the member has named it."""
    table = categories().on(timezone.localdate(row.filed)).categories
    fits = near.fits(table[row.category].skills if row.category in table else ())
    return say("lists.pool.skill", skill=fits) if fits else ""
