"""The desk: what waits for one post, most urgent first; an order and the map stand beside it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache

from lianxin.core.step.given import YEARS
from lianxin.core.step.who import Grant
from lianxin.orders.book import book
from lianxin.orders.models import Order
from lianxin.orders.queries import Row, cases_of, inbox, rows
from lianxin.orders.queries.first import Listed, first_rows
from lianxin.orders.queries.lists import came, with_cases
from lianxin.orders.queries.narrow import Narrow
from lianxin.orders.queries.places import Part, open_in
from lianxin.orders.queries.typed import numbered, plain
from lianxin.orders.sight import unit_parties
from lianxin.web.access import access
from lianxin.web.desk.cards import Card, card, slim
from lianxin.web.desk.ends import ends
from lianxin.web.desk.new import doors
from lianxin.web.first_steps import begin_here
from lianxin.web.nav import AT_DESK, CLERK
from lianxin.web.posts import Reading, reading
from lianxin.web.words import say, speak, tongue

MANY = 20  # places of one list that are found by eye; of more, those with most open come first
DESKS = {"desk": AT_DESK, "unit": CLERK, "board": ("supervisor",)}


def page_of(
    request: HttpRequest, listed: Listed, grant: Grant, key: str,
    draw: Callable[[Row], Any] = card,
) -> dict[str, Any]:  # fmt: skip
    """One page of a list and the address of the next, going on behind the last row."""
    narrow, now = Narrow.of(request.GET, key), timezone.now()
    if narrow.nothing:
        shown = first_rows(listed, grant, now, limit=narrow.limit)
    else:
        shown = rows(narrow.take(listed(grant), grant), now, limit=narrow.limit)
    more = len(shown) > narrow.limit
    shown, told = ends(request, narrow, grant, shown[: narrow.limit], now)
    shown = with_cases(shown, request.who)  # type: ignore[attr-defined]
    asked = {**request.GET.dict(), "after": narrow.mark(shown[-1])} if more else None
    return {
        "cards": [draw(r) for r in shown], "narrow": narrow,
        "next": f"?{urlencode(asked)}" if asked else None, **told,
    }  # fmt: skip


def waits_for(grant: Grant) -> bool:
    """Whether the role ever has a turn; who only watches begins with everything."""
    return not book().roles[grant.role].silent


@access(*AT_DESK)
def desk(request: HttpRequest) -> HttpResponse:
    return at_desk(request, "desk")


@access(*CLERK)
def unit(request: HttpRequest) -> HttpResponse:
    return at_desk(request, "unit")


def at_desk(request: HttpRequest, name: str) -> HttpResponse:
    """`all`: everything the post shows instead of what waits. `order`: which one stands open."""
    now = timezone.now()
    read = reading(request, DESKS[name])
    everything = "all" in request.GET or not waits_for(read.grant) or by_number(request)
    listed, key = (cases_of, "id") if everything else (inbox, "due")
    facts = page_of(request, listed, read.grant, key, slim)
    return render(request, "lists/desk.html", {
        **read.facts, **facts, "name": name, "title": say(f"lists.{name}.title"),
        "everything": everything, "waits": waits_for(read.grant),
        "count": counted(facts) if not everything else "",
        "states": states_of(read.grant, everything), "tabs": tabs(read),
        "open": opened(request), "now": now.isoformat(), "here": request.get_full_path(),
        "doors": doors(read.grant.role), "begin": not facts["cards"] and begin_here(request),
        **places(read, facts["narrow"].path, everything),
    }, status=facts.get("code"))  # fmt: skip


def by_number(request: HttpRequest) -> bool:
    """A number is looked for in all that the post shows, whichever list stands open."""
    return numbered(plain(request.GET.get("q", "")))


def counted(facts: dict[str, Any]) -> str:
    """How many wait, as far as one page knows; nothing once the list is narrowed or paged."""
    narrow = facts["narrow"]
    if narrow.any or narrow.q or narrow.after:
        return ""
    return f"{len(facts['cards'])}{'+' if facts['next'] else ''}"


def tabs(read: Reading) -> dict[str, str]:
    """Addresses of the two lists under the same post."""
    return {"waits": f"?as={read.at}", "all": f"?as={read.at}&all="}


def opened(request: HttpRequest) -> str:
    """Address of the order that stands open beside the list, "" if none."""
    number = request.GET.get("order", "")[:40]
    plain = number.replace("-", "").isalnum() and number.isascii()
    return reverse("order", args=[number]) if plain else ""


def states_of(grant: Grant, everything: bool) -> list[tuple[str, str]]:
    """The states to choose from: those in which it is this post's turn, or all that are open."""
    turns = set(unit_parties()) if grant.unit else {grant.role}
    found: dict[str, str] = {}
    for dated in book().pages.values():
        for state in dated[max(dated)].states.values():
            if not state.final and (everything or state.turn in turns):
                found.setdefault(state.name, speak(state.words))
    return list(found.items())


def places(read: Reading, picked: str, everything: bool) -> dict[str, Any]:
    """The parts of the post's place with what is open in them: rows of the map and of its list."""
    if not read.path or not read.path.isalnum():
        return {"parts": [], "most": 0}
    found: list[Part] = open_in(read.path, read.grant, timezone.now())
    if len(found) > MANY:
        found.sort(key=lambda p: (-p.open, p.path))
    most = max((p.open for p in found), default=0)
    address = tabs(read)["all" if everything else "waits"]
    lines = [part_line(part, address, part.path == picked, tongue()) for part in found]
    names = (part.name for part in found if part.path == picked)
    return {
        "parts": found, "counts": lines, "most": most, "root": read.path,
        "picked": next(names, ""),
    }  # fmt: skip


@lru_cache(maxsize=5000)
def part_line(part: Part, root: str, current: bool, lang: str) -> SafeString:
    return render_to_string("lists/part.html", {"part": part, "root": root, "current": current})


# ── what a desk asks for while it stands open ────────────────────────────────────────────────────


@access(*AT_DESK, *CLERK)
@never_cache
def fresh(request: HttpRequest, name: str) -> HttpResponse:
    """How many came since `since`: a line to press, instead of rows that move under the pointer."""
    read = reading(request, DESKS[name])
    try:
        since = datetime.fromisoformat(request.GET.get("since", ""))
    except ValueError:
        return HttpResponse(status=400)
    if since.year not in YEARS:
        return HttpResponse(status=400)
    now = timezone.now()
    since = since if since.tzinfo else now
    n = came(inbox(read.grant), since, request.who)  # type: ignore[attr-defined]
    newday = timezone.localdate(since) != timezone.localdate(now)
    if not n and not newday:
        return HttpResponse(status=204)
    return render(request, "lists/fresh.html", {"n": n, "newday": newday})


@access(*AT_DESK, *CLERK)
@never_cache
def again(request: HttpRequest, name: str, number: str) -> HttpResponse:
    """The card of one order as it stands now; nothing where it is no longer for these eyes."""
    read = reading(request, DESKS[name])
    found = Order.objects.visible_to(request.who).filter(number=number)  # type: ignore[attr-defined]
    told = with_cases(rows(found, timezone.now(), limit=1), request.who)  # type: ignore[attr-defined]
    shown: list[Card] = [card(r) for r in told]
    if not shown:
        return HttpResponse(status=204)
    passed = "all" not in request.GET and not inbox(read.grant).filter(number=number).exists()
    facts = {"row": shown[0], "passed": passed, "current": True}
    return render(request, "lists/slim.html", facts)
