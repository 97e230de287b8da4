"""`/f/<secret>`: another's order that one follows: its state in everyday words, none of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from lianxin.orders import follow_mail, follows
from lianxin.orders.book import book, categories
from lianxin.orders.models import Follow
from lianxin.orders.notices import own
from lianxin.orders.queries.declared import Declared, declared
from lianxin.web.access import access
from lianxin.web.order.states import look_of
from lianxin.web.tracking.asked import everyday, plainly
from lianxin.web.words import rows, say, speak


@dataclass(frozen=True, slots=True)
class Entered:
    at: datetime
    words: str
    look: str


class Followed:
    """What a follower is told."""

    def __init__(self, row: Follow, now: datetime) -> None:
        self.row, self.now = row, now
        self.order = follows.dealt_with(row)
        self.page = book().exact(self.order.flow, self.order.since)

    @property
    def kind(self) -> str:
        """What it is about, as far as a hint would say."""
        table = categories().on(timezone.localdate(self.now)).categories
        found = table.get(self.row.order.category or "")
        return speak(found.words) if found and found.shared else say("file.near.unsorted")

    @property
    def state(self) -> str:
        return self.told(self.order.state)

    def told(self, state: str) -> str:
        """How whoever did not file it is told of a state: nothing is asked of them."""
        key = f"track.{self.order.flow}.followed.{state}"
        known = self.page.states.get(state)
        if key in rows():
            return say(key)
        return everyday(self.order.flow, "state", state, known.words if known else None)

    @property
    def look(self) -> str:
        return look_of(self.page, self.order.state, late=self.late, outcome=self.order.outcome)

    @property
    def chip(self) -> str:
        return say(f"track.chip.{self.look or 'stopped'}")

    @property
    def late(self) -> bool:
        return bool(self.order.open and self.order.due and self.order.due < self.now)

    @property
    def tail(self) -> str:
        """The end of the phone that is told, "" where none is."""
        return follows.phone_of(self.row)[-4:]

    @property
    def mail(self) -> str:
        """The address that is written to, as its owner knows it again; "" where none is."""
        return follow_mail.hidden(follow_mail.mail_of(self.row))

    @property
    def mail_waits(self) -> str:
        """The same of one that is still to be confirmed."""
        return follow_mail.hidden(follow_mail.waiting(self.row, self.now))

    @property
    def by_when(self) -> str:
        if not self.order.open or self.order.due is None or self.late:
            return ""
        return say("track.turn.by", at=plainly(self.order.due, self.now))

    @cached_property
    def declared(self) -> list[Declared]:
        """The community's public answers."""
        return declared(self.order)

    @cached_property
    def story(self) -> list[Entered]:
        return [
            Entered(turn.at, self.told(turn.state), look_of(self.page, turn.state))
            for turn in follows.turns(self.order)
        ]


@access("anyone")
@never_cache
@require_http_methods(["GET", "POST"])
def followed(request: HttpRequest, secret: str) -> HttpResponse:
    """The page, and letting it go or taking it up again."""
    now, row = timezone.now(), follows.found(secret)
    if row is None:
        answer = render(request, "track/lost.html", {"spent": False}, status=404)
    elif request.method == "POST":
        follows.take_up(row) if row.until else follows.let_go(row, now)
        return HttpResponseRedirect(request.path)
    else:
        own.settle_follow(row, now)
        facts = {
            "it": Followed(row, now), "secret": secret, "can": follow_mail.can_be_told(row),
            "by_phone": bool(settings.SMS_URL), "by_mail": bool(settings.SMTP_URL),
        }  # fmt: skip
        answer = render(request, "track/followed.html", facts)
    answer["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return answer


@access("person")
@require_POST
def unfollow(request: HttpRequest, id: int) -> HttpResponse:
    """Let go what one follows by one's account; anybody else's is not there."""
    who = request.who  # type: ignore[attr-defined]
    for row in follows.of(who.id):
        if row.pk == id:
            follows.let_go(row, timezone.now())
    return HttpResponseRedirect(reverse("track"))
