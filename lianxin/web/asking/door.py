"""`/d/<code>`: what a door's sign opens: whose grid this is, and two doors to be helped by."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from lianxin.registry import queries
from lianxin.web.access import access
from lianxin.web.asking.draft import plain, standing

WORKER = "grid_worker"


@access("anyone")
def door(request: HttpRequest, code: str) -> HttpResponse:
    found = queries.door(plain(code, 24))
    if found is None:
        return render(request, "file/lost.html", status=404)
    today = timezone.localdate()
    facts = {
        "code": found.door.code,
        "area": found.area,
        "place": standing(found, today),
        "office": queries.office(found.area.path, today),
        "workers": queries.holders(WORKER, found.area.path, today),
    }
    return render(request, "file/door.html", facts)
