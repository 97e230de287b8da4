"""Two vetted people where a minor or a home is involved: who takes it, starts it, says it is done.

Which orders these are is told from outside (`Rules.pair`), and so is who is vetted. Whom the rule
is about a page says by its seats: the party of a unit's members that somebody takes a seat in.
"""

from __future__ import annotations

from collections.abc import Iterable

from lianxin.core.flow.page import Page
from lianxin.core.step.order import Order
from lianxin.core.step.refused import Refused
from lianxin.core.step.rules import Rules
from lianxin.core.step.scene import Scene, leads, listed

TWO = 2


def two_vetted(scene: Scene) -> None:
    """A guard like the others (`guards.py`). Time is not refused: what it moved waits for two."""
    crew = crew_of(scene.page)
    if scene.step.alone:
        may_be_eased(scene)
    if scene.step.door or crew is None or not two_go(scene.rules, scene.order, scene.above):
        return
    only_vetted(scene, crew)
    two_seats(scene, crew)
    two_at_work(scene, crew)


def two_go(rules: Rules, order: Order, above: Iterable[Order]) -> bool:
    """Whether two go, for the order's own sake or as a part of what needs them (`above`)."""
    pair = rules.pair
    return pair is not None and any(o.paired or pair(o) for o in (order, *above))


def stay_two(scene: Scene, draft: Order) -> None:
    """Where two were to go they still go, whatever is answered afterwards: another kind of service
    takes nothing away. Only a step of its own does (`alone`)."""
    pair, order = scene.rules.pair, scene.order
    answered = draft.fields is not order.fields
    lost = pair is not None and answered and pair(order) and not pair(draft)
    draft.paired = (order.paired or lost) and not scene.step.alone


def may_be_eased(scene: Scene) -> None:
    """One may go alone again only where nothing that is answered now asks for two."""
    pair, order, above = scene.rules.pair, scene.order, scene.above
    if any(o.paired for o in above) or (pair and any(map(pair, (order, *above)))):
        raise Refused("pair_stands")
    if not order.paired:
        raise Refused("no_pair")


def crew_of(page: Page) -> str | None:
    """The party of a unit's members who do the work, None where a page has none."""
    sat = (p for s in page.steps.values() if s.seats and not s.seats_of_parent for p in s.casts)
    return next((name for name in sat if page.parties[name].among), None)


def work(page: Page, crew: str) -> frozenset[str]:
    """States in which the work is done: those from which the crew says that it is."""
    ends = (s for s in page.steps.values() if s.to and crew in s.by and not s.drops)
    return frozenset(state for step in ends for state in step.sources)


def joining(scene: Scene, crew: str) -> frozenset[str]:
    """Who comes in by this step; nobody yet while the answer is not known."""
    if crew not in scene.step.casts:
        return frozenset()
    if crew in scene.step.asked:
        return frozenset(str(v) for v in listed(scene.given.get(crew)))
    return frozenset({scene.who.id}) if scene.who.id else frozenset()


def only_vetted(scene: Scene, crew: str) -> None:
    """Whoever comes in is vetted today. What the actor is their grants have said already."""
    unknown = joining(scene, crew)
    if scene.who.vetted:
        unknown -= {scene.who.id}
    if unknown and scene.rules.vetted:
        unknown -= scene.rules.vetted(unknown)
    if unknown:
        raise Refused("not_vetted", who=min(unknown))


def two_seats(scene: Scene, crew: str) -> None:
    """Fewer than two seats are not opened."""
    for name in {s.seats for s in scene.page.steps.values() if s.seats and crew in s.casts}:
        asked = scene.given.get(name) if name in scene.step.asked else None
        if asked is not None and asked < TWO:
            raise Refused("pair_seats", need=TWO)


def two_at_work(scene: Scene, crew: str) -> None:
    """The work neither begins nor ends with fewer than two."""
    step, order = scene.step, scene.order
    if scene.who.kernel or step.to is None or step.to.back or step.drops:
        return
    places = work(scene.page, crew)
    ends = crew in step.by and order.state in places
    starts = order.state not in places and leads(step, scene.given) in places
    if not (starts or ends) or (scene.dry and crew in step.casts and crew in step.asked):
        return
    stay = frozenset() if crew in step.clears else order.ids(crew)
    there = stay | joining(scene, crew)
    if starts and step.seats and len(there) < int(order.fields.get(step.seats) or 0):
        return  # a seat among others: the last one begins
    if len(there) < TWO:
        raise Refused("pair_short", now=len(there), need=TWO)
