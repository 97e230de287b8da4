"""`/looks`: who looked at what is guarded, for the auditor of the place, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lianxin.orders.looks import KINDS
from lianxin.orders.models import Look
from lianxin.web.access import access
from lianxin.web.posts import reading
from lianxin.web.words import rows, say

AUDITOR = ("auditor",)
AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Told:
    """One look as a row of the table."""

    at: datetime
    who: str
    what: str
    n: int
    about: str
    order: str


@access(*AUDITOR)
@never_cache
@require_safe
def looks(request: HttpRequest) -> HttpResponse:
    """Looks under posts at the auditor's place and below it; `what` and `who` narrow the list."""
    read = reading(request, AUDITOR)
    asked = {k: request.GET.get(k, "") for k in ("what", "who", "after")}
    found = Look.objects.filter(path__startswith=read.path).select_related("who", "order")
    if asked["what"] in KINDS:
        found = found.filter(what=asked["what"])
    if key := number(asked["who"]):
        found = found.filter(who=key)
    if key := number(asked["after"]):
        found = found.filter(pk__lt=key)
    shown = list(found.order_by("-id")[: AT_ONCE + 1])
    return render(request, "lists/looks.html", {
        **read.facts, "title": say("looks.title"), "what": asked["what"], "kinds": kinds(),
        "rows": [(look.who_id, told(look)) for look in shown[:AT_ONCE]], "one": asked["who"],
        "next": following(request, shown),
    })  # fmt: skip


def kinds() -> list[tuple[str, str]]:
    return [(kind, say(f"looks.what.{kind}")) for kind in KINDS]


def following(request: HttpRequest, shown: list[Look]) -> str:
    if len(shown) <= AT_ONCE:
        return ""
    asked = request.GET.copy()
    asked["after"] = str(shown[AT_ONCE - 1].pk)
    return f"?{asked.urlencode()}"


def told(look: Look) -> Told:
    kind = look.what if look.what in KINDS else "other"
    return Told(
        look.at, look.who.name or look.who.username, say(f"looks.what.{kind}"), look.n,
        about(look), look.order.number if look.order else "",
    )  # fmt: skip


def about(look: Look) -> str:
    """The conditions of an export in words; of a phone, a mark that is the same for the same
    digits: whoever looks for one phone again and again can be seen, the phone cannot."""
    if look.what == "phone":
        return say("looks.same", mark=look.about[:6])
    parts = (part.partition("=") for part in look.about.split())
    return say("orders.story.comma").join(said(name, value) for name, _, value in parts)


def said(name: str, value: str) -> str:
    key: Any = f"looks.by.{name}"
    words = say(key) if key in rows() else name
    if name == "roll" and f"rolls.{value}.title" in rows():
        value = say(f"rolls.{value}.title")
    return f"{words} {value}".strip()


def number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0
