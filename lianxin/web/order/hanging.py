"""Photos as they hang in a story: under the name of their answer, before and after side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from lianxin.core.flow.page import Page
from lianxin.orders.queries.story import Entry, Line
from lianxin.web import moments
from lianxin.web.words import say, speak

PHOTOS = ("photo", "file")
BEFORE, AFTER = "photo_before", "photo"

Way = Callable[[str, Any], str]  # (name of an address, id of a photo) → where this reader finds it


@dataclass(frozen=True, slots=True)
class Gallery:
    """Photos of one answer under its name. Each has its picture (`url`), its page and its words."""

    label: str
    photos: tuple[dict[str, str], ...]


def inside(name: str, id: Any) -> str:
    """Where whoever is signed in finds a photo."""
    return reverse(name, args=[id])


def by_link(secret: str) -> Way:
    """Where the asker finds it, who has no account."""
    return lambda name, id: reverse(f"asked_{name}", args=[secret, id])


def galleries(entry: Entry, way: Way = inside, left: Iterable[str] = ()) -> Iterator[Gallery]:
    """The photos of one event by their answers, but for answers `left` to a pair."""
    for line in shown(entry):
        if line.name not in left:
            label = speak(line.words)
            yield Gallery(label, tuple(pictures(many(line.value), label, entry.at, way)))


def pair(entry: Entry, first: Entry | None, page: Page, way: Way = inside) -> tuple[Gallery, ...]:
    """What it looked like before and after, where one step may show both; else nothing.

    Where nobody took a photo before the work, those of whoever reported it show what was wrong.
    """
    step = page.steps.get(entry.verb)
    if step is None or not {BEFORE, AFTER} <= set(step.asked):
        return ()
    after = ids(entry, AFTER)
    before, at = ids(entry, BEFORE), entry.at
    if not before and first is not None and first.nth == 1:
        before, at = ids(first, AFTER), first.at
    if not before or not after:
        return ()
    words = say("orders.story.before"), say("orders.story.after")
    return (
        Gallery(words[0], tuple(pictures(before, words[0], at, way))),
        Gallery(words[1], tuple(pictures(after, words[1], entry.at, way))),
    )


def shown(entry: Entry) -> list[Line]:
    return [s for s in entry.lines if s.type in PHOTOS and not s.erased and s.value]


def ids(entry: Entry, name: str) -> list[Any]:
    return [id for line in shown(entry) if line.name == name for id in many(line.value)]


def pictures(found: list[Any], label: str, at: datetime, way: Way) -> Iterator[dict[str, str]]:
    when = moments.moment(at, this_year=at.year)
    for n, id in enumerate(found, 1):
        alt = say("photos.alt", label=label, n=n, at=when)
        yield {"url": way("photo", id), "page": way("photo_view", id), "alt": alt}


def many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
