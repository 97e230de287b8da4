"""`/people/grids`: the grids of a place, who works on each, and those where nobody does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lianxin.core.step.who import Grant
from lianxin.growth.queries.teams import grids, held_grids, staffed, vacant
from lianxin.registry.models import Area, Post
from lianxin.registry.models.placed import READS
from lianxin.registry.queries import lines
from lianxin.web.access import access
from lianxin.web.board.page import trail, within
from lianxin.web.posts import reading
from lianxin.web.words import say

AT_ONCE = 50
KEEPS = ("desk", "secretary")  # who hands a grid over
SHOWS = {"": grids, "staffed": staffed, "vacant": vacant}
COMMUNITY = 12  # digits


@dataclass(frozen=True, slots=True)
class GridRow:
    """`where`: what the grid lies in; `keeps`: the reader may say who works here."""

    area: Area
    where: str
    posts: list[Post]
    keeps: bool


@access(*READS)
@never_cache
@require_safe
def grids_page(request: HttpRequest) -> HttpResponse:
    read, today = reading(request, READS), timezone.localdate()
    path, show = within(request, read), request.GET.get("show", "")
    show = show if show in SHOWS else ""
    found = SHOWS[show](today).filter(path__startswith=path)
    after = request.GET.get("after", "")[:20]
    if after.isascii() and after.isalnum():
        found = found.filter(path__gt=after)
    shown = list(found.order_by("path")[: AT_ONCE + 1])
    more, shown = len(shown) > AT_ONCE, shown[:AT_ONCE]
    back = {"as": read.at, "path": path}
    asked = back | ({"show": show} if show else {})
    return render(request, "people/grids.html", {
        **read.facts, "title": say("people.grids.title"), "path": path,
        "trail": trail(read.path, path, today), "period": {"asked": {}},
        "back": f"?{urlencode(back)}", "show": show,
        "tabs": [(say(f"people.grids.{name or 'all'}"),
                  f"?{urlencode(back | ({'show': name} if name else {}))}", show == name)
                 for name in SHOWS],
        "rows": rows(request, shown, today),
        "onward": f"?{urlencode({**asked, 'after': shown[-1].path})}" if more else None,
    })  # fmt: skip


def rows(request: HttpRequest, shown: Iterable[Area], on: date) -> list[GridRow]:
    """Two queries, whatever the number."""
    areas = list(shown)
    above = lines([area.path for area in areas], on)
    posts: dict[int, list[Post]] = {}
    held = held_grids(on).filter(area__in=areas).select_related("person")
    for post in held.order_by("since", "pk"):
        posts.setdefault(post.area_id or 0, []).append(post)
    return [
        GridRow(
            area, " · ".join(up.name for up in above[area.path][-2:]), posts.get(area.pk, []),
            kept_by(request, area.path) is not None,
        )
        for area in areas
    ]  # fmt: skip


def kept_by(request: HttpRequest, path: str) -> Grant | None:
    """The post by which this reader says who works at a place."""
    held = request.who.grants  # type: ignore[attr-defined]
    mine = (g for g in held if g.role in KEEPS and not g.unit and path.startswith(g.path))
    return next(mine, None)


def list_of(request: HttpRequest, grant: Grant, path: str) -> str:
    """The address of the grids around one, read under this post."""
    held = request.who.grants  # type: ignore[attr-defined]
    read = [g for role in READS for g in held if g.role == role]
    near = max(grant.path, path[:COMMUNITY], key=len)
    return f"{reverse('people_grids')}?{urlencode({'as': read.index(grant), 'path': near})}"
