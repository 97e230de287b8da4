"""Reading the calendar's tables, with messages that say what would be right."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from itertools import pairwise
from typing import Any, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from lianxin.core.clock.calendar import WEEKEND, Calendar, Holiday, Hours, Reasons, Status, Year
from lianxin.core.clock.table import Spells
from lianxin.core.flow.page import Words

HOURS_FILE = "clocks.toml"
HOLIDAY = '{ zh = "元旦", en = "New Year\'s Day", from = 2026-01-01, to = 2026-01-03, worked = [] }'
ROW = '{ since = 2017-01-01, spells = ["09:00-12:00", "13:30-17:30"] }'


class BadCalendar(ValueError):
    """A table that cannot be a working calendar; the message names file, fault and remedy."""

    def __init__(self, file: str, fault: str, remedy: str) -> None:
        super().__init__(f"{file}: {fault}; {remedy}")


def read_calendar(texts: Mapping[int, str], hours: str, zone: str) -> Calendar:
    """The calendar from one text a year (`params/calendars/<year>.toml`), the text of
    `params/clocks.toml` and the name of the zone. Raises BadCalendar."""
    years = tuple(_year(number, texts[number]) for number in sorted(texts))
    if not years:
        raise BadCalendar("calendars/", "there is no year", "add a file such as 2026.toml")
    for one, next_one in pairwise(years):
        if next_one.year != one.year + 1:
            missing = f"{one.year + 1}.toml"
            raise BadCalendar(missing, "this year is missing between others", f"add {missing}")
    table = _parse(HOURS_FILE, hours)
    _keys(HOURS_FILE, "the file", table, {"hours", "reasons"})
    rows = _hours(table["hours"], date(years[0].year, 1, 1))
    return Calendar(_zone(zone, years), years, rows, _reasons(table["reasons"]))


def _parse(file: str, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadCalendar(file, f"not TOML ({error})", "compare it with another year") from error


def _keys(file: str, what: str, row: object, keys: set[str]) -> None:
    if not isinstance(row, dict):
        raise BadCalendar(file, f"{what} is no table", f"it needs the keys {_list(keys)}")
    if unknown := row.keys() - keys:
        raise BadCalendar(file, f"{what} has {_list(unknown)}", f"it may have {_list(keys)}")
    if missing := keys - row.keys():
        raise BadCalendar(file, f"{what} lacks {_list(missing)}", f"it needs {_list(keys)}")


def _list(keys: set[str]) -> str:
    return ", ".join(sorted(keys))


def _words(file: str, what: str, row: Mapping[str, Any]) -> Words:
    for key in ("zh", "en"):
        if not isinstance(row[key], str) or not row[key].strip():
            raise BadCalendar(file, f"{what}: {key} is empty", "give its name in both languages")
    return Words(row["zh"], row["en"])


def _day(file: str, what: str, value: object) -> date:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise BadCalendar(file, f"{what}: {value!r} is no date", "write 2026-01-01, no quotes")
    return value


# ── one year ──────────────────────────────────────────────────────────────────────────────────


def _year(number: int, text: str) -> Year:
    file = f"{number}.toml"
    table = _parse(file, text)
    _keys(file, "the file", table, {"year", "status", "source", "holidays"})
    if table["year"] != number:
        raise BadCalendar(file, f"it says year = {table['year']}", f"write year = {number}")
    if table["status"] not in ("confirmed", "provisional"):
        known = 'write "confirmed" once the notice is out, "provisional" before'
        raise BadCalendar(file, f"status = {table['status']!r} is unknown", known)
    if not isinstance(table["source"], str) or not table["source"].strip():
        raise BadCalendar(file, "source is empty", "name the notice, such as 国办发明电〔2025〕7号")
    rows = table["holidays"]
    if not isinstance(rows, list) or not rows:
        raise BadCalendar(file, "holidays is empty", f"write rows like {HOLIDAY}")
    holidays = tuple(_holiday(file, number, n, row) for n, row in enumerate(rows, 1))
    _apart(file, holidays)
    return Year(number, cast(Status, table["status"]), table["source"], holidays)


def _holiday(file: str, year: int, n: int, row: dict[str, Any]) -> Holiday:
    _keys(file, f"holiday {n}", row, {"zh", "en", "from", "to", "worked"})
    words = _words(file, f"holiday {n}", row)
    what = f"holiday {n} ({words.zh})"
    first, last = _day(file, what, row["from"]), _day(file, what, row["to"])
    if not isinstance(row["worked"], list):
        raise BadCalendar(file, f"{what}: worked is no list", f"write worked = [] or [{first}]")
    worked = tuple(_day(file, what, day) for day in row["worked"])
    if last < first:
        raise BadCalendar(file, f"{what} ends {last}, before it starts {first}", "swap them")
    for day in (first, last, *worked):
        if day.year != year:
            raise BadCalendar(file, f"{what}: {day} is another year", f"move it to {day.year}.toml")
    for day in worked:
        if day.weekday() not in WEEKEND:
            fault = f"{what}: {day} is a {day:%A} and worked anyway"
            raise BadCalendar(file, fault, "worked holds Saturdays and Sundays only")
    return Holiday(words, first, last, worked)


def _apart(file: str, holidays: Sequence[Holiday]) -> None:
    """No day may be off twice, nor off and worked."""
    seen: dict[date, str] = {}
    for holiday in holidays:
        for day in (*holiday.days(), *holiday.worked):
            if day in seen:
                both = f"{day} stands in {seen[day]} and again in {holiday.words.zh}"
                raise BadCalendar(file, both, "a day is off once, or worked once; keep one")
            seen[day] = holiday.words.zh


# ── hours, reasons, zone ──────────────────────────────────────────────────────────────────────


def _hours(rows: object, first: date) -> tuple[Hours, ...]:
    if not isinstance(rows, list) or not rows:
        raise BadCalendar(HOURS_FILE, "hours is empty", f"write rows like {ROW}")
    for n, row in enumerate(rows, 1):
        _keys(HOURS_FILE, f"hours row {n}", row, {"since", "spells"})
    hours = tuple(Hours(_day(HOURS_FILE, "since", r["since"]), _spells(r["spells"])) for r in rows)
    if hours[0].since > first:
        fault = f"no hours before {hours[0].since}, but the calendars start {first}"
        raise BadCalendar(HOURS_FILE, fault, f"the first row needs since = {first} or earlier")
    for one, later in pairwise(hours):
        if later.since <= one.since:
            fault = f"since {later.since} stands after {one.since}"
            raise BadCalendar(HOURS_FILE, fault, "sort the rows by day, each day once")
    return hours


def _spells(texts: object) -> Spells:
    if not isinstance(texts, list) or not texts:
        raise BadCalendar(HOURS_FILE, "spells is empty", f"write a row like {ROW}")
    spells = tuple(_spell(text) for text in texts)
    moments = [moment for spell in spells for moment in spell]
    if moments != sorted(set(moments)):
        fault = f"the spells {', '.join(texts)} overlap, touch or run backwards"
        raise BadCalendar(HOURS_FILE, fault, "write them in order with a break between")
    return spells


def _spell(text: object) -> tuple[int, int]:
    try:
        start, end = (time.fromisoformat(part) for part in str(text).split("-"))
    except ValueError as error:
        right = 'write "09:00-12:00", hours with two digits'
        raise BadCalendar(HOURS_FILE, f"{text!r} is no spell", right) from error
    return _second(start), _second(end)


def _second(moment: time) -> int:
    return moment.hour * 3600 + moment.minute * 60 + moment.second


def _reasons(row: dict[str, Any]) -> Reasons:
    _keys(HOURS_FILE, "reasons", row, {"first_day", "weekend", "closed"})
    for key, words in row.items():
        _keys(HOURS_FILE, f"reasons.{key}", words, {"zh", "en"})
    return Reasons(**{key: _words(HOURS_FILE, key, words) for key, words in row.items()})


def _zone(name: str, years: Sequence[Year]) -> ZoneInfo:
    """The zone, if its clocks are never put forward: a working day must have its hours."""
    try:
        zone = ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise BadCalendar(name, "this zone is unknown", "write Asia/Shanghai") from error
    months = [datetime(y.year, m, 1, tzinfo=zone) for y in years for m in range(1, 13)]
    if len({moment.utcoffset() for moment in months}) > 1:
        fault = "its clocks change in these years"
        raise BadCalendar(name, fault, "use a zone with one offset, such as Asia/Shanghai")
    return zone
