"""What changes orders: file one, take a step, take the last step back."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Annotated, Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from ninja import Header, Status

from lianxin.core.flow.page import Page
from lianxin.core.step.refused import Refused
from lianxin.core.step.who import Who
from lianxin.orders import actions, handing, links
from lianxin.orders.book import book
from lianxin.orders.models import Order
from lianxin.orders.naming import named
from lianxin.orders.reach import Reach, reached
from lianxin.registry.models import Unit
from lianxin.web.access import access
from lianxin.web.api import pace, shapes
from lianxin.web.api.auth import ANYONE, CALLER, STEPPER, who_of
from lianxin.web.api.flows import in_force
from lianxin.web.api.operations import OPEN, says
from lianxin.web.api.orders import router
from lianxin.web.api.places import located
from lianxin.web.receiver.signing import LONGEST, TEL, WHO, one_line

SKEW = timedelta(minutes=5)  # by so much a phone's clock may be ahead of ours
KEY_OF_NOBODY = 16  # characters: without an account the key alone says who sends again
KeyHeader = Annotated[
    str | None,
    Header(None, alias="Idempotency-Key", description="made by you: the same press is done once"),
]


@router.post(
    "/orders", auth=ANYONE, openapi_extra=OPEN,
    response=says(201, shapes.Done, 400, 403, 404, 409, 413, 415, 422, 429, 507),
)  # fmt: skip
@access("anyone")
def file_order(request: HttpRequest, body: shapes.Filing, key: KeyHeader = None) -> Any:
    """File an order by a door of its flow; without an account where the door is open to anyone.

    Who has no account gets a secret, once: a link that shows the order and takes the asker's steps.
    """
    who, now = who_of(request), timezone.now()
    if not who.id:
        from_nobody(request, key)
    at = claimed(body.at, who, now)
    day = actions.local(at or now)
    page = in_force(body.flow, day)
    if page is None:
        raise Refused("unknown_flow", flow=body.flow[:40])
    request.page_of = lambda: page
    if body.door not in page.steps or not page.steps[body.door].door:
        raise Refused("unknown_step", step=body.door[:40])
    given = named(page, body.door, who, body.answers, day)
    area = located(place, day) if (place := where(body)) else None
    given.pop("place", None)
    if area is None and not who.id:
        raise Refused("missing", field="place")  # nobody's order, nowhere: no desk would see it
    done = actions.file(
        body.flow, body.door, who, given, area=area, subject=body.subject, at=at, key=key, now=now
    )
    party = askers(page, body.door) if not who.id else None
    return Status(201, done_out(done, links.make(done.id, party, now) if party else None))


@router.post(
    "/orders/{number}/steps/{step}", auth=STEPPER,
    response=says(200, shapes.Done, 400, 403, 404, 409, 413, 415, 422, 429, 507),
)  # fmt: skip
@access("anyone")
def take_step(
    request: HttpRequest, number: str, step: str, body: shapes.Press, key: KeyHeader = None
) -> Any:
    """Take a step of an order. A link that serves once is spent with it; the same press by it, with
    the same key, is answered as the first time for a day."""
    who, now = who_of(request), timezone.now()
    if not who.id:
        pace.filings.keep(request)
    if who.unit:
        who = handing.named(who, *signed(body))
    page, reach = page_of(number, who, key)
    request.page_of = lambda: page
    at = claimed(body.at, who, now)
    given = named(page, step, who, body.answers, actions.local(at or now))
    press = partial(
        actions.step, number, step, who, given, visit=body.visit, at=at, key=key, now=now,
        offline=body.offline, reach=reach,
    )  # fmt: skip
    once = actions.Key.of(who, key, number, step, given, at)
    served = links.served(request.link, once, press, now, step) if who.party else press()
    return done_out(served)


@router.post(
    "/orders/{number}/undo", auth=CALLER, response=says(200, shapes.Done, 403, 404, 409, 422)
)  # fmt: skip
@access("anyone")
def undo_step(
    request: HttpRequest, number: str, nth: shapes.Count | None = None, key: KeyHeader = None
) -> Any:
    """Take back the last press on an order, while nobody has acted on it since. With `nth`: the
    event with that number, or none."""
    who = who_of(request)
    page, _ = page_of(number, who, key)
    request.page_of = lambda: page
    return done_out(actions.undo(number, who, nth=nth, key=key))


@router.post(
    "/orders/{number}/links", auth=CALLER, response=says(201, shapes.Given, 403, 404, 409, 422)
)  # fmt: skip
@access("anyone")
def give_link(request: HttpRequest, number: str, key: KeyHeader = None) -> Any:
    """A link by which the unit that has the order answers without account, once; those before it
    are over. It is not told a second time: with a key that was used, it is refused."""
    who, now = who_of(request), timezone.now()
    number = shapes.plain(number)[:40]
    given = handing.give(number, who, now, key=key)
    names = Unit.objects.filter(pk=int(given.unit)).values_list("name", flat=True)
    return Status(201, {
        "link": given.secret, "unit": names.get(), "until": given.until,
        "address": settings.PUBLIC_URL + reverse("received", args=[given.secret]),
        "sheet": settings.PUBLIC_URL + reverse("received_sheet", args=[given.secret]),
    })  # fmt: skip


def signed(body: shapes.Press) -> tuple[str, str]:
    """Who answers for a unit, as its page asks too. Raises Refused("missing")."""
    name, phone = one_line(body.name)[: LONGEST[WHO]], one_line(body.phone)[: LONGEST[TEL]]
    if not name:
        raise Refused("missing", field="name")
    return name, phone


def from_nobody(request: HttpRequest, key: str | None) -> None:
    """Not too fast, and with a key that nobody else will think of."""
    pace.filings.keep(request)
    if key is not None and len(key) < KEY_OF_NOBODY:
        raise Refused("bad_key")


def claimed(at: datetime | None, who: Who, now: datetime) -> datetime | None:
    """The moment a step says it happened. Raises Refused: no_backdating, in_future."""
    if at is None:
        return None
    if not who.grants:
        raise Refused("no_backdating")
    if at > now + SKEW:
        raise Refused("in_future", now=now)
    return min(at, now)


def where(body: shapes.Filing) -> shapes.Place | None:
    """The place of a filing; among the answers it may stand as an area's id."""
    key = body.answers.get("place")
    if body.place or key is None:
        return body.place
    if isinstance(key, bool) or not str(key).isascii() or not str(key).isdecimal():
        raise Refused("unknown", field="place", value=str(key)[:40])
    return shapes.Place(id=min(int(str(key)[:20]), 2**63 - 1))


def page_of(number: str, who: Who, key: str | None = None) -> tuple[Page, Reach | None]:
    """The page of an order within this caller's reach, or (then without reach) once pressed by them
    with this key: who returned an order sees it no more, and may still ask whether it went through.

    Raises Refused("not_found").
    """
    number = shapes.plain(number)[:40]
    try:
        found = reached(number, who)
    except Refused:
        pressed = key and Order.objects.filter(pk=actions.pressed(who, key), number=number)
        flow = pressed and pressed.values_list("flow", "since").first()
        if not flow:
            raise
        return book().exact(*flow), None
    return found.page, found


def askers(page: Page, door: str) -> str | None:
    """The party of those who file by this door: persons, cast without being asked for."""
    step = page.steps[door]
    casts = (n for n in step.casts if n not in step.asked and page.parties[n].holds == "person")
    return next(casts, None)


def done_out(done: actions.Done, link: str | None = None) -> Mapping[str, Any]:
    return {
        "number": done.number, "state": done.state, "nth": done.nth, "again": done.again,
        "link": link,
    }  # fmt: skip
