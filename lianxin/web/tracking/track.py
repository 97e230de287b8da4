"""`/o/<secret>`: one's own request by its link, without account (`/track` finds it: find.py)."""

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
from django.views.decorators.http import require_http_methods, require_safe

from lianxin.core.flow.page import Step
from lianxin.core.step.refused import Refused
from lianxin.core.step.who import Who
from lianxin.orders import actions, links
from lianxin.orders.queries import Sheet, linked_sheet
from lianxin.orders.refusal import sentence, status
from lianxin.web.access import access
from lianxin.web.api.pace import filings
from lianxin.web.forms import StepForm, uploads
from lianxin.web.photo import photos
from lianxin.web.pictures import picture_of
from lianxin.web.tracking.asked import NOT_HERE, Asked, everyday, plainly
from lianxin.web.tracking.opening import opening
from lianxin.web.words import say, tongue


def sheet_of(who: Who | None, now: datetime) -> Sheet | None:
    if who is None or who.party is None or who.unit:  # a unit's link has a page of its own
        return None
    return linked_sheet(who, now)


def closed(request: HttpRequest, secret: str, now: datetime, verb: str) -> HttpResponse:
    """A link that opens nothing. The form that spent it may come again, when its thanks were lost:
    then they are said again, and nothing more is shown."""
    if request.method == "POST" and (sheet := sheet_of(links.heard_before(secret, now), now)):
        found = sheet.page.steps.get(verb)
        form = form_of(sheet, found, now, request.POST) if found else None
        if form and form.is_valid() and form.heard():
            return thanked(request, form)
    facts = {"spent": links.spent(secret)}
    return render(request, "track/lost.html", facts, status=404)


by_link = opening(sheet_of, closed)


# ── the request ──────────────────────────────────────────────────────────────────────────────────


@access("anyone")
@require_safe
@by_link
def asked(request: HttpRequest, secret: str, sheet: Sheet, now: datetime) -> HttpResponse:
    found = Asked(sheet, secret, now)
    facts = {
        "asked": found,
        "others": [v for v in found.verbs if not found.rates or v.name != "rate"],
    }
    if found.rates:
        form = form_of(sheet, sheet.page.steps["rate"], now)
        facts |= {"form": form, "verb": rating(found), "latest": found.story[0]}
        facts["hint"] = everyday(sheet.page.flow, "hint", "rate", None)
    return render(request, "track/asked.html", facts)


def rating(found: Asked) -> Any:
    return next(v for v in found.verbs if v.name == "rate")


@access("anyone")
@require_safe
@by_link
def sent(request: HttpRequest, secret: str, sheet: Sheet, now: datetime) -> HttpResponse:
    """That it has arrived: the number, until when, and the link to keep."""
    if sheet.order.nth > 1:
        return HttpResponseRedirect(reverse("asked", args=[secret]))
    return render(request, "track/sent.html", ticket(sheet, secret, now))


@access("anyone")
@require_safe
@by_link
def slip(request: HttpRequest, secret: str, sheet: Sheet, now: datetime) -> HttpResponse:
    """What to print or to copy by hand: number, code, and the picture to scan."""
    return render(request, "track/slip.html", ticket(sheet, secret, now))


def ticket(sheet: Sheet, secret: str, now: datetime) -> dict[str, Any]:
    """All by which a request is found again."""
    address = settings.PUBLIC_URL + reverse("asked", args=[secret])
    return {
        "number": sheet.row.number, "filed": sheet.row.filed, "address": address,
        "by": plainly(sheet.row.due, now) if sheet.row.due else "",
        "here": reverse("asked", args=[secret]), "slip": reverse("asked_slip", args=[secret]),
        "office": Asked(sheet, secret, now).office,
        "find": settings.PUBLIC_URL + reverse("track"),
        "code": in_two(links.code_of(secret)) if links.has_code(secret) else "",
        "picture": picture_of(address, scale=4),
    }  # fmt: skip


def in_two(code: str) -> str:
    """
    >>> in_two("DNVCDX3N")
    'DNVC DX3N'
    """
    half = len(code) // 2
    return f"{code[:half]} {code[half:]}"


@access("anyone")
@require_safe
@by_link
def photo(request: HttpRequest, secret: str, sheet: Sheet, now: datetime, id: UUID) -> HttpResponse:
    """A photo of the request, as its asker may see it."""
    request.who = sheet.who  # type: ignore[attr-defined]
    return photos.photo(request, id)


