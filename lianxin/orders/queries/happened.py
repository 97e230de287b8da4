"""What may have happened to an order in a span of days, read from its log: the board's counts.

Each is said of an order, however often it happened; what was taken back (undo) has not happened.
Each condition is one of those that the index `event_turning` holds.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Exists, IntegerField, OuterRef, Q, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.utils import timezone

from lianxin.orders.models import Event

UNDO = "undo"
CALLED = Q(verb="call_back")
SAID_SO = Q(given__callback__in=("solved", "unsolved")) | Q(given__reached=True)
NOT_SO = Q(given__callback="unsolved") | Q(given__reached=True, given__solved=False)
# called: called back, and somebody answered · unsolved: and said that it is not solved · reopened:
# taken up anew after its work was over · struck: struck off, whatever became of it since.
HAPPENED: dict[str, Q] = {
    "called": CALLED & SAID_SO,
    "unsolved": CALLED & NOT_SO,
    "reopened": Q(was__has_key="round") & ~Q(verb=UNDO),
    "struck": Q(target="struck") & ~Q(verb=UNDO),
}


ANY = HAPPENED["called"] | HAPPENED["reopened"] | HAPPENED["struck"]  # unsolved is called


def happenings(what: Q, first: date, last: date) -> QuerySet[Event]:
    """The events that made it so, on these days in Beijing, both included.

    Nothing happens to an order before it is filed, and its id is its moment: that spares the
    partitions of later years.
    """
    back = Event.objects.filter(order_id=OuterRef("order_id"), verb=UNDO, nth__gt=OuterRef("nth"))
    back = back.annotate(of=Cast(KT("given__nth"), IntegerField())).filter(of=OuterRef("nth"))
    end = last + timedelta(days=1)
    span = Q(at__gte=midnight(first), at__lt=midnight(end), order_id__lt=first_id(end))
    return Event.objects.filter(what, span, ~Exists(back)).order_by()


def befell(what: str, first: date, last: date) -> Q:
    """Of orders: that it happened to them on these days."""
    return Q(pk__in=happenings(HAPPENED[what], first, last).values("order_id"))


def midnight(on: date) -> datetime:
    return timezone.make_aware(datetime.combine(on, time()))


def first_id(on: date) -> UUID:
    """The smallest id of a day. An order's id is a UUIDv7 of the moment it was filed, so a span of
    days is a range of the index that lists are read by."""
    return UUID(int=int(midnight(on).timestamp() * 1000) << 80)
