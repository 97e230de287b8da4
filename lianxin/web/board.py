"""`/board`: few numbers on how it stands, counted as the page is asked for; each opens its rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from lianxin.orders.queries import all_of
from lianxin.orders.queries.narrow import Narrow
from lianxin.orders.queries.places import Part, tally
from lianxin.orders.sight import OrderQuerySet
from lianxin.registry.models import Area
from lianxin.registry.queries import below
from lianxin.web.access import access
from lianxin.web.nav import READERS
from lianxin.web.posts import Reading, reading
from lianxin.web.words import say

READS = ("leader", "supervisor", "auditor")
# What a number is called → what is asked of the register to see its rows. The open ones come first.
OPEN: dict[str, dict[str, str]] = {
    "open": {"open": "1"},
    "late": {"open": "late"},
    "filed": {"open": "1", "flow": "five-orders", "state": "filed"},
    "returned": {"open": "1", "flow": "five-orders", "state": "returned"},
    "unsolved": {"open": "1", "flow": "five-orders", "state": "unsolved"},
}
WEEK: dict[str, dict[str, str]] = {
    "came": {"days": "7"},
    "struck": {"ended": "7", "flow": "five-orders", "state": "struck"},
}
STATES = {"late": "late", "returned": "waiting", "unsolved": "waiting", "filed": "waiting"}


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, its name, which days it covers, and the address of exactly its rows."""

    name: str
    value: int
    base: str
    href: str
    state: str


@access(*READS)
def board(request: HttpRequest) -> HttpResponse:
    read, now = reading(request, READS), timezone.now()
    path = within(request, read)
    today = timezone.localdate(now)
    found = all_of(read.grant).filter(path__startswith=path, kind="case").order_by()
    at = as_in_register(request, read)
    shown = [*figures(found, OPEN, at, path, now), *figures(found, WEEK, at, path, now)]
    return render(request, "board/board.html", {
        **read.facts, "title": say("board.title"), "path": path, "now": now,
        "figures": shown,
        "parts": (below_it := rows(found, path, at, now, read.at)),
        "open": (total := shown[0].value), "rest": total - sum(r["part"].open for r in below_it),
        "trail": trail(read.path, path, today),
    })  # fmt: skip


def within(request: HttpRequest, read: Reading) -> str:
    """The place looked at: the post's own, or one inside it. Raises PermissionDenied elsewhere."""
    path = request.GET.get("path", read.path)[:20]
    if not path.startswith(read.path) or not path.isalnum():
        raise PermissionDenied
    return path


def as_in_register(request: HttpRequest, read: Reading) -> int:
    """Which place the same post has among those the register offers, where more roles read."""
    grants = request.who.grants  # type: ignore[attr-defined]
    there = [g for role in READERS for g in grants if g.role == role]
    return there.index(read.grant)


def figures(
    found: OrderQuerySet, asked: dict[str, dict[str, str]], at: int, path: str, now: datetime
) -> list[Figure]:
    """All figures of one table by one query; each counted by the condition of its own list."""
    wheres = {name: Q(*Narrow.of(ask, "id").conditions()) for name, ask in asked.items()}
    whole = Q(pk__in=())
    for where in wheres.values():
        whole |= where
    if asked is OPEN:
        whole = Q(open=True)  # said plainly, so that the index of open orders is used
    counts = {f"n_{name}": Count("pk", filter=where) for name, where in wheres.items()}
    counted = found.filter(whole).aggregate(**counts)
    return [
        Figure(say(f"board.{name}"), counted[f"n_{name}"], say(f"board.{name}_is"),
               link(at, path, **ask), STATES.get(name, "") if counted[f"n_{name}"] else "")
        for name, ask in asked.items()
    ]  # fmt: skip


def link(at: int, path: str, **asked: str) -> str:
    return f"{reverse('register')}?{urlencode({'as': at, 'path': path, **asked})}"


def rows(
    found: OrderQuerySet, path: str, at: int, now: datetime, post: int
) -> list[dict[str, Any]]:
    """The next places down, each with its open and late orders; those with most late come first."""
    areas = below(path, timezone.localdate(now))
    if not areas:
        return []
    counted = tally(found, now, len(areas[0].path))
    parts = [Part(a.path, a.name, *counted.get(a.path, (0, 0))) for a in areas]
    parts.sort(key=lambda p: (-p.late, -p.open, p.path))
    return [
        {"part": p, "href": f"?{urlencode({'as': post, 'path': p.path})}",
         "open": link(at, p.path, open="1"), "late": link(at, p.path, open="late")}
        for p in parts
    ]  # fmt: skip


def trail(root: str, path: str, today: Any) -> list[Area]:
    """From the post's own place down to the one looked at."""
    steps = [path[:n] for n in range(len(root), len(path) + 1)]
    return list(Area.objects.on(today).filter(path__in=steps).order_by("path"))
