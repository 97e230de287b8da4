"""What the last day had to say is said by the real way, so that a newcomer finds a day in progress.

History is silent: weeks of it would be a bell that nobody can read. Of the cast's own community
the last hours are told, each at its own hour, by the words that the page has for each step.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

from lianxin.demo import home
from lianxin.orders.book import book
from lianxin.orders.models import Event, Notice
from lianxin.orders.words import perform

LATELY = timedelta(hours=24)
MOST = 4  # of each kind of step; the latest of them


def tell_the_day(now: datetime) -> int:
    """Say what the steps of the last day say after them. How many notices that made."""
    before = Notice.objects.count()
    for event, words in reversed(list(speaking(now))):
        for word in words:
            perform(event.order_id, event.nth, word, event.at)
    return Notice.objects.count() - before


def speaking(now: datetime) -> Iterator[tuple[Event, list[str]]]:
    """The latest events of the cast's community that have words, some of each kind of step, the
    newest first."""
    here = Event.objects.filter(order__path__startswith=home.community(), at__gt=now - LATELY)
    said: Counter[str] = Counter()
    for event in here.order_by("-at", "-nth"):
        words = words_of(event) if said[event.verb] < MOST else []
        if words:
            said[event.verb] += 1
            yield event, words


def words_of(event: Event) -> list[str]:
    if event.verb == "rung":
        return [str(event.given["word"])]
    step = book().exact(event.flow, event.since).steps.get(event.verb)
    return list(step.then) if step else []
