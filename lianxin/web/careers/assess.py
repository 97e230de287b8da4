"""`/careers/assess`: the results of a year for a whole place at once, with the room there is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from lianxin.growth.actions.assessing import WHAT, Assessed, assess
from lianxin.growth.fact_kinds import names_of
from lianxin.growth.queries.assessed import Line, lines
from lianxin.growth.queries.rooms import Room, rooms
from lianxin.growth.queries.workers import KEEPS, LOWEST
from lianxin.registry.actions import Stamp
from lianxin.registry.imports import undo_batch
from lianxin.registry.imports.outcome import batches_of
from lianxin.registry.models import Area, Batch
from lianxin.registry.queries.shapes import parts_named
from lianxin.registry.refusal import NotPossible
from lianxin.web import taking
from lianxin.web.access import access
from lianxin.web.account.mine import me
from lianxin.web.board.page import within
from lianxin.web.careers.proposals import day_of
from lianxin.web.posts import Reading, reading
from lianxin.web.why_not import why_not
from lianxin.web.words import say, speak

AT_ONCE = 400  # people of one page
YEARS = 5  # back from the last whole one
FIELD, LONGEST = "r-", 40  # and whose result it is; the longest name of one


@dataclass(frozen=True, slots=True)
class Asked:
    """The place and the year that the page is of, and everybody to be assessed there."""

    read: Reading
    path: str
    year: int
    lines: list[Line]

    @property
    def address(self) -> str:
        return f"?{urlencode({'as': self.read.at, 'path': self.path, 'year': self.year})}"

    @property
    def free(self) -> dict[int, Line]:
        """Whose result can be written here."""
        return {line.person.pk: line for line in self.lines if not (line.result or line.case)}


@access(*KEEPS)
@never_cache
@require_http_methods(["GET", "POST"])
def assess_page(request: HttpRequest) -> HttpResponse:
    """`do`: `count` (the room alone), `check`, `all` (or nothing), `good` (those without fault)."""
    asked = asked_of(request)
    chosen = chosen_in(request, asked)
    do = request.POST.get("do", "count")
    if request.htmx and do == "count":  # type: ignore[attr-defined]
        return render(request, "careers/room.html", room_facts(asked, chosen))
    if request.method == "POST" and do != "count":
        return pressed(request, asked, chosen, do)
    return page(request, asked, chosen)


@access(*KEEPS)
@require_POST
def assess_undo(request: HttpRequest, id: int) -> HttpResponse:
    reading(request, KEEPS, LOWEST)  # whoever keeps careers no more takes nothing back
    taking.take_back(request, WHAT, id, undo)
    return redirect(reverse("career_assess"))


def asked_of(request: HttpRequest) -> Asked:
    read, last = reading(request, KEEPS, LOWEST), timezone.localdate().year - 1
    typed = request.GET.get("year", "")
    year = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) == 4 else last
    year = year if last - YEARS < year <= last else last
    path = within(request, read)
    return Asked(read, path, year, lines([read.grant], path, year, AT_ONCE))


def chosen_in(request: HttpRequest, asked: Asked) -> dict[int, str]:
    """Person → result of what was sent, of those who are listed; `rest`: of whoever has none yet
    and none chosen, but of oneself."""
    free, rest, own = asked.free, request.POST.get("rest", ""), request.who.id  # type: ignore[attr-defined]
    found = {}
    for line in asked.lines:
        key = line.person.pk
        other = rest if key in free and str(key) != own else ""
        if result := request.POST.get(f"{FIELD}{key}", "") or other:
            found[key] = result[:LONGEST]
    return found


def listed(request: HttpRequest, asked: Asked) -> None:
    """Refuses: not_kept, where somebody was sent who is not listed."""
    known = {f"{FIELD}{line.person.pk}" for line in asked.lines}
    sent = {name for name, value in request.POST.items() if name.startswith(FIELD) and value}
    if sent - known:
        raise NotPossible("not_kept")


def results(year: int) -> Mapping[str, Any]:
    return names_of("result", date(year, 12, 31)) or {}


def pressed(request: HttpRequest, asked: Asked, chosen: dict[int, str], do: str) -> HttpResponse:
    stamp = Stamp(me(request), timezone.now())
    try:
        listed(request, asked)
        known = day_of(request.POST.get("known", "")) or stamp.day
        done = assess(
            stamp, asked.path, chosen, asked.year, known, check=do == "check", good=do == "good"
        )
    except NotPossible as no:
        return page(request, asked, chosen, problem=why_not(no))
    if done.batch is None:
        return page(request, asked, chosen, done)
    messages.success(request, say("career.assess.done", n=done.made))
    if done.refused:
        left = {key: result for key, result in chosen.items() if key in done.refused}
        return page(request, asked_of(request), left, done)
    return redirect(f"{reverse('career_assess')}{asked.address}")


def page(
    request: HttpRequest, asked: Asked, chosen: dict[int, str], done: Assessed | None = None,
    problem: str = "",
) -> HttpResponse:  # fmt: skip
    words, who = results(asked.year), request.who.id  # type: ignore[attr-defined]
    refused = {key: why_not(no) for key, no in done.refused.items()} if done else {}
    today = timezone.localdate()
    last = today.year - 1
    facts = {
        "root": asked.read.path, "path": asked.path, "year": asked.year, "problem": problem,
        "years": range(last, last - YEARS, -1), "parts": parts_named(asked.read.path, today),
        "rows": [row(line, words, chosen, refused, who) for line in asked.lines[:AT_ONCE]],
        "results": [(name, speak(word)) for name, word in words.items()],
        "heading": heading(done), "wrong": [
            (line.person.name, refused[line.person.pk])
            for line in asked.lines if line.person.pk in refused
        ],
        "more": len(asked.lines) > AT_ONCE, "most": AT_ONCE, "free": bool(asked.free),
        "known": request.POST.get("known") or today.isoformat(), "batches": before(who),
        "partly": bool(done and done.refused and done.made and not done.batch),
    }  # fmt: skip
    bad = problem or (done is not None and done.refused and done.batch is None)
    return render(request, "careers/assess.html", {
        **asked.read.facts, **facts, **room_facts(asked, chosen)
    }, status=422 if bad else 200)  # fmt: skip


def heading(done: Assessed | None) -> str:
    """What came of a press that the page tells of."""
    if done is None:
        return ""
    if done.batch:
        return say("career.assess.partly", n=len(done.refused))
    if done.refused:
        return say("career.assess.stopped", n=len(done.refused))
    return say("career.assess.fine", n=done.made)


def row(
    line: Line, words: Mapping[str, Any], chosen: dict[int, str], refused: dict[int, str], who: str
) -> dict[str, Any]:
    key = line.person.pk
    known = words.get(line.result)
    return {
        "person": line.person, "area": line.area.name, "field": f"{FIELD}{key}", "case": line.case,
        "known": (speak(known) if known else line.result), "own": str(key) == who,
        "chosen": chosen.get(key, ""), "why": refused.get(key, ""),
    }  # fmt: skip


# ── the room there is ────────────────────────────────────────────────────────────────────────────


def room_facts(asked: Asked, chosen: dict[int, str]) -> dict[str, Any]:
    """Counted by the server, with what is chosen on the page and not written yet."""
    words = results(asked.year)
    found = rooms(asked.path, asked.year)
    named = Area.objects.filter(path__in={room.path for room in found}, until=None)
    names = dict(named.values_list("path", "name"))
    return {"here": asked.address, "rooms": [
        told(room, asked, chosen, names.get(room.path, room.path), words) for room in found
    ]}  # fmt: skip


def told(
    room: Room, asked: Asked, chosen: dict[int, str], name: str, words: Mapping[str, Any]
) -> dict[str, Any]:
    now = sum(
        chosen.get(line.person.pk) == room.result and line.area.path.startswith(room.path)
        for line in asked.lines
    )
    over = now - room.left
    return {
        "name": name, "result": speak(words[room.result]) if room.result in words else room.result,
        "room": room, "now": now, "left": max(0, -over), "over": max(0, over) if now else 0,
    }  # fmt: skip


# ── and back again ───────────────────────────────────────────────────────────────────────────────


def before(who: str) -> list[dict[str, Any]]:
    return [
        {"row": batch, "of": say("career.assess.of", year=batch.file_name[:4], n=batch.rows)}
        for batch in batches_of(WHAT, int(who))
    ]


def undo(batch: Batch, stamp: Stamp) -> tuple[str, list[str]]:
    undone = undo_batch(batch, stamp)
    told = {"removed": undone.removed, "kept": undone.left}
    return say("career.assess.undone", **told), []
