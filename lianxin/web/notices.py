"""`/notices`: what somebody signed in is to know, newest first; the bell in the head leads here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from lianxin.core.step.who import Who
from lianxin.orders.follows import short_of
from lianxin.orders.models import Notice, Order
from lianxin.orders.notices import own
from lianxin.orders.notices.sentence import look_up, sentence
from lianxin.orders.queries import Row, rows
from lianxin.web.access import access
from lianxin.web.cards import short
from lianxin.web.followed import Followed
from lianxin.web.headline import headline
from lianxin.web.states import look_of
from lianxin.web.words import say, speak, tongue


@dataclass(frozen=True, slots=True)
class Line:
    """One notice as the page shows it."""

    href: str
    sentence: str
    title: str
    where: str
    look: str
    state: str
    at: datetime
    came: str
    new: bool


@access("person")
@never_cache
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    who = request.who  # type: ignore[attr-defined]
    found = own.listed(who, request.GET.get("after", "")[:60])
    shown = found[: own.AT_ONCE]
    after = own.mark(shown[-1]) if len(found) > own.AT_ONCE else ""
    return render(request, "notices/notices.html", {
        "lines": lines(shown, who), "next": f"?{urlencode({'after': after})}" if after else None,
        "unread_here": any(n.read is None for n in shown),
    })  # fmt: skip


def lines(shown: list[Notice], who: Who) -> list[Line]:
    """Those whose order the reader sees at this moment, or follows; the others are dropped for
    good."""
    own_work = [n for n in shown if not n.follow_id]
    seen = Order.objects.visible_to(who).filter(pk__in={n.order_id for n in own_work})
    by_id = {row.id: row for row in rows(seen, timezone.now(), limit=max(len(own_work), 1))}
    if gone := [n for n in own_work if n.order_id.hex not in by_id]:
        own.drop_unseen(gone, who)
    known = look_up(shown)
    said = {n.pk: sentence(known[n.pk], tongue(), past=True) for n in shown}
    return [
        line_of_follow(n, said[n.pk]) if n.follow else line(n, said[n.pk], by_id[n.order_id.hex])
        for n in shown if n.follow or n.order_id.hex in by_id
    ]  # fmt: skip


def line(notice: Notice, said: str, row: Row) -> Line:
    return Line(
        href=reverse("notice", args=[notice.pk]), sentence=said, title=headline(row.text),
        where=row.place, at=notice.at, came=short(notice.at), new=notice.read is None,
        state=speak(row.words),
        look=look_of(row.page, row.state, late=row.late, outcome=row.outcome),
    )  # fmt: skip


def line_of_follow(notice: Notice, said: str) -> Line:
    """Of what one follows, as far as the page of it says."""
    it = Followed(notice.follow, timezone.now())
    return Line(
        href=reverse("notice", args=[notice.pk]), sentence=said, title=it.kind, where="",
        at=notice.at, came=short(notice.at), new=notice.read is None, state=it.state, look=it.look,
    )  # fmt: skip


@access("person")
@never_cache
@require_safe
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """On to the order; whoever opens it has read it."""
    who = request.who  # type: ignore[attr-defined]
    found = own.read_one(who, pk, timezone.now())
    if found and found.follow:
        return HttpResponseRedirect(reverse("followed", args=[short_of(found.follow)]))
    if found and Order.objects.visible_to(who).filter(pk=found.order_id).exists():
        return HttpResponseRedirect(reverse("order", args=[found.order.number]))
    messages.info(request, say("notices.gone"))
    return HttpResponseRedirect(reverse("notices"))


@access("person")
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    own.read_all(request.who, timezone.now())  # type: ignore[attr-defined]
    return HttpResponseRedirect(reverse("notices"))


# ── the bell ─────────────────────────────────────────────────────────────────────────────────────


def unread(request: HttpRequest) -> list[tuple[int, UUID]]:
    """What waits to be read, looked up once for a page."""
    if not hasattr(request, "unread"):
        request.unread = own.unread(request.who)  # type: ignore[attr-defined]
    return list(request.unread)


def looked_at(request: HttpRequest, order: UUID, now: datetime) -> None:
    """Whoever looks at an order has read what there was to say about it."""
    new = unread(request)
    if keys := [pk for pk, about in new if about == order]:
        own.settle(keys, now)
        request.unread = [row for row in new if row[0] not in keys]  # type: ignore[attr-defined]


class Bell(NamedTuple):
    """How many wait to be read, as a figure of its own and in words."""

    n: int
    shown: str
    words: str


def bell(request: HttpRequest) -> Bell:
    """What the head of a page shows to somebody signed in; asked by whole pages alone."""
    n = len(unread(request))
    shown = say("notices.many") if n >= own.MANY else str(n)
    words = say("notices.bell", n=shown) if n else say("notices.bell_0")
    return Bell(n, shown, words)
