"""`/openings`: posts that are noticed and people who are shown, for everybody; applying, objecting.

No account is needed: who has none leaves a name and a phone and follows their application by its
link, as with a request. Whoever objects is written down nowhere unless they say how to reach them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from lianxin.core.step.refused import Refused
from lianxin.core.step.who import Who
from lianxin.growth.loops.hiring import CANDIDATE
from lianxin.growth.queries import openings as queries
from lianxin.growth.queries.openings import APPLY, AT_ONCE, Opening
from lianxin.orders import actions, links
from lianxin.orders.refusal import sentence, status
from lianxin.registry.queries import office
from lianxin.web.access import access
from lianxin.web.api.pace import filings
from lianxin.web.words import say, tongue

HEX, NUMBER, KEY = map(re.compile, ("[0-9a-f]{32}", r"[\w-]{1,32}", r"[\w-]{16,64}"))
GONE = 410
WRONG = ("required", "invalid", "max_length", "null_characters_not_allowed")
PHONE = r"^\+?[\d\s()-]{5,24}$"
STRANGERS = "applicant"  # asked only where somebody without account may apply at all


class Said(forms.Form):
    """What somebody writes below an opening. `_key`: pressed twice, it counts once."""

    TITLE = ""
    homepage = forms.CharField(required=False)  # a trap: people do not see it

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, auto_id=f"{self.TITLE}_%s")
        sent = str((data or {}).get("_key", ""))
        self.key = sent if KEY.fullmatch(sent) else str(uuid4())
        for name, field in self.fields.items():
            if name != "homepage":
                field.label = say(f"openings.{self.TITLE}.{name}")
                field.help_text = say(f"openings.{self.TITLE}.{name}_is")
                for code in WRONG:
                    field.error_messages[code] = say(f"openings.wrong.{name}")

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        if answers.pop("homepage", ""):
            raise forms.ValidationError(say("file.trapped"))
        return answers

    def answers(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if value}


class Applying(Said):
    """An account says who and where; who has none is asked both."""

    TITLE = "apply"
    applicant = forms.CharField(
        max_length=40, widget=forms.TextInput({"autocomplete": "name", "dir": "auto"})
    )
    phone = forms.RegexField(
        PHONE,
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )
    about_me = forms.CharField(
        required=False, max_length=1000, widget=forms.Textarea({"rows": 4, "dir": "auto"})
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, known: bool) -> None:
        super().__init__(data)
        for name in (STRANGERS, "phone") if known else ():
            del self.fields[name]


class Objecting(Said):
    TITLE = "object"
    objection = forms.CharField(max_length=2000, widget=forms.Textarea({"rows": 4, "dir": "auto"}))
    contact = forms.CharField(
        required=False, max_length=60, widget=forms.TextInput({"autocomplete": "tel"})
    )


# ── reading ──────────────────────────────────────────────────────────────────────────────────────


@access("anyone")
@require_safe
def openings(request: HttpRequest) -> HttpResponse:
    after = request.GET.get("after", "")
    found = queries.openings(after if HEX.fullmatch(after) else "")
    rows = found[:AT_ONCE]
    return render(request, "openings/openings.html", {
        "title": say("openings.title"), "applying": [r for r in rows if r.applying],
        "shown": [r for r in rows if not r.applying],
        "next": f"?after={rows[-1].row.pk.hex}" if len(found) > AT_ONCE else "",
    })  # fmt: skip


@access("anyone")
@never_cache
@require_safe
def opening(request: HttpRequest, number: str) -> HttpResponse:
    return page_of(request, found(number))


def found(number: str) -> Opening:
    row = queries.opening(number) if NUMBER.fullmatch(number) else None
    if row is None:
        raise Http404
    return row


def page_of(
    request: HttpRequest, row: Opening, form: Said | None = None, problem: Refused | None = None
) -> HttpResponse:
    """One notice; what is over says so, and names nobody any more."""
    today, own = timezone.localdate(), queries.own(row, whose(request).id)
    lasts = row.applying or row.objecting is not None
    facts = {
        "title": row.page.words, "it": row, "own": own, "names": queries.shown(row),
        "office": office(row.row.path, today) if row.row.path else None,
        "apply": apply_form(request, row, form) if row.applying and own is None else None,
        "object": objection_form(form) if row.objecting else None,
        "problem": said(problem, row) if problem else "", "lasts": lasts,
        "signs_in": needs_account(row) and not whose(request).id,
    }  # fmt: skip
    code = status(problem) if problem else 422 if form and form.errors else 200
    ended = not lasts and not row.row.open
    return render(request, "openings/opening.html", facts, status=GONE if ended else code)


def apply_form(request: HttpRequest, row: Opening, form: Said | None) -> Said | None:
    """None where it takes an account that the reader has not."""
    known = bool(whose(request).id)
    if needs_account(row) and not known:
        return None
    return form if isinstance(form, Applying) else Applying(known=known)


def objection_form(form: Said | None) -> Said:
    return form if isinstance(form, Objecting) else Objecting()


def needs_account(row: Opening) -> bool:
    """Whether only those may apply whom the register knows: the step asks for nobody's name."""
    return STRANGERS not in row.page.steps[APPLY].asked


def whose(request: HttpRequest) -> Who:
    """The reader as themselves: nobody applies by a post."""
    return request.who.as_person()  # type: ignore[attr-defined, no-any-return]


def said(no: Refused, row: Opening) -> str:
    if no.code == "slow_down":
        return say("file.slow", n=-(-int(no.facts["wait"]) // 60))
    if no.code == "out_of_turn":
        return say("openings.over")
    if no.code in ("twice", "too_often"):
        return say("openings.apply.twice")
    return sentence(no, tongue(), row.page)


# ── writing ──────────────────────────────────────────────────────────────────────────────────────


@access("anyone")
@require_POST
def apply(request: HttpRequest, number: str) -> HttpResponse:
    """One application: with an account it stands among one's own, else it is found by its link."""
    row, who, now = found(number), whose(request), timezone.now()
    if needs_account(row) and not who.id:
        return HttpResponseRedirect(f"{reverse('login')}?next={reverse('opening', args=[number])}")
    form = Applying(request.POST, known=bool(who.id))
    if not form.is_valid():
        return page_of(request, row, form)
    answers = {n: v for n, v in form.answers().items() if n in row.page.steps[APPLY].asked}
    try:
        filings.keep(request)
        done = actions.step(number, APPLY, who, answers, key=form.key, now=now)
    except Refused as no:
        return page_of(request, row, form, no)
    secret = links.make(queries.application_of(done).hex, CANDIDATE, now)
    return HttpResponseRedirect(reverse("sent", args=[secret]))


@access("anyone")
@require_POST
def object_to(request: HttpRequest, number: str) -> HttpResponse:
    """What speaks against it, to be looked into before anybody is hired. Always as nobody."""
    row, form = found(number), Objecting(request.POST)
    if row.objecting is None or not form.is_valid():
        over = None if row.objecting else Refused("out_of_turn", state=row.row.state)
        return page_of(request, row, form, over)
    try:
        filings.keep(request)
        actions.step(
            number, row.objecting.name, Who(""), form.answers(), key=form.key, now=timezone.now()
        )
    except Refused as no:
        return page_of(request, row, form, no)
    messages.success(request, say("openings.object.done"))
    return HttpResponseRedirect(reverse("opening", args=[number]))
