"""`/organisations/<id>/<verb>`: a form for each change; `/press`: what needs no form."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from lianxin.registry.actions import Stamp
from lianxin.registry.actions.belongings import leave
from lianxin.registry.actions.covers import uncover
from lianxin.registry.actions.officers import step_down
from lianxin.registry.actions.organisation_parts import confirm_part
from lianxin.registry.models import Belonging, Cover, Officer, Organisation, Part
from lianxin.registry.refusal import NotPossible
from lianxin.web.access import access
from lianxin.web.account.mine import me
from lianxin.web.coverage.place import KEEPS
from lianxin.web.organisations.fields import Form, names_at
from lianxin.web.organisations.forms import FORMS, About
from lianxin.web.organisations.seen import back_to, kept, one, serves
from lianxin.web.why_not import why_not
from lianxin.web.words import say

Press = Callable[[Stamp, Any, date], None]
PRESSES: dict[str, tuple[type[Officer | Belonging | Cover], Press]] = {
    "step_down": (Officer, step_down), "leave": (Belonging, leave), "uncover": (Cover, uncover),
}  # fmt: skip


@access("person")
@never_cache
@require_http_methods(["GET", "POST"])
def form(request: HttpRequest, key: int, verb: str) -> HttpResponse:
    row = may_act(request, key, verb)
    within = tuple(g.path for g in request.who.grants if g.role in KEEPS and not g.unit)  # type: ignore[attr-defined]
    sent = request.POST if request.method == "POST" else None
    act = FORMS[verb]
    shape = Form(act.asks(About(row, within, request.GET.dict())), sent)
    home = reverse("organisation", args=[row.pk])
    back = back_to(request, home)
    if sent is not None and shape.is_valid():
        try:
            act.do(Stamp(me(request), timezone.now()), row, shape.cleaned_data)
        except NotPossible as no:
            shape.add_error(None, why_not(no))
        else:
            messages.success(request, say(f"organisation.done.{verb}"))
            return HttpResponseRedirect(back)
    return render(request, "organisations/form.html", {
        "row": row, "form": shape, "verb": verb, "title": say(f"organisation.act.{verb}"),
        "is": say(f"organisation.is.{verb}"), "back": back, "home": home,
        "names": names_at(row.area.path) if act.people else [],
    }, status=422 if shape.is_bound else 200)  # fmt: skip


def may_act(request: HttpRequest, key: int, verb: str) -> Organisation:
    """The organisation, if the reader may do this to it; else there is no such page."""
    row = one(request, key)
    if verb not in FORMS:
        raise Http404
    own = verb == "note" and serves(request.who, row)  # type: ignore[attr-defined]
    if not (kept(request, row) or own):
        raise Http404
    return row


@access(*KEEPS)
@require_POST
def press(request: HttpRequest, key: int) -> HttpResponse:
    """One of the small buttons: out of office, out of it, a building no more, confirmed."""
    row = one(request, key)
    if not kept(request, row):
        raise Http404
    verb, stamp = request.POST.get("verb", ""), Stamp(me(request), timezone.now())
    try:
        pressed(request, row, verb, stamp)
    except NotPossible as no:
        messages.error(request, why_not(no))
    else:
        messages.success(request, say(f"organisation.done.{verb}"))
    return HttpResponseRedirect(reverse("organisation", args=[row.pk]))


def pressed(request: HttpRequest, row: Organisation, verb: str, stamp: Stamp) -> None:
    if verb == "confirm":
        confirm_part(stamp, of(request, row, Part))
    elif verb in PRESSES:
        model, act = PRESSES[verb]
        act(stamp, of(request, row, model), stamp.day)
    else:
        raise Http404


def of(request: HttpRequest, row: Organisation, model: Any) -> Any:
    """The row of this organisation that the button names."""
    given = request.POST.get("key", "")
    found = model.objects.filter(
        organisation=row, pk=int(given) if given.isdecimal() and len(given) < 19 else 0
    ).first()
    if found is None:
        raise Http404
    return found
