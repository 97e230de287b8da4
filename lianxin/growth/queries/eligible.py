"""Who may apply for a reserved post on a day, each with the answer to every condition."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from lianxin.core.career import CareerError, career_in
from lianxin.core.career.eligible import Answer, Rule, eligible, judge
from lianxin.growth.mobility import mobility
from lianxin.growth.models import Fact, Particulars
from lianxin.growth.queries.careers import row_of, told_of
from lianxin.registry.models.area import anywhere_under


@dataclass(frozen=True, slots=True)
class Judged:
    """`wrong`: the career contradicts itself, so that nothing can be answered."""

    person: int
    answers: tuple[Answer, ...]
    wrong: CareerError | None = None

    @property
    def may(self) -> bool:
        return self.wrong is None and eligible(self.answers)


def rules(day: date) -> dict[str, Rule]:
    """Of each kind of reserved post. Raises LookupError before the first."""
    return mobility().on(day)


def judged(kind: str, people: Iterable[int], day: date) -> list[Judged]:
    """In the order of the people. Two queries for every few thousand. Raises LookupError where no
    rule holds, KeyError for a kind it does not know."""
    rule, asked = rules(day)[kind], list(people)
    born = births(asked)
    found: dict[int, Judged] = {}
    for person, facts in told_of(asked):
        try:
            career = career_in(row_of(facts))
        except CareerError as wrong:
            found[person] = Judged(person, (), wrong)
        else:
            found[person] = Judged(person, judge(rule, career, born.get(person), day))
    none = CareerError("never_began")
    return [found.get(person) or Judged(person, (), none) for person in asked]


def births(people: Iterable[int]) -> dict[int, date]:
    """Opened to be reckoned with, and shown to nobody."""
    rows = Particulars.objects.filter(person__in=list(people), born_sealed__isnull=False)
    return {row.person_id: date.fromisoformat(row.born) for row in rows}


def workers_under(path: str, day: date) -> list[int]:
    """Community workers of a place on a day, by name."""
    found = Fact.objects.on(day).filter(anywhere_under([path], "area__path"), kind=Fact.Kind.WORKED)
    return list(found.order_by("person__name", "person_id").values_list("person_id", flat=True))
