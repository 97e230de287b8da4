"""Who was chosen among the applicants begins their service when nobody has objected any more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lianxin.core.step.order import Order
from lianxin.core.step.refused import Refused
from lianxin.growth.loops.facts import into_post
from lianxin.growth.loops.writing import Done, Loop
from lianxin.orders.models import Hand
from lianxin.registry.models import Person

CHOSEN = "chosen"  # the party of an application, and the state it ends in
HIRED = "hired"
CANDIDATE = "candidate"  # the party of an application that its asker stands in


def hire(done: Done) -> None:
    chosen = Hand.objects.filter(
        order__parent=done.key, order__state=HIRED, name=CHOSEN, holds="person", until=None
    )
    for person in Person.objects.filter(pk__in=chosen.values("who")).order_by("pk"):
        into_post(done, person, done.order.fields["post"])


def apply(done: Done) -> None:
    """With an account once; without one by a name and a phone, else nobody could be asked to come.

    All of the step is written by now, its own application too. Refuses: twice, missing.
    """
    actor = done.change.event.actor
    if not actor:
        for name in ("applicant", "phone"):
            if not done.given.get(name):
                raise Refused("missing", field=name)
        return
    own = Hand.objects.filter(name=CANDIDATE, holds="person", who=int(actor), until=None)
    if own.filter(order__parent=done.key).exclude(order__state="void").count() > 1:
        raise Refused("twice")


def choose(order: Order, given: Mapping[str, Any]) -> None:
    """Nobody else than who has applied; of who has no account, whoever they are in the register.
    Refuses: not_among."""
    who, mine = str(given[CHOSEN]), order.ids(CANDIDATE)
    if mine and who not in mine:
        raise Refused("not_among", field=CHOSEN, who=who, among=CANDIDATE)


VACANCY = Loop(writes={"hire": hire}, notes={"apply": apply})
APPLICATION = Loop(checks={"choose": choose})
