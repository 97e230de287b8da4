"""`/track`: a request is found again by its number and code, by its link, or by being signed in."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lianxin.core.step.refused import Refused
from lianxin.orders import follows, links
from lianxin.orders.queries import mine, rows
from lianxin.orders.queries.lists import AT_ONCE
from lianxin.orders.refusal import sentence, status
from lianxin.web.access import access
from lianxin.web.api.pace import Pace
from lianxin.web.tracking.followed import Followed
from lianxin.web.words import say, tongue

SECRET = re.compile(r"/(o|f)/([\w-]{16,64})|^\s*([\w-]{16,64})\s*$")
# A whole street may share an address, and codes are 8 * 10^10.
tries = Pace("codes", most=60, per_s=600)


@access("anyone")
@never_cache
@require_http_methods(["GET", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """Two boxes for what is on the slip, one for a link; who is signed in has their own below."""
    now, typed, wrong, code = timezone.now(), {}, "", 200
    if request.method == "POST":
        typed = {n: request.POST.get(n, "")[:500] for n in ("number", "code", "link")}
        try:
            return HttpResponseRedirect(opened(request, typed, now))
        except Refused as no:
            wrong, code = told(no), status(no)
    return render(request, "track/find.html", {
        "typed": typed, "wrong": wrong, "by_link": bool(typed.get("link")),
        "prefix": settings.NUMBER_PREFIX, "by_phone": bool(settings.SMS_URL), **own(request, now),
    }, status=code)  # fmt: skip


def opened(request: HttpRequest, typed: dict[str, str], now: datetime) -> str:
    """The address of what was found. Raises Refused: wrong_code, wrong_link, slow_down."""
    tries.keep(request)
    if typed["link"]:
        return by_link(typed["link"], now)
    secret = links.opened(typed["number"], typed["code"], now)
    if secret is None:
        raise Refused("wrong_code")
    return reverse("asked", args=[secret])


def by_link(link: str, now: datetime) -> str:
    """A link, with or without words around it, or its secret alone. Raises Refused."""
    found = SECRET.search(link)
    secret = found and (found[2] or found[3])
    if secret and links.bearer(secret, now):
        return reverse("asked", args=[secret])
    if secret and follows.known(secret):
        return reverse("followed", args=[secret])
    raise Refused("wrong_link")


def told(no: Refused) -> str:
    if no.code == "slow_down":
        return say("file.slow", n=-(-int(no.facts["wait"]) // 60))
    return sentence(no, tongue())


def own(request: HttpRequest, now: datetime) -> dict[str, Any]:
    """What they have asked for themselves, and what they follow."""
    who = request.who  # type: ignore[attr-defined]
    if not who.id:
        return {}
    found = rows(mine(who), now, after=after(request))
    return {
        "own": found[:AT_ONCE], "more": found[AT_ONCE - 1].id if len(found) > AT_ONCE else "",
        "follows": [Followed(row, now) for row in follows.of(who.id)],
    }  # fmt: skip


def after(request: HttpRequest) -> str | None:
    """The id of the last row shown, if the address names one."""
    asked = request.GET.get("after", "")
    return asked if re.fullmatch("[0-9a-f]{32}", asked) else None
