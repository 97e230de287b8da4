"""Promotions: the grade that was reckoned is recorded with its paper, for many in one press."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import transaction

from lianxin.growth.actions.careers import void, write
from lianxin.growth.models import Fact, Standing
from lianxin.growth.queries.careers import reckon
from lianxin.registry.actions import Stamp
from lianxin.registry.models import Person
from lianxin.registry.refusal import NotPossible


@transaction.atomic
def record(stamp: Stamp, shown: Mapping[int, int], number: str, since: date) -> list[Fact]:
    """Writes the grades that were shown (person → grade) under one paper, all or none.

    Refuses: no_paper, nobody_chosen, own_grade, proposal_moved (what was shown is not what is
    reckoned now), and as `write`.
    """
    if not number.strip():
        raise NotPossible("no_paper")
    if not shown:
        raise NotPossible("nobody_chosen")
    if stamp.who is not None and stamp.who.pk in shown:
        raise NotPossible("own_grade")
    reckon(shown, stamp.day)
    standing = Standing.objects.in_bulk(list(shown))
    made = []
    for person in Person.objects.filter(pk__in=list(shown)).order_by("pk"):
        now = standing.get(person.pk)
        if now is None or now.grade != shown[person.pk]:
            raise NotPossible("proposal_moved", name=person.name, grade=now.grade if now else "—")
        fact = Fact(kind=Fact.Kind.GRADE, n=now.grade, number=number.strip(), since=since)
        made += write(stamp, person, fact)
    return made


@transaction.atomic
def take_back(stamp: Stamp, number: str, since: date, people: list[int]) -> int:
    """The grades recorded under a paper on a day are recorded no more; how many. Refuses:
    own_grade, nothing_recorded."""
    if stamp.who is not None and stamp.who.pk in people:
        raise NotPossible("own_grade")
    rows = Fact.objects.filter(kind=Fact.Kind.GRADE, number=number, since=since, person__in=people)
    found = list(rows.select_related("person").order_by("person_id"))
    if not found:
        raise NotPossible("nothing_recorded")
    for fact in found:
        void(stamp, fact)
    return len(found)
