"""The index of parties, by which orders are seen and listed, compared with what the log says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from lianxin.core.flow.page import Page
from lianxin.core.step.order import Event

HANDS = """SELECT order_id, name, holds, who, capacity, since, until, veiled
    FROM orders_hand ORDER BY order_id"""
NOW = 0  # stands for an `until` that has not come
Row = tuple[int, str, str, int, str, int, bool]  # since, name, holds, who, capacity, until, veiled


def hands_badly(page: Page, events: Iterable[Event], kept: Iterable[Row]) -> int | None:
    """`since` of the first row that is lost, too many or other than the log says; None if none is.

    Rows of the past count too: they are what an import may not be undone under.
    """
    told, found = sorted(bound(page, events)), sorted(kept)
    if told == found:
        return None
    told_n, found_n = Counter(told), Counter(found)
    return min(row[0] for row in (*(told_n - found_n), *(found_n - told_n)))


def bound(page: Page, events: Iterable[Event]) -> Iterator[Row]:
    """The rows as `store` wrote them: one for each time that somebody became a party."""
    holds = {name: party.index for name, party in page.parties.items() if party.index}
    here: dict[tuple[str, str], list[Any]] = {}
    for event in events:
        if "hands" not in event.now:
            continue
        now = {(hand[0], hand[1]): hand for hand in event.now["hands"] if hand[0] in holds}
        for key in [key for key, hand in here.items() if now.get(key) != hand]:
            yield row_of(here.pop(key), holds, event.nth)
        here |= now
    for hand in here.values():
        yield row_of(hand, holds, NOW)


def row_of(hand: list[Any], holds: Mapping[str, str], until: int) -> Row:
    """`hand` as `core.step.facts.hand_out` writes it: veiled stands fifth, if it stands there."""
    name, who, capacity, since, *more = hand
    return since, name, holds[name], int(who), capacity, until, bool(more and more[0])


def row_in(row: Mapping[str, Any]) -> Row:
    """A row of the table in the same form."""
    return (
        row["since"], row["name"], row["holds"], row["who"], row["capacity"], row["until"] or NOW,
        row["veiled"],
    )  # fmt: skip
