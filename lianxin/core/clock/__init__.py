"""The four clocks: urgent hours, working hours, working days, calendar days (`docs/clocks.md`)."""

from lianxin.core.clock.calendar import Calendar, Holiday, Hours, Reasons, Year
from lianxin.core.clock.count import before, due, left, over, resume
from lianxin.core.clock.deadline import Counted, Deadline, Remainder, Skipped
from lianxin.core.clock.read import BadCalendar, read_calendar
from lianxin.core.clock.table import OutsideCalendar

__all__ = [
    "BadCalendar",
    "Calendar",
    "Counted",
    "Deadline",
    "Holiday",
    "Hours",
    "OutsideCalendar",
    "Reasons",
    "Remainder",
    "Skipped",
    "Year",
    "before",
    "due",
    "left",
    "over",
    "read_calendar",
    "resume",
]
