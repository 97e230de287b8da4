"""All days of the calendar in a row, with running sums, so that a deadline is one search."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate

Spells = tuple[tuple[int, int], ...]


class OutsideCalendar(LookupError):
    """The clock would have to count in a year whose calendar is not there."""

    def __init__(self, year: int, first: int, last: int) -> None:
        self.year = year
        super().__init__(
            f"the working calendar knows {first} to {last}, and this deadline needs {year}: "
            f'add params/calendars/{year}.toml (status = "provisional" until the notice is out)'
        )


@dataclass(frozen=True, slots=True)
class Table:
    """Day 0 is the 1st of January of the first year; sums are of working seconds.

    `sums[d]` was worked before day d (one entry more than there are days), `worked` are the
    numbers of the days worked, `nth[d]` how many of these lie before day d.
    """

    epoch: datetime
    spells: tuple[Spells, ...]
    sums: tuple[int, ...]
    worked: tuple[int, ...]
    nth: tuple[int, ...]

    @classmethod
    def of(cls, epoch: datetime, spells: Sequence[Spells]) -> Table:
        lengths = [sum(to - start for start, to in s) for s in spells]
        return cls(
            epoch=epoch,
            spells=tuple(spells),
            sums=tuple(accumulate(lengths, initial=0)),
            worked=tuple(d for d, s in enumerate(spells) if s),
            nth=tuple(accumulate((bool(s) for s in spells), initial=0)),
        )

    def day(self, when: date) -> int:
        """The number of a date, or of a moment in the calendar's zone."""
        number = when.toordinal() - self.epoch.toordinal()
        if not 0 <= number < len(self.spells):
            raise self.outside(when.year)
        return number

    def moment(self, day: int, second: int) -> datetime:
        return self.epoch + timedelta(day, second)

    def sum(self, moment: datetime) -> int:
        """Working seconds from day 0 to a moment in the calendar's zone."""
        day = self.day(moment)
        second = moment.hour * 3600 + moment.minute * 60 + moment.second
        total = self.sums[day]
        for start, to in self.spells[day]:
            if start < second:
                total += min(second, to) - start
        return total

    def reach(self, total: int) -> datetime:
        """The earliest moment at which `total` working seconds have run: the end of a spell
        rather than the start of the next."""
        day = bisect_left(self.sums, total) - 1
        if not 0 <= day < len(self.spells):
            raise self.beyond(day)
        rest = total - self.sums[day]
        for start, to in self.spells[day]:
            if rest <= to - start:
                return self.moment(day, start + rest)
            rest -= to - start
        raise AssertionError("the sums do not fit the spells")

    def leave(self, total: int) -> datetime:
        """The latest moment at which only `total` have run: the start of a spell rather than
        the end of the one before."""
        return self.reach(total + 1) - timedelta(seconds=1)

    def nth_after(self, day: int, number: int) -> int:
        """The number-th working day after a day (before it, if negative), itself not counted."""
        at = self.nth[day + 1] + number - 1 if number > 0 else self.nth[day] + number
        if not 0 <= at < len(self.worked):
            raise self.beyond(at)
        return self.worked[at]

    def close(self, day: int) -> int:
        """When a working day closes, in seconds since midnight."""
        return self.spells[day][-1][1]

    def beyond(self, number: int) -> OutsideCalendar:
        """A search fell off an end: before the first year if negative, else after the last."""
        return self.outside(self.epoch.year - 1 if number < 0 else self.last + 1)

    def outside(self, year: int) -> OutsideCalendar:
        return OutsideCalendar(year, self.epoch.year, self.last)

    @property
    def last(self) -> int:
        return self.moment(len(self.spells) - 1, 0).year
