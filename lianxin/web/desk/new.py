"""`/new/<door>`: what a worker or a desk files: solved on the spot, or asked for by a resident."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lianxin.core.flow.page import Page, Step
from lianxin.core.step.refused import Refused
from lianxin.core.step.who import Grant
from lianxin.orders import actions
from lianxin.orders.book import book, categories
from lianxin.orders.heard import BACK
from lianxin.orders.models import Order
from lianxin.orders.refusal import sentence, status
from lianxin.registry.models import Area, Door
from lianxin.registry.models.area import AreaQuerySet
from lianxin.web.access import access
from lianxin.web.forms import StepForm, uploads
from lianxin.web.forms.opening import Opening
from lianxin.web.moments import BEIJING
from lianxin.web.words import say, speak, tongue

FLOW = "five-orders"
STAFF = ("grid_worker", "desk")
FIRST = ("text", "phone", "photo")  # asked at once; whatever else may be said stands folded
APART = ("place", "point", "address", "filer")  # the place is asked here, nobody is looked up
MINUTE = "%Y-%m-%dT%H:%M"
COMMUNITY = 12  # digits: whoever stands higher names a community, not a building
MOST = 400  # buildings of one list


@dataclass(frozen=True, slots=True)
class Group:
    """One stretch of the list of places: its name, and (value, words) of each choice."""

    name: str
    choices: tuple[tuple[str, str], ...]


@access(*STAFF)
@never_cache
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, door: str) -> HttpResponse:
    now = timezone.now()
    page = book().page(FLOW, timezone.localdate(now))
    step = page.steps.get(door)
    if step is None or not step.door or not set(STAFF) & set(step.by):
        raise Http404
    held = posts(request, step)
    opening = Opening.at(page, held[0].path)
    if request.method != "POST":
        form = StepForm(opening, step, now, leave=APART)
        form.fields["text"].widget.attrs["autofocus"] = True
        return show(request, step, form, held, now)
    taken = uploads.take(request, page, step, now)
    form = StepForm(opening, step, now, request.POST, taken, leave=APART)
    if form.searching:
        form.unjudged()
        return show(request, step, form, held, now)
    return sent(request, page, step, form, held, now)


def doors(role: str) -> list[str]:
    """Names of the doors by which this role may file."""
    page = book().page(FLOW, timezone.localdate())
    return [s.name for s in page.doors if role in s.by and role in STAFF]


def posts(request: HttpRequest, step: Step) -> list[Grant]:
    """The posts by which this door is open to the reader. Raises PermissionDenied."""
    grants = request.who.grants  # type: ignore[attr-defined]
    found = [g for g in grants if g.role in step.by and g.role in STAFF]
    if not found:
        raise PermissionDenied
    return found


def sent(
    request: HttpRequest, page: Page, step: Step, form: StepForm, held: list[Grant], now: datetime
) -> HttpResponse:
    """File it, once however often it is sent; or the form again with what is wrong in it."""
    place, at = placed(request.POST.get("_place", ""), held), heard(request)
    good = form.is_valid()
    if place is None:
        form.add_error(None, say("new.no_place"))
    if at is False:
        form.add_error(None, say("new.no_time"))
    if not good or place is None or at is False:
        return show(request, step, form, held, now, code=422)
    area, building = place
    typed = request.POST.get("_address", "").strip()
    address = "，".join(part for part in (building, typed) if part)[:200]
    given = form.answers() | ({"address": address} if address else {})
    try:
        done = actions.file(
            FLOW, step.name, request.who, given, area=area, at=at, key=form.key, now=now  # type: ignore[attr-defined]
        )  # fmt: skip
    except Refused as no:
        if no.code == "key_reused":
            messages.info(request, say("orders.press.twice"))
            return HttpResponseRedirect("/")
        form.add_error(None, sentence(no, tongue(), page))
        return show(request, step, form, held, now, code=status(no))
    messages.success(request, say("new.done", number=done.number, step=step.words))
    ended = page.states[done.state].final if done.state in page.states else False
    seen = not ended and Order.objects.visible_to(request.who).filter(number=done.number).exists()  # type: ignore[attr-defined]
    if not seen:  # over, or about a unit that the teller belongs to
        return HttpResponseRedirect("/")
    return HttpResponseRedirect(reverse("order", args=[done.number]))


def heard(request: HttpRequest) -> datetime | bool | None:
    """When it was heard, by the clocks of Beijing; None = now, False = that is no time. What the
    form proposed when it was opened means now, however long it has stood open."""
    text = request.POST.get("_at", "").strip()
    if not text or text == request.POST.get("_was_at"):
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=BEIJING)
    except ValueError:
        return False


# ── the place ────────────────────────────────────────────────────────────────────────────────────


def places(held: list[Grant]) -> list[Group]:
    """Where it may be: each grid of one's own as a whole, then its buildings. Two queries."""
    today, found = timezone.localdate(), []
    low = [g.path for g in held if len(g.path) >= COMMUNITY]
    high = [g.path for g in held if len(g.path) < COMMUNITY]
    live = Area.objects.on(today).order_by("path")
    doors: dict[int, list[tuple[str, str]]] = {}
    grids = list(live.under(*low).filter(kind="grid")) if low else []
    for row in doors_of(grids):
        doors.setdefault(row.area_id, []).append((f"door:{row.code}", written(row)))
    for area in grids:
        whole = (f"area:{area.pk}", say("new.whole", place=area.name))
        found.append(Group(area.name, (whole, *doors.get(area.pk, ()))))
    rows = list(live.under(*high).filter(kind="community")[:MOST]) if high else []
    if rows:
        found.append(Group(say("new.communities"), tuple((f"area:{a.pk}", a.name) for a in rows)))
    return found or undivided(live, held)


