"""Which days a board is of: today, seven days, this month, or days of one's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from lianxin.orders.queries.board import LONGEST, Span
from lianxin.orders.queries.narrow import day
from lianxin.web import moments
from lianxin.web.words import say

SPANS = ("today", "week", "month")
WEEK = 7


@dataclass(frozen=True, slots=True)
class Period:
    """`name`: one of `SPANS`, or "own"; `wrong`: what is the matter with the days asked for."""

    span: Span
    name: str
    wrong: str = ""

    @property
    def asked(self) -> dict[str, str]:
        """What an address says of it."""
        if self.name != "own":
            return {} if self.name == SPANS[0] else {"span": self.name}
        return {"from": self.span.first.isoformat(), "to": self.span.last.isoformat()}

    @property
    def words(self) -> str:
        """Its days, in full."""
        first, last = self.span.first, self.span.last
        year = date.today().year
        said = moments.day(first, this_year=year)
        return said if first == last else say(
            "board.days", first=said, last=moments.day(last, this_year=year), n=self.span.days
        )  # fmt: skip


def named(name: str, today: date) -> Span:
    """
    >>> named("month", date(2026, 9, 30)).days, named("week", date(2026, 9, 30)).first.isoformat()
    (30, '2026-09-24')
    """
    if name == "month":
        return Span(today.replace(day=1), today)
    return Span(today - timedelta(days=WEEK - 1 if name == "week" else 0), today)


def period(asked: Mapping[str, str], today: date) -> Period:
    """As it was asked; days that are none are said to be so, and today stands in for them."""
    if not (asked.get("from") or asked.get("to")):
        name = asked.get("span", "")
        name = name if name in SPANS else SPANS[0]
        return Period(named(name, today), name)
    first, last = (day(asked.get(end, "")) for end in ("from", "to"))
    wrong = fault(first, last)
    if wrong or not first or not last:
        return Period(named(SPANS[0], today), SPANS[0], wrong)
    return Period(Span(first, last), "own")


def fault(first: date | None, last: date | None) -> str:
    """ "board.wrong.<which>", "" where nothing is.

    >>> fault(date(2026, 9, 2), date(2026, 9, 1)), fault(date(2026, 9, 1), None)
    ('order', 'days')
    """
    if first is None or last is None:
        return "days"
    if first > last:
        return "order"
    return "long" if Span(first, last).days > LONGEST else ""
