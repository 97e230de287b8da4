"""`/careers/<person>/…`: a fact is written down, corrected or taken out; birth and number set."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lianxin.growth.actions.careers import correct, void, write
from lianxin.growth.actions.particulars import set_particulars
from lianxin.growth.fact_kinds import kinds
from lianxin.growth.models import Fact
from lianxin.growth.queries.workers import KEEPS
from lianxin.registry.actions import Stamp
from lianxin.registry.models import Person
from lianxin.registry.refusal import NotPossible
from lianxin.web.access import access
from lianxin.web.account.mine import me
from lianxin.web.careers.forms import FactForm, Particulars
from lianxin.web.careers.one import kept
from lianxin.web.why_not import why_not
from lianxin.web.words import say, speak


@access(*KEEPS)
@never_cache
@require_http_methods(["GET", "POST"])
def fact_new(request: HttpRequest, key: int, kind: str) -> HttpResponse:
    person = kept(request, key)
    if kind not in kinds():
        raise Http404
    form = FactForm(kind, request.who.grants, request.POST or None)  # type: ignore[attr-defined]
    if form.is_bound and form.is_valid():
        try:
            write(stamp(request), person, Fact(kind=kind, **form.values))
        except NotPossible as no:
            form.add_error(None, why_not(no))
        else:
            messages.success(request, say("career.form.written"))
            return redirect("career_of", key=person.pk)
    return drawn(request, person, form, speak(kinds()[kind]))


@access(*KEEPS)
@never_cache
@require_http_methods(["GET", "POST"])
def fact(request: HttpRequest, key: int, number: int) -> HttpResponse:
    """One fact again: to correct it, or to take it out."""
    person = kept(request, key)
    row = Fact.objects.select_related("area", "person").filter(person=person, pk=number).first()
    if row is None:
        raise Http404
    grants = request.who.grants  # type: ignore[attr-defined]
    form = FactForm(row.kind, grants, request.POST or None, fact=row)
    try:
        if request.POST.get("do") == "void":
            form = FactForm(row.kind, grants, fact=row)
            void(stamp(request), row)
            messages.success(request, say("career.form.voided"))
            return redirect("career_of", key=person.pk)
        if form.is_bound and form.is_valid():
            correct(stamp(request), row, **form.values)
            messages.success(request, say("career.form.corrected"))
            return redirect("career_of", key=person.pk)
    except NotPossible as no:
        return drawn(request, person, form, speak(kinds()[row.kind]), row, why_not(no))
    return drawn(request, person, form, speak(kinds()[row.kind]), row)


def stamp(request: HttpRequest) -> Stamp:
    return Stamp(me(request), timezone.now())


def drawn(
    request: HttpRequest, person: Person, form: forms.Form, title: str, row: Fact | None = None,
    problem: str = "",
) -> HttpResponse:  # fmt: skip
    facts: dict[str, Any] = {
        "form": form, "person": person, "title": title, "row": row, "problem": problem,
    }  # fmt: skip
    status = 422 if form.is_bound or problem else 200
    return render(request, "careers/form.html", facts, status=status)


@access(*KEEPS)
@never_cache
@require_http_methods(["GET", "POST"])
def born(request: HttpRequest, key: int) -> HttpResponse:
    """Birth and identity number are written down here and shown nowhere on this page."""
    person = kept(request, key)
    form = Particulars(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            set_particulars(stamp(request), person, **form.cleaned_data)
        except NotPossible as no:
            form.add_error(None, why_not(no))
        else:
            messages.success(request, say("career.particulars.kept"))
            return redirect("career_of", key=person.pk)
    return drawn(request, person, form, say("career.particulars.title"))
