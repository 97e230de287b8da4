"""What runs out or waits for somebody: of each kind in the table of reminders, its rows.

The same functions serve the night, which asks them of all rows, and the page of notices, which asks
them of the rows that its reader may see.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Model, QuerySet

from lianxin.core.flow.page import Words
from lianxin.core.place.path import LEVELS
from lianxin.core.step.who import Who
from lianxin.growth.models import Fact
from lianxin.growth.queries.endings import first_to_end, last_contracts
from lianxin.growth.reminders import Rule, reminders
from lianxin.orders.models import Notice
from lianxin.registry.contact_table import contact_table
from lianxin.registry.models import CheckIn, ContactPoint, Officer, Person
from lianxin.registry.organisations import organisations
from lianxin.registry.queries.contact_points import dated, tied

CERTIFICATE, NO_WORDS = Words("证书", "The certificate"), Words("", "")
STREET = LEVELS["street"]  # whoever keeps careers sits there or above
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Due:
    """One thing. `on`: its last day. `person`, `unit`, `path`: to whom it matters and where;
    `page`: what its page is called by."""

    key: int
    on: date
    who: str
    where: str
    path: str
    page: int
    person: Person | None = None
    unit: int | None = None
    what: Words = NO_WORDS


def terms(rows: QuerySet[Any], day: date, last: date) -> Iterator[Due]:
    """Offices whose term ends, or has ended with nobody elected since."""
    found = rows.filter(until=None, since__lte=day, term__lte=last, organisation__until=None)
    offices = organisations().offices
    for row in found.select_related("person", "organisation__area"):
        it, office = row.organisation, offices.get(row.office)
        what = office.words if office else Words(row.office, row.office)
        yield Due(row.pk, row.term, row.person.name, it.name, it.area.path, it.pk, None, None, what)


def ending_certificates(rows: QuerySet[Any], day: date, last: date) -> Iterator[Due]:
    """Of those at work, the first to run out with no newer one of its name."""
    for row in first_to_end(at_work(rows, day), day, last + ONE_DAY):
        on = row.runs_out - ONE_DAY
        yield of_worker(row, on, CERTIFICATE)


def ending_contracts(rows: QuerySet[Any], day: date, last: date) -> Iterator[Due]:
    for row in last_contracts(at_work(rows, day), last + ONE_DAY):
        yield of_worker(row, row.until - ONE_DAY, NO_WORDS)


def at_work(rows: QuerySet[Any], day: date) -> QuerySet[Any]:
    return rows.filter(kind=Fact.Kind.WORKED).on(day).select_related("person", "area")


def of_worker(row: Fact, on: date, what: Words) -> Due:
    person, area = row.person, row.area
    assert area is not None  # the database holds a spell of work to a place
    return Due(
        row.pk, on, person.name, area.name, area.path[:STREET], person.pk, person, None, what
    )


def visits(rows: QuerySet[Any], day: date, last: date) -> Iterator[Due]:
    """Contact points where the next visit is overdue."""
    table = contact_table(day)
    for point in dated(rows.on(day), day):
        tie = tied(table, point, day)
        if tie.overdue and tie.due:
            name = point.person.name
            yield Due(point.pk, tie.due, name, tie.place, tie.path, point.pk, point.person)


def waiting_check_ins(rows: QuerySet[Any], day: date, last: date) -> Iterator[Due]:
    """Those that the unit has not answered; they wait from the day they were sent."""
    found = rows.filter(until=None, confirmed=None, since__lte=day)
    for row in found.select_related("person", "area"):
        yield Due(
            row.pk, row.since, row.person.name, row.area.name, row.area.path, row.pk, None,
            row.unit_id,
        )  # fmt: skip


Rows = Callable[[QuerySet[Any], date, date], Iterator[Due]]
ROWS: dict[str, tuple[type[Model], Rows]] = {
    "term": (Officer, terms),
    "certificate": (Fact, ending_certificates),
    "contract": (Fact, ending_contracts),
    "visit": (ContactPoint, visits),
    "check_in": (CheckIn, waiting_check_ins),
}


def due(rule: Rule, day: date, who: Who | None = None, keys: Iterable[int] = ()) -> Iterator[Due]:
    """All of one kind, or those of these keys that somebody may see."""
    model, rows = ROWS[rule.name]
    found = model.objects.all()  # type: ignore[attr-defined]
    if who is not None:
        mine = model.objects.visible_to(who).filter(pk__in=list(keys))  # type: ignore[attr-defined]
        found = model.objects.filter(pk__in=mine.values("pk"))  # type: ignore[attr-defined]
    for one in rows(found, day, day + timedelta(days=rule.days[0])):
        if rule.threshold((one.on - day).days) is not None:
            yield one


# ── notices of them ──────────────────────────────────────────────────────────────────────────────


def word(rule: Rule, one: Due, day: date) -> str:
    """What its notice is kept by: once for each thing, day and threshold."""
    return f"{rule.name} {one.key} {one.on:%Y%m%d} {rule.threshold((one.on - day).days)}"


def still(notices: Iterable[Notice], who: Who, day: date) -> dict[int, tuple[Rule, Due]]:
    """Of these notices those that still hold and that their reader may see, by their keys."""
    asked: dict[str, list[Notice]] = {}
    for row in notices:
        asked.setdefault(row.word.partition(" ")[0], []).append(row)
    found: dict[int, tuple[Rule, Due]] = {}
    for name, rows in asked.items():
        if (rule := reminders().get(name)) and name in ROWS:
            mine = due(rule, day, who, [row.nth for row in rows])
            held = {stem(word(rule, one, day)): one for one in mine}
            found |= {
                row.pk: (rule, held[stem(row.word)]) for row in rows if stem(row.word) in held
            }
    return found


def stem(word: str) -> str:
    """Without the threshold: what was said early still holds when it is late.

    >>> stem("term 7 20261231 90")
    'term 7 20261231'
    """
    return word.rpartition(" ")[0]
