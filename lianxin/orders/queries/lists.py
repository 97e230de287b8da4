"""Lists of orders, each read under one grant and by one index, newest or most urgent first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import (
    Count,
    Exists,
    F,
    FloatField,
    OuterRef,
    Subquery,
)
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce

from lianxin.core.flow.page import Page, Words
from lianxin.core.step.order import Order as Kernel
from lianxin.core.step.seen import closed_fields, phone_fields
from lianxin.core.step.who import Grant, Who
from lianxin.orders.book import book
from lianxin.orders.models import Content, Event, Hand, Order
from lianxin.orders.models.order import Calm
from lianxin.orders.rows import COLUMNS, order_in
from lianxin.orders.sight import OrderQuerySet, waiting

AT_ONCE = 50  # rows of one page of a list
SEVERE = "high"
SNIPPET = 120  # characters of the words that a row shows
SHOWN = (
    "id", "number", "flow", "since", "state", "turn", "open", "category", "severity", "due", "at",
    "filed", "outcome", "path", "parent_id",
)  # fmt: skip
NAMES = (*SHOWN, "area__name", "said")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list. `text` begins the words; `late` is whether the soonest limit is over.

    `order` is what the kernel knows of it (hands, answers), where the list was asked for whole.
    `about`: how the case of a paper begins, where the list asked for that (`with_cases`).
    """

    id: str
    number: str
    flow: Words
    state: str
    words: Words
    turn: str | None
    open: bool
    text: str
    place: str
    category: str | None
    severity: str | None
    due: datetime | None
    at: datetime
    filed: datetime
    outcome: str | None
    late: bool
    flow_name: str
    since: date
    path: str
    parent: UUID | None = None
    about: str = ""
    order: Kernel | None = field(default=None, repr=False)

    @property
    def page(self) -> Page:
        return book().exact(self.flow_name, self.since)


def most_urgent() -> tuple[Any, ...]:
    """What must not wait stands on top whatever its due (a smell of gas that was sent all the
    same), then by due. `Narrow.behind` goes on in the same order."""
    return Calm("severity").asc(), F("due").asc(nulls_last=True), "id"


def all_of(grant: Grant) -> OrderQuerySet:
    """Everything a grant shows, newest first."""
    return Order.objects.of_grant(grant).order_by("-id")


def cases_of(grant: Grant) -> OrderQuerySet:
    """The same without what belongs to a case and is shown with it."""
    return all_of(grant).filter(kind="case")


def inbox(grant: Grant) -> OrderQuerySet:
    """What waits for the holder of this post, most urgent first."""
    return Order.objects.filter(waiting(grant), open=True).order_by(*most_urgent())


def mine(who: Who) -> OrderQuerySet:
    """The orders a person is bound to themselves: filed, taken, or the paper they asked for."""
    held = Hand.objects.filter(
        order=OuterRef("pk"), holds="person", who=int(who.id), until=None, veiled=False
    )
    return Order.objects.filter(Exists(held)).order_by("-id")


def pool(grant: Grant, who: Who) -> OrderQuerySet:
    """What a member of a unit may take: where seats are left and none is theirs."""
    here = Hand.objects.filter(order=OuterRef("pk"), holds="person", until=None)
    mine = Exists(here.filter(who=int(who.id)))
    found = Order.objects.of_grant(grant).filter(~mine, open=True, pool=True)
    for number, parties in seats().items():
        sitting = here.filter(name__in=parties).order_by().values("order")
        taken = Coalesce(Subquery(sitting.annotate(n=Count("pk")).values("n")), 0)
        asked = Cast(KT(f"facts__fields__{number}"), FloatField())
        found = found.alias(**{f"left_{number}": asked - taken})
        found = found.exclude(**{f"left_{number}__lte": 0})
    return found.order_by("due", "id")


def seats() -> dict[str, set[str]]:
    """Over all pages: the fields that say how many seats there are → the parties that sit there."""
    found: dict[str, set[str]] = {}
    for page in (page for dated in book().pages.values() for page in dated.values()):
        for step in page.steps.values():
            if step.seats and not step.seats_of_parent:
                found.setdefault(step.seats, set()).update(step.casts)
    return found


