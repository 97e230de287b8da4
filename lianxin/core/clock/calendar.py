"""The working calendar as a fact: which days are worked, in which hours, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from lianxin.core.clock.table import Spells, Table
from lianxin.core.flow.page import Words

Status = Literal["confirmed", "provisional"]
WEEKEND = (5, 6)


@dataclass(frozen=True, slots=True)
class Holiday:
    """Days off in a row, and the weekend days worked in exchange (调休)."""

    words: Words
    first: date
    last: date
    worked: tuple[date, ...] = ()

    def days(self) -> Iterator[date]:
        return days(self.first, self.last)


@dataclass(frozen=True, slots=True)
class Year:
    """One year's notice. Provisional: statutory days only, the exchange is not yet known."""

    year: int
    status: Status
    source: str
    holidays: tuple[Holiday, ...]


@dataclass(frozen=True, slots=True)
class Hours:
    """Working hours in force from `since`: spells of (from, to) in seconds since midnight."""

    since: date
    spells: Spells


@dataclass(frozen=True, slots=True)
class Reasons:
    """Words for a day the clock left out, where no holiday gives its own name."""

    first_day: Words
    weekend: Words
    closed: Words


@dataclass(frozen=True, slots=True)
class Calendar:
    """Consecutive years, dated hours and one zone; equal calendars give equal deadlines.

    Build it with `read_calendar`, which checks. Costs some ms and 200 kB: keep it, share it.
    """

    zone: ZoneInfo
    years: tuple[Year, ...]
    hours: tuple[Hours, ...]
    reasons: Reasons = field(compare=False)
    unsure: frozenset[int] = field(init=False, repr=False, compare=False)
    off: dict[date, Words] = field(init=False, repr=False, compare=False)
    exchanged: dict[date, Words] = field(init=False, repr=False, compare=False)
    table: Table = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        holidays = [h for y in self.years for h in y.holidays]
        unsure = frozenset(y.year for y in self.years if y.status == "provisional")
        # Frozen: what follows from the facts is written once, here.
        object.__setattr__(self, "unsure", unsure)
        object.__setattr__(self, "off", {d: h.words for h in holidays for d in h.days()})
        object.__setattr__(self, "exchanged", {d: h.words for h in holidays for d in h.worked})
        first, last = date(self.years[0].year, 1, 1), date(self.years[-1].year, 12, 31)
        epoch = datetime(first.year, 1, 1, tzinfo=self.zone)
        table = Table.of(epoch, [self.spells(d) for d in days(first, last)])
        object.__setattr__(self, "table", table)

    def works(self, day: date) -> bool:
        """True for a weekday that is no holiday, and for a weekend day worked in exchange."""
        return day in self.exchanged or (day not in self.off and day.weekday() not in WEEKEND)

    def spells(self, day: date) -> Spells:
        """The hours worked on that day, empty when it is off."""
        if not self.works(day):
            return ()
        return next(h.spells for h in reversed(self.hours) if h.since <= day)

    def provisional(self, one: int, other: int) -> bool:
        """True when a year from one to the other, in either order, is without its notice."""
        return not self.unsure.isdisjoint(range(min(one, other), max(one, other) + 1))

    def local(self, moment: datetime) -> datetime:
        """The moment in the calendar's zone, at its whole second: the clocks tick in seconds."""
        if moment.tzinfo is None:
            raise ValueError(f"{moment.isoformat()} has no time zone; pass an aware datetime")
        if moment.tzinfo is not self.zone:
            moment = moment.astimezone(self.zone)
        return moment.replace(microsecond=0) if moment.microsecond else moment


def days(first: date, last: date) -> Iterator[date]:
    """Every date from first to last, both included."""
    return (first + timedelta(n) for n in range((last - first).days + 1))
