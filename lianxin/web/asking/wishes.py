"""When it would suit the asker, as it is asked for and as it is told everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from lianxin.orders.queries import Row
from lianxin.orders.wished import PARTS, WHENS, Wish, meant, wish_of
from lianxin.web import moments
from lianxin.web.widgets import Cards
from lianxin.web.words import rows as texts
from lianxin.web.words import say

ANY, SOME_DAY = "", "day"
CHOICES = (ANY, *WHENS, SOME_DAY)
SAID = ("when", "day", "part")  # names of the form's fields, and of what a draft keeps of them


def told(wish: Wish) -> str:
    """In words that stay right when they are read tomorrow; "" for any time."""
    if not wish:
        return ""
    day = days(wish)
    part = say("orders.story.list").join(say(f"wishes.part.{name}") for name in wish.parts)
    return say("wishes.both", day=day, part=part) if day and part else day or part


def days(wish: Wish) -> str:
    year = timezone.localdate().year
    said = [moments.day(d, this_year=year) for d in (wish.first, wish.last) if d]
    if not said:
        return ""
    return said[0] if wish.first == wish.last else say("wishes.range", first=said[0], last=said[1])


def of_row(row: Row) -> tuple[str, str]:
    """An order's words, and apart from them the time that suits its asker ("" if none was named).
    Orders from before it was asked by itself say it in a last line."""
    words, line = wished(row.text)
    asked = told(wish_of(row.order.fields)) if row.order else ""
    return words, asked or line


def wished(text: str) -> tuple[str, str]:
    """The words, and what the last line of them names as a time that suits."""
    row = texts()["file.when_line"]
    marks = [getattr(row, lang).split("{when}")[0] for lang in ("zh", "en")]
    head, _, last = text.strip().rpartition("\n")
    for mark in marks:
        if head and last.startswith(mark):
            return head, last.removeprefix(mark).strip()
    return text, ""


# ── asking ───────────────────────────────────────────────────────────────────────────────────────


def fields() -> dict[str, forms.Field]:
    """What a form asks: one press for most, a day of one's own, a part of the day."""
    return {
        "when": forms.ChoiceField(
            required=False, widget=Cards, label=say("wishes.when"),
            choices=[(name, say(f"wishes.at.{name or 'any'}")) for name in CHOICES],
        ),
        "day": forms.DateField(
            required=False, label=say("wishes.day"), help_text=say("wishes.day_is"),
            widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
            error_messages={"invalid": say("wishes.no_day")},
        ),
        "part": forms.MultipleChoiceField(
            required=False, widget=forms.CheckboxSelectMultiple, label=say("wishes.part_of"),
            choices=[(name, say(f"wishes.part.{name}")) for name in PARTS],
        ),
    }  # fmt: skip


def check(form: forms.Form, answers: dict[str, Any], today: date) -> None:
    """A day that is over suits nobody; one's own day without a day is asked for again."""
    day = answers.get("day")
    if day and day < today:
        form.add_error("day", say("wishes.past"))
    elif answers.get("when") == SOME_DAY and not day and "day" not in form.errors:
        form.add_error("day", say("wishes.which"))


def chosen(when: str, day: str, part: tuple[str, ...], today: date) -> Wish:
    """What was said in the form means today. A day that was named is meant, whatever is pressed."""
    parts = tuple(p for p in PARTS if p in part)
    named = typed(day)
    if named and when in (ANY, SOME_DAY):
        return Wish(named, named, parts)
    wish = meant(when, today)
    return Wish(wish.first, wish.last, parts or wish.parts)


def typed(day: str) -> date | None:
    """A draft keeps what stood in the box when another screen was asked for, a day or not."""
    try:
        return date.fromisoformat(day)
    except ValueError:
        return None


def answers(said: Mapping[str, Any], today: date) -> dict[str, Any]:
    """As the step is told it, of what a draft keeps."""
    return chosen(said["when"], said["day"], tuple(said["part"]), today).given
