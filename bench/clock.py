"""Microseconds per call of the clocks: `python bench/clock.py` from the project folder."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from timeit import Timer

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from lianxin.core.clock import Calendar, before, due, left, over, read_calendar, resume  # noqa: E402
from lianxin.core.flow.page import Span  # noqa: E402

SPANS = (
    Span(2, "urgent hours"),
    Span(4, "working hours"),
    Span(400, "working hours"),
    Span(5, "working days"),
    Span(180, "working days"),
    Span(3, "days"),
    Span(1, "months"),
    Span(1, "years"),
)


def read() -> Calendar:
    params = ROOT / "lianxin/params"
    texts = {int(f.stem): f.read_text("utf-8") for f in (params / "calendars").glob("*.toml")}
    return read_calendar(texts, (params / "clocks.toml").read_text("utf-8"), "Asia/Shanghai")


def micros(call: Callable[[], object]) -> float:
    """The best of five rounds, so that a busy machine tells less of a lie."""
    timer = Timer(call)
    rounds, _ = timer.autorange()
    return min(timer.repeat(5, rounds)) / rounds * 1e6


def line(name: str, call: Callable[[], object]) -> None:
    print(f"{name:32} {micros(call):9.2f} µs")


def main() -> None:
    line("read_calendar", read)
    calendar = read()
    start = datetime(2025, 9, 30, 16, 30, tzinfo=calendar.zone)
    for span in SPANS:
        line(f"due {span.number} {span.unit}", partial(due, start, span, calendar))
    deadline = due(start, Span(180, "working days"), calendar)
    end, some = deadline.due, left(start, deadline.due, "working days", calendar)
    line("rows of 180 working days", lambda: (deadline.counted, deadline.skipped))
    line("before -4 working hours", lambda: before(end, Span(-4, "working hours"), calendar))
    line("before -4 working days", lambda: before(end, Span(-4, "working days"), calendar))
    line("left of working days", lambda: left(start, end, "working days", calendar))
    line("resume working seconds", lambda: resume(start, some, calendar))
    line("over in working days", lambda: over(start, end, "working days", calendar))


if __name__ == "__main__":
    main()
