"""The small languages inside a page's texts: spans, limits, scopes and who-of-whom."""

from __future__ import annotations

import re

from lianxin.core.flow.keys import SCOPES, UNITS
from lianxin.core.flow.page import AtMost, Span, Within

_SPAN = re.compile(rf"([+-]?\d{{1,5}}) ({'|'.join(UNITS)})s?")
_ON = re.compile(r"on (\d\d-\d\d) of (\w+)")
_FIELD = re.compile(r"field (\w+)")
_AT_MOST = re.compile(r"(\d{1,4})((?: per \w+)*)")
_MONTH_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def span(text: str) -> Span | None:
    """`4 working hours`, `1 year`, `-4 urgent hours`; None if it is no span.

    >>> span("1 working day")
    Span(number=1, unit='working days')
    """
    found = _SPAN.fullmatch(text)
    return Span(int(found[1]), UNITS[found[2]]) if found else None


def within(text: str) -> Within | None:
    """How long a limit lasts, in any of the grammar's ways; None if it is none of them.

    >>> within("on 06-30 of year")
    Within(span=None, category=False, field='year', day='06-30')
    """
    if text == "category":
        return Within(category=True)
    if found := _FIELD.fullmatch(text):
        return Within(field=found[1])
    if found := _ON.fullmatch(text):
        return Within(field=found[2], day=found[1]) if _is_day(found[1]) else None
    length = span(text)
    return Within(span=length) if length and length.number > 0 else None


def at_most(text: str) -> AtMost | None:
    """`2 per subject per month`; None if a scope is unknown or the number is not above 0.

    >>> at_most("2 per subject per month")
    AtMost(number=2, per=('subject', 'month'))
    """
    found = _AT_MOST.fullmatch(text)
    if not found or int(found[1]) < 1:
        return None
    per = tuple(found[2].split(" per ")[1:])
    return AtMost(int(found[1]), per) if set(per) <= set(SCOPES) else None


def of(text: str) -> tuple[str, str] | None:
    """The two names of `member of unit`; None if it is not of that form.

    >>> of("member of unit")
    ('member', 'unit')
    """
    found = re.fullmatch(r"(\w+) of (\w+)", text)
    return (found[1], found[2]) if found else None


def _is_day(text: str) -> bool:
    month, day = map(int, text.split("-"))
    return 1 <= month <= 12 and 1 <= day <= _MONTH_DAYS[month - 1]
