"""`/account`: one's own password and second step; mail and ways of being told: `own_ways.py`."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import authenticate, update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from lianxin.registry.actions import (
    Stamp,
    codes_left,
    drop_second,
    has_second,
    renew_codes,
    set_password,
)
from lianxin.registry.models import Person
from lianxin.registry.queries.accounts import needs_second
from lianxin.web.access import access
from lianxin.web.account import own_forms
from lianxin.web.account.entering import Code, confirmed, phone_facts
from lianxin.web.account.join import LONGEST, NewPassword
from lianxin.web.words import say


class Known(forms.Form):
    """The present password: whoever finds the screen open must not get hold of the account."""

    old = forms.CharField(max_length=LONGEST, strip=False, widget=forms.PasswordInput())

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        field = self.fields["old"]
        field.label = say("account.field.old")
        field.error_messages["required"] = say("errors.sign_in.no_password")
        field.widget.attrs |= {"autocomplete": "current-password"}

    def clean_old(self) -> str:
        """Through the same door as signing in, so that guessing here is slowed as well."""
        given = str(self.cleaned_data["old"])
        if not authenticate(self.request, username=self.request.user.username, password=given):
            raise forms.ValidationError(say("account.fault.old"))
        return given


def me(request: HttpRequest) -> Person:
    return Person.objects.get(pk=request.user.pk)


def page(request: HttpRequest, status: int = 200, **forms_: forms.Form) -> HttpResponse:
    person = me(request)
    facts = {
        "known": Known(request), "fresh": NewPassword(person),
        "sure": Known(request, auto_id="sure_%s"),
        "second": has_second(person), "left": codes_left(person),
        "must": needs_second(person, timezone.now()),
        "units": own_forms.kept_by(request.who),  # type: ignore[attr-defined]
        "offices": own_forms.offices_of(request.who),  # type: ignore[attr-defined]
        "sure_mail": Known(request, auto_id="mail_%s"), **own_forms.of(person), **forms_,
    }  # fmt: skip
    return render(request, "accounts/mine.html", facts, status=status)


@access("person")
@never_cache
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    return page(request)


@access("person")
@require_POST
@sensitive_post_parameters()
def password(request: HttpRequest) -> HttpResponse:
    """Whoever else is signed in as this person is signed out by it."""
    person = me(request)
    known, fresh = Known(request, request.POST), NewPassword(person, request.POST)
    if not (known.is_valid() & fresh.is_valid()):
        return page(request, 422, known=known, fresh=fresh)
    set_password(Stamp(person, timezone.now()), person, fresh.cleaned_data["password"])
    update_session_auth_hash(request, person)
    messages.success(request, say("account.mine.changed"))
    return redirect("account")


@access("person")
@never_cache
@sensitive_post_parameters()
def setup(request: HttpRequest) -> HttpResponse:
    """The phone scans; its first code and the password put the second step in force."""
    person = me(request)
    if has_second(person):
        return redirect("account")
    sent = request.POST if request.method == "POST" else None
    form, sure = Code(sent), Known(request, sent)
    if sent is not None and sure.is_valid() and (codes := confirmed(person, form)):
        return render(request, "accounts/codes.html", {"codes": codes, "next": request.path})
    facts = phone_facts(person, form) | {"form": form, "sure": sure}
    return render(request, "accounts/setup.html", facts, status=422 if sent else 200)


@access("person")
@require_POST
@sensitive_post_parameters()
def second(request: HttpRequest) -> HttpResponse:
    """New recovery codes, or off with it."""
    person, now = me(request), timezone.now()
    sure = Known(request, request.POST, auto_id="sure_%s")
    if not has_second(person):
        return redirect("account")
    if not sure.is_valid():
        return page(request, 422, sure=sure)
    if request.POST.get("do") == "drop" and not needs_second(person, now):
        drop_second(Stamp(person, now), person)
        messages.success(request, say("account.mine.dropped"))
        return redirect("account")
    codes = renew_codes(Stamp(person, now), person)
    return render(request, "accounts/codes.html", {"codes": codes, "next": "/account"})
