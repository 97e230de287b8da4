"""`/rolls`: all rolls that this reader may open, each with what it holds."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from lianxin.registry.rolls import rolls
from lianxin.web.access import access, opens
from lianxin.web.rolls.opened import readers, taken_by, title
from lianxin.web.words import say


@access(*readers())
@require_safe
def rolls_page(request: HttpRequest) -> HttpResponse:
    mine = [roll for roll in rolls().values() if roll.listed and opens(request, roll.reads)]
    return render(request, "rolls/rolls.html", {"rolls": [
        {
            "title": title(roll), "is": say(f"rolls.{roll.name}.is"),
            "href": reverse("roll", args=[roll.name]),
            "take": reverse("roll_take", args=[roll.name]) if taken_by(request, roll) else "",
        }
        for roll in mine
    ]})  # fmt: skip
