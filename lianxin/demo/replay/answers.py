"""What somebody answers when a step asks: from the table of manners, the cast and the message."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from lianxin.core.flow.page import Page
from lianxin.core.step.order import Order
from lianxin.demo.replay.cast import Cast
from lianxin.demo.replay.manners import Manner, manners, weighed
from lianxin.demo.replay.messages import Message
from lianxin.orders import world

SENTENCE = re.compile(r"[^。！？；\n]{12,200}[。！？；\n]")
PARTS = 2


@dataclass
class Tale:
    """A message and the chance that drives all that becomes of it."""

    message: Message
    rng: Random


@dataclass(frozen=True, slots=True)
class Scene:
    order: Order
    tale: Tale
    cast: Cast
    twin: str | None


def unit(scene: Scene) -> str:
    gone = {h.who for h in scene.order.hands if h.name == "unit"}
    last = scene.order.fields.get("unit")
    avoid = gone | ({str(last)} if last and scene.order.state == "returned" else set())
    return scene.cast.unit(scene.tale.message.category, scene.tale.rng, avoid)


def phrase(name: str) -> Callable[[Scene], str]:
    return lambda scene: scene.tale.rng.choice(manners().phrases[name])


def parts(scene: Scene) -> list[str]:
    """Two of the message's own sentences, each to be dealt with by itself."""
    text = scene.tale.message.text
    said = [s.strip() for s in SENTENCE.findall(text)][:PARTS]
    return said if len(said) == PARTS else [text[:100], text[100:300]]


ANSWERS: Mapping[str, Callable[[Scene], Any]] = {
    "unit": unit,
    "category": lambda scene: scene.tale.message.category,
    "severity": lambda scene: weighed(scene.tale.rng, manners().severity),
    "reason": phrase("reason"),
    "text": phrase("text"),
    "parts": parts,
    "into": lambda scene: scene.twin,
    "holder": lambda scene: [who.id for who in scene.cast.of_unit(scene.order, "member")][:2],
}


def answers(
    manner: Manner, order: Order, page: Page, tale: Tale, cast: Cast, twin: str | None
) -> dict[str, Any]:
    """An answer to all that the step asks and somebody can know; the rest stays open."""
    scene, found = Scene(order, tale, cast, twin), {}
    for name in page.steps[manner.do].asked:
        told = manner.given.get(name)
        if isinstance(told, Mapping):
            found[name] = weighed(tale.rng, told)
        elif told is not None:
            found[name] = told
        elif name in ANSWERS:
            found[name] = ANSWERS[name](scene)
    if "seats" in found and (order.paired or world.pair(order)):
        found["seats"] = max(2, int(found["seats"]))
    return found
