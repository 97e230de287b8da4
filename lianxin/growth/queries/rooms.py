"""How much room the quotas of a year leave at a place, and who is counted there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from lianxin.growth.assessments import rules_on
from lianxin.growth.models import Fact
from lianxin.orders.models import Order
from lianxin.registry.refusal import NotPossible

FLOW, WAITING = "assessment", ("proposed", "shown")  # a result that was proposed and is not known


@dataclass(frozen=True, slots=True)
class Room:
    """Of the `served` who worked at a place in a year `most` may have this result; `given`: to how
    many it was, those whose result is proposed and not known yet among them."""

    path: str
    result: str
    served: int
    most: int
    given: int

    @property
    def left(self) -> int:
        return max(0, self.most - self.given)


def rooms(path: str, year: int, without: Iterable[int] = ()) -> list[Room]:
    """What the quotas of a year leave at a place: for the places in it and those it lies in.
    `without`: people whose own results do not count, since they are asked about. Three queries."""
    quotas, aside = rules_on(date(year, 12, 31)).quotas, set(without)
    root = min((quota.place(path) or path for quota in quotas), key=len, default=path)
    spells = list(those_who_served(root, year).values_list("person_id", "area__path"))
    people = {person for person, _ in spells} - aside
    known = Fact.objects.filter(kind=Fact.Kind.RESULT, n=year, person__in=people)
    results = dict(known.values_list("person_id", "name"))
    cases = [case for case in waiting(root, year) if case[0] not in aside | results.keys()]
    found = []
    for quota in quotas:
        served: dict[str, set[int]] = {}
        for person, where in spells:
            if (place := quota.place(where)) and (place.startswith(path) or path.startswith(place)):
                served.setdefault(place, set()).add(person)
        for place, here in sorted(served.items()):
            given = sum(results.get(person) == quota.result for person in here)
            given += sum(name == quota.result and quota.place(at) == place for _, name, at in cases)
            found.append(Room(place, quota.result, len(here), quota.most(len(here)), given))
    return found


def waiting(path: str, year: int) -> list[tuple[int, str, str]]:
    """(person, result, path) of the cases in which a result is proposed and not known yet."""
    cases = Order.objects.filter(
        flow=FLOW, open=True, path__startswith=path, state__in=WAITING, facts__fields__year=year
    )
    rows = cases.order_by("pk").values_list("subject", "facts__fields__result", "path")
    return [(int(subject), str(result), at) for subject, result, at in rows if subject]


def those_who_served(place: str, year: int) -> QuerySet[Fact]:
    """Spells of work at a place and below it that touch the year."""
    begun = Q(since__lt=date(year + 1, 1, 1))
    lasting = Q(until=None) | Q(until__gt=date(year, 1, 1))
    return Fact.objects.filter(begun, lasting, kind=Fact.Kind.WORKED, area__path__startswith=place)


def worked_at(person: int, year: int) -> str:
    """The path of the place where somebody worked last in that year. Refuses: not_served."""
    spells = those_who_served("", year).filter(person=person).order_by("-since")
    path = spells.values_list("area__path", flat=True).first()
    if path is None:
        raise NotPossible("not_served", year=year)
    return str(path)
