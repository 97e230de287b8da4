"""`/organisations/<id>`: where it stands, who answers for it, what it did, what hangs below."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lianxin.registry.models import Belonging, Cover, Officer, Organisation
from lianxin.registry.organisations import organisations
from lianxin.registry.queries import lines
from lianxin.web.access import access
from lianxin.web.organisations.history import history
from lianxin.web.organisations.seen import kept, one, serves
from lianxin.web.words import say, speak

MANY, DEEDS = 100, 20


@access("person")
@never_cache
@require_safe
def organisation(request: HttpRequest, key: int) -> HttpResponse:
    row = one(request, key)
    return render(request, "organisations/organisation.html", shown(request, row))


def shown(request: HttpRequest, row: Organisation) -> dict[str, Any]:
    today, who = timezone.localdate(), request.who  # type: ignore[attr-defined]
    kind = organisations().kinds[row.kind]
    live = row.until is None
    keeps = live and kept(request, row)
    above = lines([row.area.path], today)[row.area.path]
    hangs = Organisation.objects.filter(parent=row, until=None)
    seen = list(hangs.visible_to(who).select_related("area").order_by("area__path", "pk")[:MANY])
    return {
        "row": row, "kind": speak(kind.words), "keeps": keeps, "live": live,
        "notes": live and (keeps or serves(who, row)), "today": today,
        "where": " · ".join([*(a.name for a in above[3:]), row.area.name]),
        "officers": officers(row, today), "members": members(request, row),
        "admits": kind.admits, "covers": covers(request, row), "can_cover": kind.covers != 0,
        "parts": seen, "unseen": unseen(row, seen),
        "deeds": deeds(request, row, keeps), "history": history(row),
        "merged": row.merged.order_by("pk"), "places": above,
        "parent": visible_parent(request, row), "work": organisations().work,
    }  # fmt: skip


def officers(row: Organisation, today: date) -> list[dict[str, Any]]:
    """Who holds which office, as the table orders them; those before them last."""
    known = list(organisations().offices)
    soon = today + timedelta(days=organisations().soon)
    held = Officer.objects.filter(organisation=row).select_related("person").order_by("-since")
    found = sorted(held[:MANY], key=lambda x: (x.until is not None, known.index(x.office)))
    return [
        {
            "row": x, "office": speak(organisations().offices[x.office].words),
            "state": "" if x.until or x.term > soon else "over" if x.term <= today else "soon",
        }
        for x in found
    ]  # fmt: skip


def members(request: HttpRequest, row: Organisation) -> list[Belonging]:
    """As far as the reader may see them."""
    who = request.who  # type: ignore[attr-defined]
    found = Belonging.objects.visible_to(who).filter(organisation=row, until=None)
    return list(found.select_related("person").order_by("since", "pk")[:MANY])


def covers(request: HttpRequest, row: Organisation) -> list[Cover]:
    who = request.who  # type: ignore[attr-defined]
    found = Cover.objects.visible_to(who).filter(organisation=row, until=None)
    return list(found.select_related("building").order_by("building__name", "pk")[:MANY])


def unseen(row: Organisation, seen: list[Organisation]) -> list[str]:
    """What hangs below and is not the reader's to open: so many of a kind."""
    kinds = Organisation.objects.filter(parent=row, until=None).order_by()
    left = Counter(kinds.values_list("kind", flat=True)) - Counter(part.kind for part in seen)
    words = {name: speak(organisations().kinds[name].words) for name in left}
    return [say("organisation.page.more", n=n, kind=words[name]) for name, n in left.items()]


def deeds(request: HttpRequest, row: Organisation, keeps: bool) -> list[dict[str, Any]]:
    """What it took part in, the latest first. `may`: the reader may be the other who confirms."""
    me = int(request.who.id)  # type: ignore[attr-defined]
    mine = Officer.objects.filter(organisation=row, person=me)
    found = row.done.select_related("by", "confirmed_by").order_by("-on", "-pk")[:DEEDS]
    return [
        {"row": x, "may": keeps and x.confirmed is None and x.by_id != me
         and not mine.filter(until=None).exists()}
        for x in found
    ]  # fmt: skip


def visible_parent(request: HttpRequest, row: Organisation) -> Organisation | None:
    who = request.who  # type: ignore[attr-defined]
    return Organisation.objects.visible_to(who).filter(pk=row.parent_id).first()
