"""`/orders/<number>/receiver`: hand an order out to a unit without account, and copy its answers.

A link and a sheet are made by one press and hold the same secret, shown this one time.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianxin.core.step.refused import Refused
from lianxin.orders import handing
from lianxin.orders.queries import Sheet, order_sheet
from lianxin.orders.receivers import steps_of
from lianxin.orders.refusal import status
from lianxin.registry.actions import Stamp, change_unit
from lianxin.registry.models import Unit
from lianxin.registry.sheets.clean import phone as read_phone
from lianxin.registry.sheets.finding import Odd
from lianxin.web.access import access
from lianxin.web.forms import uploads
from lianxin.web.order.orders import lost, refuse, to_order
from lianxin.web.pictures import picture_of
from lianxin.web.receiver.form import SCAN, ReceiverForm
from lianxin.web.receiver.received import Received
from lianxin.web.words import say

GIVERS = ("desk", "clerk")


@access(*GIVERS)
@never_cache
@require_http_methods(["GET", "POST"])
def give_link(request: HttpRequest, number: str) -> HttpResponse:
    """Make a link. Pressed twice, the second is another link and the first is over, as it says."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("receiver", args=[number]))
    now = timezone.now()
    try:
        given = handing.give(number, request.who, now)  # type: ignore[attr-defined]
    except Refused as no:
        return refuse(request, number, no, now)
    path = reverse("received", args=[given.secret])
    address = settings.PUBLIC_URL + path
    return render(request, "receiver/given.html", {
        "number": number, "address": address, "until": given.until, "open": path,
        "unit": Unit.objects.get(pk=int(given.unit)),
        "sheet": reverse("received_sheet", args=[given.secret]),
        "picture": picture_of(address, scale=4),
    })  # fmt: skip


@access(*GIVERS)
@never_cache
@require_safe
def receiver(request: HttpRequest, number: str) -> HttpResponse:
    """Whom it is handed to, which link is open, and which answers can be copied from paper."""
    now = timezone.now()
    try:
        sheet = order_sheet(number, request.who, now)  # type: ignore[attr-defined]
        row, hand = handing.held(sheet)
    except Refused as no:
        return lost(request, no) if no.code == "not_found" else refuse(request, number, no, now)
    return render(request, "receiver/receiver.html", {
        "number": number, "unit": Unit.objects.get(pk=int(hand.who)),
        "link": handing.open_link(sheet, now), "answers": copyable(sheet, now),
        "gives": any(b.step.name == row.give for b in sheet.buttons),
        "at_desk": at_desk(sheet),
    })  # fmt: skip


def at_desk(sheet: Sheet) -> bool:
    try:
        return bool(handing.on_paper(sheet))
    except Refused:
        return False


def copyable(sheet: Sheet, now: datetime) -> list[Any]:
    """The answers that this reader may copy from paper now."""
    return Received(on_paper(sheet), now).ways if at_desk(sheet) else []


def on_paper(sheet: Sheet, name: str = "", tel: str = "") -> Sheet:
    return replace(sheet, who=handing.on_paper(sheet, name, tel))


@access("desk")
@require_POST
def receiver_phone(request: HttpRequest, number: str) -> HttpResponse:
    """The office number of a unit, as the desk that calls it knows it."""
    now = timezone.now()
    try:
        sheet = order_sheet(number, request.who, now)  # type: ignore[attr-defined]
        who = handing.on_paper(sheet)
    except Refused as no:
        return refuse(request, number, no, now)
    try:
        phone, _ = read_phone(request.POST.get("phone", "").strip()[:40])
    except Odd:
        messages.error(request, say("receiver.phone.odd"))
        return HttpResponseRedirect(reverse("receiver", args=[number]))
    unit = Unit.objects.get(pk=int(who.unit or 0))
    change_unit(Stamp(request.user, now), unit, phone=phone or "")  # type: ignore[arg-type]
    messages.success(request, say("receiver.phone.kept"))
    return HttpResponseRedirect(reverse("receiver", args=[number]))


# ── copying from paper ───────────────────────────────────────────────────────────────────────────


@access("desk")
@never_cache
@require_http_methods(["GET", "POST"])
def receiver_answer(request: HttpRequest, number: str, name: str) -> HttpResponse:
    now = timezone.now()
    try:
        sheet = order_sheet(number, request.who, now)  # type: ignore[attr-defined]
        step = sheet.page.steps[handing.said_by(sheet, name)]
        copier = on_paper(sheet)
    except Refused as no:
        return lost(request, no) if no.code == "not_found" else refuse(request, number, no, now)
    make = partial(ReceiverForm, copier, step, now, scan=True)
    if request.method == "POST":
        taken = uploads.take(request, sheet.page, step, now, more=(SCAN,))
        return press(request, sheet, make(request.POST, taken), name, now)
    if not steps_of(copier.family, copier.order, copier.who, name, now):
        return refuse(request, number, Refused("out_of_turn", state=sheet.order.state), now)
    return ask(request, make(), name, now)


def press(
    request: HttpRequest, sheet: Sheet, form: ReceiverForm, name: str, now: datetime
) -> HttpResponse:
    if not form.is_valid():
        return ask(request, form, name, now, code=422)
    try:
        handing.copied(
            sheet, handing.on_paper(sheet, form.who, form.tel), name, form.answers(),
            form.uploads.kept.get(SCAN, []), now, caption=say("receiver.caption", "zh"),
            visit=form.saw_visit, key=form.key,
        )  # fmt: skip
    except Refused as no:
        if no.code == "key_reused":
            messages.info(request, say("orders.press.twice"))
            return to_order(request, sheet.row.number)
        form.refuse(no)
        return ask(request, form, name, now, code=status(no))
    messages.success(request, say("receiver.copied"))
    return to_order(request, sheet.row.number)


def ask(
    request: HttpRequest, form: ReceiverForm, name: str, now: datetime, code: int = 200
) -> HttpResponse:
    it = Received(form.sheet, now)
    facts = {
        "it": it, "form": form, "way": it.way(name), "here": it.address(name), "paper": True,
        "back": reverse("receiver", args=[it.number]),
    }  # fmt: skip
    return render(request, "receiver/answer.html", facts, status=code)
