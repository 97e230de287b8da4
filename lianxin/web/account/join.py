"""`/join/<secret>`: what an invitation opens, once: its person chooses a password and goes in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from lianxin.registry.account_rules import faults
from lianxin.registry.actions import Stamp, accept, invited
from lianxin.registry.models import Person
from lianxin.registry.refusal import NotPossible
from lianxin.web.access import access
from lianxin.web.account.entering import enter
from lianxin.web.words import say

LONGEST = 200  # characters; a longer one would only keep the machine busy


class NewPassword(forms.Form):
    """A password, twice. `person` is whose it will be."""

    password = forms.CharField(max_length=LONGEST, strip=False, widget=forms.PasswordInput())
    again = forms.CharField(max_length=LONGEST, strip=False, widget=forms.PasswordInput())

    def __init__(self, person: Person, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        for name in ("password", "again"):
            self.fields[name].label = say(f"account.field.{name}")
            self.fields[name].error_messages["required"] = say("errors.sign_in.no_password")
            self.fields[name].widget.attrs |= {"autocomplete": "new-password"}
        self.fields["password"].help_text = say("account.field.rules")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        password, again = given.get("password"), given.get("again")
        for fault in faults(password, self.person) if password else ():
            self.add_error("password", say(f"account.fault.{fault}"))
        if password and again and password != again:
            self.add_error("again", say("account.fault.differ"))
        return given


@access("anyone")
@never_cache
@sensitive_post_parameters("password", "again")
def join(request: HttpRequest, secret: str) -> HttpResponse:
    now = timezone.now()
    try:
        person = invited(secret, now).person
        form = NewPassword(person, request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            person = accept(Stamp(person, now), secret, form.cleaned_data["password"])
            return enter(request, person, "/")
    except NotPossible as no:
        return render(request, "accounts/over.html", {"why": no.code}, status=410)
    facts = {"form": form, "person": person}
    return render(request, "accounts/join.html", facts, status=422 if form.is_bound else 200)
