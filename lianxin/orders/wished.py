"""When it would suit the asker: a day or some days, and a part of them; nothing said, any time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet, TextField, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce, Greatest

DAY, UNTIL, PART = NAMES = ("wanted_day", "wanted_until", "wanted_part")
PARTS = ("morning", "afternoon", "evening")
EVENING = "evening"
WHENS = (EVENING, "tomorrow", "weekend")  # what a list is narrowed to, beside any time
SATURDAY, SUNDAY = 5, 6


@dataclass(frozen=True, slots=True)
class Wish:
    """From the first day to the last (None: any day), in these parts of a day (none: any)."""

    first: date | None = None
    last: date | None = None
    parts: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self.first is not None or bool(self.parts)

    @property
    def given(self) -> dict[str, Any]:
        """As a step is told it."""
        days = {DAY: self.first and self.first.isoformat()}
        if self.first and self.last and self.last > self.first:
            days[UNTIL] = self.last.isoformat()
        told = {**days, PART: list(self.parts)}
        return {name: value for name, value in told.items() if value}


def wish_of(fields: Mapping[str, Any]) -> Wish:
    """What an order's answers say."""
    first, last = read(fields.get(DAY)), read(fields.get(UNTIL))
    parts = tuple(p for p in PARTS if p in (fields.get(PART) or ()))
    return Wish(first, max(first, last or first) if first else None, parts)


def read(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) and value else None


def meant(when: str, today: date) -> Wish:
    """What a word means today; `weekend`: what is left of this one, else the next.

    >>> [d.isoformat() for d in weekend(date(2026, 11, 23))], meant("evening", date(2026, 11, 23))
    (['2026-11-28', '2026-11-29'], Wish(first=datetime.date(2026, 11, 23), \
last=datetime.date(2026, 11, 23), parts=('evening',)))
    """
    if when == EVENING:
        return Wish(today, today, (EVENING,))
    if when == "tomorrow":
        return Wish(today + timedelta(days=1), today + timedelta(days=1))
    if when == "weekend":
        return Wish(*weekend(today))
    return Wish()


def weekend(today: date) -> tuple[date, date]:
    sunday = today + timedelta(days=SUNDAY - today.weekday())
    return max(today, sunday - timedelta(days=1)), sunday


def suiting(found: QuerySet, when: str, today: date) -> QuerySet:
    """Orders that could be done then: those that wish for it, and those that suit at any time."""
    if when not in WHENS:
        return found
    wish = meant(when, today)
    assert wish.first and wish.last
    first = Coalesce(KT(f"facts__fields__{DAY}"), Value("", TextField()))
    last = Greatest(first, Coalesce(KT(f"facts__fields__{UNTIL}"), first))
    found = found.alias(wished_first=first, wished_last=last)
    days = Q(wished_first__lte=wish.last.isoformat(), wished_last__gte=wish.first.isoformat())
    found = found.filter(Q(wished_first="") | days)
    if not wish.parts:
        return found
    found = found.alias(wished_part=Coalesce(KT(f"facts__fields__{PART}"), Value("", TextField())))
    fits = Q(**{f"facts__fields__{PART}__contains": list(wish.parts)})
    return found.filter(Q(wished_part="") | fits)
