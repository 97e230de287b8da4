"""Reserved posts are noticed no more than there are, applied for by those who may, and taken."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from lianxin.core.career.eligible import CALLED
from lianxin.core.flow.page import Words
from lianxin.core.step.order import Order
from lianxin.core.step.refused import Refused
from lianxin.growth.actions.posts import take_post
from lianxin.growth.loops.hiring import choose
from lianxin.growth.loops.writing import Done, Loop
from lianxin.growth.models import ReservedPost
from lianxin.growth.queries.eligible import judged
from lianxin.orders.models import Hand
from lianxin.registry.models import Person

CAREER = Words("履历", "Career")  # nothing to answer from: none is written down
TAKEN, CHOSEN = "taken", "chosen"


def free(path: str, kind: str, year: int) -> Any:
    """Posts of that kind and year that nobody has yet, at a place and inside it."""
    found = ReservedPost.objects.filter(person=None, kind=kind, year=year)
    return found.filter(area__path__startswith=path).order_by("area__path", "name", "n")


def notice(order: Order, given: Mapping[str, Any]) -> None:
    """Refuses: no_reserved_post."""
    n = free(order.path, str(given["of_kind"]), int(given["year"])).count()
    if n < int(given["places"]):
        raise Refused("no_reserved_post", n=n, year=int(given["year"]))


def fill(done: Done) -> None:
    """In the order of their marks, which is that of the hands of the desk."""
    fields = done.order.fields
    posts = list(free(done.order.path, fields["of_kind"], int(fields["year"])))
    chosen = Hand.objects.filter(
        order__parent=done.key, order__state=TAKEN, name=CHOSEN, holds="person", until=None
    )
    people = Person.objects.filter(pk__in=chosen.values("who")).order_by("pk")
    for post, person in zip(posts, people, strict=False):
        take_post(done.stamp, post, person, done.day)


def apply(order: Order, given: Mapping[str, Any]) -> None:
    """Refuses: not_eligible. Nothing is kept of an application that was refused."""
    kind, person = str(given["of_kind"]), int(str(given["candidate"]))
    found = judged(kind, [person], timezone.localdate())[0]
    if not found.may:
        missing = [CALLED[a.what] for a in found.answers if not a.holds]
        raise Refused("not_eligible", conditions=tuple(missing or [CAREER]))


SELECTION = Loop(checks={"notice": notice}, writes={"fill": fill})
CANDIDACY = Loop(checks={"apply": apply, "choose": choose})
