"""`/f/<secret>/phone`: whoever follows without account leaves a phone, and proves it.

Unproven it would be a way to have this house ring strangers at each step of somebody's order.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from lianxin.core.step.refused import Refused
from lianxin.orders import follows
from lianxin.orders.models import Follow
from lianxin.orders.refusal import status
from lianxin.registry.actions import phone_waiting
from lianxin.registry.actions.phone_codes import FOLLOW
from lianxin.registry.phone_rules import bound
from lianxin.web.access import access
from lianxin.web.by_phone import WAITS, Code, Phone, grouped, must_carry, send_to, slow, typed
from lianxin.web.words import say


def followed(secret: str) -> Follow | None:
    """What is followed by this link, and can be told of: not let go, not ended."""
    must_carry()
    row = follows.found(secret)
    return row if row and row.until is None and follows.dealt_with(row).open else None


@access("anyone")
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def phone(request: HttpRequest, secret: str) -> HttpResponse:
    row = followed(secret)
    if row is None:
        return redirect("followed", secret=secret)
    if request.POST.get("do") == "drop":
        follows.leave_phone(row, "")
        return redirect("followed", secret=secret)
    form = Phone(request.POST if request.method == "POST" else None)
    wrong, answer = "", 422 if form.errors else 200
    if form.is_bound and form.is_valid():
        try:
            send_to(request, FOLLOW, form.cleaned_data["phone"])
            return redirect("follow_code", secret=secret)
        except Refused as no:
            wrong, answer = slow(no), status(no)
    facts = {"form": form, "wrong": wrong, "secret": secret}
    return render(request, "track/follow_phone.html", facts, status=answer)


@access("anyone")
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest, secret: str) -> HttpResponse:
    row = followed(secret)
    if row is None:
        return redirect("followed", secret=secret)
    form = Code(request.POST if request.method == "POST" else None)
    answer = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            if proven := typed(request, FOLLOW, form.cleaned_data["code"]):
                follows.leave_phone(row, proven)
                return redirect("followed", secret=secret)
            form.add_error("code", say("by_phone.code.wrong", n=bound("tries")))
        except Refused as no:
            answer = status(no)
            form.add_error("code", slow(no))
    waiting = phone_waiting(request.session.get(WAITS), FOLLOW, timezone.now())
    if not waiting:
        messages.info(request, say("by_phone.code.over"))
        return redirect("follow_phone", secret=secret)
    facts = {"form": form, "phone": grouped(waiting), "minutes": bound("minutes")}
    return render(request, "track/follow_code.html", facts | {"secret": secret}, status=answer)
