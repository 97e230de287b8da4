"""`/orders/<number>/code`: a new code for somebody who has lost theirs, to be read out or printed.

The step goes into the order's story, so that its asker sees that a code was given, and by whom; the
codes given before it are over.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lianxin.core.step.refused import Refused
from lianxin.orders import actions, links
from lianxin.orders.queries import order_sheet
from lianxin.web.access import access
from lianxin.web.order.orders import lost, refuse
from lianxin.web.tracking.asked import ASKER
from lianxin.web.tracking.track import in_two

STEP = "code"


@access("desk", "grid_worker")
@never_cache
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest, number: str) -> HttpResponse:
    """Pressed twice, it is one step of the story and one code that opens."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("order", args=[number]))
    now, who = timezone.now(), request.who  # type: ignore[attr-defined]
    try:
        sheet = order_sheet(number, who, now)
    except Refused as no:
        return lost(request, no)
    try:
        key = request.POST.get("_key", "")[:100]
        actions.step(number, STEP, who, {}, key=key or None, now=now)
    except Refused as no:
        return refuse(request, number, no, now)
    secret = links.give(sheet.order.id, ASKER, now, who.id)
    facts = {
        "number": number, "code": in_two(links.code_of(secret)),
        "slip": reverse("asked_slip", args=[secret]), "back": reverse("order", args=[number]),
    }  # fmt: skip
    return render(request, "track/given.html", facts)
