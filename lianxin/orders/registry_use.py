"""Which rows of the registry the orders speak of, so that no import is undone under them.

Events note ids and bind no rows, so the registry cannot find them by itself.
"""

from __future__ import annotations

from django.db.models import CharField, Exists, OuterRef, QuerySet
from django.db.models.functions import Cast

from lianxin.core.flow.page import BARRED, Words
from lianxin.orders.book import book
from lianxin.orders.models import Delivery, Event, Hand, Order
from lianxin.registry.actions.closing import Fate, Tied
from lianxin.registry.models import BatchRow

LABEL = "orders.order"
KEY = OuterRef("key")
# An order keeps the id of its area; lists follow it by its path.
CLOSING = (Tied(LABEL, Words("工单", "orders"), Fate.STAYS, Fate.STAYS),)


def in_use(model: str, made: QuerySet[BatchRow]) -> dict[int, str]:
    """Keys of a batch's rows of one model that stand in an event or a hand, whom one is about, or
    who were told of one."""
    text = Cast(KEY, CharField())
    speak = {
        "registry.person": [
            Hand.objects.filter(holds="person", who=KEY),
            Order.objects.filter(subject=text, flow__in=_about_people()),
            Event.objects.filter(actor=text),
            Delivery.objects.filter(person=KEY),
        ],
        "registry.unit": [Hand.objects.filter(holds__in=("unit", BARRED), who=KEY)],
        "registry.post": [Event.objects.filter(post=KEY)],
        "registry.area": [Event.objects.filter(area=text)],
    }
    return {
        key: LABEL
        for rows in speak.get(model, ())
        for key in made.filter(Exists(rows)).values_list("key", flat=True)
    }


def _about_people() -> list[str]:
    """Flows whose orders name a person as what they are about."""
    pages = book().pages.items()
    return [flow for flow, dated in pages if any(p.about == "person" for p in dated.values())]
