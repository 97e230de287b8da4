"""`/contact-points`: leaders and the places they are tied to, what is missing, who has not come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lianxin.registry.contact_table import contact_table
from lianxin.registry.models import Area
from lianxin.registry.models.placed import READS
from lianxin.registry.queries.contact_points import Line, lines
from lianxin.registry.queries.graph import step
from lianxin.web.access import access
from lianxin.web.board.page import trail, within
from lianxin.web.contact_points.leader import keeping
from lianxin.web.contact_points.map import land
from lianxin.web.posts import Reading, reading
from lianxin.web.words import say

AT_ONCE = 50
LOWEST = 12  # digits of a community: nothing below it is told apart
COUNTS: dict[str, Callable[[Line], int]] = {
    "leaders": lambda line: 1, "ties": lambda line: len(line.ties),
    "gaps": lambda line: sum(line.missing.values()), "overdue": lambda line: line.overdue,
    "never": lambda line: line.never,
}  # fmt: skip
STATES = {"gaps": "waiting", "overdue": "late", "never": "waiting"}


@dataclass(frozen=True, slots=True)
class Cell:
    """One number and the rows that it counts."""

    name: str
    column: str
    value: int
    href: str
    state: str = ""


@access(*READS)
@never_cache
@require_safe
def contact_points(request: HttpRequest) -> HttpResponse:
    """By leader, narrowed by place, by what is amiss and by words; each number opens its rows."""
    read, today = reading(request, READS), timezone.localdate()
    path, table = within(request, read), contact_table(today)
    show, words = request.GET.get("show", ""), request.GET.get("q", "").replace("\0", "").strip()
    found = lines(read.grant, path, today)
    shown = [line for line in found if fits(line, show, words[:64])]
    at = start(request)
    asked = {"as": read.at, "path": path, "show": show, "q": words}
    return render(request, "contact_points/list.html", {
        **read.facts, "title": say("contact_points.title"), "path": path, "on": today,
        "figures": [figure(found, name, read, path) for name in COUNTS],
        "trail": trail(read.path, path, today), "parts": parts(found, read, path, today),
        **land(found, path, read.at, today),
        "kinds": [(kind, say(f"graph.kind.{kind}")) for kind in table.kinds],
        "rows": [told(line, table.kinds) for line in shown[at : at + AT_ONCE]],
        "shows": [(name, say(f"contact_points.{name}")) for name in STATES], "show": show,
        "q": words, "any": bool(found), "example": any(line.rank.example for line in shown),
        "keeps": bool(keeping(request)),
        "onward": f"?{urlencode({**asked, 'at': at + AT_ONCE})}" if shown[at + AT_ONCE :] else "",
    })  # fmt: skip


def start(request: HttpRequest) -> int:
    asked = request.GET.get("at", "0")
    return int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 6 else 0


def fits(line: Line, show: str, words: str) -> bool:
    if show in STATES and not COUNTS[show](line):
        return False
    said = words.lower()
    places = (line.stands, *(tie.place for tie in line.ties))
    return not said or f" {said}" in line.spelt or any(
        said in text.lower() for text in (line.name, *places)
    )  # fmt: skip


def told(line: Line, kinds: Iterable[str]) -> dict[str, Any]:
    """One leader as a row: under each kind of place what they are tied to, and what is missing."""
    return {
        "line": line, "rank": line.rank.words,
        "cells": [
            (say(f"graph.kind.{kind}"), [tie for tie in line.ties if tie.kind == kind],
             line.missing.get(kind, 0))
            for kind in kinds
        ],
    }  # fmt: skip


def figure(found: Iterable[Line], name: str, read: Reading, path: str) -> dict[str, Any]:
    """A big number as `parts/figure.html` is told."""
    value = sum(map(COUNTS[name], found))
    return {
        "value": value, "name": say(f"contact_points.{name}"), "href": rows_of(name, read, path),
        "base": say(f"contact_points.{name}_is"), "state": STATES.get(name, "") if value else "",
    }  # fmt: skip


def rows_of(name: str, read: Reading, path: str) -> str:
    show = {"show": name} if name in STATES else {}
    return f"?{urlencode({'as': read.at, 'path': path, **show})}#rows"


def parts(found: Iterable[Line], read: Reading, path: str, today: date) -> list[dict[str, Any]]:
    """The places below with their numbers, each a way to its rows. A leader counts where their post
    is, a tie where its place is; what lies at no part of the place is not in these lines."""
    if len(path) >= LOWEST:
        return []
    long = len(path) + step(path)
    counts = {name: Counter[str]() for name in COUNTS}
    for line in found:
        if len(line.path) >= long:
            counts["leaders"][line.path[:long]] += 1
            counts["gaps"][line.path[:long]] += COUNTS["gaps"](line)
        for tie in line.ties:
            part = tie.path[:long]
            counts["ties"][part] += 1
            counts["overdue"][part] += tie.overdue
            counts["never"][part] += tie.last is None
    named = {part for count in counts.values() for part in count if len(part) == long}
    areas = Area.objects.on(today).filter(path__in=named).order_by("path")
    return [
        {"name": area.name, "path": area.path, "cells": [
            Cell(say(f"contact_points.{name}"), name, n, rows_of(name, read, area.path),
                 STATES.get(name, "") if n else "")
            for name, count in counts.items() for n in [count[area.path]]
        ]}
        for area in areas
    ]  # fmt: skip
