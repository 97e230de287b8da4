"""What is counted of a step that may be taken only so often: in which tally, and given back when
the step is taken back."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import Any

from lianxin.core.flow.page import Page, Step
from lianxin.core.step.order import Event
from lianxin.core.step.refused import Refused
from lianxin.core.step.scene import Scene


def scope(scene: Scene) -> tuple[str, bool] | None:
    """The tally a step is counted in, and whether it spans orders (then it is a row of its own).

    Raises Refused("no_account") where there is nobody to count for: else all who have no account
    would share one tally. A link speaks for a party of one order, and counts there alone.
    """
    step, who, across = scene.step, scene.who, spans(scene.step)
    if step.at_most is None:
        return None
    actor = who.id if across else who.id or ":".join(who.party or ())
    if "actor" in step.at_most.per and not actor:
        raise Refused("no_account")
    order, zone = scene.order, scene.rules.calendar.zone
    parts = {"unit": scene.unit, "actor": actor, "subject": order.subject, "round": order.round}
    return key_of(step, order.flow, parts, scene.at.astimezone(zone)), across


def spans(step: Step) -> bool:
    """Whether a step is counted over orders: a door opens another one each time."""
    return step.at_most is not None and (step.door or "subject" in step.at_most.per)


def key_of(step: Step, flow: str, parts: dict[str, Any], local: datetime) -> str:
    """The tally's name: `booking|ask|actor:7|month:2024-05`. `parts` by the words of `per`."""
    assert step.at_most is not None
    parts = {**parts, "month": f"{local:%Y-%m}", "day": f"{local:%Y-%m-%d}"}
    key = [flow] * spans(step) + [step.name]
    return "|".join(key + [f"{p}:{parts[p]}" for p in step.at_most.per])


def counts(scene: Scene, moved: bool) -> tuple[tuple[str, int], ...]:
    """The tally across orders that this step adds to, with how much it may hold."""
    rule, counted = scene.step.at_most, scope(scene)
    if rule is None or counted is None or not counted[1] or not (moved or scene.step.seats):
        return ()
    return ((counted[0], rule.number),)


def counted(page: Page, event: Event, subject: str | None, zone: tzinfo) -> str | None:
    """The tally across orders that an event was counted in, read off the event itself."""
    step = page.steps.get(event.verb)
    if step is None or not spans(step) or not completed(step, event):
        return None
    parts = {
        "unit": event.unit, "actor": event.actor, "subject": subject,
        "round": event.was.get("round", event.round),
    }  # fmt: skip
    return key_of(step, event.flow, parts, event.at.astimezone(zone))


def completed(step: Step, event: Event) -> bool:
    """Whether it was not one of several hands that only together make the step."""
    return event.target is not None or not (step.count or step.each)