def came(found: OrderQuerySet, since: datetime, who: Who, most: int = 100) -> int:
    """How many of these came to stand where they stand after `since`, but for the reader's own
    doing; at most `most`."""
    own = Event.objects.filter(order=OuterRef("pk"), nth=OuterRef("nth"), actor=who.id)
    return found.filter(~Exists(own), entered__gt=since).order_by()[:most].count()


def rows(
    found: OrderQuerySet, now: datetime, *, after: str | None = None, limit: int = AT_ONCE,
    whole: bool = False,
) -> list[Row]:  # fmt: skip
    """One page of a list: `limit` rows and one more, which says that there are further ones.

    `after` is the id of the last row shown; lists by id go on from it without counting. `whole`:
    all the words, not only how they begin, and what the kernel knows.
    """
    if after:
        found = found.filter(pk__lt=UUID(after))
    found = with_words(found).values(*NAMES, *(COLUMNS if whole else ()))
    return list(read(found[: limit + 1], now, whole))


def with_words(found: OrderQuerySet) -> OrderQuerySet:
    first = Content.objects.filter(order=OuterRef("pk"), name="text").order_by("nth")
    return found.annotate(said=Subquery(first.values("value")[:1]))


def read(found: Iterable[dict[str, Any]], now: datetime, whole: bool = False) -> Iterator[Row]:
    """Only what a line shows is fetched: a page of whole orders costs three times as much."""
    most = None if whole else SNIPPET
    for order in found:
        page = book().exact(order["flow"], order["since"])
        state, due = page.states.get(order["state"]), order["due"]
        yield Row(
            id=order["id"].hex, number=order["number"], flow=page.words, state=order["state"],
            words=state.words if state else Words("作废", "Void"), turn=order["turn"],
            open=order["open"],
            text=openly(page, order["said"])[:most],
            place=order["area__name"] or "", category=order["category"],
            severity=order["severity"], due=due, at=order["at"], filed=order["filed"],
            outcome=order["outcome"], late=bool(order["open"] and due and due < now),
            flow_name=order["flow"], since=order["since"], path=order["path"],
            parent=order["parent_id"],
            order=order_in(order) if whole else None,
        )  # fmt: skip


def with_cases(found: list[Row], who: Who) -> list[Row]:
    """A paper (an approval) has no words: it is told by those of its case, where that may be seen.
    One query, none where every row has words of its own."""
    asked = {row.parent for row in found if row.parent and not row.text}
    if not asked:
        return found
    cases = with_words(Order.objects.visible_to(who).filter(pk__in=asked))
    said = {
        id: openly(book().exact(flow, since), text)[:SNIPPET]
        for id, flow, since, text in cases.values_list("pk", "flow", "since", "said")
    }
    return [row if row.text else replace(row, about=said.get(row.parent, "")) for row in found]


def openly(page: Page, said: str | None) -> str:
    """The words of an order, "" where not everybody who sees it may read them."""
    return (said or "") if shown(page, "text") else ""


def shown(page: Page, name: str) -> bool:
    """Whether everybody who sees the order may read this field; a list asks no further."""
    return name not in page.fields or page.fields[name].seen is None


def phones(found: Iterable[Row], who: Who) -> dict[str, str]:
    """Phones of the askers by order, for those orders in which this person may read them."""
    roles, open_to = book().roles, {}
    for row in found:
        assert row.order, "phones are asked for a list that was read whole"
        kinds = phone_fields(row.page)
        if names := kinds - closed_fields(row.page, row.order, who, roles, kinds):
            open_to[UUID(row.id)] = names
    said = Content.objects.filter(order__in=open_to, erased=None).order_by("order", "nth")
    said = said.filter(name__in=set().union(*open_to.values())) if open_to else said.none()
    return {c.order_id.hex: c.value for c in said if c.name in open_to[c.order_id]}
