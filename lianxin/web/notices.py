"""`/notices`: what somebody signed in is to know, newest first; the bell in the head leads here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
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
from lianxin.growth.queries.reminders import Due, still
from lianxin.growth.reminders import Rule
from lianxin.orders.follows import short_of
from lianxin.orders.models import Notice, Order
from lianxin.orders.notices import own
from lianxin.orders.notices.sentence import look_up, sentence
from lianxin.orders.queries import Row, rows
from lianxin.web import moments
from lianxin.web.access import access
from lianxin.web.desk.cards import short
from lianxin.web.headline import headline
from lianxin.web.order.states import look_of
from lianxin.web.tracking.followed import Followed
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
    """Those whose order the reader sees at this moment, or follows, and reminders that still hold;
    the others are dropped for good."""
    now, told = timezone.now(), [n for n in shown if n.order_id]
    days = reminders([n for n in shown if not n.order_id], who, timezone.localdate(now))
    own_work = [n for n in told if not n.follow_id]
    seen = Order.objects.visible_to(who).filter(pk__in={n.order_id for n in own_work})
    by_id = {row.id: row for row in rows(seen, now, limit=max(len(own_work), 1))}
    if gone := [n for n in own_work if n.order_id.hex not in by_id]:
        own.drop_unseen(gone, who)
    known = look_up(told)
    said = {n.pk: sentence(known[n.pk], tongue(), past=True) for n in told}
    found = {n.pk: line_of_follow(n, said[n.pk]) for n in told if n.follow} | days
    for n in own_work:
        if row := by_id.get(n.order_id.hex):
            found[n.pk] = line(n, said[n.pk], row)
    return [found[n.pk] for n in shown if n.pk in found]


def reminders(shown: list[Notice], who: Who, today: date) -> dict[int, Line]:
    """Lines of what runs out or waits, by the keys of their notices."""
    held = still(shown, who, today)
    own.drop([n for n in shown if n.pk not in held])
    return {n.pk: line_of_day(n, *held[n.pk], today) for n in shown if n.pk in held}


def line_of_day(notice: Notice, rule: Rule, one: Due, today: date) -> Line:
    on = moments.day(one.on, this_year=today.year)
    said = speak(rule.words, who=one.who, what=one.what, where=one.where, on=on)
    look = "late" if one.on < today else "waiting"
    return Line(
        href=reverse("notice", args=[notice.pk]), sentence=said, title="", where="", at=notice.at,
        came=short(notice.at), new=notice.read is None, state=say(f"notices.day.{look}"), look=look,
    )  # fmt: skip


def way(notice: Notice, who: Who) -> str:
    """Where it leads; "" where its reader may not see that, or it does not hold any more."""
    if notice.follow:
        return reverse("followed", args=[short_of(notice.follow)])
    if notice.order_id:
        seen = Order.objects.visible_to(who).filter(pk=notice.order_id).exists()
        return reverse("order", args=[notice.order.number]) if seen else ""
    for rule, one in still([notice], who, timezone.localdate()).values():
        mine = rule.own and notice.person_id
        bare = rule.own if mine else rule.opens
        return reverse(bare) if mine else reverse(bare, args=[one.page])
    return ""


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
    """On to what it is about; whoever opens it has read it."""
    who = request.who  # type: ignore[attr-defined]
    found = own.read_one(who, pk, timezone.now())
    if found and (address := way(found, who)):
        return HttpResponseRedirect(address)
    messages.info(request, say("notices.gone"))
    return HttpResponseRedirect(reverse("notices"))


@access("person")
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    own.read_all(request.who, timezone.now())  # type: ignore[attr-defined]
    return HttpResponseRedirect(reverse("notices"))


# ── the bell ─────────────────────────────────────────────────────────────────────────────────────


def unread(request: HttpRequest) -> list[tuple[int, UUID | None]]:
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
