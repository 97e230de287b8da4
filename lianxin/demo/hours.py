"""Hours of service in the demo: what closed orders of the cast's community gave those who did them,
said by the real way, each of its own day, so that a member's sum opens to the rows behind it."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from lianxin.demo import home
from lianxin.orders.book import book
from lianxin.orders.models import Event, Served
from lianxin.orders.words import perform

WORD = "credit hours"


def credit_home() -> int:
    """Credit what every closing there credits. How many rows of hours that made."""
    before = Served.objects.count()
    for order, nth in list(crediting()):
        perform(order, nth, WORD)
    return Served.objects.count() - before


def crediting() -> Iterator[tuple[UUID, int]]:
    """The events whose step says that hours are credited after it, the oldest first."""
    here = Event.objects.filter(order__path__startswith=home.community()).order_by("at", "nth")
    for order, nth, flow, since, verb in here.values_list(
        "order_id", "nth", "flow", "since", "verb"
    ):
        step = book().exact(flow, since).steps.get(verb)
        if step and WORD in step.then:
            yield order, nth
