"""What was said to everybody about an order: its public answers, and no other word of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lianxin.orders.models import Content, Event, Order

FIELD = "announcement"
MOST = 50


@dataclass(frozen=True, slots=True)
class Declared:
    at: datetime
    text: str


def declared(order: Order) -> list[Declared]:
    """The latest first; what was taken back or covered is gone."""
    said = Content.objects.filter(order=order, name=FIELD, erased=None)
    words = dict(said.order_by("-nth").values_list("nth", "value")[:MOST])
    if not words:
        return []
    back = Event.objects.filter(order=order, verb="undo").values_list("given__nth", flat=True)
    told = Event.objects.filter(order=order, nth__in=words.keys() - set(back)).order_by("-nth")
    return [Declared(event.at, str(words[event.nth])) for event in told]
