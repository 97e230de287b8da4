"""`/login/sms`: one's own requests by a code sent to the phone they were filed with.

There is this way only where the house has a gateway for messages. It makes nobody an account and
signs nobody in: it proves a phone, for an hour, to this browser. Who works here has a password.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianxin.core.step.refused import Refused
from lianxin.orders import by_phone as asked
from lianxin.orders import pace
from lianxin.orders.notices import codes
from lianxin.orders.refusal import sentence, status
from lianxin.registry import secret
from lianxin.registry.actions import phone_waiting, prove_phone
from lianxin.registry.actions.phone_codes import SEE
from lianxin.registry.phone_rules import bound, mobile
from lianxin.web.access import access
from lianxin.web.api.pace import Pace, sealed
from lianxin.web.tracking.asked import everyday
from lianxin.web.words import say, tongue

WAITS, PROVEN = "phone_code", "phone_proven"  # notes in the session
FIELD = "session.phone"
MINUTE_S, HOUR_S, DAY_S = 60, 3600, 24 * 3600


class Phone(forms.Form):
    phone = forms.CharField(
        max_length=40,
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phone"].label = say("by_phone.ask.phone")
        self.fields["phone"].error_messages["required"] = say("by_phone.ask.none")

    def clean_phone(self) -> str:
        if found := mobile(self.cleaned_data["phone"]):
            return found
        raise forms.ValidationError(say("by_phone.ask.bad"))


class Code(forms.Form):
    code = forms.CharField(max_length=40)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["code"]
        field.label = say("account.field.code")
        field.error_messages["required"] = say("by_phone.code.none")
        field.widget.attrs |= {"autocomplete": "one-time-code", "inputmode": "numeric"}


def must_carry() -> None:
    """Without a gateway there is no such way in."""
    if not settings.SMS_URL:
        raise Http404


# ── asking for a code ────────────────────────────────────────────────────────────────────────────


@access("anyone")
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Which phone. Whatever it is, the answer is the same: the next page."""
    must_carry()
    return asking(request, SEE, "by_phone/ask.html", redirect("phone_code"))


def asking(
    request: HttpRequest, what: str, template: str, onward: HttpResponse, **more: str
) -> HttpResponse:
    """The page that asks for a phone to prove; `onward` once a code is on its way to it."""
    form = Phone(request.POST if request.method == "POST" else None)
    wrong, answer = "", 422 if form.errors else 200
    if form.is_bound and form.is_valid():
        try:
            send_to(request, what, form.cleaned_data["phone"])
            return onward
        except Refused as no:
            wrong, answer = slow(no), status(no)
    return render(request, template, {"form": form, "wrong": wrong, **more}, status=answer)


def send_to(request: HttpRequest, what: str, phone: str) -> None:
    """Have a code sent, within the bounds of this source and of this phone; the session keeps which
    code it waits for. Raises Refused("slow_down")."""
    keep_pace(request, "codes", f"phone {phone}", bound("per_phone"))
    request.session[WAITS] = codes.ask(what, phone, timezone.now())


def keep_pace(request: HttpRequest, what: str, whom: str, per_day: int) -> None:
    """Count one thing that is sent to whom a stranger names. Raises Refused("slow_down") where this
    source has had enough in the hour, or they have, now or in the day."""
    Pace(f"{what}.source", most=bound("per_source"), per_s=HOUR_S).keep(request)
    whose = sealed(whom)
    for name, most, per_s in (
        (f"{what}.wait", 1, bound("wait_s")), (f"{what}.day", per_day, DAY_S),
    ):  # fmt: skip
        n, wait = pace.count(name, whose, per_s)
        if n > most:
            raise Refused("slow_down", wait=max(1, wait))


