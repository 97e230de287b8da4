"""What templates may say: texts, days, figures, icons. Built in: no page needs to load it."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from lianxin.core.flow.page import Words
from lianxin.place import place
from lianxin.web import moments
from lianxin.web.words import say_html, speak, tongue

register = template.Library()
HAN = re.compile(r"[\u3400-\u9fff]")


@register.simple_tag
def say(key: str, **facts: Any) -> SafeString:
    """`{% say "file.title" n=3 %}`"""
    return say_html(key, **facts)


@register.simple_tag
def site() -> SafeString:
    """What the place is called, beside the stamp and in each title; the program's own name where
    nobody has called it anything."""
    return foreign(name) if (name := place()) else say_html("shell.site")


@register.filter
def words(row: Words | None) -> str:
    """`{{ state.words|words }}`: a row of a flow page or table in the page's language."""
    return speak(row) if row else ""


@register.filter
def moment(at: datetime | None) -> str:
    return moments.moment(at, this_year=_this_year())


@register.filter
def day(on: date | None) -> str:
    return moments.day(on, this_year=_this_year())


@register.filter
def figure(number: int | float | Decimal | None) -> str:
    return moments.figure(number)


@register.filter
def money(yuan: int | float | Decimal | None) -> str:
    return moments.money(yuan)


@register.filter
def rate(share: float | None) -> str:
    return moments.rate(share)


@register.filter
def foreign(name: str | None) -> SafeString:
    """A Chinese name on an English page, marked as Chinese for voices and fonts."""
    if name and tongue() == "en" and HAN.search(name):
        return format_html('<span lang="zh-CN">{}</span>', name)
    return conditional_escape(name or "")


@register.simple_tag
@cache  # there are few, and a list of fifty cards shows a hundred and fifty
def icon(name: str, kind: str = "") -> SafeString:
    """`{% icon "clock" %}`: a drawing beside a word; voices pass over it."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        kind,
        static("icons.svg"),
        name,
    )


def _this_year() -> int:
    return timezone.now().astimezone(moments.BEIJING).year
