"""The third screen's “who sees what”: each reader with the very answers they would be shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from lianxin.core.flow.page import Page
from lianxin.orders.preview import View, previews
from lianxin.web.asking import draft as drafts
from lianxin.web.asking.draft import Draft, Place
from lianxin.web.order.telling import PHOTOS, many, readable
from lianxin.web.words import say, speak

STREET_READERS = ("neighbour", "grid_worker", "community", "desk", "before", "after")
READERS = ("neighbour", "grid_worker", "desk", "before", "after")


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Seen:
    """One reader: `told` in a line, `lines` as they would read them."""

    who: str
    told: str
    lines: tuple[Line, ...]


def seen(page: Page, flow: str, door: str, draft: Draft, place: Place) -> list[Seen]:
    """Raises Refused where filing would: the send screen says so itself."""
    now = timezone.now()
    given = drafts.answers(draft, place, timezone.localdate(now))
    phone = given.get("phone") or say("file.seen.your_phone")
    found = previews(flow, door, {**given, "phone": phone}, place.area, now)
    wanted = STREET_READERS if draft.staff else READERS
    by_name = {view.reader: view for view in found}
    return [made(page, by_name[name], {**given, "phone": phone}, place) for name in wanted]


def made(page: Page, view: View, given: dict[str, Any], place: Place) -> Seen:
    who = say(f"file.seen.{view.reader}")
    if not view.sees:
        return Seen(who, say("file.seen.nothing"), ())
    lines = tuple(line(page, name, given, place) for name in view.shown if name != "severity")
    missing = say("orders.story.list").join(label(page, n) for n in view.closed)
    told = say("file.seen.but", missing=missing) if missing else say("file.seen.all")
    return Seen(who, told, lines)


def line(page: Page, name: str, given: dict[str, Any], place: Place) -> Line:
    if name == "place":
        return Line(say("file.send.where"), f"{place.area.name} · {place.around}")
    kind, value = page.field(name).type, given.get(name)
    if kind in PHOTOS:
        return Line(label(page, name), say("file.seen.photos", n=len(value or ())))
    if kind == "phone":
        return Line(label(page, name), str(value))
    if kind == "choice":
        of = dict(page.field(name).of)
        told = [speak(of[str(v)]) if str(v) in of else str(v) for v in many(value)]
        return Line(label(page, name), say("orders.story.list").join(told))
    return Line(label(page, name), str(readable(kind, value, {})))


def label(page: Page, name: str) -> str:
    return say("file.send.where") if name == "place" else speak(page.field(name).words)
