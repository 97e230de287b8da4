"""`/calls`: whom the desk is to telephone, with the words to read out; each look is recorded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from lianxin.orders.models import Order
from lianxin.orders.notices import calls as made
from lianxin.orders.notices import wrong
from lianxin.orders.notices.rules import awake, rules
from lianxin.orders.notices.sentence import plainly, sentence
from lianxin.orders.queries import Row, rows
from lianxin.registry.queries import area_at
from lianxin.web.access import access
from lianxin.web.headline import headline
from lianxin.web.posts import reading
from lianxin.web.words import say, tongue

DESK = ("desk",)


@dataclass(frozen=True, slots=True)
class Card:
    """One call on the list; the phone is not on it."""

    href: str
    number: str
    sentence: str
    title: str
    where: str
    tries: int
    at: datetime


@access(*DESK)
@never_cache
@require_safe
def calls(request: HttpRequest) -> HttpResponse:
    now, read = timezone.now(), reading(request, DESK)
    who = request.who  # type: ignore[attr-defined]
    asked = request.GET.get("after", "")
    after = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 19 else 0
    found, more = made.waiting(read.grant, who, now, after)
    later = [] if after else made.later(read.grant, who, now)
    rest = awake(now)
    return render(request, "calls/calls.html", {
        **read.facts, "cards": cards(found, now), "later": cards(later, now),
        "wrong": [] if after else wrong.said_today(read.grant, who, now),
        "next": f"?as={read.at}&after={more}" if more else None,
        "quiet": plainly(rest, tongue()) if rest > now else "",
    })  # fmt: skip


def cards(found: list[made.Call], now: datetime) -> list[Card]:
    """`queued` has asked who sees these orders; here their first words are fetched."""
    wanted = Order.objects.filter(pk__in={c.row.notice.order_id for c in found})
    known = {row.id: row for row in rows(wanted, now, limit=max(len(found), 1))}
    return [card(call, known[call.row.notice.order_id.hex]) for call in found]


def card(call: made.Call, row: Row) -> Card:
    return Card(
        href=reverse("call", args=[call.key]), number=call.number, title=headline(row.text),
        sentence=sentence(call.facts, tongue()), where=row.place, tries=call.row.tries,
        at=call.row.next_at or call.row.at,
    )  # fmt: skip


@access(*DESK)
@never_cache
@require_safe
def call(request: HttpRequest, pk: int) -> HttpResponse:
    """The phone and the words. Opening it is a look at the phone, and is recorded."""
    now, who = timezone.now(), request.who  # type: ignore[attr-defined]
    found = made.find(pk, who, now)
    phone = made.look(found, who, now) if found else ""
    if found is None or not (phone or found.to_unit):
        return gone(request)
    area = area_at(found.row.desk, timezone.localdate(now))
    rest = awake(now)
    return render(request, "calls/call.html", {
        "call": found, "phone": phone, "key": pk,
        "answers": [{"name": n, "words": say(f"calls.answer.{n}")} for n in made.ENDS],
        "aloud": made.read_aloud(found, area.name if area else say("track.turn.us"), tongue()),
        "quiet": plainly(rest, tongue()) if rest > now else "",
    })  # fmt: skip


@access(*DESK)
@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """What came of it."""
    said, tries = request.POST.get("said", ""), request.POST.get("tries", "")
    now, who = timezone.now(), request.who  # type: ignore[attr-defined]
    found = (
        made.answer(pk, who, request.user, said, int(tries[:4]), now)
        if said in made.ENDS and tries.isascii() and tries.isdecimal() else None
    )  # fmt: skip
    if found is None:
        return gone(request)
    closed = said == made.NO_ANSWER and found.row.tries >= rules().tries
    key = f"calls.done.{'closed' if closed else said}"
    facts = {"n": found.row.tries} if closed else {}
    messages.success(request, say(key, number=found.number, **facts))
    return HttpResponseRedirect(reverse("calls"))


@access(*DESK)
@require_POST
def right_after_all(request: HttpRequest, pk: int) -> HttpResponse:
    """“Wrong number” taken back by whoever said it today."""
    who = request.who  # type: ignore[attr-defined]
    found = wrong.take_back(pk, who, request.user, timezone.now())
    if found is None:
        messages.info(request, say("calls.wrong.too_late"))
    else:
        messages.success(request, say("calls.wrong.undone", number=found.notice.order.number))
    return HttpResponseRedirect(reverse("calls"))


def gone(request: HttpRequest) -> HttpResponse:
    messages.info(request, say("calls.gone"))
    return HttpResponseRedirect(reverse("calls"))
