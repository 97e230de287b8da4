"""The way in behind a right password: on, or first by a code from the phone, or by setting one up.

Between the two steps nobody is signed in: who was right about the password is noted in the session,
for some minutes, and the note opens nothing but these pages.
"""

from __future__ import annotations

import time
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import authenticate, login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from lianxin.place import place
from lianxin.registry import totp
from lianxin.registry.actions import (
    Stamp,
    begin_second,
    begun_second,
    confirm_second,
    has_second,
)
from lianxin.registry.models import Person
from lianxin.registry.queries.accounts import needs_second
from lianxin.registry.refusal import NotPossible
from lianxin.web.access import access
from lianxin.web.pictures import picture_of
from lianxin.web.switches import CHOICES, back_to, keep
from lianxin.web.words import say

BACKEND = "lianxin.web.session.Backend"
NOTE = "coming"
PATIENCE_S = 600  # between password and code; a phone must be found


class Code(forms.Form):
    """Six digits from the phone, or a recovery code."""

    code = forms.CharField(max_length=40)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["code"]
        field.label = say("account.field.code")
        field.error_messages["required"] = say("account.fault.no_code")
        field.widget.attrs |= {
            "autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false",
        }  # fmt: skip


def enter(request: HttpRequest, person: Person, address: str) -> HttpResponse:
    """The password was right (or was chosen just now): where the way goes on from here."""
    asked = "login_code" if has_second(person) else None
    if asked is None and needs_second(person, timezone.now()):
        asked = "login_setup"
    if asked is None:
        return come_in(request, person, address)
    request.session.cycle_key()
    request.session[NOTE] = [person.pk, person.get_session_auth_hash(), time.time()]
    return HttpResponseRedirect(f"{reverse(asked)}?{urlencode({'next': address})}")


def come_in(request: HttpRequest, person: Person, address: str) -> HttpResponse:
    request.session.pop(NOTE, None)
    login(request, person, backend=BACKEND)
    response = HttpResponseRedirect(address)
    if person.language in CHOICES["language"] and "language" not in request.COOKIES:
        keep(response, "language", person.language)
    return response


def coming(request: HttpRequest) -> Person | None:
    """Who stands between the steps: not too long, and still with the password that was right."""
    try:
        key, mark, since = request.session[NOTE]
    except (KeyError, ValueError, TypeError):
        return None
    person = Person.objects.filter(pk=key, is_active=True).first()
    if person is None or not 0 <= time.time() - since <= PATIENCE_S:
        return None
    return person if constant_time_compare(mark, person.get_session_auth_hash()) else None


def begin_again(request: HttpRequest) -> HttpResponse:
    messages.info(request, say("account.second.late"))
    return redirect(f"{reverse('login')}?{urlencode({'next': back_to(request)})}")


@access("anyone")
@never_cache
@sensitive_post_parameters("code")
def code(request: HttpRequest) -> HttpResponse:
    """The second step: a code from the phone, or one of the recovery codes."""
    person = coming(request)
    if person is None:
        return begin_again(request)
    form = Code(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if authenticate(request, username=person.username, code=form.cleaned_data["code"]):
            return come_in(request, person, back_to(request))
        form.add_error("code", say("account.fault.code"))
    status = 422 if form.is_bound else 200
    return render(
        request, "accounts/code.html", {"form": form, "next": back_to(request)}, status=status
    )


@access("anyone")
@never_cache
@sensitive_post_parameters("code")
def setup(request: HttpRequest) -> HttpResponse:
    """Their post asks for a second step, and they have none: set up before they come in."""
    person = coming(request)
    if person is None:
        return begin_again(request)
    if has_second(person):
        return enter(request, person, back_to(request))
    form = Code(request.POST if request.method == "POST" else None)
    if codes := confirmed(person, form):
        address = back_to(request)
        come_in(request, person, address)
        return render(request, "accounts/codes.html", {"codes": codes, "next": address})
    facts = phone_facts(person, form) | {"form": form, "next": back_to(request), "must": True}
    return render(request, "accounts/setup.html", facts, status=422 if form.is_bound else 200)


def confirmed(person: Person, form: Code) -> list[str]:
    """The recovery codes, once the form has brought the phone's first right code."""
    if not (form.is_bound and form.is_valid()):
        return []
    try:
        return confirm_second(Stamp(person, timezone.now()), person, form.cleaned_data["code"])
    except NotPossible:
        form.add_error("code", say("account.fault.code"))
        return []


def phone_facts(person: Person, form: forms.Form) -> dict[str, Any]:
    """What the phone is shown; the secret in clear, in fours, for who cannot scan. A form that came
    back with a mistake belongs to the secret that the phone has by now."""
    plain = begun_second(person) if form.is_bound else begin_second(person)
    address = totp.address(plain, place() or say("shell.site"), person.username)
    typed = " ".join(plain[n : n + 4] for n in range(0, len(plain), 4))
    return {"code": picture_of(address), "typed": typed}
