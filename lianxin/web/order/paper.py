"""`/orders/<number>/paper`: the order on one sheet of A4, for whoever goes out with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lianxin.core.step.refused import Refused
from lianxin.orders.looks import PAPER, looked
from lianxin.orders.queries import Line, order_sheet
from lianxin.web.access import access
from lianxin.web.order import facts as order_facts
from lianxin.web.order.dues import Due
from lianxin.web.order.orders import lost
from lianxin.web.order.page import OrderPage
from lianxin.web.order.phones import asked
from lianxin.web.order.telling import PHOTOS, is_quote, many, readable
from lianxin.web.pictures import picture_of
from lianxin.web.words import say, speak

WORDS = 450  # signs of the request that leave room for what is written by hand
LINE, ROOM = 46, 11  # signs of a line; lines that words and arithmetic share
LIMITS = 2  # of one sheet, the soonest first
ELSEWHERE = {"place", "order", "point"}  # stands among the facts, or says nothing on paper


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit as the paper says it; `rows` of its arithmetic, if they are few."""

    due: Due
    rows: tuple[Any, ...]


@access("person")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def paper(request: HttpRequest, number: str) -> HttpResponse:
    """What its reader may see and no more; that it was put on paper is written down. The phone is
    put on it by a press, which is a look like any other."""
    now = timezone.now()
    try:
        sheet = order_sheet(number, request.who, now)  # type: ignore[attr-defined]
    except Refused as no:
        return lost(request, no)
    page = OrderPage(sheet, now)
    words = " ".join(page.asked.split())
    phone = asked(request, sheet.row.number) if request.method == "POST" else {}
    looked(request.who, PAPER, order=sheet.row.pk, n=1, path=sheet.row.path, now=now)  # type: ignore[attr-defined]
    address = settings.PUBLIC_URL + reverse("order", args=[sheet.row.number])
    return render(request, "orders/paper.html", {
        "order": page, "said": words[:WORDS], "more": len(words) > WORDS, "now": now,
        "facts": facts(page, phone.get("phone", "")), "phone": phone,
        "limits": limits(page.dues, len(words[:WORDS])), "address": address,
        "picture": picture_of(address, scale=3, quiet=0),
        "outcomes": outcomes(page),
    }, status=phone.get("code", 200))  # fmt: skip


def facts(page: OrderPage, phone: str) -> list[order_facts.Fact]:
    """Where it is and whom to call first, then what stands beside the story on the screen."""
    first = page.seen.telling.entries[-1]
    told = [fact(line) for line in first.lines if first.nth == 1 and stands(page, line)]
    if page.phone:
        told.insert(0, (say("phones.title"), phone or say("phones.blank")))
    known = {name for name, _ in told}
    return [*told, *(row for row in page.facts if row[0] not in known)]


def stands(page: OrderPage, line: Line) -> bool:
    """Whether this answer is a line of the paper: not the words, no pictures, no parties (they
    stand as they are now)."""
    kept = line.name in page.order.fields or line.name in page.page.parties
    plain = line.type not in (*PHOTOS, *ELSEWHERE) and not is_quote(line)
    return plain and not kept and not line.erased


def fact(line: Line) -> order_facts.Fact:
    values = [(str(v) if line.type == "phone" else readable(line.type, v, {}),)
              for v in many(line.value)]  # fmt: skip
    return speak(line.words), format_html_join(say("orders.story.list"), "{}", values)


def limits(dues: list[Due], words: int) -> list[Limit]:
    """The soonest with its sums, if the words leave room for them."""
    found, room = [], ROOM - words // LINE
    for n, due in enumerate(dues[:LIMITS]):
        rows = tuple(row for sums, _ in due.sums for row in sums)
        found.append(Limit(due, rows if n == 0 and len(rows) <= room else ()))
    return found


def outcomes(page: OrderPage) -> list[str]:
    """What may be ticked as the outcome, in the page's words."""
    asks = any("outcome" in step.asked for step in page.page.steps.values())
    of = page.page.field("outcome").of if asks else ()
    return [speak(words) for _, words in of]
