"""`/u/<secret>`: a unit without account reads what it is asked to do, and answers."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from lianxin.core.step.refused import Refused
from lianxin.core.step.who import Who
from lianxin.orders import handing, links
from lianxin.orders.queries import Sheet, linked_sheet
from lianxin.orders.queries.page import unseen_sheet
from lianxin.orders.receivers import steps_of
from lianxin.orders.refusal import sentence, status
from lianxin.registry.queries import office
from lianxin.web.access import access
from lianxin.web.api.pace import filings
from lianxin.web.forms import uploads
from lianxin.web.photo import photos
from lianxin.web.pictures import picture_of
from lianxin.web.receiver.form import ReceiverForm
from lianxin.web.receiver.received import Received
from lianxin.web.tracking.opening import opening
from lianxin.web.words import say, tongue

WORDS = ("text", "reason")  # what somebody may have written into a page that opens nothing


def sheet_of(who: Who | None, now: datetime) -> Sheet | None:
    """The one order of a unit's link; nothing for an asker's, which has a page of its own."""
    if who is None or who.party is None or who.unit is None:
        return None
    try:
        return linked_sheet(who, now)
    except Refused:  # kept from the unit's house, or over since
        return None


def closed(request: HttpRequest, secret: str, now: datetime, name: str) -> HttpResponse:
    """Why a link opens nothing, in plain words, with the number of an office. The very form that
    spent it may come again, when its thanks were lost: then they are said again."""
    why = links.standing(secret, now)
    if request.method == "POST" and why == "answered" and heard(request, secret, now, name):
        return HttpResponseRedirect(reverse("received", args=[secret]))
    desk = links.desk_of(secret) if why else ""
    facts = {
        "why": why or "unknown", "office": office(desk, timezone.localdate(now)) if desk else None,
        "typed": [t for n in WORDS if (t := request.POST.get(n, "").strip())],
        "late": request.method == "POST",
    }  # fmt: skip
    return render(request, "receiver/closed.html", facts, status=200 if why == "answered" else 404)


by_link = opening(sheet_of, closed)


def heard(request: HttpRequest, secret: str, now: datetime, name: str) -> bool:
    """Whether this very form was taken before."""
    who = links.heard_before(secret, now)
    if who is None or who.party is None:
        return False
    sheet = unseen_sheet(UUID(who.party[0]), who)
    try:
        form = form_of(sheet, name, now, request)
    except Refused:  # there is no such answer
        return False
    return form.is_valid() and form.heard()


def form_of(
    sheet: Sheet, name: str, now: datetime, request: HttpRequest | None = None, taken: Any = None
) -> ReceiverForm:
    """The form of one answer, filled in where a request brings it. Raises Refused."""
    step = sheet.page.steps[handing.said_by(sheet, name)]
    return ReceiverForm(sheet, step, now, request.POST if request else None, taken)


# ── what is asked ────────────────────────────────────────────────────────────────────────────────


@access("anyone")
@require_safe
@by_link
def received(request: HttpRequest, secret: str, sheet: Sheet, now: datetime) -> HttpResponse:
    return render(request, "receiver/received.html", {"it": Received(sheet, now, secret)})


@access("anyone")
@require_safe
@by_link
def sheet(request: HttpRequest, secret: str, sheet: Sheet, now: datetime) -> HttpResponse:
    """One sheet of A4 in large type: what is asked, a picture to scan, lines to fill in by hand."""
    address = settings.PUBLIC_URL + reverse("received", args=[secret])
    return render(request, "receiver/sheet.html", {
        "it": Received(sheet, now, secret), "now": now, "address": address,
        "picture": picture_of(address, scale=4, quiet=0),
    })  # fmt: skip


@access("anyone")
@require_safe
@by_link
def photo(request: HttpRequest, secret: str, sheet: Sheet, now: datetime, id: UUID) -> HttpResponse:
    """A photo of this order, as the unit may see it."""
    request.who = sheet.who  # type: ignore[attr-defined]
    return photos.photo(request, id)


# ── answering ────────────────────────────────────────────────────────────────────────────────────


@access("anyone")
@require_http_methods(["GET", "POST"])
@by_link
def answer(
    request: HttpRequest, secret: str, sheet: Sheet, now: datetime, name: str
) -> HttpResponse:
    try:
        if request.method == "POST":
            return press(request, secret, sheet, name, now)
        form = form_of(sheet, name, now)
        if not steps_of(sheet.family, sheet.order, sheet.who, name, now):
            raise no_way(sheet, form, now)
    except Refused as no:
        return cannot(request, secret, sheet, no, now)
    return ask(request, secret, form, name, now)


def no_way(sheet: Sheet, form: ReceiverForm, now: datetime) -> Refused:
    """Why an answer cannot be given now."""
    no = sheet.family.dry(sheet.order.id, form.step.name, sheet.who, now)
    return no or Refused("out_of_turn", state=sheet.order.state)


def press(
    request: HttpRequest, secret: str, sheet: Sheet, name: str, now: datetime
) -> HttpResponse:
    step = sheet.page.steps[handing.said_by(sheet, name)]
    taken = uploads.take(request, sheet.page, step, now)
    form = form_of(sheet, name, now, request, taken)
    if not form.is_valid():
        return ask(request, secret, form, name, now, code=422)
    who = handing.named(sheet.who, form.who, form.tel)
    take = partial(
        handing.answer, sheet, who, name, form.answers(), now, visit=form.saw_visit, key=form.key
    )
    try:
        filings.keep(request)
        links.served(secret, form.once, take, now, step.name)
    except Refused as no:
        return again(request, secret, sheet, form, name, no, now)
    if name in ("keep", "longer"):
        messages.success(request, say(f"receiver.thanks.{name}"))
    return HttpResponseRedirect(reverse("received", args=[secret]))


def again(
    request: HttpRequest, secret: str, sheet: Sheet, form: ReceiverForm, name: str, no: Refused,
    now: datetime,
) -> HttpResponse:  # fmt: skip
    """The form once more where the answer can still be given; else why not, with what was written.

    A form sent twice stands as it was heard first.
    """
    if no.code == "key_reused" and links.bearer(secret, now):
        return HttpResponseRedirect(reverse("received", args=[secret]))
    if no.code in ("link_spent", "link_over", "key_reused"):
        return closed(request, secret, now, name)
    fresh = sheet_of(links.bearer(secret, now), now)
    if fresh is None:
        return closed(request, secret, now, name)
    if steps_of(fresh.family, fresh.order, fresh.who, name, now):
        anew = form_of(fresh, name, now, request, form.uploads)
        anew.refuse(no)
        return ask(request, secret, anew, name, now, code=status(no))
    return cannot(request, secret, fresh, no, now, form)


def ask(
    request: HttpRequest, secret: str, form: ReceiverForm, name: str, now: datetime, code: int = 200
) -> HttpResponse:
    it = Received(form.sheet, now, secret)
    facts = {"it": it, "form": form, "way": it.way(name), "here": it.address(name)}
    facts["back"] = reverse("received", args=[secret])
    return render(request, "receiver/answer.html", facts, status=code)


def cannot(
    request: HttpRequest, secret: str, sheet: Sheet, no: Refused, now: datetime,
    form: ReceiverForm | None = None,
) -> HttpResponse:  # fmt: skip
    facts = {
        "it": Received(sheet, now, secret), "sentence": sentence(no, tongue(), sheet.page),
        "typed": form.typed() if form else [], "back": reverse("received", args=[secret]),
    }  # fmt: skip
    return render(request, "receiver/cannot.html", facts, status=status(no))
