"""Until when an order must be dealt with, and why: each limit with the sums behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lianxin.core.clock import Remainder
from lianxin.orders.queries.page import Clock
from lianxin.web.order import reckoning
from lianxin.web.order.seen import Seen
from lianxin.web.words import say


@dataclass(frozen=True, slots=True)
class Due:
    """A limit with its arithmetic: (why, rows, address) of each sum behind it."""

    clock: Clock
    why: str
    sums: tuple[tuple[list[reckoning.Row], str], ...]
    provisional: bool


def dues(seen: Seen) -> list[Due]:
    return [_due(seen, clock) for clock in seen.sheet.clocks]


def _due(seen: Seen, clock: Clock) -> Due:
    sums = reckoning.of_limit(clock.limit, seen.order, seen.sheet.family.rules)
    pairs = tuple((reckoning.rows(one), reckoning.address(one)) for one in sums)
    return Due(clock, _why(seen, clock), pairs, any(s.provisional for s in sums))


def _why(seen: Seen, clock: Clock) -> str:
    if clock.due is None:
        return _standing(seen, clock)
    words: Any = clock.limit.words
    span = reckoning.length(clock.limit, seen.order, seen.sheet.family.rules)
    if span is None:
        return say("orders.due.given", limit=words)
    told = say("orders.due.limit", limit=words, span=reckoning.span_words(span))
    more = [say("orders.due.extended", n=clock.extended)] if clock.extended else []
    return say("orders.story.comma").join([told, *more])


def _standing(seen: Seen, clock: Clock) -> str:
    """What is left of a limit whose clock has stopped."""
    running = seen.order.limits[clock.limit.name]
    left = Remainder.read(running.left).seconds if running.left else 0
    if left <= 0:
        return say("orders.due.spent", limit=clock.limit.words)
    return say("orders.due.left", limit=clock.limit.words, left=reckoning.duration(left))
