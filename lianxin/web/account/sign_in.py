"""Coming in by name or phone and a password, going out, and what is told to who tried too often."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import authenticate, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from lianxin.registry.queries.accounts import known_as
from lianxin.web.access import access
from lianxin.web.account.entering import enter
from lianxin.web.errors import page
from lianxin.web.switches import back_to
from lianxin.web.words import say


class SignIn(forms.Form):
    """Name or phone, and password; one sentence for every error, so that no name is given away."""

    username = forms.CharField(max_length=150)
    password = forms.CharField(
        max_length=200,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.person: Any = None
        for name, field in self.fields.items():
            field.label = say(f"shell.sign_in.{name}")
            field.error_messages["required"] = say(f"errors.sign_in.no_{name}")
        self.fields["username"].widget.attrs |= {
            "autocomplete": "username",
            "autocapitalize": "none",
            "spellcheck": "false",
        }

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.errors:
            given["username"] = known_as(given["username"])
            self.person = authenticate(self.request, **given)
            if self.person is None:
                raise forms.ValidationError(say("errors.sign_in.wrong"))
        return given


@access("anyone")
@never_cache
@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    """The password, then the second step of who has one, then the page that was asked for."""
    form = SignIn(request, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return enter(request, form.person, back_to(request))
    status = 422 if form.is_bound else 200
    return render(request, "sign_in.html", {
        "form": form, "next": back_to(request), "by_phone": bool(settings.SMS_URL),
    }, status=status)  # fmt: skip


@access("anyone")
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return HttpResponseRedirect("/")


def locked_out(request: HttpRequest, *_: object) -> HttpResponse:
    """Too many wrong passwords for this name from here (AXES_LOCKOUT_CALLABLE)."""
    return page(request, "locked", 429)
