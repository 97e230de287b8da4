"""One order as a card of a list: what it is, where, until when, and what to press on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from lianxin.core.flow.page import Step
from lianxin.orders.book import categories
from lianxin.orders.queries import Row
from lianxin.web import moments
from lianxin.web.order.notes import NOTES, one_note
from lianxin.web.order.states import look_of
from lianxin.web.words import say, speak, tongue

TITLE = 48  # characters of the words that head a card


@dataclass(frozen=True, slots=True)
class Press:
    """A step as a card offers it: a link to its form, or, where nothing is asked, a press."""

    name: str
    words: str
    href: str
    asks: bool


@dataclass(frozen=True, slots=True)
class Card:
    """One order as `lists/card.html` draws it. `by` is the limit, as short as it stays clear."""

    href: str
    title: str
    number: str
    path: str
    where: str
    edge: str
    state: str
    word: str
    due: datetime | None
    by: str
    late: bool
    filed: datetime
    came: str
    visit: int = 0
    nth: int = 0
    notes: tuple[str, ...] = ()
    phone: bool = False  # whether the asker left one that this reader may ask for
    main: Press | None = None
    more: tuple[Press, ...] = ()


def slim(row: Row) -> SafeString:
    """One line of a desk."""
    return drawn(row, tongue(), datetime.now(moments.BEIJING).date())


@lru_cache(maxsize=5000)
def drawn(row: Row, lang: str, today: date) -> SafeString:
    """Drawn once as long as it says the same: a desk looks at its fifty all day long."""
    return render_to_string("lists/slim.html", {"row": card(row)})


def card(row: Row, **more: Any) -> Card:
    """The card of a row; `more` are fields of `Card` that a list knows better."""
    words = " ".join((row.text or row.about).split())
    kind = f"{speak(row.flow)} · " if row.about else ""
    known: dict[str, Any] = {
        "href": reverse("order", args=[row.number]), "number": row.number, "path": row.path,
        "title": kind + (f"{words[:TITLE]}…" if len(words) > TITLE else words or speak(row.flow)),
        "where": row.place, "edge": kind_of(row), "word": speak(row.words), "late": row.late,
        "state": look_of(row.page, row.state, late=row.late, outcome=row.outcome),
        "filed": row.filed, "came": short(row.filed), "due": row.due if row.open else None,
        "by": short(row.due) if row.open and row.due else "",
    }  # fmt: skip
    if row.order:
        known |= {"visit": row.order.visit, "nth": row.order.nth}
    return Card(**known | more)


def kind_of(row: Row) -> str:
    """The category in words, as the table of the day the order was filed has it."""
    table = categories().on(row.filed.astimezone(moments.BEIJING).date()).categories
    return speak(table[row.category].words) if row.category in table else ""


def short(at: datetime, today: date | None = None) -> str:
    """A limit on a card: the clock alone is never enough, the weekday is left to the order.

    >>> from datetime import UTC
    >>> at = datetime(2026, 9, 30, 8, 30, tzinfo=UTC)
    >>> short(at, date(2026, 9, 30)), short(at, date(2026, 9, 29)), short(at, date(2027, 1, 1))
    ('今天16:30', '9月30日 16:30', '2026年9月30日')
    """
    at, today = at.astimezone(moments.BEIJING), today or datetime.now(moments.BEIJING).date()
    if at.date() == today:
        return say("lists.by.today", at=f"{at:%H:%M}")
    year = "" if at.year == today.year else str(at.year)
    if tongue() == "en":
        month = moments.EN_MONTHS[at.month - 1]
        return f"{at.day} {month} {year or f'{at:%H:%M}'}"
    return f"{year and year + '年'}{at.month}月{at.day}日" + ("" if year else f" {at:%H:%M}")


def steps_for(row: Row, entries: set[str]) -> list[Step]:
    """Steps that these parties or roles may take where the order stands, as its page says; whether
    this one may is decided when it is pressed."""
    steps = row.page.steps.values()
    return one_note(s for s in steps if row.state in s.sources and entries & set(s.by))


def press(row: Row, step: Step) -> Press:
    words = say("orders.reads.write") if step.name in NOTES else speak(step.words)
    return Press(step.name, words, address(row.number, step.name), not step.one_press)


@lru_cache(maxsize=20_000)
def address(number: str, verb: str) -> str:
    """Put together once: a list of a hundred cards names six hundred."""
    return reverse("step", args=[number, verb])
