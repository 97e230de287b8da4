"""`/cases`: every loop a post may begin; `/cases/<flow>/<door>`: the form that begins it.

The page of the flow is all there is to it: a county's own loop has its form here from the day its
page is read. What residents ask for has doors of its own (`file`, `new`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lianxin.core.flow.page import Page, Step
from lianxin.core.step.refused import Refused
from lianxin.core.step.who import Grant
from lianxin.orders import actions
from lianxin.orders.book import book
from lianxin.orders.models import Order
from lianxin.orders.refusal import sentence, status
from lianxin.registry.models import Area, Unit
from lianxin.registry.queries.shapes import parts_named
from lianxin.web.access import access
from lianxin.web.desk.new import FLOW
from lianxin.web.forms import StepForm, uploads
from lianxin.web.forms.opening import Opening
from lianxin.web.words import say, tongue

PLACE = "_place"
APART = ("place",)  # asked here, from the reader's own places
Places = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Begun:
    """A loop and the doors of it that are open to the reader."""

    page: Page
    doors: tuple[Step, ...]


@access("person")
@never_cache
@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    found = list(open_to(request, timezone.localdate()))
    return render(request, "cases/cases.html", {"title": say("cases.title"), "loops": found})


@access("person")
@never_cache
@require_http_methods(["GET", "POST"])
def case(request: HttpRequest, flow: str, door: str) -> HttpResponse:
    """404 for a loop or door that is not the reader's: what they may not begin is not there."""
    now = timezone.now()
    page, step = at_door(request, flow, door, timezone.localdate(now))
    held = posts(request, step)
    places = places_of(held)
    opening = Opening.at(page, path_of(request.POST.get(PLACE, ""), places))
    if request.method != "POST":
        return show(request, StepForm(opening, step, now, leave=APART), places)
    taken = uploads.take(request, page, step, now)
    form = StepForm(opening, step, now, request.POST, taken, leave=APART)
    if form.searching:
        form.unjudged()
        return show(request, form, places)
    return sent(request, form, places, now)


# ── what may be begun ────────────────────────────────────────────────────────────────────────────


def open_to(request: HttpRequest, today: Any) -> Iterator[Begun]:
    """Loops that are cases, with the doors open to one of the reader's posts, as they are listed in
    params/flows."""
    for flow in sorted(book().pages):
        page = in_force(flow, today)
        if page is None or page.kind != "case" or flow == FLOW:
            continue
        doors = tuple(s for s in page.doors if posts(request, s) and complete(page, s))
        if doors:
            yield Begun(page, doors)


def in_force(flow: str, today: Any) -> Page | None:
    try:
        return book().page(flow, today)
    except KeyError:
        return None


def at_door(request: HttpRequest, flow: str, door: str, today: Any) -> tuple[Page, Step]:
    found = {b.page.flow: b for b in open_to(request, today)}.get(flow)
    step = next((s for s in found.doors if s.name == door), None) if found else None
    if found is None or step is None:
        raise Http404
    return found.page, step


def posts(request: HttpRequest, step: Step) -> list[Grant]:
    """The reader's posts that stand in `by`."""
    grants = request.who.grants  # type: ignore[attr-defined]
    return [g for g in grants if g.role in step.by]


def complete(page: Page, step: Step) -> bool:
    """Whether what the case is about can be named by the door's own questions."""
    if page.about == "place":
        return True
    asked = (page.field(name) for name in step.asked)
    return any(field.type == page.about for field in asked)


# ── the place ────────────────────────────────────────────────────────────────────────────────────


def places_of(held: list[Grant]) -> Places:
    """(path, name) of where the posts are, each with its parts; a unit is where its area is."""
    today, found = timezone.localdate(), {}
    paths = {g.path for g in held if not g.unit}
    units = Unit.objects.filter(pk__in=[int(g.unit) for g in held if g.unit], area__isnull=False)
    paths |= set(units.values_list("area__path", flat=True))
    own = Area.objects.on(today).filter(path__in=paths).order_by("path")
    for path, name in own.values_list("path", "name"):
        found[path] = name
        found |= dict(parts_named(path, today))
    return list(found.items())


def path_of(chosen: str, places: Places) -> str:
    """The one chosen, else the first."""
    known = [path for path, _ in places]
    return chosen if chosen in known else (known[0] if known else "")


# ── sent and shown ───────────────────────────────────────────────────────────────────────────────


def sent(request: HttpRequest, form: StepForm, places: Places, now: datetime) -> HttpResponse:
    """Begin it, once however often it is sent; or the form again with what is wrong in it."""
    chosen = request.POST.get(PLACE, "")
    area = Area.objects.live().filter(path=chosen).first() if chosen in dict(places) else None
    good = form.is_valid()
    if area is None:
        form.add_error(None, say("new.no_place"))
    if not good or area is None:
        return show(request, form, places, 422)
    who = request.who  # type: ignore[attr-defined]
    try:
        done = actions.file(
            form.page.flow, form.step.name, who, form.answers(), area=area, key=form.key, now=now
        )
    except Refused as no:
        if no.code == "key_reused":
            messages.info(request, say("orders.press.twice"))
            return HttpResponseRedirect(reverse("cases"))
        form.add_error(None, sentence(no, tongue(), form.page))
        return show(request, form, places, status(no))
    messages.success(request, say("new.done", number=done.number, step=form.step.words))
    if Order.objects.visible_to(who).filter(number=done.number).exists():
        return HttpResponseRedirect(reverse("order", args=[done.number]))
    return HttpResponseRedirect(reverse("cases"))


def show(request: HttpRequest, form: StepForm, places: Places, code: int = 200) -> HttpResponse:
    return render(request, "cases/case.html", {
        "form": form, "step": form.step, "page": form.page, "places": places,
        "at": form.sheet.row.path,
    }, status=code)  # fmt: skip
