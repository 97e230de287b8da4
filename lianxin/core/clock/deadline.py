"""A due time with its arithmetic: what was counted, what was left out, and how sure it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from lianxin.core.clock.calendar import Calendar, days
from lianxin.core.flow.page import Span, Unit, Words

Clock = Literal["running", "working"]
Reason = Literal["first_day", "holiday", "weekend", "closed"]


def clock_of(unit: Unit) -> Clock:
    """Two of the units count working time only, the others run day and night."""
    return "working" if unit in ("working hours", "working days") else "running"


@dataclass(frozen=True, slots=True)
class Remainder:
    """What a stopped limit still had, in seconds of its clock; negative = late by so much.

    >>> Remainder.read({"working": 5400})
    Remainder(clock='working', seconds=5400)
    """

    clock: Clock
    seconds: int

    def row(self) -> dict[str, int]:
        """As it is kept: `{"working": 5400}` or `{"running": 7200}`."""
        return {self.clock: self.seconds}

    @classmethod
    def read(cls, row: Mapping[str, object]) -> Remainder:
        match [*row.items()]:
            case [("running", int(seconds))]:
                return cls("running", seconds)
            case [("working", int(seconds))]:
                return cls("working", seconds)
        raise ValueError(f'{row!r} is no remainder; one looks like {{"working": 5400}}')


@dataclass(frozen=True, slots=True)
class Counted:
    """A stretch that the clock counted; `exchanged` names the holiday a weekend day is worked for.

    Working days come one row a day, from opening to close, lunch not among the seconds.
    """

    date: date
    start: datetime
    end: datetime
    seconds: int
    exchanged: Words | None = None


@dataclass(frozen=True, slots=True)
class Skipped:
    """A day on the way of which nothing was counted, and why."""

    date: date
    reason: Reason
    words: Words


@dataclass(frozen=True, slots=True)
class Deadline:
    """Due so much (a span, or a stopped limit's remainder) after start. Both moments whole seconds
    in the calendar's zone. Provisional: it touches a year whose notice is not out yet.

    The rows are worked out when they are asked for: a deadline is cheap, its page rarely read.
    """

    start: datetime
    due: datetime
    amount: Span | Remainder
    provisional: bool
    calendar: Calendar = field(repr=False, compare=False)

    @property
    def clock(self) -> Clock:
        return clock_of(self.amount.unit) if isinstance(self.amount, Span) else self.amount.clock

    @property
    def counted(self) -> tuple[Counted, ...]:
        """The rows of the sum, in order; none when nothing was left to count."""
        if self.due <= self.start:
            return ()
        if self.clock == "running":
            seconds = int((self.due - self.start).total_seconds())
            return (Counted(self.start.date(), self.start, self.due, seconds),)
        rows = self._days() if self._whole_days else self._spells()
        return tuple(rows)

    @property
    def skipped(self) -> tuple[Skipped, ...]:
        """The days between that did not count, in order; a running clock leaves none out."""
        if self.due <= self.start or self.clock == "running":
            return ()
        counted = {row.date for row in self.counted}
        between = days(self.start.date(), self.due.date())
        return tuple(self._skip(day) for day in between if day not in counted)

    @property
    def _whole_days(self) -> bool:
        return isinstance(self.amount, Span) and self.amount.unit == "working days"

    def _days(self) -> Iterator[Counted]:
        table = self.calendar.table
        for day in days(self.start.date(), self.due.date()):
            n = table.day(day)
            if day > self.start.date() and (spells := table.spells[n]):
                start, end = table.moment(n, spells[0][0]), table.moment(n, spells[-1][1])
                yield self._row(day, start, end, sum(to - at for at, to in spells))

    def _spells(self) -> Iterator[Counted]:
        table = self.calendar.table
        for day in days(self.start.date(), self.due.date()):
            n = table.day(day)
            for at, to in table.spells[n]:
                start = max(table.moment(n, at), self.start)
                end = min(table.moment(n, to), self.due)
                if start < end:
                    yield self._row(day, start, end, int((end - start).total_seconds()))

    def _row(self, day: date, start: datetime, end: datetime, seconds: int) -> Counted:
        return Counted(day, start, end, seconds, self.calendar.exchanged.get(day))

    def _skip(self, day: date) -> Skipped:
        calendar = self.calendar
        if day in calendar.off:
            return Skipped(day, "holiday", calendar.off[day])
        if not calendar.works(day):
            return Skipped(day, "weekend", calendar.reasons.weekend)
        if self._whole_days:
            return Skipped(day, "first_day", calendar.reasons.first_day)
        return Skipped(day, "closed", calendar.reasons.closed)
