"""`/photos/<id>/view`: a photo large, before and after beside each other; and its original."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lianxin.core.step.refused import Refused
from lianxin.core.step.who import Who
from lianxin.orders import photos
from lianxin.orders.queries import Sheet
from lianxin.orders.queries.photo import Hung, hung, original
from lianxin.orders.queries.story import Entry, tell
from lianxin.orders.refusal import sentence, status
from lianxin.web.access import access
from lianxin.web.order import hanging
from lianxin.web.order.hanging import Gallery, Way
from lianxin.web.tracking.track import by_link
from lianxin.web.words import tongue


@dataclass(frozen=True, slots=True)
class Hanging:
    """A photo of an order and where its reader, signed in or with a link, finds what belongs to it.

    `secret`: of the link, "" for whoever is signed in.
    """

    found: Hung
    secret: str = ""

    @property
    def way(self) -> Way:
        return hanging.by_link(self.secret) if self.secret else hanging.inside

    @property
    def back(self) -> str:
        if self.secret:
            return reverse("asked", args=[self.secret])
        return reverse("order", args=[self.found.sheet.row.number])

    @property
    def facts(self) -> dict[str, Any]:
        """What every page about a photo is told."""
        photo, sheet = self.found.photo, self.found.sheet
        names = ("photo", "photo_view", "photo_paint")
        address = {name: self.way(name, photo.pk) for name in names}
        return {
            "photo": photo, "number": sheet.row.number, "back": self.back, "secret": self.secret,
            "url": address["photo"], "page": address["photo_view"], "paint": address["photo_paint"],
            "n": len(photo.covers),
        }  # fmt: skip


def hanging_at(id: UUID, who: Who, now: datetime, secret: str = "") -> Hanging:
    """Raises Http404 for who may not see it: whether it is there is told to nobody else."""
    try:
        return Hanging(hung(id, who, now), secret)
    except Refused as no:
        raise Http404 from no


# ── large ────────────────────────────────────────────────────────────────────────────────────────


@access("anyone")
@never_cache
@require_safe
def view(request: HttpRequest, id: UUID) -> HttpResponse:
    who = request.who  # type: ignore[attr-defined]
    return large(request, hanging_at(id, who, timezone.now()))


@access("anyone")
@require_safe
@by_link
def asked_view(
    request: HttpRequest, secret: str, sheet: Sheet, now: datetime, id: UUID
) -> HttpResponse:
    """The same for the asker."""
    return large(request, hanging_at(id, sheet.who, now, secret))


def large(request: HttpRequest, hangs: Hanging) -> HttpResponse:
    """The pair that the photo belongs to, else the photo alone under the name of its answer."""
    found, photo = hangs.found, hangs.found.photo
    sheet = found.sheet
    entries = tell(sheet.row, sheet.order, sheet.page, sheet.who).entries
    pair = pair_with(photo.pk, entries, hangs)
    facts = {
        **hangs.facts, "pair": pair, "opened": opened(photo.pk, pair, entries, hangs),
        "may_paint": bool(found.paints), "may_bare": bool(found.uncovers and photo.original),
    }  # fmt: skip
    return render(request, "photos/photo.html", facts)


def pair_with(id: UUID, entries: list[Entry], hangs: Hanging) -> tuple[Gallery, ...]:
    first = entries[-1] if entries else None
    address = hangs.way("photo", id)
    for entry in entries:
        found = hanging.pair(entry, first, hangs.found.sheet.page, hangs.way)
        if any(p["url"] == address for gallery in found for p in gallery.photos):
            return found
    return ()


def opened(
    id: UUID, pair: tuple[Gallery, ...], entries: list[Entry], hangs: Hanging
) -> dict[str, str]:
    """The photo itself, as it is called in its pair or by its answer."""
    address = hangs.way("photo", id)
    told = chain(pair, *(hanging.galleries(entry, hangs.way) for entry in entries))
    every = (photo for gallery in told for photo in gallery.photos)
    return next((p for p in every if p["url"] == address), {"url": address, "alt": ""})


# ── the original ─────────────────────────────────────────────────────────────────────────────────


@access("person")
@never_cache
@require_http_methods(["GET", "POST"])
def bare(request: HttpRequest, id: UUID) -> HttpResponse:
    """Asked first: a look at what was painted over is written down. The picture stands in the page
    itself, so that nothing but a press can open it and no browser keeps it."""
    now, who = timezone.now(), request.who  # type: ignore[attr-defined]
    hangs = hanging_at(id, who, now)
    found = hangs.found
    facts = {**hangs.facts, "marks": marks(found.photo.covers), "seen": ""}
    try:
        if found.uncovers is None:
            raise Refused("no_original")
        if not found.photo.original:
            raise Refused("not_painted")
        if request.method == "POST":
            facts["seen"] = inline(original(found, now))
    except Refused as no:
        facts["sentence"] = sentence(no, tongue(), found.sheet.page)
        return render(request, "photos/original.html", facts, status=status(no))
    return render(request, "photos/original.html", facts)


def inline(name: str) -> str:
    path = photos.path_of(name)
    if not path.exists():
        raise Refused("no_photo")
    return f"data:image/jpeg;base64,{base64.b64encode(path.read_bytes()).decode()}"


def marks(covers: list[list[int]]) -> list[dict[str, int]]:
    """Parts as a drawing over the picture shows them, each with its number."""
    sides = ("left", "top", "width", "height")
    return [{"n": n, **dict(zip(sides, c, strict=True))} for n, c in enumerate(covers, 1)]
