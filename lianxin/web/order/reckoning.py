"""A deadline's arithmetic as rows that a person can check with a calendar in hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from urllib.parse import urlencode

from django.urls import reverse

from lianxin.core.clock import Counted, Deadline, Remainder, Skipped, due, resume
from lianxin.core.flow.page import Limit, Span
from lianxin.core.step.limits import length
from lianxin.core.step.order import Order
from lianxin.core.step.rules import Rules
from lianxin.web.moments import BEIJING, day, moment
from lianxin.web.words import say, speak, tongue


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the sum: a stretch that counts, or days that do not."""

    when: str
    what: str
    amount: str
    counts: bool


def rows(deadline: Deadline) -> list[Row]:
    """What was counted and what was left out, by day."""
    days = isinstance(deadline.amount, Span) and deadline.amount.unit == "working days"
    found = [*_counted(deadline, days), *_skipped(deadline.skipped)]
    return [row for _, row in sorted(found, key=lambda pair: pair[0])]


def _counted(deadline: Deadline, whole_days: bool) -> Iterator[tuple[datetime, Row]]:
    for n, one in enumerate(deadline.counted, 1):
        amount = say("clock.nth_day", n=n) if whole_days else duration(one.seconds)
        when = _day(one.date) if whole_days else stretch(one.start, one.end)
        yield one.start, Row(when, _what(deadline, one, whole_days), amount, True)


def _what(deadline: Deadline, one: Counted, whole_days: bool) -> str:
    if deadline.clock == "running":
        return say("clock.runs")
    if one.exchanged:
        return say("clock.swapped", holiday=one.exchanged)
    return say("clock.works") if whole_days else say("clock.counts")


def _skipped(days: tuple[Skipped, ...]) -> Iterator[tuple[datetime, Row]]:
    """Days in a row with one reason stand on one line."""
    numbered = enumerate(days)
    for _, run in groupby(numbered, lambda p: (p[1].words, p[1].date.toordinal() - p[0])):
        block = [skip for _, skip in run]
        first, last = block[0].date, block[-1].date
        when = _day(first) if first == last else f"{_day(first)}{dash()}{_day(last)}"
        at = datetime(first.year, first.month, first.day, tzinfo=BEIJING)
        yield at, Row(when, speak(block[0].words), say("clock.none"), False)


def _day(on: date) -> str:
    return day(on, this_year=on.year)


def stretch(start: datetime, end: datetime) -> str:
    """From when to when, the day said once if both lie on it."""
    start, end = start.astimezone(BEIJING), end.astimezone(BEIJING)
    first = moment(start, this_year=start.year)
    if start.date() == end.date():
        return f"{first}–{end:%H:%M}"
    return f"{first}{dash()}{moment(end, this_year=start.year)}"


def dash() -> str:
    return " – " if tongue() == "en" else "—"


def duration(seconds: int) -> str:
    """Seconds as days, hours and minutes; below a minute as seconds.

    >>> duration(5400)
    '1 小时 30 分'
    """
    days, rest = divmod(seconds, 86_400)
    hours, rest = divmod(rest, 3600)
    minutes, rest = divmod(rest, 60)
    parts = [("d", days), ("h", hours), ("m", minutes)]
    said = [say(f"clock.length.{name}", n=n) for name, n in parts if n]
    return " ".join(said) or say("clock.length.s", n=rest)


def span_words(span: Span) -> str:
    return say(f"clock.span.{span.unit.replace(' ', '_')}", n=span.number)


def address(deadline: Deadline) -> str:
    """Where this sum can be looked at by itself; "" for what was left after a pause."""
    if not isinstance(deadline.amount, Span):
        return ""
    asked = {
        "start": f"{deadline.start:%Y-%m-%dT%H:%M:%S}",
        "number": deadline.amount.number,
        "unit": deadline.amount.unit.replace(" ", "_"),
    }
    return f"{reverse('clock')}?{urlencode(asked)}"


def of_limit(limit: Limit, order: Order, rules: Rules) -> list[Deadline]:
    """The sums behind a limit that runs: the first, then one for each extension.

    Empty where the due time was given and not counted, or where the tables no longer lead to it:
    better no arithmetic than one that does not come out.
    """
    running = order.limits[limit.name]
    span, calendar = length(limit, order, rules), rules.calendar
    if running.due is None or (span is None and running.resumed is None):
        return []
    if running.resumed:
        sums = [resume(running.start, Remainder.read(running.resumed), calendar)]
    else:
        sums = [due(running.start, span, calendar)]  # type: ignore[arg-type]
    for _ in range(running.extended if span else 0):
        sums.append(due(sums[-1].due, span, calendar))  # type: ignore[arg-type]
    return sums if sums[-1].due == calendar.local(running.due) else []
