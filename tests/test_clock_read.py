"""A calendar that cannot be right is refused with its file, its fault and the remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from lianxin.core.clock import BadCalendar, read_calendar

PARAMS = Path(__file__).parents[1] / "lianxin/params"
YEAR = (PARAMS / "calendars/2026.toml").read_text("utf-8")
HOURS = (PARAMS / "clocks.toml").read_text("utf-8")
ZONE = "Asia/Shanghai"

YEARS = [
    ("year = 2026", "year = 2025", "it says year = 2025; write year = 2026"),
    ("year = 2026", "year 2026", "not TOML"),
    ('"confirmed"', '"sure"', "status = 'sure' is unknown"),
    ("source =", "sources =", "the file has sources; it may have holidays, source"),
    ('source = "国办发明电〔2025〕7号"', 'source = ""', "name the notice"),
    ('zh = "元旦"', 'zh = ""', "holiday 1: zh is empty"),
    (', en = "National Day"', "", "holiday 7 lacks en"),
    ("from = 2026-01-01", 'from = "2026-01-01"', r"holiday 1 \(元旦\): '2026-01-01' is no date"),
    ("to = 2026-01-03", "to = 2025-01-03", "before it starts 2026-01-01; swap them"),
    ("[2026-01-04]", "[2025-01-04]", "2025-01-04 is another year; move it to 2025.toml"),
    ("[2026-01-04]", "[2026-01-05]", "2026-01-05 is a Monday"),
    ("[2026-01-04]", "2026-01-04", "worked is no list"),
    ("[2026-01-04]", "[2026-02-14]", "2026-02-14 stands in 元旦 and again in 春节"),
    ("to = 2026-05-05", "to = 2026-05-09", "2026-05-09 stands in 劳动节 and again in 劳动节"),
]

CLOCKS = [
    ('["09:00-12:00", "13:30-17:30"] },\n]', "[] },\n]", "spells is empty"),
    ("09:00-12:00", "9-12", "'9-12' is no spell; write \"09:00-12:00\""),
    ("09:00-12:00", "09:00-14:00", "overlap, touch or run backwards"),
    ("09:00-12:00", "12:00-09:00", "overlap, touch or run backwards"),
    ("since = 2017-01-01", "since = 2026-06-01", "no hours before 2026-06-01"),
    ('since = 2017-01-01, spells = ["09', 'spells = ["09', "hours row 1 lacks since"),
    ("weekend   =", "sunday =", "reasons has sunday"),
    ('zh = "周末",         ', "", "reasons.weekend lacks zh"),
]


@pytest.mark.parametrize(("right", "wrong", "message"), YEARS)
def test_a_year(right: str, wrong: str, message: str) -> None:
    text = with_fault(YEAR, right, wrong)
    with pytest.raises(BadCalendar, match=r"2026\.toml: .*" + message):
        read_calendar({2026: text}, HOURS, ZONE)


@pytest.mark.parametrize(("right", "wrong", "message"), CLOCKS)
def test_the_hours(right: str, wrong: str, message: str) -> None:
    text = with_fault(HOURS, right, wrong)
    with pytest.raises(BadCalendar, match=r"clocks\.toml: .*" + message):
        read_calendar({2026: YEAR}, text, ZONE)


def with_fault(text: str, right: str, wrong: str) -> str:
    assert right in text, "the table has changed; let this row follow it"
    return text.replace(right, wrong, 1)


def test_hours_out_of_order() -> None:
    row = '  { since = 2016-01-01, spells = ["08:00-16:00"] },\n]\n\n#'
    with pytest.raises(BadCalendar, match="since 2016-01-01 stands after 2017-01-01; sort"):
        read_calendar({2026: YEAR}, HOURS.replace("]\n\n#", row), ZONE)


def test_no_holiday_at_all() -> None:
    text = YEAR.split("holidays =")[0] + "holidays = []\n"
    with pytest.raises(BadCalendar, match="holidays is empty; write rows like"):
        read_calendar({2026: text}, HOURS, ZONE)


def test_a_year_missing_between_others() -> None:
    texts = {year: (PARAMS / f"calendars/{year}.toml").read_text("utf-8") for year in (2024, 2026)}
    with pytest.raises(BadCalendar, match=r"2025\.toml: this year is missing between others"):
        read_calendar(texts, HOURS, ZONE)


def test_no_year_at_all() -> None:
    with pytest.raises(BadCalendar, match="there is no year"):
        read_calendar({}, HOURS, ZONE)


@pytest.mark.parametrize(
    ("zone", "message"),
    [("Asia/Nowhere", "unknown; write Asia/Shanghai"), ("Europe/Berlin", "its clocks change")],
)
def test_a_zone(zone: str, message: str) -> None:
    with pytest.raises(BadCalendar, match=message):
        read_calendar({2026: YEAR}, HOURS, zone)
