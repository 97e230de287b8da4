"""Words and photos are taken out of an event; that they were there, and who took them, stays."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from lianxin.core.flow.page import Page
from lianxin.core.step.order import Change
from lianxin.core.step.refused import Refused
from lianxin.core.step.scene import listed
from lianxin.orders.models import Content, Event, Photo
from lianxin.orders.photos import CARRIERS, remove_files


class Hand(Protocol):
    """Who does something, and as what: an event, or somebody before there is one."""

    @property
    def actor(self) -> str: ...
    @property
    def capacity(self) -> str: ...
    @property
    def unit(self) -> str | None: ...


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
    painted = [n for n, f in page.fields.items() if f.type == "cover"]  # where it is, not what
    found = Content.objects.filter(order_id=order, nth=nth, erased=None).exclude(name__in=painted)
    if entry is None or nth >= change.event.nth or not found:
        raise Refused("no_entry", entry=nth)
    if change.event.capacity in page.parties and not own_words(entry, change.event, page):
        raise Refused("not_own_words")
    remove_photos(found, page)
    found.update(value=None, salt=None, erased=timezone.now())


def own_words(entry: Event, hand: Hand, page: Page) -> bool:
    """Whether the same party said both, from the same unit; or the entry is what its asker filed
    by a door that was open to anyone, and signed in or by their link they are that asker."""
    door = page.steps.get(entry.verb)
    if entry.nth == 1 and entry.capacity == "anyone" and door:
        return hand.capacity in door.casts and hand.actor in (entry.actor, "")
    same = entry.capacity == hand.capacity and entry.unit == hand.unit
    return same and entry.actor == hand.actor


def remove_photos(found: list[Content], page: Page) -> None:
    """The pictures themselves go, and their files unless another photo is the same picture."""
    names = {c.name for c in found if c.name in page.fields}
    carriers = {n for n in names if page.fields[n].type in CARRIERS}
    ids = [str(i) for c in found if c.name in carriers for i in listed(c.value)]
    gone = Photo.objects.filter(pk__in=ids)
    files = {name for pair in gone.values_list("sha256", "original") for name in pair if name}
    gone.delete()
    transaction.on_commit(lambda: remove_files(files))
