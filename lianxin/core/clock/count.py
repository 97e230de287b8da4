"""When a limit is due, what it still has when it stops, and how late an answer came."""

from __future__ import annotations

from calendar import monthrange
from datetime import datetime, timedelta

from lianxin.core.clock.calendar import Calendar
from lianxin.core.clock.deadline import Deadline, Remainder, clock_of
from lianxin.core.flow.page import Span, Unit

SECOND = timedelta(seconds=1)
HOURS: dict[Unit, int] = {"urgent hours": 1, "days": 24}
MONTHS: dict[Unit, int] = {"months": 1, "years": 12}


def due(start: datetime, span: Span, calendar: Calendar) -> Deadline:
    """When a limit that starts now has run out.

    Urgent hours and days run without a break (a day is 24 hours); months and years end on the
    same date at the same time, or on the month's last day; working hours end at the earliest
    moment at which so much has been worked; of working days the day of the start is not counted
    and the last one ends with its close. Raises OutsideCalendar, ValueError (negative, naive).
    """
    if span.number < 0:
        raise ValueError(f"{span.number} {span.unit}: due() counts forward; before() counts back")
    start = calendar.local(start)
    return _deadline(start, _forward(start, span, calendar), span, calendar)


def before(due: datetime, offset: Span, calendar: Calendar) -> datetime:
    """The moment a ladder's rung fires: offset negative before the due time, positive after it.

    Working hours back give the latest such moment (Thursday's opening rather than Wednesday's
    close); working days back the same time of day, at the latest that day's close.
    """
    due = calendar.local(due)
    if offset.number >= 0:
        return _forward(due, offset, calendar)
    if offset.unit == "working hours":
        table = calendar.table
        return table.leave(table.sum(due) + offset.number * 3600)
    if offset.unit == "working days":
        return _days_back(due, offset.number, calendar)
    return _running(due, offset)


def left(now: datetime, due: datetime, unit: Unit, calendar: Calendar) -> Remainder:
    """What a limit that is stopped now still has: working units keep working seconds, the others
    plain ones. Negative when it is late already, so that it comes back just as late."""
    now, due = calendar.local(now), calendar.local(due)
    clock = clock_of(unit)
    return Remainder(clock, _between(now, due, clock == "working", calendar))


def resume(now: datetime, remainder: Remainder, calendar: Calendar) -> Deadline:
    """The due time of a limit that runs on from now with what it had."""
    now = calendar.local(now)
    if remainder.clock == "working":
        table = calendar.table
        end = table.reach(table.sum(now) + remainder.seconds)
    else:
        end = now + timedelta(seconds=remainder.seconds)
    return _deadline(now, end, remainder, calendar)


def over(due: datetime, at: datetime, unit: Unit, calendar: Calendar) -> int:
    """Seconds of its clock by which an answer at `at` was late; 0 if, and only if, in time.

    An answer after the close, to a limit that ended with it, is late by no working second: 1.
    """
    if at <= due:
        return 0
    working = clock_of(unit) == "working"
    return max(1, _between(calendar.local(due), calendar.local(at), working, calendar))


def _deadline(
    start: datetime, end: datetime, amount: Span | Remainder, calendar: Calendar
) -> Deadline:
    clock = amount.clock if isinstance(amount, Remainder) else clock_of(amount.unit)
    unsure = clock == "working" and calendar.provisional(start.year, end.year)
    return Deadline(start, end, amount, unsure, calendar)


def _forward(start: datetime, span: Span, calendar: Calendar) -> datetime:
    table = calendar.table
    if span.number == 0:
        return start
    if span.unit == "working hours":
        return table.reach(table.sum(start) + span.number * 3600)
    if span.unit == "working days":
        day = table.nth_after(table.day(start), span.number)
        return table.moment(day, table.close(day))
    return _running(start, span)


def _days_back(due: datetime, number: int, calendar: Calendar) -> datetime:
    table = calendar.table
    day = table.nth_after(table.day(due), number)
    second = due.hour * 3600 + due.minute * 60 + due.second
    return table.moment(day, min(second, table.close(day)))


def _running(start: datetime, span: Span) -> datetime:
    """So many hours, days, months or years on (or back, if negative), never asking who works."""
    if span.unit in HOURS:
        return start + timedelta(hours=span.number * HOURS[span.unit])
    year, month = divmod(start.year * 12 + start.month - 1 + span.number * MONTHS[span.unit], 12)
    day = min(start.day, monthrange(year, month + 1)[1])
    return start.replace(year=year, month=month + 1, day=day)


def _between(start: datetime, end: datetime, working: bool, calendar: Calendar) -> int:
    """Seconds from start to end by one of the two clocks, negative if end comes first."""
    if working:
        return calendar.table.sum(end) - calendar.table.sum(start)
    return (end - start) // SECOND
