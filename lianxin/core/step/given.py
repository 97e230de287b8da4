"""What was answered: read by the type of its field, refused in words where it does not fit."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from lianxin.core.flow.page import Field, Page, Step
from lianxin.core.step.refused import Refused
from lianxin.core.step.scene import listed

LONGEST = 10_000  # characters of one text; the longest real message seen has 3,000
MOST = 1_000  # values of one answer; each is compared with those before it
LARGEST = 10**15 - 1  # fifteen digits: what a program keeps exactly, and no sum of money reaches
WIDEST, LONGEST_COVER = 20_000, 80  # points of a photo; signs of one cover as text
LONGEST_H = 10 * 366 * 24  # hours: no page waits for more than ten years
YEARS = range(1900, 2200)  # what every calendar, zone and database agrees on


def text(value: Any, field: Field) -> str:
    """Plain text: NUL and lone surrogates cannot be stored, other control signs do no good."""
    if not isinstance(value, str | int | float):
        raise Refused("not_text", field=field.name)
    words = unicodedata.normalize("NFC", str(value))
    words = "".join(c for c in words if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
    words = words.strip()
    if len(words) > (field.max or LONGEST):
        raise Refused("too_long", field=field.name, most=int(field.max or LONGEST))
    return words


def number(value: Any, field: Field) -> int | float:
    try:
        found = float(value)
    except (TypeError, ValueError, OverflowError):
        raise Refused("not_a_number", field=field.name, value=str(value)[:40]) from None
    if isinstance(value, bool) or not math.isfinite(found):
        raise Refused("not_a_number", field=field.name, value=str(value)[:40])
    low, high = field.min, field.max
    if (low is not None and found < low) or (high is not None and found > high):
        raise Refused("out_of_range", field=field.name, min=low, max=high)
    if abs(found) > LARGEST:
        raise Refused("out_of_range", field=field.name, min=low or -LARGEST, max=high or LARGEST)
    return int(found) if found == int(found) else found


def hours(value: Any, field: Field) -> int | float:
    """A length of time, which a calendar can count."""
    found, low, high = number(value, field), field.min or 0, field.max or LONGEST_H
    if not low <= found <= high:
        raise Refused("out_of_range", field=field.name, min=low, max=high)
    return found


def rating(value: Any, field: Field) -> int | float:
    low, high = field.min or 1, field.max or 5
    found = number(value, field)
    if not low <= found <= high or found != int(found):
        raise Refused("out_of_range", field=field.name, min=low, max=high)
    return found


def choice(value: Any, field: Field) -> str:
    if value not in field.choices:
        raise Refused("no_choice", field=field.name, value=str(value)[:40], of=field.choices)
    return str(value)


def yes(value: Any, field: Field) -> bool | str:
    if field.of:
        return choice({True: "yes", False: "no"}.get(value, value), field)
    if value in (True, "true", "yes", "1", "on"):
        return True
    if value in (False, "false", "no", "0", "off"):
        return False
    raise Refused("no_choice", field=field.name, value=str(value)[:40], of=("yes", "no"))


def moment(value: Any, field: Field) -> str:
    """Kept as ISO text. A time without a zone is refused: callers know where the clock hangs."""
    try:
        when = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError:
        raise Refused("not_a_moment", field=field.name, value=str(value)[:40]) from None
    if when.tzinfo is None or when.year not in YEARS:
        raise Refused("not_a_moment", field=field.name, value=str(value)[:40])
    return when.isoformat()


def day(value: Any, field: Field) -> str:
    try:
        found = value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError:
        raise Refused("not_a_day", field=field.name, value=str(value)[:40]) from None
    if found.year not in YEARS:
        raise Refused("not_a_day", field=field.name, value=str(value)[:40])
    return found.isoformat()


def point(value: Any, field: Field) -> list[float]:
    """(lon, lat) in degrees, WGS-84."""
    try:
        lon, lat = (float(part) for part in value)
    except (TypeError, ValueError):
        raise Refused("not_a_point", field=field.name) from None
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise Refused("not_a_point", field=field.name)
    return [lon, lat]


def cover(value: Any, field: Field) -> list[int]:
    """[left, top, width, height] of one painted part, in points of the photo as it is kept."""
    if not isinstance(value, str | list | tuple) or len(value) > LONGEST_COVER:
        raise Refused("not_a_cover", field=field.name)
    parts = value.split(",") if isinstance(value, str) else value
    try:
        left, top, width, height = (int(float(part)) for part in parts)
    except (TypeError, ValueError, OverflowError):
        raise Refused("not_a_cover", field=field.name) from None
    if min(left, top) < 0 or min(width, height) < 1 or max(left, top, width, height) > WIDEST:
        raise Refused("not_a_cover", field=field.name)
    return [left, top, width, height]


def key(value: Any, field: Field) -> str:
    """The registry's key of a person, unit, area, order, photo: opaque here, resolved outside."""
    if not isinstance(value, str | int) or isinstance(value, bool) or not str(value):
        raise Refused("unknown", field=field.name, value=str(value)[:40])
    return str(value)


READ: dict[str, Callable[[Any, Field], Any]] = {
    "text": text, "signature": text, "phone": text,
    "number": number, "hours": hours, "money": number,
    "rating": rating, "choice": choice, "yes": yes,
    "moment": moment, "date": day, "point": point,
    "person": key, "unit": key, "area": key, "place": key, "category": key, "order": key,
    "subject": key, "photo": key, "file": key, "picture": key, "cover": cover,
}  # fmt: skip


def empty(value: Any) -> bool:
    return value is None or value == "" or value == [] or value == ()


def one_or_many(value: Any, field: Field, read: Callable[[Any, Field], Any]) -> Any:
    if not field.many:
        return read(value, field)
    given = listed(value)
    if len(given) > MOST:
        raise Refused("too_many", field=field.name, most=MOST)
    rows = [read(row, field) for row in given if not empty(row)]
    return [row for n, row in enumerate(rows) if row not in rows[:n]]  # each once


def read_one(page: Page, name: str, value: Any) -> Any:
    """One answer in its type. What an order is about (a room, a centre) is a key like any other."""
    if empty(value):
        return None
    field = page.field(name)
    return one_or_many(value, field, READ.get(field.type, key))


def read_given(
    page: Page, step: Step, given: Mapping[str, Any], whole: bool = True
) -> dict[str, Any]:
    """The answers to a step by name, each in its type. Raises Refused: missing, not_asked, …

    Not `whole`: what is missing is not asked for again.
    """
    answers: dict[str, Any] = {}
    for ask in step.asks:
        value = read_one(page, ask.name, given.get(ask.name))
        if not empty(value):
            answers[ask.name] = value
        elif whole and not ask.optional:
            raise Refused("missing", field=ask.name)
    for name in given:
        if name not in step.asked:
            raise Refused("not_asked", field=name)
    return answers


def erasable(page: Page, name: str) -> bool:
    """Words, photos and phones live outside the event; parties and ids inside."""
    return name not in page.parties and page.fields[name].erasable
