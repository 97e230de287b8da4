"""`/orders/<number>/phone`: the asker's phone, shown when it is asked for and not before."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lianxin.core.step.refused import Refused
from lianxin.orders.phones import phone_of
from lianxin.orders.refusal import sentence, status
from lianxin.web.access import access
from lianxin.web.words import tongue


@access("person")
@never_cache
@require_http_methods(["GET", "POST"])
def phone(request: HttpRequest, number: str) -> HttpResponse:
    """A page of its own, or, in the place of the button that asked, a link to dial. Only a press
    looks: an address that is opened, or comes back after a login, leads to the order."""
    number = number[:40]
    if request.method == "GET":
        return HttpResponseRedirect(reverse("order", args=[number]))
    facts = asked(request, number)
    if request.htmx:  # type: ignore[attr-defined]  # in place: a refusal is read there as well
        return render(request, "phones/shown.html", facts)
    return render(request, "phones/phone.html", facts, status=facts["code"])


def asked(request: HttpRequest, number: str) -> dict[str, Any]:
    """The phone, or why not."""
    try:
        said = phone_of(number, request.who, timezone.now())  # type: ignore[attr-defined]
    except Refused as no:
        return {"number": number, "sentence": sentence(no, tongue()), "code": status(no)}
    return {"number": number, "phone": said, "dial": dial(said), "code": 200}


def dial(said: str) -> str:
    """What a telephone is told: digits, and a plus before a country's.

    >>> dial("+86 138-0000-1234"), dial("0855 1234567 转 8")
    ('+8613800001234', '08551234567')
    """
    plain = "".join(c for c in said.partition("转")[0] if c.isascii() and (c.isdigit() or c == "+"))
    return plain[:1] + plain[1:].replace("+", "")
