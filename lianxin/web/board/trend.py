"""Thirty days as two rows of columns on one scale, and the same as a table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lianxin.orders.queries.board import Day, Span
from lianxin.web import moments
from lianxin.web.board.cells import day_rows
from lianxin.web.words import say, tongue

STEP, HEIGHT = 44, 88  # of a column: what a finger needs, and the tallest
GAP, BAR = 10, 24
NAMES = ("filed", "struck")


@dataclass(frozen=True, slots=True)
class Bar:
    """One day of one row: where it stands, in units of the drawing."""

    on: date
    n: int
    href: str
    x: int
    y: int
    height: int


@dataclass(frozen=True, slots=True)
class Panel:
    name: str
    kind: str
    total: int
    bars: list[Bar]


@dataclass(frozen=True, slots=True)
class Trend:
    width: int
    height: int
    floor: int
    bar: int
    panels: list[Panel]
    days: list[tuple[date, Bar, Bar]]

    @property
    def ticks(self) -> list[tuple[int, str]]:
        """Under each column its day, and where a month begins its name."""
        days = [on for on, _, _ in reversed(self.days)]
        return [(on.day, month(on) if on.day == 1 or not n else "") for n, on in enumerate(days)]

    @property
    def summary(self) -> str:
        filed, struck = self.panels
        return say("board.trend.summary", n=len(self.days), filed=filed.total, struck=struck.total)


def drawn(days: list[Day], path: str, at: int) -> Trend:
    """Both rows on one scale, so that a column of the one compares with a column of the other."""
    top = max((max(day.filed, day.struck) for day in days), default=0)
    panels = [panel(name, days, top, path, at) for name in NAMES]
    pairs = zip(days, *(p.bars for p in panels), strict=True)
    newest = [(day.on, filed, struck) for day, filed, struck in pairs][::-1]
    return Trend(STEP * len(days), HEIGHT + 20, HEIGHT + 14, BAR, panels, newest)


def panel(name: str, days: list[Day], top: int, path: str, at: int) -> Panel:
    bars = []
    for n, day in enumerate(days):
        value = getattr(day, name)
        height = round(HEIGHT * value / top) if top else 0
        height = max(height, 2) if value else 0
        href = day_rows(name, Span(day.on, day.on), path, at)
        bars.append(Bar(day.on, value, href, n * STEP, HEIGHT + 14 - height, height))
    return Panel(say(f"board.{name}"), name, sum(bar.n for bar in bars), bars)


def month(on: date) -> str:
    return moments.EN_MONTHS[on.month - 1] if tongue() == "en" else f"{on.month}月"
