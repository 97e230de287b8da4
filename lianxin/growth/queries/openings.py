"""What is open to everybody: posts that are noticed, and who is shown before they are hired.

Only what the loop publishes is read here: the notice, its fields, and, while they are shown, the
names of those who were chosen. No application, mark or objection.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Q

from lianxin.core.flow.page import Page, Step, Words
from lianxin.growth.loops.hiring import CANDIDATE, CHOSEN
from lianxin.orders.actions import Done
from lianxin.orders.book import book
from lianxin.orders.models import Content, Event, Hand, Order
from lianxin.registry.models import Person

FLOWS = ("vacancy", "selection")
APPLY, TEXT = "apply", "text"
LISTED = ("post", "of_kind", "year", "places")  # fields of a notice, as the page names them
AT_ONCE = 50


@dataclass(frozen=True)
class Opening:
    """One notice. `text`: what is asked, in the words of the desk; "" once they were taken out."""

    row: Order
    text: str

    @property
    def number(self) -> str:
        return str(self.row.number)

    @cached_property
    def page(self) -> Page:
        return book().exact(self.row.flow, self.row.since)

    @property
    def applying(self) -> bool:
        return self.row.state in self.page.steps[APPLY].sources

    @property
    def objecting(self) -> Step | None:
        """The step by which anybody may say what speaks against it, while it is shown."""
        found = (s for s in outspoken(self.page) if self.row.state in s.sources)
        return next(found, None)

    @property
    def waits(self) -> bool:
        """Whether the days of the publicity stand still, because somebody has objected."""
        return bool(self.page.states[self.row.state].stopped)

    @property
    def until(self) -> datetime | None:
        """The last moment to apply or to object; None while an objection is looked into."""
        return None if self.waits else self.row.due

    @property
    def facts(self) -> list[tuple[Words, Any]]:
        """What was noticed: a choice in words of both languages, a number as it is."""
        fields, found = self.row.facts.get("fields", {}), []
        for name in LISTED:
            if name in fields and name in self.page.fields:
                about = self.page.fields[name]
                found.append((about.words, dict(about.of).get(fields[name], fields[name])))
        return found


def outspoken(page: Page) -> list[Step]:
    """Steps of a page that anybody may take, but for applying."""
    return [s for s in page.steps.values() if "anyone" in s.by and not s.door and s.name != APPLY]


def open_now() -> Q:
    """Noticed or shown at this moment, by the pages of these loops."""
    found = Q(pk__in=())
    for flow in FLOWS:
        for since, page in book().pages.get(flow, {}).items():
            steps = (page.steps[APPLY], *outspoken(page))
            states = sorted({state for step in steps for state in step.sources})
            found |= Q(flow=flow, since=since, state__in=states)
    return found


def openings(after: str = "") -> list[Opening]:
    """The newest first, and one more that says there are further ones."""
    found = Order.objects.filter(open_now(), public=True).order_by("-id")
    if after:
        found = found.filter(pk__lt=UUID(after))
    return told(found.select_related("area")[: AT_ONCE + 1])


def opening(number: str) -> Opening | None:
    """One that was noticed, also when nothing can be done about it any more."""
    found = Order.objects.filter(number=number[:32], public=True, flow__in=FLOWS)
    return next(iter(told(found.select_related("area"))), None)


def told(found: Iterable[Order]) -> list[Opening]:
    rows = list(found)
    said = Content.objects.filter(order__in=rows, nth=1, name=TEXT, erased=None)
    texts = dict(said.values_list("order_id", "value"))
    return [Opening(row, str(texts.get(row.pk, ""))) for row in rows]


def shown(row: Opening) -> list[str]:
    """Names of those who are to be hired, while anybody may object; nobody's before or after."""
    if row.objecting is None:
        return []
    held = Hand.objects.filter(
        order__parent=row.row.pk, name=CHOSEN, holds="person", until=None
    ).exclude(order__state="void")  # fmt: skip
    people = Person.objects.filter(pk__in=held.values("who")).order_by("spelt", "pk")
    return list(people.values_list("name", flat=True))


def application_of(done: Done) -> UUID:
    """The application that a step of applying has opened."""
    act = Event.objects.values_list("act", flat=True).get(order_id=UUID(done.id), nth=done.nth)
    opened = Event.objects.filter(act=act, nth=1, order__parent=UUID(done.id))
    return UUID(str(opened.values_list("order_id", flat=True).get()))


def own(row: Opening, person: str) -> Order | None:
    """The reader's own application, if they have sent one."""
    if not person:
        return None
    mine = Hand.objects.filter(name=CANDIDATE, holds="person", who=int(person), until=None)
    kids = Order.objects.filter(parent=row.row.pk, pk__in=mine.values("order"))
    return kids.exclude(state="void").order_by("pk").first()
