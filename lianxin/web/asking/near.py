"""Before a request is sent: what may be the same thing, near by, in words that tell nobody's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone

from lianxin.core.step.refused import Refused
from lianxin.orders import follows
from lianxin.orders.book import book, categories
from lianxin.orders.queries.near import Alike, alike
from lianxin.registry import secret
from lianxin.web.api.pace import Pace
from lianxin.web.asking.draft import Draft, Place
from lianxin.web.order.states import look_of
from lianxin.web.tracking.asked import everyday
from lianxin.web.words import rows, say, speak

# Whoever walks the town with drafts sees no more after that.
looks = Pace("near", most=120, per_s=600)


@dataclass(frozen=True, slots=True)
class Hint:
    """One order that may be the same. `token` names it to this draft alone."""

    token: str
    title: str
    state: str
    look: str
    text: str
    photo: str


def hints(request: HttpRequest, flow: str, draft: Draft, place: Place | None) -> list[Hint]:
    now = timezone.now()
    return [hint(one, draft, now) for one in found(request, flow, draft, place, now)]


def found(
    request: HttpRequest, flow: str, draft: Draft, place: Place | None, now: datetime
) -> list[Alike]:
    """None for a complaint: nobody is told that somebody else has complained. None either for
    whoever asks too often: the request is sent as well without."""
    if place is None or draft.matter or draft.staff or draft.served:
        return []
    try:
        looks.keep(request)
    except Refused:
        return []
    return alike(flow, place.spot(draft.point), draft.category, now)


def hint(one: Alike, draft: Draft, now: datetime) -> Hint:
    page = book().exact(one.flow, one.since)
    known = page.states.get(one.state)
    key = f"track.{one.flow}.followed.{one.state}"
    state = say(key) if key in rows() else everyday(
        one.flow, "state", one.state, known.words if known else None
    )  # fmt: skip
    said = (far(one), kind(one, now), filed(one.filed, now))
    return Hint(
        token(draft, one), say("file.near.line", far=said[0], kind=said[1], filed=said[2]), state,
        look_of(page, one.state), one.text, one.photo,
    )  # fmt: skip


def far(one: Alike) -> str:
    if one.same_building:
        return say("file.near.building")
    if one.metres is None:
        return say("file.near.grid")
    return say("file.near.metres", n=max(20, one.metres))


def kind(one: Alike, now: datetime) -> str:
    row = categories().on(timezone.localdate(now)).categories.get(one.category or "")
    return speak(row.words) if row else say("file.near.unsorted")


def filed(at: datetime, now: datetime) -> str:
    days = (timezone.localdate(now) - timezone.localdate(at)).days
    key = ("today", "yesterday")[days] if 0 <= days < 2 else "days"
    return say(f"file.near.{key}", n=days)


def token(draft: Draft, one: Alike) -> str:
    """An id tells when an order was filed, to the millisecond; this tells nothing."""
    return secret.blind("draft.near", f"{draft.key} {one.id}")


def follow(request: HttpRequest, flow: str, draft: Draft, place: Place | None) -> str | None:
    """The secret of a link to the order that was chosen; None if it is no longer among them."""
    now, wanted = timezone.now(), request.POST.get("follow", "")
    chosen = next(
        (one for one in found(request, flow, draft, place, now) if token(draft, one) == wanted),
        None,
    )  # fmt: skip
    if chosen is None:
        return None
    return follows.follow(chosen.id, draft.key, request.who.id, now)  # type: ignore[attr-defined]
