"""What a field looks like, by its type; every one of them works without JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings

from lianxin.core.flow.page import Field
from lianxin.orders.book import categories
from lianxin.web.moments import BEIJING
from lianxin.web.widgets import Cards, Photos, Stars
from lianxin.web.words import say, speak

ONE_LINE = 200  # a text that may be no longer is asked in one line


class Checks(forms.CheckboxSelectMultiple):
    """Several of few, each with room for a thumb."""


class Picks(Cards):
    """One of those found by duty or by name; names are long, so each has the whole width."""


class Categories(forms.Select):
    """Every category under its group; a native list, since there are dozens."""


class Position(forms.TextInput):
    """Longitude and latitude as text; a button fills them in where the device can tell."""


class Moments(forms.DateTimeInput):
    """A day and an hour on the clocks of Beijing."""

    def __init__(self) -> None:
        super().__init__({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def format_value(self, value: Any) -> str | None:
        """What was kept with its zone is shown on the wall clock."""
        try:
            at = datetime.fromisoformat(str(value))
        except ValueError:
            return str(value) if value else None
        return f"{at.astimezone(BEIJING) if at.tzinfo else at:%Y-%m-%dT%H:%M}"


def widget(about: Field) -> forms.Widget:
    """The widget of a field, by its type; a line of text for a type that is new here."""
    return MADE.get(about.type, line)(about)


def line(about: Field) -> forms.Widget:
    return forms.TextInput({"autocomplete": "off"})


def text(about: Field) -> forms.Widget:
    if about.max and about.max <= ONE_LINE and not about.many:
        return forms.TextInput({"maxlength": int(about.max)})
    return forms.Textarea({"rows": 4} | ({"maxlength": int(about.max)} if about.max else {}))


def choice(about: Field) -> forms.Widget:
    options = [(key, speak(words)) for key, words in about.of]
    return Checks(choices=options) if about.many else Cards(choices=options)


def yes(about: Field) -> forms.Widget:
    if about.of:
        return choice(about)
    return Cards(choices=[(key, say(f"orders.story.{key}")) for key in ("yes", "no")])


def number(about: Field) -> forms.Widget:
    low, high = about.min, about.max
    bounds = {"min": low and f"{low:g}", "max": high and f"{high:g}"}
    whole = {"inputmode": "numeric"} if about.type == "number" else {"inputmode": "decimal"}
    return forms.NumberInput({"step": "any", **whole, **{k: v for k, v in bounds.items() if v}})


def stars(about: Field) -> forms.Widget:
    values = range(int(about.min or 1), int(about.max or 5) + 1)
    five = list(values) == [1, 2, 3, 4, 5]
    return Stars(choices=[(n, say(f"orders.stars.{n}") if five else str(n)) for n in values])


def category(about: Field) -> forms.Widget:
    rows = categories().tables[-1].categories
    groups: dict[str, list[tuple[str, str]]] = {}
    for code, row in rows.items():
        top = rows.get(code[:2], row)
        groups.setdefault(speak(top.words), []).append((code, speak(row.words)))
    return Categories(choices=[("", say("orders.form.choose")), *groups.items()])


MADE: dict[str, Callable[[Field], forms.Widget]] = {
    "text": text,
    "choice": choice,
    "yes": yes,
    "number": number,
    "money": number,
    "hours": number,
    "rating": stars,
    "moment": lambda about: Moments(),
    "date": lambda about: forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    "category": category,
    "photo": lambda about: Photos(),
    "file": lambda about: Photos(),
    "phone": lambda about: forms.TextInput({"type": "tel", "autocomplete": "tel"}),
    "signature": lambda about: forms.TextInput({"autocomplete": "name"}),
    "point": lambda about: Position({"autocomplete": "off"}),
    "order": line,
}


def hint(about: Field) -> str:
    """One line under the label, where a type needs one."""
    if about.type == "text" and about.many:
        return say("orders.form.lines")
    if about.type == "number" and about.min is not None and about.max is not None:
        return say("orders.form.range", low=f"{about.min:g}", high=f"{about.max:g}")
    if about.type == "order":
        return say("orders.form.order", example=f"{settings.NUMBER_PREFIX}-000123")
    return say(HINTS[about.type]) if about.type in HINTS else ""


HINTS = {
    "point": "orders.form.point",
    "signature": "orders.form.sign",
    "hours": "orders.form.hours",
    "money": "orders.form.money",
    "photo": "shell.field.photos",
    "file": "shell.field.photos",
}
