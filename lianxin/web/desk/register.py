"""`/orders`: every order a post shows, newest first, as a table that filters and exports."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from lianxin.orders.book import book, categories
from lianxin.orders.queries import cases_of
from lianxin.orders.queries.narrow import Narrow
from lianxin.registry.models import Area
from lianxin.registry.queries.shapes import parts_named
from lianxin.web import moments
from lianxin.web.access import access
from lianxin.web.desk.lists import page_of
from lianxin.web.nav import READERS
from lianxin.web.posts import Reading, reading
from lianxin.web.words import say, speak

FORM = ("q", "category", "open", "path", "since", "until", "as", "phone")  # the form's own

WITH = {"state": ("flow",), "happened": ("from", "to")}  # a condition → what goes with it


@access(*READERS)
def register(request: HttpRequest) -> HttpResponse:
    read = reading(request, READERS)
    facts = page_of(request, cases_of, read.grant, "id")
    asked = {k: v for k, v in request.GET.items() if k != "after"}
    return render(request, "lists/register.html", {
        **read.facts, **facts, "title": say("lists.register.title"), "categories": kinds(),
        "chips": chips(facts["narrow"], asked), "parts": inside(read, facts["narrow"]),
        "sheet": urlencode(asked), "kept": {k: v for k, v in asked.items() if k not in FORM},
    }, status=facts.get("code"))  # fmt: skip


def kinds() -> list[tuple[str, str]]:
    table = categories().on(timezone.localdate()).categories
    return [(code, speak(row.words)) for code, row in table.items()]


def inside(read: Reading, narrow: Narrow) -> list[tuple[str, str]]:
    """(path, name) of the places to choose from; the one asked for is always among them."""
    if not read.path.isalnum():
        return []
    today = timezone.localdate()
    found = parts_named(read.path, today)
    if narrow.path and narrow.path not in dict(found):
        own = Area.objects.on(today).filter(path=narrow.path).values_list("path", "name")
        found = [*own, *found]
    return found


def chips(narrow: Narrow, asked: dict[str, str]) -> list[tuple[str, str]]:
    """(words, address without it) of what was asked by a link and has no field in the form."""
    told: dict[str, str] = {}
    if narrow.state:
        told["state"] = state_words(narrow)
    if narrow.days:
        told["days"] = say("lists.register.days", n=narrow.days)
    if narrow.ended:
        told["ended"] = say("lists.register.ended", n=narrow.ended)
    if narrow.happened:
        told["happened"] = say(f"board.register.{narrow.happened}", days=days_of(narrow))
    if narrow.exact:
        told["exact"] = say("board.register.exact")
    return [(words, without(asked, name)) for name, words in told.items()]


def without(asked: dict[str, str], name: str) -> str:
    """The address without one condition; with it goes what means nothing by itself."""
    gone = (name, *WITH.get(name, ()))
    return f"?{urlencode({k: v for k, v in asked.items() if k not in gone})}"


def state_words(narrow: Narrow) -> str:
    pages: list[Any] = [d[max(d)] for name, d in book().pages.items() if narrow.flow in ("", name)]
    known = (p.states[narrow.state].words for p in pages if narrow.state in p.states)
    words = next(known, None)
    return speak(words) if words else narrow.state


def days_of(narrow: Narrow) -> str:
    """The days on which it happened."""
    first, last = (moments.day(on, this_year=timezone.localdate().year) for on in narrow.span)
    return first if first == last else say("lists.register.span", first=first, last=last)
