"""`/f/<secret>/mail`: whoever follows without account leaves an address for mail, and confirms it.

Unconfirmed it would be a way to have this house write to strangers at each step of an order.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from lianxin.core.step.refused import Refused
from lianxin.orders import follow_mail, follows
from lianxin.orders.models import Follow
from lianxin.orders.notices import proofs
from lianxin.orders.refusal import status
from lianxin.registry.actions import mail_address
from lianxin.registry.phone_rules import bound
from lianxin.registry.refusal import NotPossible
from lianxin.web.access import access
from lianxin.web.account.own_forms import Address
from lianxin.web.tracking.by_phone import keep_pace, slow
from lianxin.web.why_not import why_not
from lianxin.web.words import say


def must_mail() -> None:
    """Without a server for mail there is no such way."""
    if not settings.SMTP_URL:
        raise Http404


@access("anyone")
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def mail(request: HttpRequest, secret: str) -> HttpResponse:
    """Which address; or none any more, which needs no server."""
    row = follows.found(secret)
    if row and request.POST.get("do") == "drop":
        follow_mail.drop(row)
        return redirect("followed", secret=secret)
    must_mail()
    if row is None or not follow_mail.can_be_told(row):
        return redirect("followed", secret=secret)
    form = Address(request.POST if request.method == "POST" else None)
    wrong, answer = "", 422 if form.errors else 200
    if form.is_bound and form.is_valid():
        try:
            ask(request, row, form.cleaned_data["mail"])
            messages.success(request, say("account.mail.sent"))
            return redirect("followed", secret=secret)
        except Refused as no:
            wrong, answer = slow(no, "track.follow_mail"), status(no)
        except NotPossible as no:
            form.add_error("mail", why_not(no))
            answer = 422
    facts = {"form": form, "wrong": wrong, "secret": secret}
    return render(request, "track/follow_mail.html", facts, status=answer)


def ask(request: HttpRequest, row: Follow, given: str) -> None:
    """Raises NotPossible for what is no address; Refused("slow_down")."""
    plain = mail_address(given)
    keep_pace(request, "mails", f"mail {plain.casefold()}", bound("per_mail"))
    proofs.ask_follower(row, plain, timezone.now())


@access("anyone")
@never_cache
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, secret: str) -> HttpResponse:
    """The link from the mail. Mail programs open links by themselves, so it takes a button."""
    now = timezone.now()
    if request.method == "POST":
        if short := follow_mail.confirm(secret, now):
            messages.success(request, say("account.mail.done"))
            return redirect("followed", secret=short)
    elif follow_mail.asked_by(secret, now):
        return render(request, "track/follow_mail_confirm.html", {"over": False})
    return render(request, "track/follow_mail_confirm.html", {"over": True}, status=404)
