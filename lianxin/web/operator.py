"""`/operator`: how the house is doing, for who keeps the machine."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lianxin.health import look
from lianxin.web.access import access
from lianxin.web.first_steps import first_steps

COLOURS = {"ok": "done", "wrong": "late", "unknown": "stopped"}


@access("operator")
@never_cache
@require_safe
def operator(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    found = look(now)
    rows = [(f, COLOURS[f.state], f"health.{f.state}") for f in found]
    wrong = sum(f.state == "wrong" for f in found)
    facts = {"rows": rows, "wrong": wrong, "now": now, "first": first_steps()}
    return render(request, "operator.html", facts)
