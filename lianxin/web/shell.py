"""What stands around every page, the front page, and the word that the house is up."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from lianxin.web.access import access
from lianxin.web.demo_flag import is_demo
from lianxin.web.nav import keeps_accounts, reads_people, today, ways
from lianxin.web.notices import bell
from lianxin.web.switches import chosen


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context of every page: the reader's choices, their ways, whether this is a demo; the bell is
    looked up where a head asks for it, and fragments have none."""
    return {
        "switches": chosen(request), "ways": ways(request), "demo": is_demo(),
        "bell": partial(bell, request), "keeps_accounts": keeps_accounts(request),
        "reads_people": reads_people(request),
    }  # fmt: skip


@access("anyone")
def home(request: HttpRequest) -> HttpResponse:
    """Staff go to their day's work; everybody else finds two doors."""
    if address := today(request):
        return HttpResponseRedirect(address)
    return render(request, "home.html")


@access("anyone")
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """For a watchman: 200 and `ok` while the database answers; an error page when not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")