def slow(no: Refused, words: str = "by_phone.ask") -> str:
    """How long to wait, from the three sentences that stand under `words`."""
    if no.code != "slow_down":
        return sentence(no, tongue())
    wait = int(no.facts["wait"])
    if wait > HOUR_S:
        return say(f"{words}.tomorrow")
    if wait < 2 * MINUTE_S:
        return say(f"{words}.soon", n=wait)
    return say(f"{words}.slow", n=-(-wait // MINUTE_S))


# ── the code ─────────────────────────────────────────────────────────────────────────────────────


@access("anyone")
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Six digits. Right: this browser has proven the phone. Too often wrong, or late: anew."""
    must_carry()

    def right(phone: str) -> HttpResponse:
        request.session.cycle_key()
        request.session[PROVEN] = [secret.seal(FIELD, phone).hex(), time.time()]
        return redirect("phone_mine")

    return proving(request, SEE, "by_phone/code.html", right, redirect("phone_ask"))


def proving(
    request: HttpRequest, what: str, template: str, right: Callable[[str], HttpResponse],
    again: HttpResponse, **more: str,
) -> HttpResponse:  # fmt: skip
    """The page that asks for the code: `right` with what it proves, `again` when it is over."""
    form = Code(request.POST if request.method == "POST" else None)
    answer = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            if phone := typed(request, what, form.cleaned_data["code"]):
                return right(phone)
            form.add_error("code", say("by_phone.code.wrong", n=bound("tries")))
        except Refused as no:
            answer = status(no)
            form.add_error("code", slow(no))
    waiting = phone_waiting(request.session.get(WAITS), what, timezone.now())
    if not waiting:
        messages.info(request, say("by_phone.code.over"))
        return again
    facts = {"form": form, "phone": grouped(waiting), "minutes": bound("minutes"), **more}
    return render(request, template, facts, status=answer)


def typed(request: HttpRequest, what: str, given: str) -> str:
    """The phone that this code proves, "" for a wrong one. Raises Refused("slow_down")."""
    Pace("codes.tries", most=bound("tries_source"), per_s=HOUR_S).keep(request)
    phone = prove_phone(request.session.get(WAITS), what, given, timezone.now())
    if phone:
        del request.session[WAITS]
    return phone


def grouped(phone: str) -> str:
    """
    >>> grouped("13800138000")
    '138 0013 8000'
    """
    return f"{phone[:3]} {phone[3:7]} {phone[7:]}".strip()


# ── what was asked from it ───────────────────────────────────────────────────────────────────────


def proven(request: HttpRequest) -> str:
    """The phone that this browser has proven of late, "" if none."""
    try:
        kept, since = request.session[PROVEN]
    except (KeyError, ValueError, TypeError):
        return ""
    lasts = 0 <= time.time() - since <= bound("visit_min") * MINUTE_S
    return secret.unseal(FIELD, bytes.fromhex(kept)) if lasts else ""


@access("anyone")
@never_cache
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """The requests filed with this phone. Each opens by a link of its own, for a day."""
    must_carry()
    phone = proven(request)
    if not phone:
        return redirect("phone_ask")
    found = asked.asked_from(phone, timezone.now())
    answer = render(request, "by_phone/mine.html", {
        "rows": [(row, everyday(row.flow_name, "state", row.state, row.words)) for row in found],
        "phone": grouped(phone), "minutes": bound("visit_min"),
    })  # fmt: skip
    answer["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return answer


@access("anyone")
@require_POST
def open_one(request: HttpRequest, number: str) -> HttpResponse:
    must_carry()
    phone = proven(request)
    if not phone:
        return redirect("phone_ask")
    try:
        link = asked.open_one(phone, number, timezone.now())
    except Refused:
        return redirect("phone_mine")
    return HttpResponseRedirect(reverse("asked", args=[link]))


@access("anyone")
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """The phone is not proven here any more: for who used somebody else's machine."""
    request.session.pop(PROVEN, None)
    request.session.pop(WAITS, None)
    messages.info(request, say("by_phone.mine.left"))
    return redirect("home")
