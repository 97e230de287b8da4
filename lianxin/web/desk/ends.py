"""The end of a phone typed into the box of a list: what it finds, and that the look is kept."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest

from lianxin.core.step.refused import Refused
from lianxin.core.step.who import Grant
from lianxin.orders import looks
from lianxin.orders.queries import Row
from lianxin.orders.queries.narrow import Narrow
from lianxin.orders.queries.typed import asking, closed
from lianxin.orders.refusal import sentence, status
from lianxin.web.words import tongue

PHONE = "phone"  # in the address: that the digits are meant as a phone's


def may(grant: Grant) -> bool:
    """Whether this post reads askers' phones at a place of its own."""
    return bool(grant.path and not grant.unit and asking(PHONE) - closed(grant.role, False, PHONE))


def ends(
    request: HttpRequest, narrow: Narrow, grant: Grant, shown: list[Row], now: datetime
) -> tuple[list[Row], dict[str, Any]]:
    """The rows of a list, and what its page says of phones.

    Digits are an order's number first. As a phone they are looked up where no number ends so, or
    where the reader asks for it: a look that nobody needs is none.
    """
    if not narrow.tail or narrow.after or not may(grant):
        return shown, {}
    if shown and PHONE not in request.GET:
        return shown, {"by_phone": f"?{urlencode({**request.GET.dict(), PHONE: ''})}"}
    try:
        found = looks.by_phone(narrow.tail, grant, request.who, now)  # type: ignore[attr-defined]
    except Refused as no:
        return [], {"phone_no": sentence(no, tongue()), "code": status(no)}
    return found, {"phone": {"n": len(found), "full": len(found) == looks.bounds()["rows"]}}
