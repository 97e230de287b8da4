"""`/certificates/<code>`: anybody can tell whether a certificate of hours is what the log says."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lianxin.core.step.refused import Refused
from lianxin.orders import certificates
from lianxin.orders.refusal import status
from lianxin.web.access import access
from lianxin.web.api.pace import Pace
from lianxin.web.pictures import picture_of
from lianxin.web.words import say

# A fair may have one address for all its visitors, and codes are 2^88.
tries = Pace("certificates", most=60, per_s=600)


@access("anyone")
@never_cache
@require_safe
def certificate(request: HttpRequest, code: str) -> HttpResponse:
    """One answer for every code that is none: mistyped, made up, or of hours that are no more."""
    try:
        tries.keep(request)
    except Refused as no:
        wait = say("file.slow", n=-(-int(no.facts["wait"]) // 60))
        return render(request, "check_in/unknown.html", {"wait": wait}, status=status(no))
    found = certificates.opened(code, timezone.localdate())
    if found is None:
        return render(request, "check_in/unknown.html", status=404)
    return render(request, "check_in/certificate.html", {"one": found, "verified": True})


@access("person")
@never_cache
@require_safe
def own_certificate(request: HttpRequest, year: int) -> HttpResponse:
    """One's own, to be printed or kept as PDF; made out today."""
    today, person = timezone.localdate(), int(request.user.pk)
    found = None
    if certificates.FIRST < year <= today.year:
        found = certificates.certificate(person, year, today)
    if found is None:
        raise Http404
    code = certificates.code(person, year, today)
    address = settings.PUBLIC_URL + reverse("certificate", args=[code])
    return render(request, "check_in/certificate.html", {
        "one": found, "address": address,
        "picture": picture_of(address, scale=4),
    })  # fmt: skip
