"""What may be pressed on an order: what carries it on, other moves, notes, and taking it back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

from lianxin.core.flow.page import Step
from lianxin.web.order.notes import NOTES, one_note
from lianxin.web.order.seen import Seen
from lianxin.web.order.telling import Told
from lianxin.web.words import say, speak

UNDO_FOR = timedelta(hours=24)  # the kernel asks only whether anybody acted; a button asks for less
JUST_NOW = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Verb:
    """One thing to press: a link where something is asked, else a form of its own."""

    name: str
    words: str
    asks: bool
    note: bool
    key: str = ""  # of a press: pressed twice it is one


def verb(step: Step) -> Verb:
    words = say("orders.reads.write") if step.name in NOTES else speak(step.words)
    key = str(uuid4()) if step.one_press else ""
    return Verb(step.name, words, not step.one_press, step.to is None and not step.casts, key)


def verbs(seen: Seen) -> dict[str, Any]:
    """main: what carries it on · more: other moves · notes: what changes no turn."""
    steps = [b.step for b in seen.sheet.buttons if not b.step.picture]  # these begin at a photo
    mine = [b.step for b in seen.sheet.buttons if b.main]
    mine = mine or [s for s in steps if s.to and any(" of " in by for by in s.by)]
    main = min(mine, key=lambda step: _onward(seen, step), default=None)
    rest = [verb(s) for s in one_note(steps) if s is not main]
    return {
        "main": verb(main) if main else None,
        "more": [v for v in rest if not v.note],
        "notes": [v for v in rest if v.note],
    }


def _onward(seen: Seen, step: Step) -> tuple[bool, bool, int]:
    """Forward to the next state before backward, and an end only where nothing else is."""
    order, state = list(seen.page.states), seen.order.state
    here = order.index(state) if state in order else 0
    ahead = [order.index(s) - here for s in (step.to.states if step.to else ())]
    forward = [n for n in ahead if n > 0]
    final = all(seen.page.states[s].final for s in (step.to.states if step.to else ()))
    return not forward, final, min(forward, default=len(order))


def undoable(seen: Seen, last: Told) -> Told | None:
    """The last event, while its doer may still take it back: theirs, a step, not the filing."""
    entry = seen.telling.entries[0]
    fresh = seen.now - entry.recorded < UNDO_FOR
    step = seen.page.steps.get(entry.verb)
    mine = last.mine and last.nth > 1 and step is not None and not step.erases
    mine = mine and last.nth == seen.order.nth  # nothing since, not even what others alone read
    return last if mine and fresh and seen.sheet.who.id else None


def just(seen: Seen) -> str:
    """What was done a moment ago, "" if nothing."""
    entry = seen.telling.entries[0]
    return speak(entry.words) if seen.now - entry.recorded < JUST_NOW else ""
