"""A list made narrower by what its reader asks, and gone on with behind the last row shown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from lianxin.orders.models import Content
from lianxin.orders.queries.lists import AT_ONCE, Row
from lianxin.orders.sight import OrderQuerySet

NEVER = datetime.max.isoformat()  # where rows without a due time stand
LONGEST = 366 * 20  # days back that a list can be asked for
PHONE, APART = re.compile(r"\d{7}"), re.compile(r"[\s()+.－-]")
FACTS = ("flow", "category", "path", "state", "late", "open", "since", "until", "days", "ended")


@dataclass(frozen=True, slots=True)
class Narrow:
    """What was asked. `key` is the order of the list: by `id` (newest first) or by `due`.

    What does not read as an answer is left out: a mistyped address narrows nothing. `since` and
    `until` are days of filing, both included; `days`: filed on one of the last so many days, today
    among them; `ended`: at its end since the same.
    """

    key: str
    q: str = ""
    flow: str = ""
    category: str = ""
    path: str = ""
    state: str = ""
    late: bool = False
    open: bool | None = None
    since: date | None = None
    until: date | None = None
    days: int = 0
    ended: int = 0
    after: str = ""
    limit: int = AT_ONCE

    @classmethod
    def of(cls, asked: Mapping[str, str], key: str) -> Narrow:
        return cls(
            key=key, q=asked.get("q", "").replace("\0", "").strip()[:100],
            flow=word(asked, "flow"), category=word(asked, "category"), path=word(asked, "path"),
            state=word(asked, "state"), late="late" in asked or asked.get("open") == "late",
            open={"1": True, "0": False}.get(asked.get("open", "")), after=asked.get("after", ""),
            since=day(asked.get("since", "")), until=day(asked.get("until", "")),
            days=number(asked.get("days", "")), ended=number(asked.get("ended", "")),
        )  # fmt: skip

    def take(self, found: OrderQuerySet) -> OrderQuerySet:
        found = found.filter(kind="case") if self.key == "id" else found
        if self.q:
            found = found.filter(self.words())
        return self.behind(found.filter(*self.conditions()))

    @property
    def any(self) -> bool:
        """Whether anything was asked beside the words: whether filters are worth showing open."""
        plain = {f.name: f.default for f in fields(self)}
        return any(getattr(self, name) != plain[name] for name in FACTS)

    def conditions(self) -> Iterator[Q]:
        """All but the words, one by one: a board counts by what a list is narrowed by."""
        for name in ("category", "path"):
            if value := getattr(self, name):
                yield Q(**{f"{name}__startswith": value})
        for name in ("flow", "state"):
            if value := getattr(self, name):
                yield Q(**{name: value})
        if self.open is not None:
            yield Q(open=self.open)
        if self.late:
            yield Q(open=True, due__lt=timezone.now())
        if self.since:
            yield Q(pk__gte=first_id(self.since))
        if self.until:
            yield Q(pk__lt=first_id(self.until + timedelta(days=1)))
        if self.days:
            yield Q(pk__gte=first_id(back(self.days)))
        if self.ended:
            yield Q(open=False, entered__gte=midnight(back(self.ended)))

    def words(self) -> Q:
        """Its number, or the words it was asked in; a place is searched by its path or its list.

        A phone number gathers nobody's requests here, and later words may be for other eyes.
        """
        number = Q(number__iexact=self.q)
        if PHONE.search(APART.sub("", self.q)):
            return number
        said = Content.objects.filter(
            order=OuterRef("pk"), nth=1, name__in=("text", "address"), value__icontains=self.q
        )
        return number | Q(Exists(said))

    def mark(self, row: Row) -> str:
        """Where the next page goes on."""
        due = row.due.isoformat() if row.due else NEVER
        return row.id if self.key == "id" else f"{due}_{row.id}"

    def behind(self, found: OrderQuerySet) -> OrderQuerySet:
        try:
            if self.key == "id":
                return found.filter(pk__lt=UUID(self.after)) if self.after else found
            due, _, id = self.after.partition("_")
            if not id:
                return found
            last = UUID(id)
            if due == NEVER:
                return found.filter(due=None, pk__gt=last)
            at = datetime.fromisoformat(due)
        except ValueError:
            return found
        if at.tzinfo is None:
            return found
        return found.filter(Q(due__gt=at) | Q(due=at, pk__gt=last) | Q(due=None))


def word(asked: Mapping[str, str], name: str) -> str:
    """
    >>> word({"state": "filed\\0"}, "state")
    'filed'
    """
    return "".join(c for c in asked.get(name, "")[:40] if c.isprintable())


def number(text: str) -> int:
    """
    >>> number("7"), number("x"), number("-7"), number("999999999999")
    (7, 0, 0, 7320)
    """
    return min(int(text[:9]), LONGEST) if text.isascii() and text.isdecimal() else 0


def day(text: str) -> date | None:
    """
    >>> day("2026-09-30"), day("30.9."), day("0001-01-01")
    (datetime.date(2026, 9, 30), None, None)
    """
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 1970 < found.year < 9000 else None


def back(days: int) -> date:
    """The first of the last so many days, today being the last."""
    return timezone.localdate() - timedelta(days=days - 1)


def midnight(on: date) -> datetime:
    return timezone.make_aware(datetime.combine(on, time()))


def first_id(on: date) -> UUID:
    """The smallest id of a day. An order's id is a UUIDv7 of the moment it was filed, so a span of
    days is a range of the index that lists are read by."""
    return UUID(int=int(midnight(on).timestamp() * 1000) << 80)
