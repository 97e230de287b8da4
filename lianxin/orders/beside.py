"""What a change writes beside its own rows, in the same transaction: photos, a mechanism's row."""

from __future__ import annotations

from lianxin.core.flow.page import Page
from lianxin.core.step.order import Change
from lianxin.orders import erasing, handed_back, painting, photos
from lianxin.orders.book import book
from lianxin.orders.world import DETAILS


def page_of(change: Change) -> Page:
    return book().exact(change.order.flow, change.order.since)


def there_is(change: Change) -> bool:
    """Whether a change has more to write than its own rows, or words to queue."""
    page = page_of(change)
    step = page.steps.get(change.event.verb)
    erases = step is not None and step.erases is not None
    if change.words or change.detail is not None or erases or painting.does(change, page):
        return True
    return bool(photos.carried(change)) or handed_back.does(change)


def write(change: Change) -> None:
    """Take its photos in, let the mechanism write its row, take out what was to be erased, paint
    over what was to be painted."""
    page = page_of(change)
    photos.attach(change)
    if page.detail and change.detail is not None and page.detail in DETAILS:
        DETAILS[page.detail].write(change)
    erasing.erase(change, page)
    painting.paint(change, page)
    handed_back.shut(change)
