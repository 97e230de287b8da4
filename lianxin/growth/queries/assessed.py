"""Who is to be assessed for a year at a place, and what of each is known already."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lianxin.core.step.who import Grant
from lianxin.growth.models import Fact
from lianxin.growth.queries.rooms import FLOW, those_who_served
from lianxin.orders.models import Order
from lianxin.registry.models import Area, Person


@dataclass(frozen=True, slots=True)
class Line:
    """Somebody who served in the year, where they did last. `result`: known already, "" if not;
    `case`: the number of the open case in which it is told and proposed."""

    person: Person
    area: Area
    result: str
    case: str


def lines(grants: Iterable[Grant], path: str, year: int, most: int) -> list[Line]:
    """Everybody whose last place in that year was in `path`, as far as these posts read it; `most`
    and one more. Four queries."""
    mine = Fact.objects.under(grants).filter(area__path__startswith=path).values("person")
    last = those_who_served("", year).filter(person__in=mine).order_by("person", "-since", "-pk")
    spells = Fact.objects.filter(pk__in=last.distinct("person").values("pk"))
    found = spells.filter(area__path__startswith=path).select_related("person", "area")
    rows = list(found.order_by("area__path", "person__spelt", "person__name", "pk")[: most + 1])
    keys = [row.person_id for row in rows]
    known = Fact.objects.filter(kind=Fact.Kind.RESULT, n=year, person__in=keys)
    results = dict(known.values_list("person_id", "name"))
    cases = open_cases(keys, year)
    return [
        Line(row.person, row.area, results.get(row.person_id, ""), cases.get(row.person_id, ""))
        for row in rows if row.area
    ]  # fmt: skip


def open_cases(people: Iterable[int], year: int) -> dict[int, str]:
    """Person → number of the open case of that year."""
    cases = Order.objects.filter(
        flow=FLOW, open=True, subject__in=[str(key) for key in people], facts__fields__year=year
    )
    return {int(subject): number for subject, number in cases.values_list("subject", "number")}