# ── taking a step ────────────────────────────────────────────────────────────────────────────────


@access("anyone")
@require_http_methods(["GET", "POST"])
@by_link
def step(request: HttpRequest, secret: str, sheet: Sheet, now: datetime, verb: str) -> HttpResponse:
    """The form of one step, and taking it; what cannot be done now says why."""
    found = sheet.page.steps.get(verb)
    if found is None or found.door or found.picture or verb in NOT_HERE:
        return cannot(request, secret, sheet, Refused("unknown_step", step=verb[:40]), now)
    if request.method == "POST":
        return press(request, secret, sheet, found, now)
    if no := sheet.family.dry(sheet.order.id, verb, sheet.who, now):
        return cannot(request, secret, sheet, no, now)
    return ask(request, secret, form_of(sheet, found, now), now)


def form_of(sheet: Sheet, found: Step, now: datetime, *sent: Any) -> StepForm:
    """The step's form with its questions in everyday words."""
    form = StepForm(sheet, found, now, *sent)
    for name, field in form.fields.items():
        field.label = everyday(sheet.page.flow, "field", name, sheet.page.field(name).words)
    return form


def press(
    request: HttpRequest, secret: str, sheet: Sheet, found: Step, now: datetime
) -> HttpResponse:
    taken = uploads.take(request, sheet.page, found, now)
    form = form_of(sheet, found, now, request.POST, taken)
    if not form.is_valid():
        no = sheet.family.dry(sheet.order.id, found.name, sheet.who, now)
        if no:
            return cannot(request, secret, sheet, no, now, form)
        return ask(request, secret, form, now, code=422)
    take = partial(
        actions.step, sheet.row.number, found.name, sheet.who, form.answers(),
        visit=form.saw_visit, key=form.key, now=now,
    )  # fmt: skip
    try:
        filings.keep(request)
        links.served(secret, form.once, take, now, found.name)
    except Refused as no:
        return again(request, secret, form, no, now)
    return thanks(request, secret, form, now)


def thanks(request: HttpRequest, secret: str, form: StepForm, now: datetime) -> HttpResponse:
    """Back to the request with a word of thanks; a one-use link has done its service."""
    if links.bearer(secret, now) is None:
        return thanked(request, form)
    messages.success(request, thanks_for(form))
    return HttpResponseRedirect(reverse("asked", args=[secret]))


def thanked(request: HttpRequest, form: StepForm) -> HttpResponse:
    facts = {"said": thanks_for(form), "number": form.sheet.row.number}
    return render(request, "track/thanks.html", facts)


def thanks_for(form: StepForm) -> str:
    return everyday(form.page.flow, "done", form.step.name, None) or say("track.done")


def again(
    request: HttpRequest, secret: str, form: StepForm, no: Refused, now: datetime
) -> HttpResponse:
    """The form once more where the step can still be taken; else why not, with what was written."""
    if no.code == "key_reused":
        messages.info(request, say("orders.press.twice"))
        return HttpResponseRedirect(reverse("asked", args=[secret]))
    if no.code == "link_spent":
        return closed(request, secret, now, form.step.name)
    sheet = sheet_of(links.bearer(secret, now), now) or form.sheet
    if sheet.family.dry(sheet.order.id, form.step.name, sheet.who, now) is None:
        fresh = form_of(sheet, form.step, now, request.POST, form.uploads)
        fresh.refuse(no)
        return ask(request, secret, fresh, now, code=status(no))
    return cannot(request, secret, sheet, no, now, form)


def ask(
    request: HttpRequest, secret: str, form: StepForm, now: datetime, code: int = 200
) -> HttpResponse:
    found = Asked(form.sheet, secret, now)
    verb, flow = found.verb(form.step.name, form.step.words), form.page.flow
    facts = {
        "asked": found, "form": form, "verb": verb,
        "question": everyday(flow, "ask", form.step.name, form.step.words),
        "hint": everyday(flow, "hint", form.step.name, None),
    }  # fmt: skip
    return render(request, "track/step.html", facts, status=code)


def cannot(
    request: HttpRequest, secret: str, sheet: Sheet, no: Refused, now: datetime,
    form: StepForm | None = None,
) -> HttpResponse:  # fmt: skip
    facts = {
        "asked": Asked(sheet, secret, now), "here": reverse("asked", args=[secret]),
        "sentence": sentence(no, tongue(), sheet.page), "typed": form.typed() if form else [],
    }  # fmt: skip
    return render(request, "track/cannot.html", facts, status=status(no))
