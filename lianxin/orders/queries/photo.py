"""One photo, if the reader may see it: public, their own upload, or in an answer open to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from lianxin.core.step.capacity import Capacity, capacity, fit
from lianxin.core.step.order import Order as Kernel
from lianxin.core.step.refused import Refused
from lianxin.core.step.scene import listed
from lianxin.core.step.seen import closed_fields
from lianxin.core.step.who import Who
from lianxin.orders.book import book
from lianxin.orders.looks import PICTURE, looked
from lianxin.orders.models import Content, Order, Photo
from lianxin.orders.painting import carriers, entitled
from lianxin.orders.photos import CARRIERS
from lianxin.orders.queries.page import Sheet, order_sheet
from lianxin.orders.rows import COLUMNS, order_in


def visible_photo(id: UUID, who: Who) -> Photo:
    """The photo's row, for pages and programs alike. One that no step has taken in yet is seen by
    whoever sent it.

    Raises Refused("no_photo"): not there, not for these eyes, or erased from the story since.
    """
    photo = Photo.objects.filter(pk=id).first()
    if photo is None or not (photo.public or open_to(photo, who)):
        raise Refused("no_photo")
    return photo


def open_to(photo: Photo, who: Who) -> bool:
    """Whether it is their own upload, or an answer that they may read carries it."""
    if photo.order_id is None:
        return bool(who.id) and str(photo.by_id) == who.id
    seen = Order.objects.visible_to(who).filter(pk=photo.order_id).order_by()
    row = seen.values(*COLUMNS).first()
    return row is not None and carried(photo, order_in(row), who)


def carried(photo: Photo, order: Kernel, who: Who) -> bool:
    """Whether a field that is open to this reader (`seen`) holds the photo, not erased."""
    page = book().exact(order.flow, order.since)
    closed = closed_fields(page, order, who, book().roles)
    names = [n for n, f in page.fields.items() if f.type in CARRIERS and n not in closed]
    kept = Content.objects.filter(order_id=photo.order_id, name__in=names, erased=None)
    return any(
        UUID(str(one)) == photo.pk
        for value in kept.values_list("value", flat=True)
        for one in listed(value)
    )


# ── the original ─────────────────────────────────────────────────────────────────────────────────


class Someone(NamedTuple):
    """Who is about to do something, and as what."""

    actor: str
    capacity: str
    unit: str | None


@dataclass(frozen=True, slots=True)
class Hung:
    """A photo in its order, as one reader meets it."""

    photo: Photo
    sheet: Sheet

    @property
    def uncovers(self) -> Capacity | None:
        """As what this reader may take paint off, and so may see what lies under it."""
        page, roles = self.sheet.page, book().roles
        entries = [entry for step in page.steps.values() if step.bares for entry in step.by]
        found = (fit(self.sheet.order, page, e, self.sheet.who, roles) for e in entries)
        return next((one for one in found if one), None)

    @property
    def paints(self) -> str:
        """The step by which this reader may paint over this photo now, "" if none."""
        page, roles = self.sheet.page, book().roles
        for step in (b.step for b in self.sheet.buttons if b.step.paints):
            may = capacity(self.sheet.order, page, step, self.sheet.who, roles)
            hand = Someone(self.sheet.who.id, may.name, may.grant.unit if may.grant else None)
            try:
                entitled(self.photo, page, hand)
            except Refused:
                continue
            return step.name
        return ""

    @property
    def bares(self) -> str:
        """The step by which this reader may take paint off it now, "" if none."""
        return next((b.step.name for b in self.sheet.buttons if b.step.bares), "")

    @property
    def nth(self) -> int:
        """The event that brought the photo."""
        return next((nth for nth, _ in carriers(self.photo, self.sheet.page)), 0)


def hung(id: UUID, who: Who, now: datetime) -> Hung:
    """Raises Refused("no_photo"), also for one that no order has yet, or an order not seen."""
    photo = visible_photo(id, who)
    number = Order.objects.filter(pk=photo.order_id).values_list("number", flat=True).first()
    if number is None:
        raise Refused("no_photo")
    return Hung(photo, order_sheet(number, who, now))


def original(found: Hung, now: datetime) -> str:
    """The digest of the picture under the paint; that it is looked at is written down first.

    Raises Refused: not_painted, no_original.
    """
    may = found.uncovers
    if may is None:
        raise Refused("no_original")
    if not found.photo.original:
        raise Refused("not_painted")
    looked(
        found.sheet.who, PICTURE, order=found.sheet.row.pk, n=1,
        path=may.grant.path if may.grant else found.sheet.row.path,
        about=f"entry={found.nth}", now=now,
    )  # fmt: skip
    return found.photo.original
