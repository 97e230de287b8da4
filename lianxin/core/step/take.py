"""The one function that decides a step: the order, who presses what, what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from lianxin.core.flow.page import Page, Step
from lianxin.core.step.capacity import Capacity, capacity, never
from lianxin.core.step.chain import digest
from lianxin.core.step.effect import write_on
from lianxin.core.step.event import Deed, event_of
from lianxin.core.step.given import erasable, read_given
from lianxin.core.step.guards import GUARDS
from lianxin.core.step.hands import act as lay_hands
from lianxin.core.step.limits import overrun
from lianxin.core.step.order import Change, Content, Order
from lianxin.core.step.refused import Refused
from lianxin.core.step.rules import Rules
from lianxin.core.step.scene import Kid, Scene
from lianxin.core.step.swap import resolved
from lianxin.core.step.tally import counts
from lianxin.core.step.who import VIA, VOICE, Who


def take(
    page: Page, order: Order, step: Step, who: Who, given: Mapping[str, Any], at: datetime,
    rules: Rules, *, recorded: datetime | None = None, visit: int | None = None, act: str = "",
    kids: Sequence[Kid] = (), siblings: Sequence[Order] = (), parent: Order | None = None,
    target: Refused | None = None, late: str | None = None, above: Sequence[Order] = (),
    known: datetime | None = None,
) -> Change:  # fmt: skip
    """Decide one step. Returns what changes; raises `Refused` and then nothing has.

    Refusals come in this order: not_yours, too_late, out_of_turn, missing and other bad answers,
    guards, detail. Pure: the same facts give the same change, but for salts. `late` names the
    limit whose late step this is, `known` when we learned of the press that it is or follows from.
    """
    cap = entitled(page, order, step, who, rules, visit)
    answers = resolved(page, order, step, who.id, read_given(page, step, given))
    scene = Scene(
        page, order, step, who, cap, answers, at, rules, kids, siblings, parent, target,
        known=known, above=above,
    )  # fmt: skip
    in_time(scene, recorded or at)
    decide(scene)
    new = order.copy()
    if late:
        new.limits = {**new.limits, late: replace(new.limits[late], fired=True)}
    moved = write_on(scene, new)
    return change_of(scene, new, moved, Deed(step.name, at, recorded or at, act, who.id, cap))


def may(
    page: Page, order: Order, step: Step, who: Who, at: datetime, rules: Rules, *,
    kids: Sequence[Kid] = (), siblings: Sequence[Order] = (), parent: Order | None = None,
    above: Sequence[Order] = (),
) -> None:  # fmt: skip
    """Raises what `take` would raise whatever was answered: the same guards, to paint buttons."""
    cap = entitled(page, order, step, who, rules, None)
    known = resolved(page, order, step, who.id, {})
    scene = Scene(
        page, order, step, who, cap, known, at, rules, kids, siblings, parent, dry=True,
        above=above,
    )  # fmt: skip
    for guard in GUARDS:
        guard(scene)
    lay_hands(scene, order.copy(), order.nth + 1)


# ── whether ──────────────────────────────────────────────────────────────────────────────────────


def entitled(
    page: Page, order: Order, step: Step, who: Who, rules: Rules, visit: int | None
) -> Capacity:
    """Not yours (ever), too late, out of turn, not yours (now): in that order.

    A form's `visit` binds every step but one for seats: a seat may be taken while others come.
    """
    roles = rules.book.roles
    if never(page, step, who, order, roles):
        raise Refused("not_yours", by=step.by)
    if visit is not None and visit != order.visit and not step.seats:
        raise Refused("too_late", state=order.state)
    if (order.state is None) != step.door or (order.state and order.state not in step.sources):
        raise Refused("out_of_turn", state=order.state)
    return capacity(order, page, step, who, roles)


def in_time(scene: Scene, recorded: datetime) -> None:
    """A step happens after the order's last event and not after it was told of."""
    if scene.order.at and scene.at < scene.order.at:
        raise Refused("too_early", last=scene.order.at)
    if scene.at > recorded:
        raise Refused("in_future", now=recorded)


def decide(scene: Scene) -> None:
    """All guards, in their order; the mechanism's own row has the last word."""
    for guard in GUARDS:
        guard(scene)
    if scene.page.detail and (detail := scene.rules.details.get(scene.page.detail)):
        detail.check(scene.order, scene.step.name, scene.given)


# ── what is written down ─────────────────────────────────────────────────────────────────────────


def change_of(scene: Scene, new: Order, moved: bool, deed: Deed) -> Change:
    page, order, step = scene.page, scene.order, scene.step
    said, contents = in_whose_words(scene.who, scene.rules, *apart(page, scene.given, scene.rules))
    event = event_of(
        order, new, deed, said,
        digests={c.name: digest(c.salt, c.value) for c in contents},
        over=overrun(page, order, new, scene.at, scene.rules),
    )  # fmt: skip
    return Change(
        before=order if order.state else None,
        order=new,
        event=event,
        contents=contents,
        opens=step.opens if moved else (),
        closes=step.closes if moved else (),
        joins=step.joins if moved else None,
        leaves=step.leaves if moved else None,
        words=step.then if moved else (),
        counts=counts(scene, moved),
        detail=dict(scene.given) if page.detail else None,
    )


def apart(
    page: Page, given: Mapping[str, Any], rules: Rules
) -> tuple[dict[str, Any], tuple[Content, ...]]:
    """What stays in the event, and what may be erased."""
    said = {n: v for n, v in given.items() if not erasable(page, n)}
    hidden = (n for n in given if n not in said)
    return said, tuple(Content(n, given[n], rules.salt()) for n in hidden)


def in_whose_words(
    who: Who, rules: Rules, said: dict[str, Any], contents: tuple[Content, ...]
) -> tuple[dict[str, Any], tuple[Content, ...]]:
    """The same, with whose mouth it came from where a unit without account has spoken. The way it
    came stays in the event; a name and a phone may be erased like all that was written."""
    if who.voice is None:
        return said, contents
    value = {"name": who.voice.name, "phone": who.voice.phone}
    return {**said, VIA: who.voice.via}, (*contents, Content(VOICE, value, rules.salt()))
