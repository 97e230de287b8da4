"""Words and photos are taken out of an event; that they were there, and who took them, stays."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone

from lianxin.core.flow.page import Page
from lianxin.core.step.order import Change
from lianxin.core.step.refused import Refused
from lianxin.core.step.scene import listed
from lianxin.orders.models import Content, Event, Photo
from lianxin.orders.photos import CARRIERS, remove_files


def erase(change: Change, page: Page) -> None:
    """Do what a step that `erases` has said: the entry it names loses its words for good.

    A party takes out only what it said itself; a post whatever stands there. The salts go too, so
    that the digests left in the log say nothing. Raises Refused: no_entry, not_own_words.
    """
    step = page.steps.get(change.event.verb)
    if step is None or step.erases is None:
        return
    order, nth = UUID(change.order.id), int(change.event.given[step.erases])
    entry = Event.objects.filter(order_id=order, nth=nth).first()
    found = Content.objects.filter(order_id=order, nth=nth, erased=None)
    if entry is None or nth >= change.event.nth or not found:
        raise Refused("no_entry", entry=nth)
    mine = (entry.actor, entry.capacity) == (change.event.actor, change.event.capacity)
    if change.event.capacity in page.parties and not (mine or begun(entry, change)):
        raise Refused("not_own_words")
    remove_photos(found, page)
    found.update(value=None, salt=None, erased=timezone.now())


def begun(entry: Event, change: Change) -> bool:
    """Whether the entry is what its asker filed by a door that was open to anyone."""
    return entry.nth == 1 and entry.capacity == "anyone" and entry.actor == change.event.actor


def remove_photos(found: list[Content], page: Page) -> None:
    """The pictures themselves go, and their files unless another photo is the same picture."""
    names = {c.name for c in found if c.name in page.fields}
    carriers = {n for n in names if page.fields[n].type in CARRIERS}
    ids = [str(i) for c in found if c.name in carriers for i in listed(c.value)]
    gone = Photo.objects.filter(pk__in=ids)
    files = set(gone.values_list("sha256", flat=True))
    gone.delete()
    remove_files(files)
