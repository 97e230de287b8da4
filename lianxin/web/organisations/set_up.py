"""`/organisations/new`: an organisation is set up, with what the gap it closes says filled in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lianxin.registry.actions import Stamp
from lianxin.registry.actions.organisations import set_up, usual_name
from lianxin.registry.models import Area, Organisation
from lianxin.registry.organisations import Kind, organisations
from lianxin.registry.queries import area_at
from lianxin.registry.refusal import NotPossible
from lianxin.web.access import access
from lianxin.web.account.mine import me
from lianxin.web.coverage.place import KEEPS, keeps
from lianxin.web.organisations import fields
from lianxin.web.organisations.seen import back_to
from lianxin.web.posts import reading
from lianxin.web.templatetags.speech import foreign
from lianxin.web.why_not import why_not
from lianxin.web.words import say, say_html, speak


@dataclass(frozen=True, slots=True)
class Gap:
    """Of what kind, where, and what the address says besides."""

    kind: Kind
    area: Area
    asked: dict[str, str]
    parents: list[Organisation]


@access(*KEEPS)
@never_cache
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    kind = organisations().kinds.get(request.GET.get("kind", ""))
    path = request.GET.get("area", "")[:20]
    if kind is None or not path:
        return choose(request, kind)
    area = area_at(path, timezone.localdate()) if path.isalnum() else None
    if area is None or not keeps(request.who, area.path):  # type: ignore[attr-defined]
        raise Http404
    gap = Gap(kind, area, request.GET.dict(), fields.parents(kind.name, area.path))
    if kind.under and not gap.parents:
        return nothing_above(request, gap)
    sent = request.POST if request.method == "POST" else None
    form = fields.Form(asks(gap), sent)
    if sent is not None and form.is_valid():
        try:
            made = done(request, gap, form.cleaned_data)
        except NotPossible as no:
            form.add_error(None, why_not(no))
        else:
            messages.success(request, say("organisation.done.set_up", name=made.name))
            return HttpResponseRedirect(back_to(request, reverse("organisation", args=[made.pk])))
    return shown(request, gap, form)


def shown(request: HttpRequest, gap: Gap, form: forms.Form) -> HttpResponse:
    kind = speak(gap.kind.words)
    return render(request, "organisations/new.html", {
        "title": say("organisation.new.title", kind=kind), "area": gap.area, "form": form,
        "is": say(f"organisation.new.{gap.kind.name}"), "names": fields.names_at(gap.area.path),
        "back": back_to(request, reverse("coverage")),
    }, status=422 if form.is_bound else 200)  # fmt: skip


def asks(gap: Gap) -> dict[str, forms.Field]:
    """Only what this kind needs; the first office of the kind gives the leader its name."""
    kind, path = gap.kind, gap.area.path
    first = organisations().offices_of(kind.name)[0]
    found: dict[str, forms.Field] = {}
    if kind.under:
        found["parent"] = fields.RowField(gap.parents, initial=gap.asked.get("parent"))
    found["number"] = forms.CharField(max_length=60)
    found["on"] = fields.today()
    found["leader"] = fields.PersonField(path, label=speak(first.words))
    if kind.members:
        hint = say("organisation.field.members_hint", n=kind.members)
        found["members"] = fields.PeopleField(path, hint)
    if kind.covers != 0:
        found["buildings"] = covered(gap)
    hint = say("organisation.field.term_hint")
    found["term"] = fields.day(required=False, hint=hint)
    hint = say_html("organisation.field.name_hint", name=foreign(usual_name(kind, gap.area)))
    found["name"] = forms.CharField(required=False, max_length=120, help_text=hint)
    return found


def covered(gap: Gap) -> forms.Field:
    """A group takes what nobody covers yet; a household lives in one building of its group's."""
    path, asked = gap.area.path, gap.asked.get("building", "")
    if gap.kind.covers is None:
        free = fields.buildings(path, free=True)
        chosen = [asked] if asked else [str(row.pk) for row in free]
        return fields.RowsField(free, initial=chosen)
    parent = next((p for p in gap.parents if str(p.pk) == gap.asked.get("parent")), None)
    held = parent.covers.filter(until=None).select_related("building") if parent else []
    there = [row.building for row in held] or fields.buildings(path, free=False)
    return fields.RowField(there, initial=asked, label=say("organisation.field.building"))


def done(request: HttpRequest, gap: Gap, given: dict[str, Any]) -> Organisation:
    buildings = given.get("buildings") or []
    return set_up(
        Stamp(me(request), timezone.now()), gap.kind.name, gap.area, name=given["name"],
        number=given["number"], on=given["on"], parent=given.get("parent"),
        leader=given["leader"], term=given["term"], members=given.get("members") or [],
        buildings=buildings if isinstance(buildings, list) else [buildings],
    )  # fmt: skip


def choose(request: HttpRequest, kind: Kind | None) -> HttpResponse:
    """Which kind, and where: for who comes without a gap."""
    read = reading(request, KEEPS)
    kinds = [(k.name, speak(k.words)) for k in organisations().kinds.values()]
    at = organisations().kinds if kind is None else {kind.name: kind}
    wanted = {name for one in at.values() for name in one.at}
    live = Area.objects.live().filter(path__startswith=read.path, kind__in=wanted)
    areas = list(live.order_by("path")[: fields.OFFERED + 1])
    if not read.path:
        raise PermissionDenied
    return render(request, "organisations/choose.html", {
        **read.facts, "kinds": kinds, "kind": kind.name if kind else "",
        "areas": areas[: fields.OFFERED], "many": len(areas) > fields.OFFERED,
        "title": say("organisation.new.any"), "path": read.path,
    })  # fmt: skip


def nothing_above(request: HttpRequest, gap: Gap) -> HttpResponse:
    """What it would hang on is missing itself: that comes first."""
    above = organisations().kinds[gap.kind.under[-1]]
    digits = fields.COMMUNITY if above.at == ("community",) else len(gap.area.path)
    asked = urlencode({"kind": above.name, "area": gap.area.path[:digits],
                       "back": request.get_full_path()})  # fmt: skip
    return render(request, "organisations/nothing.html", {
        "title": say("organisation.new.title", kind=speak(gap.kind.words)), "area": gap.area,
        "above": speak(above.words), "href": f"{reverse('organisation_new')}?{asked}",
        "back": back_to(request, reverse("coverage")),
    })  # fmt: skip
