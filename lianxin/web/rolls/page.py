"""`/rolls/<name>`: one roll as a table read under one post: narrowed, sorted, fifty at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lianxin.registry.models import Area
from lianxin.registry.queries.shapes import parts_named
from lianxin.registry.rolls import Roll
from lianxin.registry.rolls.narrow import AT_ONCE, sorts
from lianxin.web.access import access
from lianxin.web.moments import figure
from lianxin.web.rolls.cells import cells_of, headed
from lianxin.web.rolls.opened import Opened, opened, readers, taken_by
from lianxin.web.words import say

ASKED = ("as", "q", "path", "on", "sort")  # what the address keeps from page to page


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column: `href` sorts by it, "" where it cannot; `aria`: how it is sorted."""

    name: str
    href: str
    aria: str


@access(*readers())
@never_cache
@require_safe
def roll_page(request: HttpRequest, name: str) -> HttpResponse:
    seen = opened(request, name)
    roll, narrow, rows = seen.roll, seen.narrow, seen.rows
    n = rows.count()
    pages = max(1, -(-n // AT_ONCE))
    at = min(narrow.page, pages)
    shown = list(rows[(at - 1) * AT_ONCE : at * AT_ONCE])
    asked: dict[str, Any] = {k: v for k, v in request.GET.dict().items() if k in ASKED and v}
    return render(request, "rolls/roll.html", {
        **seen.read.facts, "title": seen.title, "name": name, "narrow": narrow,
        "is": say(f"rolls.{name}.is"), "empty": say(f"rolls.{name}.empty"),
        "rows": lines(roll, shown), "parts": inside(seen), "orders": orders(roll, rows.model),
        "sorted": f"{'-' if narrow.back else ''}{narrow.sort}",
        "heads": heads(roll, rows.model, narrow.sort, narrow.back, asked),
        "sheet": f"{reverse('roll_sheet', args=[name])}?{urlencode(asked)}",
        "clear": f"{reverse('roll_sheet', args=[name])}?{urlencode(asked | {'clear': 1})}"
        if seen.clears else "",
        "take": reverse("roll_take", args=[name]) if taken_by(request, roll) else "",
        "asked": bool(narrow.q or narrow.path or narrow.on != timezone.localdate()),
        **turning(asked, at, pages, n, len(shown)),
    }, status=422 if narrow.odd else 200)  # fmt: skip


def lines(roll: Roll, shown: list[Any]) -> list[dict[str, Any]]:
    """(href, cells) of each row."""
    return [
        {"href": roll.href(row) if roll.href else "", "cells": cells_of(roll, row)} for row in shown
    ]


def heads(roll: Roll, model: Any, sort: str, back: bool, asked: dict[str, str]) -> list[Head]:
    known = sorts(roll, model)
    found = []
    for column, words in headed(roll):
        aria, href = "", ""
        if column in known:
            now = column == sort
            aria = ("descending" if back else "ascending") if now else ""
            turned = f"-{column}" if now and not back else column
            href = f"?{urlencode(asked | {'sort': turned})}"
        found.append(Head(words, href, aria))
    return found


def orders(roll: Roll, model: Any) -> list[tuple[str, str]]:
    """(value, words) of the orders to choose from, where no head of a column can be pressed."""
    known = sorts(roll, model)
    return [
        (f"{sign}{column}", say(key, column=words))
        for column, words in headed(roll) if column in known
        for sign, key in (("", "rolls.by"), ("-", "rolls.by_back"))
    ]  # fmt: skip


def turning(asked: dict[str, str], at: int, pages: int, n: int, shown: int) -> dict[str, Any]:
    """Which rows these are of how many, and the addresses of those before and after."""
    first = (at - 1) * AT_ONCE + 1
    span = say("rolls.span", first=figure(first), last=figure(first + shown - 1), n=figure(n))
    page = {"span": span if shown else "", "before": "", "after": ""}
    if at > 1:
        page["before"] = f"?{urlencode(asked | {'page': at - 1})}"
    if at < pages:
        page["after"] = f"?{urlencode(asked | {'page': at + 1})}"
    return page


def inside(seen: Opened) -> list[tuple[str, str]]:
    """(path, name) of the places to choose from; the one asked for is always among them."""
    if not seen.root or not seen.roll.path or seen.read.grant.unit:
        return []
    today, path = timezone.localdate(), seen.narrow.path
    found = parts_named(seen.root, today)
    if path and path not in dict(found):
        own = Area.objects.on(today).filter(path=path).values_list("path", "name")
        found = [*own, *found]
    return found
