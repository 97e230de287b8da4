"""`/careers/<person>/renew`: a contract that ends is followed by the next one."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lianxin.growth.actions.careers import LONGEST
from lianxin.growth.actions.contracts import last_contract, renew
from lianxin.growth.models import Fact
from lianxin.growth.queries.workers import KEEPS
from lianxin.registry.actions import after
from lianxin.registry.refusal import NotPossible
from lianxin.web.access import access
from lianxin.web.careers.forms import date_field
from lianxin.web.careers.lines import day
from lianxin.web.careers.one import kept
from lianxin.web.careers.writing import drawn, stamp
from lianxin.web.why_not import why_not
from lianxin.web.words import say


class Renewal(forms.Form):
    """The last day, none for a contract without an end, and the number on it."""

    number = forms.CharField(max_length=LONGEST["number"], required=False)

    def __init__(self, old: Fact, sent: QueryDict | None = None) -> None:
        super().__init__(sent)
        self.fields["until"] = date_field(required=False)
        self.order_fields(["until", "number"])
        self.fields["until"].label = say("career.form.worked_until")
        self.fields["until"].help_text = say("career.renew.until_is", since=day(old.until))
        self.fields["number"].label = say("career.form.worked_number")
        self.fields["number"].error_messages["max_length"] = say(
            "registry.refused.too_long", most=LONGEST["number"]
        )


@access(*KEEPS)
@never_cache
@require_http_methods(["GET", "POST"])
def renewal(request: HttpRequest, key: int) -> HttpResponse:
    """404 for whose contract has no end: there is nothing to renew."""
    person = kept(request, key)
    old = last_contract(person)
    if old is None or old.until is None:
        raise Http404
    form = Renewal(old, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            until = after(given["until"]) if given["until"] else None
            row = renew(stamp(request), person, until, given["number"].replace("\0", ""))
        except NotPossible as no:
            form.add_error(None, why_not(no))
        else:
            last = row.until - timedelta(days=1) if row.until else None
            messages.success(request, say(
                "career.renew.done" if last else "career.renew.done_open", on=day(last or row.since)
            ))  # fmt: skip
            return redirect("career_of", key=person.pk)
    return drawn(request, person, form, say("career.renew.title"))
