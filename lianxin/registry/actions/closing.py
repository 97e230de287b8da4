"""What becomes of all that stands at an area when the area closes: one table for every register.

Each model that points to an area has a line, here or from its own room (`also`); a test looks for
one that has none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.db.models import Q, QuerySet

from lianxin.core.flow.page import Words
from lianxin.registry.actions.stamp import Stamp
from lianxin.registry.models import Area
from lianxin.registry.refusal import NotPossible

NAMED = 3  # rows of one register that a refusal names; all are counted


class Fate(Enum):
    ENDS = "ends"  # with the area, on that day
    BARS = "bars"  # the area stays until somebody has seen to it
    GOES = "goes"  # on at the area that takes this one in; the log keeps where it stood
    STAYS = "stays"  # a thing of its day, or found through the successor


End = Callable[[Stamp, Any, date], None]
Fits = Callable[[Any, Area], bool]


def end(stamp: Stamp, row: Any, on: date) -> None:
    """From that day on it is no more; what had not begun by then is void."""
    stamp.change("close", row, until=max(on, row.since))


def lasting(rows: QuerySet[Any], on: date) -> QuerySet[Any]:
    """What is in force on that day or begins later."""
    return rows.filter(Q(until=None) | Q(until__gt=on))


@dataclass(frozen=True, slots=True)
class Tied:
    """A register tied to areas by its column `area`. `closed`: what becomes of a row where the area
    closes, `merged`: where another takes it in. `fits`: whether a row can go on at that other one,
    or else it bars. `twice`: where the other one has the same already."""

    label: str
    words: Words
    closed: Fate
    merged: Fate
    named: Callable[[Any], str] = str
    end: End = end
    lasts: Callable[[QuerySet[Any], date], QuerySet[Any]] = lasting
    fits: Fits = lambda row, into: True
    twice: Fate = Fate.BARS

    def rows(self, area: Area, on: date) -> list[Any]:
        model: type[models.Model] = apps.get_model(self.label)
        found = self.lasts(model._default_manager.filter(area=area), on)
        return list(found.select_for_update(of=("self",)).order_by("pk"))


_known: dict[str, Tied] = {}


def also(*tied: Tied) -> None:
    """From here on these are asked, too, when an area closes."""
    _known.update({one.label: one for one in tied})


def table() -> dict[str, Tied]:
    """By the label of the model, in the order in which they are seen to."""
    return dict(_known)


def see_to(stamp: Stamp, area: Area, on: date, into: Area | None) -> None:
    """Everything that stands there ends or goes over. Refuses: area_in_use, with the list of what
    somebody has to see to first; nothing is then changed."""
    bars = [
        (tied, [row for row in tied.rows(area, on) if not settled(stamp, tied, row, on, into)])
        for tied in _known.values()
        if (tied.merged if into else tied.closed) is not Fate.STAYS
    ]
    if n := sum(len(rows) for _, rows in bars):
        raise NotPossible("area_in_use", name=area.name, n=n, among=told(bars))


def settled(stamp: Stamp, tied: Tied, row: Any, on: date, into: Area | None) -> bool:
    """False: it bars."""
    fate = tied.merged if into else tied.closed
    if fate is Fate.GOES:
        assert into is not None, f"{tied.label}: there is nowhere to go"
        if not tied.fits(row, into):
            return False
        fate = Fate.GOES if gone(stamp, row, into) else tied.twice
    if fate is Fate.ENDS:
        tied.end(stamp, row, on)
    return fate is not Fate.BARS


def gone(stamp: Stamp, row: Any, into: Area) -> bool:
    """False: the other area has the same already."""
    try:
        with transaction.atomic():
            stamp.change("merge", row, area=into)
    except IntegrityError:
        row.refresh_from_db()
        return False
    return True


def told(bars: Iterable[tuple[Tied, list[Any]]]) -> Words:
    """Each register that bars, how many rows and the first of them."""
    lists = [(tied, rows) for tied, rows in bars if rows]
    return Words("；".join(each(lists, "zh", "、")), "; ".join(each(lists, "en", ", ")))


def each(lists: Iterable[tuple[Tied, list[Any]]], lang: str, comma: str) -> Iterator[str]:
    for tied, rows in lists:
        names = comma.join(name for row in rows[:NAMED] if (name := tied.named(row)))
        more = "…" if len(rows) > NAMED and names else ""
        yield f"{getattr(tied.words, lang)} {len(rows)}" + (f" ({names}{more})" if names else "")
