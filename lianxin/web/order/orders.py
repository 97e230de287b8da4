"""`/orders/<number>`: the order, and everything to press on it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from lianxin.core.flow.page import Step
from lianxin.core.step.refused import Refused
from lianxin.orders import actions
from lianxin.orders.models import Order
from lianxin.orders.queries import Sheet, order_sheet
from lianxin.orders.reach import seen
from lianxin.orders.refusal import sentence, status
from lianxin.web.access import access, to_login
from lianxin.web.forms import StepForm, uploads
from lianxin.web.forms.step import number as whole
from lianxin.web.notices import looked_at
from lianxin.web.order.notes import addressed, reads
from lianxin.web.order.page import OrderPage
from lianxin.web.order.replies import put_in
from lianxin.web.words import say, speak, tongue

MOVED_ON = ("too_late", "out_of_turn")


@access("anyone")
@never_cache
@require_http_methods(["GET"])
def order(request: HttpRequest, number: str) -> HttpResponse:
    now = timezone.now()
    try:
        sheet = order_sheet(number, request.who, now)
    except Refused as no:
        return lost(request, no)
    looked_at(request, sheet.row.pk, now)
    return render(request, "orders/order.html", {"order": OrderPage(sheet, now)})


@access("anyone")
@never_cache
@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """The form of a step, and taking it."""
    now = timezone.now()
    try:
        sheet = order_sheet(number, request.who, now)
        verb, sent = addressed(verb, request.POST)
        found = sheet.page.steps.get(verb)
        if found is None or found.door:
            raise Refused("unknown_step", step=verb)
    except Refused as no:
        return lost(request, Refused("too_late") if outrun(request, number, no) else no)
    if request.method == "POST":
        return press(request, sheet, found, now, sent)
    if found.picture:  # what is painted over is drawn on the photo's own page
        return HttpResponseRedirect(reverse("order", args=[number]))
    if no := sheet.family.dry(sheet.order.id, verb, sheet.who, now):
        return cannot(request, sheet, found, no, now)
    return show(request, StepForm(sheet, found, now), now)


@access("anyone")
@require_POST
def undo(request: HttpRequest, number: str) -> HttpResponse:
    """Take back what was just done: instead of asking beforehand whether one is sure."""
    now = timezone.now()
    try:
        actions.undo(number, request.who, nth=whole(request.POST.get("_nth")), now=now)
    except Refused as no:
        return refuse(request, number, no, now, "undo")
    messages.success(request, say("orders.press.undone"))
    return to_order(request, number)


# ── pressing ─────────────────────────────────────────────────────────────────────────────────────


def press(
    request: HttpRequest, sheet: Sheet, step: Step, now: datetime, sent: QueryDict
) -> HttpResponse:
    """Take the step with what was sent, or show the form again with what is wrong in it."""
    taken = uploads.take(request, sheet.page, step, now)
    form = StepForm(sheet, step, now, put_in(sheet, step, sent), taken)
    searching = form.searching
    if searching or not form.is_valid():
        if no := sheet.family.dry(sheet.order.id, step.name, sheet.who, now):
            return again(request, form, no, now)  # names are shown to who may take the step
        if searching:
            form.unjudged()
        return show(request, form, now, code=200 if searching else 422)
    try:
        actions.step(
            sheet.row.number, step.name, request.who, form.answers(),
            visit=form.saw_visit, key=form.key, now=now,
        )  # fmt: skip
    except Refused as no:
        return again(request, form, no, now)
    return to_order(request, sheet.row.number, step)


def again(request: HttpRequest, form: StepForm, no: Refused, now: datetime) -> HttpResponse:
    """The kernel said no: the form once more where the step can still be taken, else the reason.

    A key that was used with other answers is the same form sent twice (photos sent again are new
    to us): what it did stands, and the reader is told so.
    """
    number, verb = form.sheet.row.number, form.step.name
    if no.code == "key_reused":
        messages.info(request, say("orders.press.twice"))
        return to_order(request, number)
    try:
        sheet = order_sheet(number, request.who, now)
    except Refused as gone:
        return lost(request, no if no.code in MOVED_ON else gone)
    if form.step.asks and sheet.family.dry(sheet.order.id, verb, sheet.who, now) is None:
        fresh = StepForm(sheet, form.step, now, form.data, form.uploads)
        fresh.refuse(no)
        return show(request, fresh, now, code=status(no), moved=no.code in MOVED_ON)
    return cannot(request, sheet, form.step, no, now, form)


def to_order(request: HttpRequest, number: str, step: Step | None = None) -> HttpResponse:
    """On to the order, or home for those whom the step has taken it away from."""
    if seen(number, request.who):  # type: ignore[attr-defined]
        return HttpResponseRedirect(reverse("order", args=[number]))
    done = speak(step.words) if step else say("orders.press.undo")
    messages.success(request, say("orders.press.gone", number=number, step=done))
    return HttpResponseRedirect("/")


# ── showing ──────────────────────────────────────────────────────────────────────────────────────


def show(
    request: HttpRequest, form: StepForm, now: datetime, *, code: int = 200, moved: bool = False
) -> HttpResponse:
    page = OrderPage(form.sheet, now)
    form.reads = reads(form.sheet, form.step)
    facts = {"order": page, "form": form, "step": form.step}
    if moved:
        facts["changes"] = since(page, form)
    return render(request, "orders/step.html", facts, status=code)


def since(page: OrderPage, form: StepForm) -> list[Any]:
    """What happened after the reader opened the form, newest first."""
    return [told for told in page.story if told.nth > form.saw_nth]


def cannot(
    request: HttpRequest, sheet: Sheet, step: Step, no: Refused, now: datetime,
    form: StepForm | None = None,
) -> HttpResponse:  # fmt: skip
    """Why a step cannot be taken, what has changed meanwhile, and the words that were written."""
    page = OrderPage(sheet, now)
    facts = {
        "order": page,
        "title": say("orders.refused.title", step=step.words),
        "sentence": sentence(no, tongue(), sheet.page),
        "changes": since(page, form) if form and no.code in MOVED_ON else [],
        "typed": form.typed() if form else [],
    }
    return render(request, "orders/refused.html", facts, status=status(no))


def refuse(
    request: HttpRequest, number: str, no: Refused, now: datetime, what: str = "other"
) -> HttpResponse:
    """A refusal of something that is not a step of the page."""
    try:
        sheet = order_sheet(number, request.who, now)
    except Refused as gone:
        return lost(request, gone)
    facts = {
        "order": OrderPage(sheet, now),
        "title": say(f"orders.refused.{what}"),
        "sentence": sentence(no, tongue(), sheet.page),
    }
    return render(request, "orders/refused.html", facts, status=status(no))


def outrun(request: HttpRequest, number: str, no: Refused) -> bool:
    """Whether a member pressed when the last seat had just been taken: they see it no more, and are
    told that somebody was faster."""
    if no.code != "not_found" or request.method != "POST":
        return False
    found = Order.objects.just_filled_for(request.who)  # type: ignore[attr-defined]
    return bool(found.filter(number=number[:40]).exists())


def lost(request: HttpRequest, no: Refused) -> HttpResponse:
    """Not for these eyes, or not there: the same answer, and a login for who has not tried that."""
    if not request.user.is_authenticated and not request.who.party:
        return to_login(request)
    moved = no.code in MOVED_ON
    title = say("orders.late.title") if moved else say("orders.refused.lost")
    facts = {"title": title, "sentence": sentence(no, tongue())}
    return render(request, "orders/refused.html", facts, status=status(no))
