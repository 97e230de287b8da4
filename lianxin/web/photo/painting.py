"""`/photos/<id>/paint`: parts of a photo are drawn on and painted over; some may be uncovered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lianxin.core.flow.page import Page, Step
from lianxin.core.step.refused import Refused
from lianxin.core.step.who import Who
from lianxin.orders import actions, links
from lianxin.orders.models import Photo
from lianxin.orders.painting import is_cover
from lianxin.orders.queries import Sheet
from lianxin.orders.refusal import sentence, status
from lianxin.web.access import access
from lianxin.web.api.pace import filings
from lianxin.web.forms.step import number
from lianxin.web.photo.drawing import SHOWN, SIDES, Drawing, numbers
from lianxin.web.photo.page import Hanging, hanging_at, marks
from lianxin.web.tracking.track import by_link
from lianxin.web.words import say, tongue

WHY = ("face", "child", "plate", "papers", "home")
PAINT, BARE = ("paint", "enter"), "uncover"  # lianxin/web/templates/parts/switches.html


@access("anyone")
@never_cache
@require_http_methods(["GET", "POST"])
def paint(request: HttpRequest, id: UUID) -> HttpResponse:
    now, who = timezone.now(), request.who  # type: ignore[attr-defined]
    return answer(request, hanging_at(id, who, now), who, now)


@access("anyone")
@require_http_methods(["GET", "POST"])
@by_link
def asked(request: HttpRequest, secret: str, sheet: Sheet, now: datetime, id: UUID) -> HttpResponse:
    """The same for the asker, on what they sent themselves."""
    return answer(request, hanging_at(id, sheet.who, now, secret), sheet.who, now)


def answer(request: HttpRequest, hangs: Hanging, who: Who, now: datetime) -> HttpResponse:
    found = hangs.found
    if not (found.paints or (found.bares and found.photo.covers)):
        return no_way(request, hangs, Refused("not_own_words"))
    drawing = Drawing.of(found.photo, request.POST)
    do = said(request)
    if do == BARE and found.bares:
        return uncover(request, hangs, who, now)
    if do in PAINT and found.paints and "tap.x" not in request.POST:
        return lay_on(request, hangs, drawing, who, now)
    return draw(request, hangs, changed(drawing, request, do))


def said(request: HttpRequest) -> str:
    """Which button; Enter presses the one that stands first for all forms that are kept."""
    return str(request.POST.get("do") or request.POST.get("go", ""))


def changed(drawing: Drawing, request: HttpRequest, do: str) -> Drawing:
    """What a press does to the drawing without sending it."""
    sent = request.POST
    x, y = number(sent.get("tap.x")), number(sent.get("tap.y"))
    if x is not None and y is not None:
        return drawing.tapped(x, y)
    if do == "undo":
        return drawing.undone()
    if do == "add":
        return drawing.typed(sent)
    nth = number(do.removeprefix("drop:"))
    return drawing.without(nth) if do.startswith("drop:") and nth is not None else drawing


# ── what is sent ─────────────────────────────────────────────────────────────────────────────────


def lay_on(
    request: HttpRequest, hangs: Hanging, drawing: Drawing, who: Who, now: datetime
) -> HttpResponse:
    reason = reason_of(request)
    if not drawing.parts or not reason:
        wrong = say(f"photos.paint.{'no_why' if drawing.parts else 'no_part'}")
        return draw(request, hangs, drawing, wrong, 422)
    try:
        press(request, hangs, hangs.found.paints, list(map(list, drawing.parts)), reason, who, now)
    except Refused as no:
        return refused(request, hangs, drawing, no)
    messages.success(request, say("photos.paint.done", n=len(drawing.parts)))
    return HttpResponseRedirect(hangs.facts["page"])


def uncover(request: HttpRequest, hangs: Hanging, who: Who, now: datetime) -> HttpResponse:
    read = (numbers(text, 4) for text in request.POST.getlist("off")[:1000])
    parts = [list(part) for part in read if part]
    reason = request.POST.get("reason_off", "").strip()
    nothing = Drawing.of(hangs.found.photo, request.POST)
    if not parts or not reason:
        wrong = say(f"photos.bare.{'no_why' if parts else 'no_part'}")
        return draw(request, hangs, nothing, wrong, 422)
    try:
        press(request, hangs, hangs.found.bares, parts, reason, who, now)
    except Refused as no:
        return refused(request, hangs, nothing, no)
    messages.success(request, say("photos.bare.done", n=len(parts)))
    return HttpResponseRedirect(hangs.facts["page"])


def press(
    request: HttpRequest, hangs: Hanging, verb: str, parts: list[list[int]], reason: str, who: Who,
    now: datetime,
) -> None:  # fmt: skip
    """Take the step; by a link as links take it."""
    sheet, photo = hangs.found.sheet, hangs.found.photo
    step, key = sheet.page.steps[verb], request.POST.get("_key", "")[:100] or None
    given = {str(step.picture): str(photo.pk), where(step, sheet.page): parts, "reason": reason}
    number = sheet.row.number
    take: Callable[[], actions.Done] = partial(
        actions.step, number, verb, who, given, key=key, now=now
    )
    if not hangs.secret:
        take()
        return
    filings.keep(request)
    links.served(hangs.secret, actions.Key.of(who, key, number, verb, given, None), take, now)


def where(step: Step, page: Page) -> str:
    """The answer that says where to paint."""
    return next(n for n in step.asked if n in page.fields and is_cover(page.fields[n]))


def reason_of(request: HttpRequest) -> str:
    why, words = request.POST.get("why", ""), request.POST.get("reason", "").strip()
    told = say(f"photos.why.{why}") if why in WHY else ""
    return say("photos.paint.because", why=told, words=words) if told and words else told or words


# ── what is shown ────────────────────────────────────────────────────────────────────────────────


def draw(
    request: HttpRequest, hangs: Hanging, drawing: Drawing, wrong: str = "", code: int = 200
) -> HttpResponse:
    found = hangs.found
    sent: Any = request.POST
    facts = {
        **hangs.facts, **canvas(drawing), "wrong": wrong, "may_paint": bool(found.paints),
        "laid": laid(found.photo) if found.bares else [],
        "laid_marks": marks(found.photo.covers) if found.bares else [],
        "action": hangs.facts["paint"], "picture": f"{hangs.facts['url']}?w=960",
        "key": sent.get("_key") or str(uuid4()), "key_off": str(uuid4()),
        "whys": [(w, say(f"photos.why.{w}")) for w in WHY], "why": sent.get("why", ""),
        "reason": sent.get("reason", ""), "reason_off": sent.get("reason_off", ""),
    }  # fmt: skip
    return render(request, "photos/paint.html", facts, status=code)


def canvas(drawing: Drawing) -> dict[str, Any]:
    """What `photos/canvas.html` draws."""
    drawn = marks([list(part) for part in drawing.parts])
    values = [",".join(map(str, part)) for part in drawing.parts]
    return {
        "keeps": "drawing", "drawing": drawing, "shown": SHOWN, "drawn_marks": drawn,
        "dot": drawing.width // 40 + 1,
        "parts": list(zip(values, drawn, strict=True)),
        "sides": [(side, say(f"photos.paint.{side}")) for side in SIDES],
    }  # fmt: skip


def laid(photo: Photo) -> list[tuple[str, dict[str, Any]]]:
    """What is painted on it, each part with its number and whereabouts."""
    return [
        (",".join(map(str, cover)), {"n": n, "where": whereabouts(photo, cover)})
        for n, cover in enumerate(photo.covers, 1)
    ]


def whereabouts(photo: Photo, cover: list[int]) -> str:
    left, top, width, height = cover
    across = ("left", "middle", "right")[min(int(3 * (left + width / 2) / photo.width), 2)]
    down = ("top", "centre", "bottom")[min(int(3 * (top + height / 2) / photo.height), 2)]
    words = {"across": say(f"photos.where.{across}"), "down": say(f"photos.where.{down}")}
    return say("photos.where.is", **words)


def refused(request: HttpRequest, hangs: Hanging, drawing: Drawing, no: Refused) -> HttpResponse:
    """Said above the drawing, which is not lost; the photo as it is by now."""
    if no.code == "key_reused":
        messages.info(request, say("orders.press.twice"))
        return HttpResponseRedirect(hangs.facts["page"])
    if no.code == "no_photo":  # taken out meanwhile
        raise Http404 from no
    hangs.found.photo.refresh_from_db()
    said = sentence(no, tongue(), hangs.found.sheet.page)
    return draw(request, hangs, drawing, said, status(no))


def no_way(request: HttpRequest, hangs: Hanging, no: Refused) -> HttpResponse:
    said = sentence(no, tongue(), hangs.found.sheet.page)
    facts = {**hangs.facts, "sentence": said}
    return render(request, "photos/cannot.html", facts, status=status(no))
