"""A link given by hand ends when the giving is undone: whoever took it back wants it shut."""

from __future__ import annotations

from uuid import UUID

from django.db.models import F

from lianxin.core.step.order import Change
from lianxin.orders.models import Link
from lianxin.orders.receivers import receiver

UNDO = "undo"


def does(change: Change) -> bool:
    """Whether this takes back that an order was handed out."""
    row = receiver(change.order.flow) if change.event.verb == UNDO else None
    return row is not None and change.event.given.get("of") == row.give


def shut(change: Change) -> None:
    """The links that were given by hand and are still open; what they had ended stays ended.

    One by which somebody answers this very moment is let be: it waits for the order that we hold.
    """
    if not does(change):
        return
    given = Link.objects.filter(order=UUID(change.order.id), unit__isnull=False, by__isnull=False)
    still = given.filter(spent=None, until__gt=change.event.recorded)
    found = [link.pk for link in still.select_for_update(of=("self",), skip_locked=True)]
    Link.objects.filter(pk__in=found).update(until=F("made"))
