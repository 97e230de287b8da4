"""Days, hours, figures and money as a good clerk writes them, in Beijing time and two languages.

A moment is absolute: "in two hours" is wrong by the time the page is read, "16:30" stays right.
Nothing known is "—", never 0.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from lianxin.web.words import tongue

BEIJING = ZoneInfo("Asia/Shanghai")
NOTHING = "—"
ZH_DAYS = "一二三四五六日"
EN_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
EN_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day(on: date | None, lang: str | None = None, *, this_year: int | None = None) -> str:
    """A day with its weekday; Chinese leaves the year out when it is this one.

    >>> day(date(2026, 9, 30), "zh", this_year=2026), day(date(2026, 9, 30), "zh", this_year=2027)
    ('9月30日（周三）', '2026年9月30日（周三）')
    >>> day(date(2026, 9, 30), "en")
    'Wed 30 Sep 2026'
    """
    if on is None:
        return NOTHING
    if isinstance(on, datetime):
        on = on.astimezone(BEIJING).date()
    if tongue(lang) == "en":
        return f"{EN_DAYS[on.weekday()]} {on.day} {EN_MONTHS[on.month - 1]} {on.year}"
    year = "" if on.year == this_year else f"{on.year}年"
    return f"{year}{on.month}月{on.day}日（周{ZH_DAYS[on.weekday()]}）"


def moment(at: datetime | None, lang: str | None = None, *, this_year: int | None = None) -> str:
    """A day and the clock of that day.

    >>> from datetime import UTC
    >>> at = datetime(2026, 9, 30, 8, 30, tzinfo=UTC)
    >>> moment(at, "zh", this_year=2026), moment(at, "en")
    ('9月30日（周三）16:30', 'Wed 30 Sep 2026 16:30')
    """
    if at is None:
        return NOTHING
    at = at.astimezone(BEIJING)
    gap = " " if tongue(lang) == "en" else ""
    return f"{day(at.date(), lang, this_year=this_year)}{gap}{at:%H:%M}"


def figure(number: int | float | Decimal | None) -> str:
    """A count or a measure, in groups of three.

    >>> figure(45000), figure(20.97), figure(None)
    ('45,000', '20.97', '—')
    """
    return NOTHING if number is None else f"{number:,}"


def money(yuan: int | float | Decimal | None, lang: str | None = None) -> str:
    """Yuan with two decimals.

    >>> money(1234.5, "zh"), money(1234.5, "en")
    ('1,234.50元', '¥1,234.50')
    """
    if yuan is None:
        return NOTHING
    return f"¥{yuan:,.2f}" if tongue(lang) == "en" else f"{yuan:,.2f}元"


def rate(share: float | None) -> str:
    """A share of one as a percentage with one decimal; no denominator, no rate.

    >>> rate(0.963), rate(1), rate(None)
    ('96.3%', '100%', '—')
    """
    return NOTHING if share is None else f"{100 * share:.1f}".removesuffix(".0") + "%"
