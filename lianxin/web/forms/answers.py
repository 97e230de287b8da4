"""What was typed, on its way to the kernel: its own readers check it, so a form adds no rule."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django import forms

from lianxin.core.flow.page import Field, Page
from lianxin.core.step.given import empty, read_one
from lianxin.core.step.refused import Refused
from lianxin.core.step.scene import listed
from lianxin.orders.refusal import sentence
from lianxin.web.moments import BEIJING
from lianxin.web.words import say, speak, tongue

CHOSEN = ("choice", "yes", "rating", "person", "unit", "area", "place", "category")
EAST = 60  # degrees: no place in this country lies west of it, and none so far north
WALL_CLOCK = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?")


class Answer(forms.Field):
    """One field of a page. Cleaned, it is what the kernel keeps; None where nothing was said.

    `stranger` finds who is not in the registry; `search`, `q`: whether others can be found by
    name, and the name looked for; `kept`: photos that are here already.
    """

    def __init__(
        self, page: Page, about: Field, *, required: bool, widget: forms.Widget,
        stranger: Callable[[list[str]], str | None] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(required=required, widget=widget, label=speak(about.words))
        self.page, self.about, self.stranger = page, about, stranger
        self.widget.is_required = False  # the server says what is missing, in words
        self.q, self.search = "", False
        self.kept: list[str] = []
        self.replies: list[Any] = []  # sentences to put in

    def clean(self, value: Any) -> Any:
        typed = plain(self.about, value)
        if empty(typed):
            if self.required:
                key = "unchosen" if self.about.type in CHOSEN else "missing"
                raise forms.ValidationError(say(f"orders.form.{key}", name=self.label))
            return None
        try:
            answer = read_one(self.page, self.about.name, typed)
            if self.stranger and (wrong := self.stranger(listed(answer))):
                raise Refused("unknown", field=self.about.name, value=wrong[:40])
            return answer
        except Refused as no:
            raise forms.ValidationError(sentence(no, tongue(), self.page)) from no


def plain(about: Field, value: Any) -> Any:
    """From what a browser sends to what the kernel reads."""
    if isinstance(value, str):
        value = value.strip()
        if about.type == "text" and about.many:
            return [line.strip() for line in value.splitlines() if line.strip()]
        return TYPED.get(about.type, str)(value)
    return value


def with_zone(value: str) -> str:
    """A wall clock's time is Beijing's.

    >>> with_zone("2026-09-30T16:30")
    '2026-09-30T16:30+08:00'
    """
    return f"{value}+08:00" if WALL_CLOCK.fullmatch(value) else value


def ungrouped(value: str) -> str:
    """
    >>> ungrouped("1,200.50 元")
    '1200.50'
    """
    return value.translate({ord(c): None for c in ",， 元¥￥"})


def lon_lat(value: str) -> Any:
    """Two numbers in either order: here longitude is always the larger.

    >>> lon_lat("25.93, 108.52"), lon_lat("108.52，25.93")
    ([108.52, 25.93], [108.52, 25.93])
    """
    try:
        one, other = (float(part) for part in re.split(r"[,，\s]+", value.strip("[]() ")))
    except ValueError:
        return value
    return [other, one] if one < EAST < other else [one, other]


TYPED = {"moment": with_zone, "money": ungrouped, "number": ungrouped, "point": lon_lat}
assert BEIJING.key == "Asia/Shanghai"  # with_zone writes its offset
