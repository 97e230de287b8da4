"""Orders read: lists under one grant, one order with the steps its reader may take, its story."""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field

from lianxin.core.flow.page import Words
from lianxin.core.step.who import Grant, Who
from lianxin.orders.models import Hand, Order
from lianxin.orders.phones import lasts, phone_of
from lianxin.orders.queries import (
    Entry,
    Line,
    Row,
    Sheet,
    all_of,
    inbox,
    mine,
    order_sheet,
    rows,
    story,
)
from lianxin.orders.queries.first import first_rows
from lianxin.orders.queries.lists import AT_ONCE
from lianxin.orders.queries.story import tell
from lianxin.orders.sight import OrderQuerySet
from lianxin.orders.wished import suiting
from lianxin.web.access import access
from lianxin.web.api import shapes
from lianxin.web.api.auth import CALLER, grant_of, who_of
from lianxin.web.api.flows import step_out
from lianxin.web.api.operations import says

router = Router(tags=["orders"], auth=CALLER)
AS_IS = {"ensure_ascii": False, "separators": (",", ":")}
SAME = (
    "number", "state", "turn", "open", "late", "text", "place", "category", "severity", "outcome",
)  # fmt: skip


class Wanted(Schema):
    flow: shapes.Short | None = None
    state: shapes.Short | None = None
    open: bool | None = None
    turn: Literal["mine"] | None = Field(None, description="mine: what waits for this post")
    category: shapes.Short | None = Field(None, description="how the category's code begins")
    path: shapes.Short | None = Field(None, description="how the place's path begins")
    as_: shapes.Short | None = Field(
        None, alias="as", description="a post as /me names it, or `me`; without it the first post"
    )
    when: Literal["evening", "tomorrow", "weekend"] | None = Field(
        None, description="what could be done then: it suits the asker, or they said no time"
    )
    after: UUID | None = Field(None, description="as the last answer gave it")
    limit: int = Field(AT_ONCE, ge=1, le=AT_ONCE)


@router.get("/orders", response=says(200, shapes.Rows, 403, 422))
@access("anyone")
def list_orders(request: HttpRequest, wanted: Query[Wanted]) -> Any:
    """Orders under one grant, newest first."""
    page = asked_for(who_of(request), wanted, timezone.now())
    more = len(page) > wanted.limit
    items = page[: wanted.limit]
    after = items[-1].id if more else None
    # Not sent through the shape, which costs as much as the whole rest: tests compare them.
    told = json.dumps({"items": [row_out(row) for row in items], "after": after}, **AS_IS)
    return HttpResponse(told, content_type="application/json")


@router.get("/orders/{number}", response=says(200, shapes.Order, 404))
@access("anyone")
def read_order(request: HttpRequest, number: str) -> Any:
    """One order: whose turn, until when, what was answered, and the steps the caller may take."""
    sheet = seen(request, number)
    telling = tell(sheet.row, sheet.order, sheet.page, sheet.who)
    phone = telling.phone and lasts(sheet.order, sheet.page, timezone.now())
    return order_out(sheet, newest(telling.entries)) | {"phone": phone}


@router.get("/orders/{number}/events", response=says(200, list[shapes.Event], 404))
@access("anyone")
def read_events(request: HttpRequest, number: str) -> Any:
    """The story of an order, newest first, in the words that the caller may see."""
    sheet = seen(request, number)
    return [event_out(e) for e in story(sheet.row, sheet.order, sheet.page, sheet.who)]


@router.post(
    "/orders/{number}/phone", response=says(200, shapes.Phone, 403, 404, 422, 429)
)  # fmt: skip
@access("anyone")
def show_phone(request: HttpRequest, number: str) -> Any:
    """The phone left with an order, which no other answer holds but the asker's own. Each look is
    written down before it is answered; so many orders a day."""
    number = shapes.plain(number)[:40]
    return {"number": number, "phone": phone_of(number, who_of(request), timezone.now())}