def undivided(live: AreaQuerySet, held: list[Grant]) -> list[Group]:
    """A place that nothing is drawn in is chosen as a whole."""
    own = live.filter(path__in=[g.path for g in held])
    return [Group(area.name, ((f"area:{area.pk}", area.name),)) for area in own]


def doors_of(grids: list[Area]) -> list[Door]:
    found = Door.objects.filter(area__in=grids).select_related("building")
    return list(found.order_by("building__street", "building__number", "building__name")[:MOST])


def written(row: Door) -> str:
    return " ".join(part for part in (row.building.written, row.label) if part)


def placed(value: str, held: list[Grant]) -> tuple[Area, str] | None:
    """The area that was chosen, with the building's address; None unless it is one's own."""
    kind, _, key = value.partition(":")
    area, address = None, ""
    if kind == "door":
        door = Door.objects.filter(code=key).select_related("building", "area").first()
        area, address = (door.area, written(door)) if door else (None, "")
    elif kind == "area" and key.isdecimal() and len(key) < 19:
        area = Area.objects.live().filter(pk=key).first()
    if area is None or not any(area.path.startswith(g.path) for g in held):
        return None
    return area, address


# ── showing ──────────────────────────────────────────────────────────────────────────────────────


def show(
    request: HttpRequest, step: Step, form: StepForm, held: list[Grant], now: datetime,
    code: int = 200,
) -> HttpResponse:  # fmt: skip
    fields = list(form)
    at_once = FIRST if step.name == "log" else (*FIRST, "category")  # what to ask goes by it
    first = sorted((f for f in fields if f.name in at_once), key=lambda f: at_once.index(f.name))
    rest = [f for f in fields if f.name not in at_once]
    typed: dict[str, Any] = {n: request.POST.get(f"_{n}", "") for n in ("place", "address")}
    doors = [s for s in form.page.doors if set(STAFF) & set(s.by)]
    return render(request, "new/new.html", {
        "step": step, "form": form, "first": first, "rest": rest, "groups": places(held),
        "typed": typed, "lead": lead(step), "heard": hours(request, now),
        "unfold": any(f.errors or f.value() for f in rest),
        "asks": questions(now), "sheets": any(g.role == "desk" for g in held),
        "others": [(s.name, speak(s.words)) for s in doors if s is not step and allowed(held, s)],
    }, status=code)  # fmt: skip


def questions(now: datetime) -> list[tuple[str, str, list[str]]]:
    """(code, name, what to ask) by category, those of its group first."""
    table = categories().on(timezone.localdate(now)).categories
    found = ((c, row, [*table[c[:2]].asks, *row.asks] if len(c) > 2 else row.asks)
             for c, row in table.items())  # fmt: skip
    return [(c, speak(row.words), [speak(w) for w in asks]) for c, row, asks in found if asks]


def hours(request: HttpRequest, now: datetime) -> dict[str, str]:
    """What the clock of the form shows, what it proposed, and how far it goes either way."""
    local = timezone.localtime(now, BEIJING)
    proposed = request.POST.get("_was_at") or f"{local:{MINUTE}}"
    return {
        "at": request.POST.get("_at", proposed), "was": proposed,
        "first": f"{local - BACK:{MINUTE}}", "last": f"{local:{MINUTE}}", "days": str(BACK.days),
    }  # fmt: skip


def allowed(held: list[Grant], step: Step) -> bool:
    return any(g.role in step.by for g in held)


def lead(step: Step) -> str:
    """One line under the title, where this door has one."""
    return say(f"new.lead.{step.name}") if step.name in ("log", "file_for") else ""
