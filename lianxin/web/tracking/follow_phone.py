"""`/f/<secret>/phone`: whoever follows without account leaves a phone, and proves it.

Unproven it would be a way to have this house ring strangers at each step of somebody's order.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from lianxin.orders import follows
from lianxin.orders.models import Follow
from lianxin.registry.actions.phone_codes import FOLLOW
from lianxin.web.access import access
from lianxin.web.tracking.by_phone import asking, must_carry, proving


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
    onward = redirect("follow_code", secret=secret)
    return asking(request, FOLLOW, "track/follow_phone.html", onward, secret=secret)


@access("anyone")
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest, secret: str) -> HttpResponse:
    row = followed(secret)
    if row is None:
        return redirect("followed", secret=secret)

    def right(proven: str) -> HttpResponse:
        follows.leave_phone(row, proven)
        return redirect("followed", secret=secret)

    again = redirect("follow_phone", secret=secret)
    return proving(request, FOLLOW, "track/follow_code.html", right, again, secret=secret)
