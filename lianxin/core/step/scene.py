"""One try at a step: the order, who presses, and everything around it that a guard may look at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lianxin.core.flow.page import Page, Step
from lianxin.core.step.capacity import Capacity
from lianxin.core.step.order import Order
from lianxin.core.step.refused import Refused
from lianxin.core.step.rules import Rules
from lianxin.core.step.who import Who


@dataclass(frozen=True, slots=True)
class Kid:
    """What a parent needs to know of a child. A void one has ended and counts for nothing else."""

    id: str
    name: str
    round: int
    ended: bool
    paper: bool
    waits: bool
    void: bool = False


@dataclass(slots=True)
class Scene:
    """`target`: for a merge, why the other order cannot take this one in (None: it can).

    `dry`: nobody has answered yet; what hangs on the answers is not asked. `known`: when we learned
    of what a person did earlier, and of all that follows from it (None: as it happened). `above`:
    what the order is a part of, the nearest first.
    """

    page: Page
    order: Order
    step: Step
    who: Who
    cap: Capacity
    given: Mapping[str, Any]
    at: datetime
    rules: Rules
    kids: Sequence[Kid] = ()
    siblings: Sequence[Order] = ()
    parent: Order | None = None
    target: Refused | None = None
    dry: bool = False
    known: datetime | None = None
    above: Sequence[Order] = ()

    def round_kids(self, name: str) -> list[Kid]:
        return [k for k in self.kids if k.name == name and k.round == self.order.round]

    @property
    def unit(self) -> str | None:
        return self.cap.grant.unit if self.cap.grant else None


def listed(value: Any) -> list[Any]:
    """An answer that may be one or many, as many."""
    return [] if value is None else list(value) if isinstance(value, list | tuple) else [value]


def leads(step: Step, given: Mapping[str, Any]) -> str | None:
    """The state a step names, by the choice given where it branches; None for notes and `back`."""
    if step.to is None:
        return None
    if step.to.field:
        return dict(step.to.choices).get(str(given.get(step.to.field)))
    return step.to.state
