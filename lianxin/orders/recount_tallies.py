"""What is counted across orders, counted again from the log."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cache

from lianxin.core.flow.page import Page
from lianxin.core.step.order import Event
from lianxin.core.step.tally import counted, spans
from lianxin.orders.book import book, calendar

TALLIES = "SELECT key, n FROM orders_tally ORDER BY key"
UNDO = "undo"


class Tallies:
    """`add` hears of every order once; what is undone is not counted. Few pages count anything
    across orders, so what is kept here is small."""

    def __init__(self) -> None:
        self.told: Counter[str] = Counter()

    def add(self, subject: str | None, events: Sequence[Event]) -> None:
        page = spanning(events[0].flow, events[0].since) if events else None
        if page is None:
            return
        keys: dict[int, str] = {}
        for event in events:
            if key := counted(page, event, subject, calendar().zone):
                keys[event.nth] = key
            elif event.verb == UNDO:
                keys.pop(event.given.get("nth", 0), None)
        self.told.update(keys.values())

    def faults(self, kept: Iterable[tuple[str, int]]) -> Iterator[tuple[str, int]]:
        """(key, how often the log says) of each tally that holds another number."""
        missing = Counter(self.told)
        for key, n in kept:
            told = missing.pop(key, 0)
            if told != n:
                yield key, told
        yield from missing.items()


@cache
def spanning(flow: str, since: date) -> Page | None:
    """The page, if there is one (a log may be broken) with a step that is counted across orders."""
    page = book().pages.get(flow, {}).get(since)
    return page if page and any(spans(step) for step in page.steps.values()) else None
