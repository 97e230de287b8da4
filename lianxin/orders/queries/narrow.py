"""A list made narrower by what its reader asks, and gone on with behind the last row shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from lianxin.core.step.who import Grant
from lianxin.orders.queries.happened import HAPPENED, befell, first_id, midnight
from lianxin.orders.queries.lists import AT_ONCE, SEVERE, Row
from lianxin.orders.queries.typed import asks, plain, tail
from lianxin.orders.sight import OrderQuerySet

NEVER = datetime.max.isoformat()  # where rows without a due time stand
LONGEST = 366 * 20  # days back that a list can be asked for
RECENT = 90  # days within which an address or the end of a phone finds anything
FACTS = (
    "flow", "category", "path", "exact", "state", "late", "open", "since", "until", "days", "ended",
    "happened", "first", "last",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Narrow:
    """What was asked. `key` is the order of the list: by `id` (newest first) or by `due`
    (`lists.most_urgent`).

    What does not read as an answer is left out: a mistyped address narrows nothing. `since` and
    `until` are days of filing, both included; `days`: filed on one of the last so many days, today
    among them; `ended`: at its end since the same. `happened` (as `HAPPENED` has it) on the days
    from `first` to `last`, asked as `from` and `to`; `exact`: at the place itself, not inside it.
    """

    key: str
    q: str = ""
    flow: str = ""
    category: str = ""
    path: str = ""
    exact: bool = False
    state: str = ""
    late: bool = False
    open: bool | None = None
    since: date | None = None
    until: date | None = None
    days: int = 0
    ended: int = 0
    happened: str = ""
    first: date | None = None
    last: date | None = None
    after: str = ""
    limit: int = AT_ONCE

    @classmethod
    def of(cls, asked: Mapping[str, str], key: str) -> Narrow:
        return cls(
            key=key, q=plain(asked.get("q", "")),
            flow=word(asked, "flow"), category=word(asked, "category"), path=word(asked, "path"),
            state=word(asked, "state"), late="late" in asked or asked.get("open") == "late",
            open={"1": True, "0": False}.get(asked.get("open", "")), after=asked.get("after", ""),
            since=day(asked.get("since", "")), until=day(asked.get("until", "")),
            days=number(asked.get("days", "")), ended=number(asked.get("ended", "")),
            exact="exact" in asked, first=day(asked.get("from", "")),
            last=day(asked.get("to", "")),
            happened=what if (what := asked.get("happened", "")) in HAPPENED else "",
        )  # fmt: skip

    def take(self, found: OrderQuerySet, grant: Grant | None = None) -> OrderQuerySet:
        """`found` made narrower; `grant` is the post it is read under, where there is a box."""
        found = found.filter(kind="case") if self.key == "id" else found
        if self.q and grant:
            found = found.filter(self.fits(grant))
        return self.behind(found.filter(*self.conditions()))

    @property
    def nothing(self) -> bool:
        """Whether this is the list as it is opened."""
        return not (self.any or self.q or self.after)

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
        if self.exact:
            yield Q(path=self.path)
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
        if self.happened:
            yield befell(self.happened, *self.span)

    @property
    def span(self) -> tuple[date, date]:
        """The days on which it happened: without a beginning today, without an end that day."""
        first = self.first or self.last or timezone.localdate()
        return first, max(first, self.last or first)

    def fits(self, grant: Grant) -> Q:
        """What was typed into the box, for the eyes of this post."""
        return asks(self.q, grant, first_id(back(RECENT)))

    @property
    def tail(self) -> str:
        """The digits by which a phone may be looked for; "" if none were typed."""
        return tail(self.q)

    def mark(self, row: Row) -> str:
        """Where the next page goes on."""
        due = row.due.isoformat() if row.due else NEVER
        first = SEVERE if row.severity == SEVERE else ""
        return row.id if self.key == "id" else f"{first}_{due}_{row.id}"

    def behind(self, found: OrderQuerySet) -> OrderQuerySet:
        try:
            if self.key == "id":
                return found.filter(pk__lt=UUID(self.after)) if self.after else found
            first, due, id = self.after.split("_")
            last, at = UUID(id), datetime.fromisoformat(due)
        except ValueError:
            return found
        if at.tzinfo is None and due != NEVER:
            return found
        severe = Q(severity=SEVERE)
        later = Q(due=None, pk__gt=last)
        if due != NEVER:
            later = Q(due__gt=at) | Q(due=at, pk__gt=last) | Q(due=None)
        return found.filter((severe & later) | ~severe if first == SEVERE else ~severe & later)


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
