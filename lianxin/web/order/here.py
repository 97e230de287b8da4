"""`/orders/<number>/here`: an open order says who of the same desk has it open as well."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lianxin.core.step.who import Who
from lianxin.orders.models import Order
from lianxin.orders.presence import stand
from lianxin.orders.reach import seen
from lianxin.web.access import access

DESK = "desk"
NO_MORE = 286  # tells htmx to stop asking


@access(DESK)
@never_cache
@require_safe
def here(request: HttpRequest, number: str) -> HttpResponse:
    """Colleagues of one's own desk alone; whoever stands elsewhere is shown nobody."""
    who: Who = request.who  # type: ignore[attr-defined]
    id = seen(number[:40], who)
    row = Order.objects.filter(pk=id).values_list("path", "desk").first() if id else None
    desk = desk_of(who, *row) if row else ""
    if not id or not desk:
        return HttpResponse(status=NO_MORE)
    others = stand(id, who.id, desk, timezone.now())
    return render(request, "orders/here.html", {"others": others})


def desk_of(who: Who, path: str, desk: str) -> str:
    """The nearest desk of this person that an order belongs to, "" if none."""
    mine = (g.path for g in who.grants if g.role == DESK and g.path)
    return max((p for p in mine if path.startswith(p) or desk.startswith(p)), key=len, default="")
