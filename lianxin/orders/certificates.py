"""A certificate of a year's hours: its code says whose, which year and since when, under the key.

Nothing is kept of it: whoever opens the code is told what the log says, so that hours which were
taken back since are not on it, and a sheet that was altered is told from the page.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import F, Sum
from django.db.models.functions import ExtractYear

from lianxin.orders.models import Served
from lianxin.registry import secret
from lianxin.registry.models import CheckIn, Person

NAME = "certificate"
KEY, DAY = 5, 3  # bytes of a person's id, of a day
WHAT = KEY + 1 + DAY
TAG = 11
FIRST = 2000  # a year is kept as what it is after this one


@dataclass(frozen=True, slots=True)
class Certificate:
    """`unit` is "" for who has checked in from none; `on`: the day it was made out."""

    name: str
    unit: str
    hours: Decimal
    year: int
    on: date


def code(person: int, year: int, on: date) -> str:
    """32 letters and digits. Whoever lacks the house's key can neither make one nor read it."""
    what = person.to_bytes(KEY) + bytes([year - FIRST]) + on.toordinal().to_bytes(DAY)
    tag = _tag(what)
    return base64.b32encode(tag + _masked(what, tag)).decode()


def opened(typed: str, today: date) -> Certificate | None:
    """What the code stands for; None for one that is none, and where there are no hours."""
    try:
        raw = base64.b32decode(typed.replace("-", "").upper())
    except (binascii.Error, ValueError):
        return None
    tag, what = raw[:TAG], _masked(raw[TAG:], raw[:TAG])
    if len(raw) != TAG + WHAT or not hmac.compare_digest(_tag(what), tag):
        return None
    on = date.fromordinal(int.from_bytes(what[KEY + 1 :]))
    return certificate(int.from_bytes(what[:KEY]), FIRST + what[KEY], on) if on <= today else None


def certificate(person: int, year: int, on: date) -> Certificate | None:
    """The hours of the year up to that day; None where there are none."""
    last = min(on, date(year, 12, 31))
    rows = Served.objects.filter(person=person, day__range=(date(year, 1, 1), last))
    hours = rows.aggregate(n=Sum("hours"))["n"] or Decimal(0)
    bearer = Person.objects.filter(pk=person).first()
    if bearer is None or hours <= 0:
        return None
    return Certificate(bearer.name, unit_in(person, year, last), hours, year, on)


def unit_in(person: int, year: int, last: date) -> str:
    """The unit from which they were checked in, the latest of that year."""
    found = CheckIn.objects.filter(person=person, confirmed__isnull=False, since__lte=last)
    found = found.exclude(until__lte=date(year, 1, 1)).exclude(until=F("since"))
    row = found.select_related("unit").order_by("-since", "-pk").first()
    return row.unit.name if row else ""


def years(person: int) -> Iterator[tuple[int, Decimal]]:
    """Each year with hours, the latest first."""
    rows = Served.objects.filter(person=person).annotate(year=ExtractYear("day"))
    sums = rows.values("year").annotate(n=Sum("hours")).order_by("-year")
    return ((row["year"], row["n"]) for row in sums if row["n"] > 0)


def _tag(what: bytes) -> bytes:
    return bytes.fromhex(secret.blind(NAME, what.hex()))[:TAG]


def _masked(what: bytes, tag: bytes) -> bytes:
    """Once hides what it says, twice shows it again."""
    mask = bytes.fromhex(secret.blind(f"{NAME}.mask", tag.hex()))
    return bytes(a ^ b for a, b in zip(what, mask, strict=False))
