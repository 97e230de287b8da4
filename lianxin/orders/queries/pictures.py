"""One photo for one reader: of an order they see, in an answer open to them and not erased."""

from __future__ import annotations

from uuid import UUID

from lianxin.core.step.order import Order as Kernel
from lianxin.core.step.refused import Refused
from lianxin.core.step.scene import listed
from lianxin.core.step.seen import hidden
from lianxin.core.step.who import Who
from lianxin.orders.book import book
from lianxin.orders.models import Content, Order, Photo
from lianxin.orders.photos import CARRIERS
from lianxin.orders.rows import COLUMNS, order_in


def picture(id: UUID, who: Who) -> Photo:
    """The photo's row. Raises Refused("no_photo") where there is none for these eyes.

    One that no step has taken in yet is seen by whoever sent it.
    """
    photo = Photo.objects.filter(pk=id).first()
    if photo is None:
        raise Refused("no_photo")
    if photo.order_id is None:
        if who.id and str(photo.by_id) == who.id:
            return photo
        raise Refused("no_photo")
    row = Order.objects.visible_to(who).filter(pk=photo.order_id).order_by().values(*COLUMNS)
    if not (found := row.first()) or not shown(order_in(found), photo, who):
        raise Refused("no_photo")
    return photo


def shown(order: Kernel, photo: Photo, who: Who) -> bool:
    """Whether an answer that this reader may read holds the photo."""
    page = book().exact(order.flow, order.since)
    closed = hidden(page, order, who, book().roles)
    names = [n for n, f in page.fields.items() if f.type in CARRIERS and n not in closed]
    kept = Content.objects.filter(order_id=photo.order_id, name__in=names, erased=None)
    held = {str(one) for value in kept.values_list("value", flat=True) for one in listed(value)}
    return bool(held & {str(photo.pk), photo.pk.hex})
