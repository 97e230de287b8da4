"""One photo, if the reader may see it: public, their own upload, or in an answer open to them."""

from __future__ import annotations

from uuid import UUID

from lianxin.core.step.order import Order as Kernel
from lianxin.core.step.refused import Refused
from lianxin.core.step.scene import listed
from lianxin.core.step.seen import closed_fields
from lianxin.core.step.who import Who
from lianxin.orders.book import book
from lianxin.orders.models import Content, Order, Photo
from lianxin.orders.photos import CARRIERS
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
