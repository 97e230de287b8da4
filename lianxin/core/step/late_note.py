"""A step made offline that came too late is kept as a note, with all it carried."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from lianxin.core.flow.page import Page, Step
from lianxin.core.step.capacity import Capacity, fit, opened
from lianxin.core.step.chain import digest
from lianxin.core.step.event import Deed, event_of
from lianxin.core.step.facts import iso
from lianxin.core.step.given import read_given
from lianxin.core.step.order import Change, Order
from lianxin.core.step.refused import Refused
from lianxin.core.step.take import apart, in_whose_words
from lianxin.core.step.who import Who

if TYPE_CHECKING:
    from lianxin.core.step.family import Family


def keep(
    family: Family, order: Order, verb: str, who: Who, given: Mapping[str, Any], now: datetime,
    at: datetime,
) -> Order:  # fmt: skip
    """Write a note "kept": the step's name, when it was made, its answers. Nothing else changes."""
    page = family.page(order)
    step = page.steps.get(verb)
    if step is None:
        raise Refused("unknown_step", step=verb)
    cap = knows(family, order, page, step, who)
    answers = read_given(page, step, given, whole=False)
    said, contents = in_whose_words(who, family.rules, *apart(page, answers, family.rules))
    deed = Deed("kept", max(now, family.last(order.id)), now, family.act, who.id, cap)
    new = order.copy()
    event = event_of(
        order, new, deed, {**said, "step": verb, "at": iso(at)},
        digests={c.name: digest(c.salt, c.value) for c in contents},
    )  # fmt: skip
    family.write(Change(before=order, order=new, event=event, contents=contents))
    return new


def knows(family: Family, order: Order, page: Page, step: Step, who: Who) -> Capacity:
    """The capacity for this step, else for any other step of the order: a stranger writes nothing.

    Whoever lost their seat while offline still belongs to the unit, and has photos to hand in.
    """
    if not opened(order, step, who):
        raise Refused("not_yours", by=step.by)
    others = (entry for other in page.steps.values() for entry in other.by if entry != "anyone")
    for entry in (*step.by, *others):
        if found := fit(order, page, entry, who, family.rules.book.roles):
            return found
    raise Refused("not_yours", by=step.by)
