"""The second screen: the place if it is known, else by name, step by step, or by position."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from lianxin.core.step.refused import Refused
from lianxin.orders.refusal import sentence
from lianxin.registry.models import Area
from lianxin.registry.queries import (
    Address,
    ancestors,
    area_at,
    below,
    buildings_called,
    grid_at,
    lines,
    streets_and_communities,
)
from lianxin.web.asking import draft as drafts
from lianxin.web.asking.draft import Draft, Place
from lianxin.web.words import say, tongue

COMMUNITY = 12  # digits of a community's path: from here on, buildings are offered
MOST = 20  # buildings that a search lists
LONGEST = 40  # characters of a search


@dataclass(frozen=True, slots=True)
class Choice:
    """One row to press: `name` and `value` of its button."""

    name: str
    value: str
    title: str
    hint: str = ""


def ask_where(request: HttpRequest, draft: Draft) -> HttpResponse:
    """The screen after whatever was pressed on it, or fresh from the first one."""
    today = timezone.localdate()
    draft, wrong = settled(request, draft, today)
    place, path = drafts.place_of(draft, today), ""
    facts: dict[str, Any] = {"draft": draft, "place": place, "keeps": "filing"}
    if place is None or looking(request):
        path = within(request, place)
        facts |= {"choosing": True, **offered(request, path, today)}
    facts |= {"row": drafts.category_of(draft.category, today), "path": path, "wrong": wrong}
    facts["answer"] = drafts.answer_for(draft, today)
    return render(request, "file/where.html", facts, status=422 if wrong else 200)


def looking(request: HttpRequest) -> bool:
    """Whether the reader is choosing: asked for another place, searched, or went up or down."""
    post = request.POST
    if {"door", "area"} & set(post) or post.get("go") == "locate":
        return False
    asked = post.get("go") in ("else", "find") or "into" in post
    return asked or bool(post.get("choosing") and post.get("go") != "next")


def settled(request: HttpRequest, draft: Draft, today: date) -> tuple[Draft, str]:
    """The draft with the place that was pressed, and what is wrong with it if anything."""
    post = request.POST
    if code := post.get("door"):
        return draft.having(door=drafts.plain(code, 24), area=None, point=None), ""
    if (area := post.get("area", "")).isdecimal() and len(area) < 19:
        return draft.having(door="", area=int(area), point=None), ""
    if post.get("go") == "locate":
        return located(draft, post.get("lon", ""), post.get("lat", ""), today)
    return draft, ""


def located(draft: Draft, lon: str, lat: str, today: date) -> tuple[Draft, str]:
    """The grid that holds the position (degrees WGS-84). Outside all grids, one chooses instead."""
    try:
        point = float(lon), float(lat)
    except ValueError:
        return draft, say("file.where.no_fix")
    inside = -180 <= point[0] <= 180 and -90 <= point[1] <= 90
    grid = grid_at(*point, today) if inside else None
    if grid is None:
        return draft, sentence(Refused("outside"), tongue())
    return draft.having(door="", area=grid.pk, point=point), ""


def within(request: HttpRequest, place: Place | None) -> str:
    """The path one chooses inside: as pressed, as before, or around the place that was not it."""
    into = request.POST.get("into", request.POST.get("path"))
    if into is None:
        into = place.area.path[:COMMUNITY] if place else ""
    return "".join(c for c in into if c.isdecimal())[:COMMUNITY]


def offered(request: HttpRequest, path: str, today: date) -> dict[str, Any]:
    """What may be pressed now: the findings of a search, or the next step down."""
    words = drafts.plain(request.POST.get("q", ""), LONGEST) if "into" not in request.POST else ""
    facts = {"words": words, "trail": trail(path, today)}
    if words:
        found = found_by(words, path, today) or found_by(words, "", today)
        return facts | {"choices": found, "found": len(found), "most": MOST}
    here = area_at(path, today) if len(path) == COMMUNITY else None
    if here:
        doors = [door_row(a) for a in buildings_called("", path, limit=100)]
        return facts | {"choices": doors, "kind": "building", "whole": here}
    rows = below(path, today)
    choices = [Choice("into", a.path, a.name) for a in rows]
    return facts | {"choices": choices, "kind": rows[0].kind_id if rows else ""}


def found_by(words: str, path: str, today: date) -> list[Choice]:
    """Buildings first: whoever knows the house need not know the community."""
    doors = buildings_called(words, path, limit=MOST)
    areas = streets_and_communities(words, path, today)
    above = lines({a.path for a in areas} | {d.area.path for d in doors}, today)
    return [
        *(door_row(d, drafts.near(above[d.area.path])) for d in doors),
        *(Choice("into", a.path, a.name, drafts.near(above[a.path])) for a in areas),
    ]


def door_row(address: Address, hint: str = "") -> Choice:
    return Choice("door", address.door.code, drafts.written(address), hint)


def trail(path: str, today: date) -> list[Area]:
    """The way back up: county, street, community."""
    line = [*ancestors(path, today), area_at(path, today)] if path else []
    return [a for a in line if a is not None and len(a.path) >= 6]
