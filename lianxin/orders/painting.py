"""Parts of a photo are painted over for good in what anybody sees; the original is kept apart."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from PIL import Image, ImageDraw

from lianxin.core.flow.page import Field, Page, Step
from lianxin.core.step.order import Change
from lianxin.core.step.refused import Refused
from lianxin.core.step.scene import listed
from lianxin.orders import photos
from lianxin.orders.erasing import Hand, own_words
from lianxin.orders.models import Content, Event, Photo

MOST = 100  # painted parts of one photo; nobody draws more
PAINT = (34, 38, 43)  # one plain colour: what is blurred can be guessed
QUALITY = 88
COVER = "cover"  # the type of a field whose answers are painted parts
Cover = Sequence[int]  # left, top, width, height


@dataclass(frozen=True, slots=True)
class Stroke:
    """What an event does to one photo: the parts it lays on, or takes off."""

    photo: UUID
    covers: list[list[int]]
    lays: bool


def does(change: Change, page: Page) -> bool:
    """Whether a change paints on a photo, or takes such a step back."""
    return stepped(change, page) is not None


def stepped(change: Change, page: Page) -> Step | None:
    """The painting step that a change takes or undoes."""
    verb = change.event.given.get("of") if change.event.verb == "undo" else change.event.verb
    step = page.steps.get(str(verb))
    return step if step and step.picture else None


def paint(change: Change, page: Page) -> None:
    """Lay on a photo what a step brings, or take it off; two who paint at once both do.

    The order's root is locked, so the second finds the parts of the first on it. Raises Refused:
    no_photo, not_own_words, cover_outside, too_many_covers, no_cover; and what `keep` raises.
    """
    event = change.event
    if event.verb == "undo":
        stroke = undone(change, page) if does(change, page) else None
    else:
        brought = {c.name: c.value for c in change.contents}
        stroke = stroke_of(event.verb, event.given, brought, page)
    if stroke is None:
        return
    held = Photo.objects.select_for_update().filter(pk=stroke.photo, order=UUID(change.order.id))
    photo = held.first()
    if photo is None:
        raise Refused("no_photo")
    if event.verb != "undo":
        entitled(photo, page, event)
    show(photo, laid(photo, stroke) if stroke.lays else taken_off(photo, stroke))


# ── what an event says ───────────────────────────────────────────────────────────────────────────


def is_cover(field: Field) -> bool:
    return field.type == COVER


def undone(change: Change, page: Page) -> Stroke:
    """The reverse of the event that is taken back."""
    nth = change.event.given["nth"]
    event = Event.objects.get(order_id=UUID(change.order.id), nth=nth)
    stroke = stroke_of(event.verb, event.given, contents(event.order_id, nth), page)
    assert stroke is not None, "an undo names a painting step"
    return Stroke(stroke.photo, stroke.covers, not stroke.lays)


def contents(order: UUID, nth: int) -> dict[str, Any]:
    return dict(Content.objects.filter(order_id=order, nth=nth).values_list("name", "value"))


def stroke_of(verb: str, given: dict[str, Any], words: dict[str, Any], page: Page) -> Stroke | None:
    """What an event does to a photo; None where it does nothing to any. Raises Refused("no_photo")
    for what is no id at all."""
    step = page.steps.get(verb)
    if step is None or step.picture is None:
        return None
    covers = [v for n, v in words.items() if n in page.fields and is_cover(page.fields[n])]
    laid_on = [list(one) for value in covers for one in value or ()]
    return Stroke(id_of(given.get(step.picture)), laid_on, step.paints is not None)


def id_of(value: Any) -> UUID:
    try:
        return UUID(str(value))
    except ValueError:
        raise Refused("no_photo") from None


# ── whether ──────────────────────────────────────────────────────────────────────────────────────


def entitled(photo: Photo, page: Page, hand: Hand) -> None:
    """A party paints what it sent itself, a post whatever it may see; nobody what is erased.

    Raises Refused: no_photo, not_own_words.
    """
    as_who = hand.capacity
    entries = [
        Event.objects.get(order_id=photo.order_id, nth=nth)
        for nth, name in carriers(photo, page)
        if page.fields[name].seen is None or as_who in (page.fields[name].seen or ())
    ]
    if not entries:
        raise Refused("no_photo")
    if as_who in page.parties and not any(own_words(entry, hand, page) for entry in entries):
        raise Refused("not_own_words")


def carriers(photo: Photo, page: Page) -> list[tuple[int, str]]:
    """The answers of the order that hold a photo, as (nth, name of the field)."""
    names = [n for n, f in page.fields.items() if f.type in photos.CARRIERS]
    kept = Content.objects.filter(order_id=photo.order_id, name__in=names, erased=None)
    return [
        (nth, name)
        for nth, name, value in kept.order_by("nth").values_list("nth", "name", "value")
        if any(str(photo.pk) == str(one) for one in listed(value))
    ]


def laid(photo: Photo, stroke: Stroke) -> list[list[int]]:
    for left, top, _, _ in stroke.covers:
        if left >= photo.width or top >= photo.height:
            raise Refused("cover_outside", width=photo.width, height=photo.height)
    covers = [*photo.covers, *stroke.covers]
    if len(covers) > MOST:
        raise Refused("too_many_covers", most=MOST)
    return covers


def taken_off(photo: Photo, stroke: Stroke) -> list[list[int]]:
    """One of each; a part that somebody else has taken off meanwhile is refused."""
    left = [list(one) for one in photo.covers]
    for cover in stroke.covers:
        if cover not in left:
            raise Refused("no_cover")
        left.remove(cover)
    return left


# ── the picture ──────────────────────────────────────────────────────────────────────────────────


def show(photo: Photo, covers: list[list[int]]) -> None:
    """Let the photo be its original with these parts painted over, for everybody from now on."""
    before, original = photo.sha256, photo.original or photo.sha256
    name, size = written(original, covers)
    photo.original, photo.covers, photo.sha256, photo.size = original, covers, name, size
    photo.save(update_fields=["original", "covers", "sha256", "size"])
    transaction.on_commit(lambda: photos.remove_files({before}))


def cover_loose(photo: Photo, covers: list[list[int]]) -> None:
    """Paint on a photo that no order has yet: there its original is thrown away.

    Raises Refused: cover_outside, too_many_covers.
    """
    covers = laid(photo, Stroke(photo.pk, covers, True))
    before = photo.sha256
    photo.sha256, photo.size = written(before, covers)
    with transaction.atomic():
        mine = Photo.objects.filter(pk=photo.pk, order=None, sha256=before)
        if not mine.update(sha256=photo.sha256, size=photo.size):
            raise Refused("no_photo")
        transaction.on_commit(lambda: photos.remove_files({before}))


def written(original: str, covers: Iterable[Cover]) -> tuple[str, int]:
    """The digest and size of the picture with these parts painted over; its file is there then.

    Raises Refused: no_photo where the original's file is lost, disk_full.
    """
    path = photos.path_of(original)
    if not path.exists():
        raise Refused("no_photo")
    data = painted(path.read_bytes(), list(covers))
    name = photos.digest(data)
    photos.keep(name, data)
    return name, len(data)


def painted(original: bytes, covers: list[Cover]) -> bytes:
    """A JPEG of the same size; the very same bytes where nothing is to be painted."""
    if not covers:
        return original
    with Image.open(io.BytesIO(original), formats=["JPEG"]) as opened:
        picture = opened.convert("RGB")
    brush = ImageDraw.Draw(picture)
    for left, top, width, height in covers:
        brush.rectangle((left, top, left + width - 1, top + height - 1), fill=PAINT)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()
