"""One photo, if the reader may see it: public, their own upload, or in an answer open to them."""

from __future__ import annotations

from uuid import UUID

from lianxin.core.step.scene import listed
from lianxin.core.step.who import Who
from lianxin.orders.book import book
from lianxin.orders.models import Content, Order, Photo
from lianxin.orders.photos import CARRIERS
from lianxin.orders.queries.story import capacities, may_read
from lianxin.orders.rows import COLUMNS, order_in


def visible_photo(id: UUID, who: Who) -> Photo | None:
    """The photo, or None: not there, not for these eyes, or erased from the story since."""
    photo = Photo.objects.filter(pk=id).first()
    if photo is None or photo.public:
        return photo
    if photo.order_id is None:
        return photo if who.id and str(photo.by_id) == who.id else None
    row = Order.objects.visible_to(who).filter(pk=photo.order_id).values(*COLUMNS).first()
    return photo if row and any(open_to(row, name, who) for name in answers(photo)) else None


def answers(photo: Photo) -> list[str]:
    """Names of the answers that carry this photo and were not erased."""
    page = book().exact(photo.order.flow, photo.order.since)
    carriers = [n for n, f in page.fields.items() if f.type in CARRIERS]
    rows = Content.objects.filter(order_id=photo.order_id, name__in=carriers, erased=None)
    return [row.name for row in rows if photo.pk in {UUID(v) for v in listed(row.value)}]


def open_to(row: dict[str, object], name: str, who: Who) -> bool:
    """Whether a field is open to this reader (`seen`)."""
    order = order_in(row)
    page = book().exact(order.flow, order.since)
    field = page.fields[name]
    return field.seen is None or may_read(field, capacities(order, page, who))