def asked_for(who: Who, wanted: Wanted, now: datetime) -> list[Row]:
    grant, fits = grant_of(who, wanted.as_), narrowing(wanted)
    if grant and not fits and not wanted.when:
        listed = waiting_for if wanted.turn else all_of
        return first_rows(listed, grant, now, after=wanted.after, limit=wanted.limit)
    found = under(who, grant, wanted.turn).filter(**fits).order_by("-id")
    found = suiting(found, wanted.when or "", timezone.localdate(now))
    after = wanted.after.hex if wanted.after else None
    return rows(found, now, after=after, limit=wanted.limit)


def waiting_for(grant: Grant) -> OrderQuerySet:
    """What waits for a post, newest first: programs page by id."""
    return inbox(grant).order_by("-id")


def seen(request: HttpRequest, number: str) -> Sheet:
    return order_sheet(shapes.plain(number)[:40], who_of(request), timezone.now())


def under(who: Who, grant: Grant | None, turn: str | None) -> OrderQuerySet:
    """What a grant shows, or one's own; with `turn` only what waits for its holder."""
    if grant:
        return inbox(grant) if turn else all_of(grant)
    own = mine(who) if who.id else Order.objects.visible_to(who)
    if turn and who.id:
        held = Hand.objects.filter(
            order=OuterRef("pk"), name=OuterRef("turn"), holds="person", who=int(who.id), until=None
        )
        own = own.filter(Exists(held), open=True)
    elif turn and who.party:
        own = own.filter(turn=who.party[1], open=True)
    return own


def narrowing(wanted: Wanted) -> dict[str, Any]:
    fits = {
        "flow": wanted.flow, "state": wanted.state, "open": wanted.open,
        "category__startswith": wanted.category, "path__startswith": wanted.path,
    }  # fmt: skip
    return {name: value for name, value in fits.items() if value is not None}


def row_out(row: Row) -> dict[str, Any]:
    """As `shapes.Row` says."""
    return {
        "flow": row.flow_name, "kind": words(row.flow), "words": words(row.words),
        "due": moment(row.due), "filed": moment(row.filed), "at": moment(row.at),
        **{name: getattr(row, name) for name in SAME},
    }  # fmt: skip


def moment(at: datetime | None) -> str | None:
    """In the words of RFC 3339, to the millisecond, in UTC."""
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z") if at else None


def words(row: Words) -> dict[str, str]:
    return {"zh": row.zh, "en": row.en}


def newest(entries: list[Entry]) -> list[Line]:
    """The last answer of each name; the story comes newest first."""
    found: dict[str, Line] = {}
    for entry in entries:
        for line in entry.lines:
            found.setdefault(line.name, line)
    return list(found.values())


def order_out(sheet: Sheet, lines: list[Line]) -> dict[str, Any]:
    row, page = sheet.row, sheet.page
    same = (
        "number", "flow", "since", "state", "turn", "open", "outcome", "path", "desk", "visit",
        "round", "nth", "filed", "at",
    )  # fmt: skip
    return {
        **{name: getattr(row, name) for name in same},
        "kind": asdict(page.words),
        "words": asdict(sheet.state),
        "place": row.area.name if row.area else "",
        "clocks": [
            {"limit": c.limit.name, "words": asdict(c.limit.words), "start": c.start, "due": c.due,
             "late": c.late, "extended": c.extended}
            for c in sheet.clocks
        ],
        "fields": [line_out(line) for line in lines],
        "steps": [{**step_out(page, b.step), "main": b.main} for b in sheet.buttons],
    }  # fmt: skip


def event_out(entry: Entry) -> dict[str, Any]:
    return {
        "nth": entry.nth, "step": entry.verb, "words": asdict(entry.words), "at": entry.at,
        "recorded": entry.recorded, "actor": entry.actor, "capacity": entry.capacity,
        "unit": entry.unit, "behalf": entry.behalf,
        "via": entry.via or None, "voice": entry.voice or None,
        "into": asdict(entry.target) if entry.target else None, "over_s": entry.over,
        "answers": [line_out(line) for line in entry.lines],
    }  # fmt: skip


def line_out(line: Line) -> dict[str, Any]:
    value = line.value
    many = isinstance(value, list)
    told = [asdict(v) if isinstance(v, Words) else v for v in (value if many else [value])]
    return {
        "name": line.name, "words": asdict(line.words), "type": line.type,
        "value": told if many else told[0], "erased": line.erased,
    }  # fmt: skip
