"""The board's numbers by place: each is what the register is asked for, counted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, F
from django.db.models.functions import Left, TruncDate
from django.utils import timezone

from lianxin.core.step.who import Grant
from lianxin.orders.models import Order
from lianxin.orders.queries.happened import ANY, HAPPENED, happenings
from lianxin.orders.queries.lists import all_of
from lianxin.orders.queries.narrow import Narrow
from lianxin.orders.sight import OrderQuerySet
from lianxin.registry.models import Area
from lianxin.registry.queries import below

COLUMNS = ("filed", "open", "late", "called", "unsolved", "reopened", "struck")
NOW = ("open", "late")  # how it stands as one looks, whatever the days
TREND = 30  # days, the last one among them
GRID = 18  # digits of a grid's path
LONGEST = 366  # days of one look


@dataclass(frozen=True, slots=True)
class Span:
    """Days in Beijing, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def __iter__(self) -> Iterator[date]:
        return (self.first + timedelta(days=n) for n in range(self.days))


def asked(column: str, span: Span) -> dict[str, str]:
    """What opens the rows of a column in the register: the same conditions count them.

    >>> asked("late", Span(date(2026, 9, 1), date(2026, 9, 7)))
    {'open': 'late'}
    >>> asked("struck", Span(date(2026, 9, 1), date(2026, 9, 7)))
    {'happened': 'struck', 'from': '2026-09-01', 'to': '2026-09-07'}
    """
    first, last = span.first.isoformat(), span.last.isoformat()
    if column == "filed":
        return {"since": first, "until": last}
    if column in NOW:
        return {"open": "1" if column == "open" else "late"}
    return {"happened": column, "from": first, "to": last}


@dataclass(frozen=True, slots=True)
class Line:
    """One place with its counts. `exact`: only what lies at the place itself, in none of its parts;
    `name` is "" where no area of that path is in force."""

    path: str
    name: str
    exact: bool
    counts: dict[str, int]

    def asked(self, column: str, span: Span) -> dict[str, str]:
        return {"path": self.path, **asked(column, span), **({"exact": "1"} if self.exact else {})}


def table(grant: Grant, path: str, span: Span) -> list[Line]:
    """The next places down with their counts, as this post shows them; at a community its grids.

    What belongs to none of them (filed with the place itself, or at a place that is no more) has
    lines of its own behind them, so that the lines add up to the whole.
    """
    parts = parts_of(path, timezone.localdate())
    digits = len(next(iter(parts), path))
    found: dict[str, dict[str, int]] = {part: {} for part in parts}
    for column in (c for c in COLUMNS if c not in HAPPENED):
        for part, n in counted(grant, path, column, span, digits).items():
            found.setdefault(part, {})[column] = n
    for part, counts in happened(grant, path, span, digits).items():
        found.setdefault(part, {}).update(counts)
    return [
        Line(part, parts.get(part, ""), len(part) < digits,
             {c: counts.get(c, 0) for c in COLUMNS})
        for part, counts in found.items()
    ]  # fmt: skip


def parts_of(path: str, on: date) -> dict[str, str]:
    """path → name of the next places down; inside a community, or what has no others, the grids."""
    areas = below(path, on) or list(
        Area.objects.on(on).filter(path__startswith=path, kind="grid").exclude(path=path)
        .order_by("path")
    )  # fmt: skip
    return {area.path: area.name for area in areas}


def whole(path: str, name: str, lines: list[Line]) -> Line:
    """All lines of a place together: every order stands in exactly one."""
    return Line(path, name, False, {c: sum(line.counts[c] for line in lines) for c in COLUMNS})


def counted(grant: Grant, path: str, column: str, span: Span, digits: int) -> dict[str, int]:
    """How many by the first `digits` of their path, as the register would list them."""
    found = shown(grant, {"path": path, **asked(column, span)})
    rows = found.annotate(part=Left("path", digits)).values("part").annotate(n=Count("pk"))
    return dict(rows.order_by("part").values_list("part", "n"))


def happened(grant: Grant, path: str, span: Span, digits: int) -> dict[str, dict[str, int]]:
    """The same of all that is read from the log, in one reading of it."""
    events = happenings(ANY, span.first, span.last)
    events = events.filter(order__in=shown(grant, {"path": path}).values("pk"))
    rows = events.annotate(part=Left("order__path", digits)).values("part").annotate(
        **{name: Count("order", distinct=True, filter=what) for name, what in HAPPENED.items()}
    )  # fmt: skip
    return {row.pop("part"): row for row in rows.values("part", *HAPPENED)}


def shown(grant: Grant, asked: dict[str, str]) -> OrderQuerySet:
    """What the register shows this post when it is asked so; open ones by their own index."""
    narrow = Narrow.of(asked, "id")
    mine = Order.objects.open_under(grant) if narrow.open or narrow.late else all_of(grant)
    return narrow.take(mine).order_by()


def states(grant: Grant, path: str) -> dict[tuple[str, str], int]:
    """(flow, state) → how many stand there now, most first."""
    rows = shown(grant, {"path": path, "open": "1"}).values("flow", "state")
    rows = rows.annotate(n=Count("pk")).order_by("-n", "flow", "state")
    return {(flow, state): n for flow, state, n in rows.values_list("flow", "state", "n")}


@dataclass(frozen=True, slots=True)
class Day:
    on: date
    filed: int
    struck: int


def trend(grant: Grant, path: str, last: date) -> list[Day]:
    """Filed and struck off on each of the last days."""
    span, zone = Span(last - timedelta(days=TREND - 1), last), timezone.get_current_timezone()
    came = shown(grant, {"path": path, **asked("filed", span)})
    came = came.annotate(on=TruncDate("filed", tzinfo=zone)).values("on").annotate(n=Count("pk"))
    filed = dict(came.values_list("on", "n"))
    done = happenings(HAPPENED["struck"], span.first, span.last)
    done = done.filter(order__in=shown(grant, {"path": path}).values("pk"))
    done = done.annotate(on=TruncDate("at", tzinfo=zone)).values("on")
    struck = dict(done.annotate(n=Count("order", distinct=True)).values_list("on", "n"))
    return [Day(on, filed.get(on, 0), struck.get(on, 0)) for on in span]


def overdue(grant: Grant, path: str, now: datetime) -> OrderQuerySet:
    """What is open and past its limit, the longest first."""
    found = Order.objects.open_under(grant).filter(kind="case", path__startswith=path, due__lt=now)
    return found.order_by(F("due").asc(), "id")
