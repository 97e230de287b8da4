"""What a step makes of an order: answers, hands, desk, round, limits, and the state it enters.

Each function writes on the draft of the order that the step makes.
"""

from __future__ import annotations

from lianxin.core.step.given import erasable
from lianxin.core.step.hands import act as lay_hands
from lianxin.core.step.limits import enter, extend
from lianxin.core.step.order import Order
from lianxin.core.step.pair import stay_two
from lianxin.core.step.refused import Refused
from lianxin.core.step.scene import Scene, leads
from lianxin.core.step.swap import settle
from lianxin.core.step.tally import scope


def write_on(scene: Scene, draft: Order) -> bool:
    """Write the step on the draft. Returns whether it was the hand that moves."""
    draft.at = scene.at
    keep_answers(scene, draft)
    stay_two(scene, draft)
    moved = lay_hands(scene, draft, scene.order.nth + 1)
    if moved or scene.step.seats:
        count_it(scene, draft)
    if moved:
        lift(draft, scene.step.lifts)
        conclude(scene, draft)
        touch_limits(scene, draft)
    to, back = destination(scene, draft, moved)
    if to:
        go(scene, draft, to, back)
    settle(scene.page, draft)
    return moved


def keep_answers(scene: Scene, draft: Order) -> None:
    """Answers stay with the order, but for parties (its hands), what may be erased, and the photo
    that was painted over: that is a matter of the photo."""
    page = scene.page
    kept = {
        name: value for name, value in scene.given.items()
        if name not in page.parties and not erasable(page, name) and name != scene.step.picture
    }  # fmt: skip
    if kept:
        draft.fields = {**draft.fields, **kept}
    if "place" in kept and scene.rules.places:
        path = scene.rules.places(kept["place"])
        if path is None:
            raise Refused("unknown", field="place", value=kept["place"])
        draft.path, draft.area = path, kept["place"]


def count_it(scene: Scene, draft: Order) -> None:
    counted = scope(scene)
    if counted and not counted[1]:
        key = counted[0]
        draft.tallies = {**draft.tallies, key: draft.tallies.get(key, 0) + 1}


def lift(draft: Order, levels: int) -> None:
    if levels and draft.desk in draft.desks:
        level = draft.desks.index(draft.desk) + levels
        draft.desk = draft.desks[max(0, min(level, len(draft.desks) - 1))]


def conclude(scene: Scene, draft: Order) -> None:
    """Round, veil and outcome. A new round has no outcome yet."""
    step = scene.step
    if step.reopens:
        draft.round, draft.outcome = draft.round + 1, None
    if step.unveils:
        draft.unveiled = True
    if outcome := step.outcome or scene.given.get("outcome"):
        draft.outcome = str(outcome)


def touch_limits(scene: Scene, draft: Order) -> None:
    """Lengthen a limit once, or excuse its overrun in the round that this step belongs to."""
    step = scene.step
    if step.extends and (running := draft.limits.get(step.extends)):
        longer = extend(scene.page.limits[step.extends], draft, running, scene.rules)
        draft.limits = {**draft.limits, step.extends: longer}
    if step.excuses:
        more = ((limit, scene.order.round) for limit in step.excuses)
        draft.excused = tuple(dict.fromkeys((*draft.excused, *more)))


def destination(scene: Scene, draft: Order, moved: bool) -> tuple[str | None, bool]:
    """(state entered, by `back`) or (None, False) where the step is a note or not yet complete."""
    step = scene.step
    if moved and step.if_none and not draft.party(step.drops[0]):
        return step.if_none, False
    if not moved or step.to is None:
        return None, False
    if step.to.back:
        return draft.before, True
    to = leads(step, scene.given)
    return (None, False) if step.seats and to == draft.state else (to, False)


def go(scene: Scene, draft: Order, to: str, back: bool) -> None:
    """A fresh entry: the visit counts up, hands on steps fall, limits begin or end."""
    states, stood = scene.page.states, draft.state
    enter(scene.page, draft, to, scene.at, scene.rules, back, scene.known)
    if states[to].stopped and not (stood and states[stood].stopped):
        draft.before = stood
    draft.state, draft.visit, draft.entered = to, draft.visit + 1, scene.at
    draft.hands = tuple(h for h in draft.hands if h.name in scene.page.parties)
