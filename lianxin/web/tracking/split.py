"""`/o/<secret>/parts/<number>`: from the whole that one asked for to one of its parts."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from lianxin.core.step.refused import Refused
from lianxin.orders import split
from lianxin.orders.queries import Sheet
from lianxin.web.access import access
from lianxin.web.tracking.track import by_link


@access("anyone")
@require_safe
@by_link
def part(
    request: HttpRequest, secret: str, sheet: Sheet, now: datetime, number: str
) -> HttpResponse:
    """On to one part, by a link of its own."""
    try:
        own = split.link_to(sheet, secret, number, now)
    except Refused:
        own = secret
    return redirect("asked", secret=own)
