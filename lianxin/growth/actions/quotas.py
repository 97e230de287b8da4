"""A result of a year that few may have is given while there is room for it, and no longer."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from lianxin.growth.assessments import rules_on
from lianxin.growth.models import Fact
from lianxin.registry.models import Area
from lianxin.registry.refusal import NotPossible


def keep_quota(fact: Fact) -> None:
    """Called within the transaction that writes the result. Two who give the last one in the same
    second wait for each other at the place. Refuses: over_quota (with the numbers)."""
    assert fact.n is not None, "a result without its year was refused before"
    path = worked_at(fact.person_id, fact.n)
    for quota in rules_on(date(fact.n, 12, 31)).quotas:
        place = quota.place(path)
        if quota.result != fact.name or not place:
            continue
        areas = Area.objects.select_for_update(of=("self",)).filter(path=place, until=None)
        name = next((area.name for area in areas), place)
        served = those_who_served(place, fact.n)
        given = Fact.objects.filter(
            kind=Fact.Kind.RESULT, name=fact.name, n=fact.n, person__in=served.values("person")
        ).exclude(pk=fact.pk)
        here = served.values("person").distinct().count()
        if (n := given.count()) >= quota.most(here):
            raise NotPossible(
                "over_quota", place=name, year=fact.n, served=here, most=quota.most(here), given=n
            )


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
