"""Who was chosen among the applicants begins their service when nobody has objected any more."""

from __future__ import annotations

from lianxin.growth.loops.facts import into_post
from lianxin.growth.loops.writing import Done, Loop
from lianxin.orders.models import Hand
from lianxin.registry.models import Person

CHOSEN = "chosen"  # the party of an application, and the state it ends in
HIRED = "hired"


def hire(done: Done) -> None:
    chosen = Hand.objects.filter(
        order__parent=done.key, order__state=HIRED, name=CHOSEN, holds="person", until=None
    )
    for person in Person.objects.filter(pk__in=chosen.values("who")).order_by("pk"):
        into_post(done, person, done.order.fields["post"])


VACANCY = Loop(writes={"hire": hire})
