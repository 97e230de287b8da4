"""`/account/mail`, `/account/ways`: where one is written to, and how one is told of what."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from lianxin.core.step.refused import Refused
from lianxin.orders.notices import proofs
from lianxin.orders.notices.mail import mail as post_office
from lianxin.orders.notices.ways import written
from lianxin.registry.actions import Stamp, change_person
from lianxin.registry.actions.mail_proofs import confirm_mail, drop_mail, mail_proof
from lianxin.registry.refusal import NotPossible
from lianxin.web.access import access
from lianxin.web.account.mine import Known, me, page
from lianxin.web.account.own_forms import Address, Wishes
from lianxin.web.api.pace import Pace
from lianxin.web.why_not import why_not
from lianxin.web.words import say

asked = Pace("proofs", most=10, per_s=3600)


@access("person")
@require_POST
@sensitive_post_parameters()
def mail(request: HttpRequest) -> HttpResponse:
    """Another address, which counts once its link was opened; or none any more."""
    person, now = me(request), timezone.now()
    sure = Known(request, request.POST, auto_id="mail_%s")
    address = Address(request.POST)
    dropping = request.POST.get("do") == "drop"
    if not (sure.is_valid() and (dropping or address.is_valid())):
        return page(request, 422, address=address, sure_mail=sure)
    if dropping:
        drop_mail(Stamp(person, now), person)
        messages.success(request, say("account.mail.dropped"))
        return redirect("account")
    if post_office() is None:
        raise Http404
    try:
        asked.keep(request)
        proofs.ask(Stamp(person, now), person, address.cleaned_data["mail"])
    except Refused:
        address.add_error("mail", say("account.mail.slow"))
        return page(request, 429, address=address, sure_mail=sure)
    except NotPossible as no:
        address.add_error("mail", why_not(no))
        return page(request, 422, address=address, sure_mail=sure)
    messages.success(request, say("account.mail.sent"))
    return redirect("account")


@access("anyone")
@never_cache
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, secret: str) -> HttpResponse:
    """The link from the mail, opened on whichever machine reads it. Mail programs open links by
    themselves, so that it takes a button to confirm."""
    now = timezone.now()
    if request.method == "POST":
        try:
            confirm_mail(now, secret)
        except NotPossible:
            return render(request, "accounts/mail_over.html", status=404)
        return render(request, "accounts/mail_done.html")
    if mail_proof(secret, now) is None:
        return render(request, "accounts/mail_over.html", status=404)
    return render(request, "accounts/mail_confirm.html")


@access("person")
@require_POST
def ways(request: HttpRequest) -> HttpResponse:
    """By which way one is told of what. The page of notices has all of it."""
    person = me(request)
    form = Wishes(person, request.POST)
    if not form.is_valid():
        return page(request, 422, wishes=form)
    change_person(Stamp(person, timezone.now()), person, ways=written(form.wishes))
    messages.success(request, say("account.ways.kept"))
    return redirect("account")
