"""A clock that runs fast: the house's own processes are told another time, the database is not."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime, timedelta

BEGAN, FROM, PACE = "STREET_BEGAN", "STREET_FROM", "STREET_PACE"


def install() -> None:
    """From here on `timezone.now()` of this process is the street's. The environment says how."""
    from django.utils import timezone

    timezone.now = now


def now() -> datetime:
    began, first, pace = (float(os.environ[name]) for name in (BEGAN, FROM, PACE))
    return datetime.fromtimestamp(first + (time.time() - began) * pace, UTC)


def pace() -> float:
    """How many seconds of the street's day pass in one of ours."""
    return float(os.environ[PACE])


def begin(first: datetime, pace: float) -> None:
    """The day begins now, at `first`; every process started from here on keeps this time."""
    told = {BEGAN: time.time(), FROM: first.timestamp(), PACE: pace}
    os.environ |= {name: str(value) for name, value in told.items()}


def last_working_day(today: datetime) -> datetime:
    """Eight in the morning of the last working day before this one: jobs put off to a time of that
    day are due at once, for the database keeps its own."""
    from lianxin.orders.book import calendar

    day = today - timedelta(days=1)
    while not calendar().works(day.date()):
        day -= timedelta(days=1)
    return day.replace(hour=8, minute=0, second=0, microsecond=0)
