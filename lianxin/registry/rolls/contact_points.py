"""The roll of contact points: which leader is tied to which place, and when they last came."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Left

from lianxin.core.place.path import LEVELS
from lianxin.core.step.who import Grant
from lianxin.registry import secret
from lianxin.registry.contact_table import contact_table
from lianxin.registry.imports.take_contact_points import TakeContactPoints
from lianxin.registry.models import Area, ContactPoint
from lianxin.registry.models.dated import in_force
from lianxin.registry.rolls import Roll, Value


def rows(grants: Iterable[Grant], on: date) -> QuerySet[ContactPoint]:
    """With the community that a place lies in, and the day of the last visit up to then."""
    around = Area.objects.live().filter(
        path=Left(OuterRef("area__path"), LEVELS["community"]), kind="community"
    )
    found = ContactPoint.objects.under(grants).on(on).filter(in_force(on, "area__"))
    told = found.annotate(
        visited=Max("visits__on"), community=Subquery(around.values("name")[:1])
    )  # fmt: skip
    return told.select_related("person", "area")


def rank(point: ContactPoint) -> Value:
    """In the words of the table of the day on which it began; a rank gone since keeps its name."""
    known = contact_table(point.since).ranks.get(point.rank)
    return known.words if known else point.rank


ROLL = Roll(
    name="contact_points",
    rows=rows,
    cells={
        "name": lambda point: point.person.name,
        "username": lambda point: point.person.username,
        "phone": lambda point: secret.masked(point.person.phone),
        "rank": rank,
        "area": lambda point: point.area.path,
        "community": lambda point: point.community,
        "since": lambda point: point.since,
        "until": lambda point: point.until,
        "visited": lambda point: point.visited,
    },
    shown={"area": lambda point: point.area.name},
    apart=("username",),
    guarded={"phone": lambda point: point.person.phone},
    href=lambda point: f"/contact-points/{point.person_id}",
    order=("area__path", "pk"),
    sorts={"rank": ("rank",), "area": ("area__path",), "community": ("area__path",)},
    taker=TakeContactPoints,
)
