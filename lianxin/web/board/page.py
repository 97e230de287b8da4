"""`/board`: the numbers of some days, place by place; `/board/late`: all that is late."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lianxin.orders.book import book
from lianxin.orders.queries import Row, rows
from lianxin.orders.queries.board import COLUMNS, overdue, states, table, trend, whole
from lianxin.orders.queries.places import open_in
from lianxin.orders.sight import OrderQuerySet
from lianxin.registry.models import Area
from lianxin.web.access import access
from lianxin.web.board import cells
from lianxin.web.board import overdue as lateness
from lianxin.web.board import trend as drawing
from lianxin.web.board.period import SPANS, Period, period
from lianxin.web.desk.lists import part_line
from lianxin.web.nav import BOARD
from lianxin.web.posts import Reading, reading
from lianxin.web.words import say, speak, tongue

PRESSES = "supervisor"
FEW, MANY = 10, 50  # rows of what is late: on the board, and by themselves


@access(*BOARD)
@never_cache
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    read, now = reading(request, BOARD), timezone.now()
    path, today = within(request, read), timezone.localdate(now)
    days, at = period(request.GET, today), cells.register_at(request, read)
    places = trail(read.path, path, today)
    lines = table(read.grant, path, days.span)
    total = whole(path, places[-1].name if places else "", lines)
    facts = {
        "title": say("board.title"), "path": path, "now": now, "period": days,
        "trail": places, "tabs": tabs(read, path, days), "back": {"path": path, **days.asked},
        "figures": cells.figures(total, days, at),
        "heads": cells.heads(), "meanings": cells.meanings(),
        "rows": cells.rows([x for x in lines if x.path != path or x.exact], days, at, read.at),
        "total": [cells.cell(total, column, days.span, at) for column in COLUMNS],
        "standing": list(standing(read, path, at)),
        "trend": drawing.drawn(trend(read.grant, path, today), path, at),
        "sheet": urlencode({"as": read.at, "path": path, **days.asked}),
        "late_n": total.counts["late"], **land(read, path, days, now),
    }  # fmt: skip
    late_ones = listed(request, overdue(read.grant, path, now), now, FEW)
    return render(request, "board/board.html", {**read.facts, **facts, **late_ones},
                  status=422 if days.wrong else 200)  # fmt: skip


@access(*BOARD)
@never_cache
@require_safe
def late(request: HttpRequest) -> HttpResponse:
    """Everything late in a place, the longest first."""
    read, now = reading(request, BOARD), timezone.now()
    path, today = within(request, read), timezone.localdate(now)
    found = behind(overdue(read.grant, path, now), request.GET.get("after", ""))
    return render(request, "board/late.html", {
        **read.facts, "title": say("board.overdue.title"), "path": path, "now": now,
        "trail": trail(read.path, path, today), **listed(request, found, now, MANY),
    })  # fmt: skip


def within(request: HttpRequest, read: Reading) -> str:
    """The place looked at: the post's own, or one inside it. Raises PermissionDenied elsewhere."""
    path = request.GET.get("path", read.path)[:20]
    if not path.startswith(read.path) or not path.isalnum():
        raise PermissionDenied
    return path


def trail(root: str, path: str, today: date) -> list[Area]:
    """From the post's own place down to the one looked at."""
    steps = [path[:n] for n in range(len(root), len(path) + 1)]
    return list(Area.objects.on(today).filter(path__in=steps).order_by("path"))


def tabs(read: Reading, path: str, days: Period) -> list[dict[str, Any]]:
    return [
        {"words": say(f"board.span.{name}"), "current": name == days.name,
         "href": f"?{urlencode({'as': read.at, 'path': path, 'span': name})}"}
        for name in SPANS
    ]  # fmt: skip


def standing(read: Reading, path: str, at: int) -> Iterator[dict[str, Any]]:
    """Where the open ones stand, by state: each again a way to its rows."""
    for (flow, state), n in states(read.grant, path).items():
        page = book().pages[flow][max(book().pages[flow])]
        words = speak(page.states[state].words) if state in page.states else state
        asked = {"path": path, "open": "1", "flow": flow, "state": state}
        yield {"words": words, "n": n, "href": cells.rows_at(at, asked)}


def land(read: Reading, path: str, days: Period, now: datetime) -> dict[str, Any]:
    """The map of the place as a desk has it, and its list: those with most late first."""
    parts = sorted(open_in(path, read.grant, now), key=lambda p: (-p.late, -p.open, p.path))
    address = f"?{urlencode({'as': read.at, **days.asked})}"
    lines = [part_line(part, address, False, tongue()) for part in parts]
    most = max((part.open for part in parts), default=0)
    return {"parts": parts, "counts": lines, "most": most, "root": path}


# ── what is late ─────────────────────────────────────────────────────────────────────────────────


def listed(request: HttpRequest, found: OrderQuerySet, now: datetime, most: int) -> dict[str, Any]:
    """One page of what is late, with what this reader may press there."""
    who = request.who  # type: ignore[attr-defined]
    shown = rows(found, now, limit=most, whole=True)
    more, shown = len(shown) > most, shown[:most]
    told = lateness.told(shown, who, now)
    onward = {**request.GET.dict(), "after": mark(shown[-1])} if more else {}
    return {
        "late": told, "onward": f"?{urlencode(onward)}" if onward else None,
        "presses": any(grant.role == PRESSES for grant in who.grants),
        "ticks": any(row.urge for row in told),
    }  # fmt: skip


def mark(row: Row) -> str:
    return f"{row.due.isoformat() if row.due else ''}_{row.id}"


def behind(found: OrderQuerySet, after: str) -> OrderQuerySet:
    """What comes after a row; from the beginning where the mark is none."""
    try:
        due, id = after.split("_")
        at, last = datetime.fromisoformat(due), UUID(id)
    except ValueError:
        return found
    if at.tzinfo is None:
        return found
    return found.filter(Q(due__gt=at) | Q(due=at, pk__gt=last))
