"""`/careers`: the workers of a place, each with post, grade, what is on paper, and what ends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lianxin.growth.fact_kinds import called
from lianxin.growth.models import Fact
from lianxin.growth.queries.careers import stale
from lianxin.growth.queries.endings import certificates, contracts, differing, listed
from lianxin.growth.queries.workers import kept
from lianxin.registry.models.placed import READS
from lianxin.web.access import access
from lianxin.web.careers.lines import day as told_day
from lianxin.web.posts import reading
from lianxin.web.words import say, speak

AT_ONCE = 50
SHOWS: dict[str, Callable[[QuerySet[Fact], date], QuerySet[Fact]]] = {
    "differs": lambda rows, day: differing(rows),
    "contracts": contracts,
    "certificates": certificates,
}


@access(*READS)
@never_cache
@require_safe
def workers(request: HttpRequest) -> HttpResponse:
    read, day = reading(request, READS), timezone.localdate()
    words = request.GET.get("q", "").replace("\0", "").strip()[:64]
    show, after = request.GET.get("show", ""), request.GET.get("after", "")
    found = listed([read.grant], day).order_by("pk")
    if show in SHOWS:
        found = SHOWS[show](found, day)
    if words:
        found = found.filter(Q(person__name__icontains=words) | Q(person__username=words))
    if after.isdecimal() and len(after) < 19:
        found = found.filter(pk__gt=int(after))
    page = list(found[: AT_ONCE + 1])
    more, page = len(page) > AT_ONCE, page[:AT_ONCE]
    asked = {"as": read.at, "q": words, "show": show if show in SHOWS else ""}
    return render(request, "careers/list.html", {
        **read.facts, **asked, "rows": [row(spell, day, asked["show"]) for spell in page],
        "shows": [(name, say(f"career.list.show_{name}")) for name in SHOWS],
        "next": f"?{urlencode(asked | {'after': page[-1].pk})}" if more else "",
        "keeps": bool(kept(request.who.grants)),  # type: ignore[attr-defined]
    })  # fmt: skip


def row(spell: Any, day: date, show: str) -> dict[str, Any]:
    """`end`: the last day that the list was asked for."""
    until = {"contracts": spell.until, "certificates": getattr(spell, "runs_out", None)}.get(show)
    old = spell.reckoned is not None and stale(spell.reckoned, spell.next_on, day)
    return {
        "person": spell.person, "area": spell.area.name, "grade": spell.grade, "paper": spell.paper,
        "post": speak(called("post", spell.post)) if spell.post else "",
        "differs": spell.grade != spell.paper, "stale": old,
        "next": told_day(spell.next_on) if spell.next_on else "",
        "end": told_day(until - timedelta(days=1)) if until else "",
    }  # fmt: skip
