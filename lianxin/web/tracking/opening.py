"""Pages that a link opens: each shows one order to whoever holds it, and is kept nowhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from lianxin.core.step.who import Who
from lianxin.orders import links
from lianxin.orders.queries import Sheet

View = Callable[..., HttpResponse]
SheetOf = Callable[[Who | None, datetime], Sheet | None]
Closed = Callable[[HttpRequest, str, datetime, str], HttpResponse]


def opening(sheet_of: SheetOf, closed: Closed) -> Callable[[View], View]:
    """Gives a view the sheet that its link opens, `closed` answers where it opens none; the answer
    is never kept, indexed or cached. `sheet_of`: what this kind of link shows of an order."""

    def by_link(view: View) -> View:
        @wraps(view)
        def opened(request: HttpRequest, secret: str, **more: Any) -> HttpResponse:
            now = timezone.now()
            sheet = sheet_of(links.bearer(secret, now), now)
            if sheet is None:
                asked = str(more.get("verb") or more.get("name") or "")
                answer = closed(request, secret, now, asked)
            else:
                answer = view(request, secret, sheet, now, **more)
            answer["X-Robots-Tag"] = "noindex, nofollow, noarchive"
            return answer

        return never_cache(opened)

    return by_link
