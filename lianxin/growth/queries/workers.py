"""Community workers: those whose career has a spell of work that lasts, and who reads and keeps it.

The one rule who may read (registry/models/placed.py) is asked of the spell of work: it alone lies
at a place, and whoever reads it reads the career it is part of.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import F, OuterRef, QuerySet, Subquery

from lianxin.core.step.who import Grant, Who
from lianxin.growth.models import Fact, Standing
from lianxin.registry.models import Person
from lianxin.registry.rolls import high

# Who writes careers at their place and below it, and the lowest level on which such a place lies:
# a community does not write what its own people are paid by.
KEEPS, LOWEST = ("desk", "secretary"), "street"


def spells(grants: Iterable[Grant], day: date) -> QuerySet[Fact]:
    """Spells of work on that day, at the places of these posts."""
    return Fact.objects.under(grants).filter(kind=Fact.Kind.WORKED).on(day)


def kept(grants: Iterable[Grant]) -> list[Grant]:
    found = [grant for grant in grants if grant.role in KEEPS and not grant.unit]
    return [grant for grant in found if high(grant, LOWEST)]


def spell_of(person: int, day: date) -> Fact | None:
    """Where somebody works on that day; of who does not, where they worked last."""
    rows = Fact.objects.filter(person=person, kind=Fact.Kind.WORKED).exclude(until=F("since"))
    rows = rows.select_related("area").order_by("-since")
    lasting = [row for row in rows if row.since <= day and (row.until is None or day < row.until)]
    return next(iter([*lasting, *rows]), None)


def reads(who: Who, person: int, day: date) -> bool:
    """Whether this reader may see that career: one's own, or of who works at the reader's place."""
    return who.id == str(person) or within(who.grants, person, day)


def keeps(who: Who, person: int, day: date) -> bool:
    """Whether this reader may write it: never one's own."""
    return who.id != str(person) and within(kept(who.grants), person, day)


def within(grants: Iterable[Grant], person: int, day: date) -> bool:
    spell = spell_of(person, day)
    return bool(spell and Fact.objects.under(grants).filter(pk=spell.pk).exists())


def facts_under(grants: Iterable[Grant], day: date) -> QuerySet[Fact]:
    """All facts of those who work at the places of these posts on that day, with `place`, the path
    of where they work."""
    own = spells(grants, day)
    at = own.filter(person=OuterRef("person")).values("area__path")[:1]
    rows = Fact.objects.filter(person__in=own.values("person")).annotate(place=Subquery(at))
    return rows.select_related("person", "area")


def standings(grants: Iterable[Grant], day: date) -> QuerySet[Standing]:
    """What those come to who work there, with `place` and the name of the `area`."""
    own = spells(grants, day)
    at = own.filter(person=OuterRef("person"))
    rows = Standing.objects.filter(person__in=own.values("person")).select_related("person")
    return rows.annotate(
        place=Subquery(at.values("area__path")[:1]), area=Subquery(at.values("area__name")[:1])
    )


def alike(name: str, born: str, other_than: int = 0) -> list[Person]:
    """People of the same name and birthday, whom somebody may be already. Births are sealed, so
    only those of the name are opened."""
    if not born:
        return []
    rows = Person.objects.filter(name=name.strip(), particulars__born_sealed__isnull=False)
    rows = rows.filter(became=None).exclude(pk=other_than).select_related("particulars")
    return [person for person in rows.order_by("pk")[:50] if person.particulars.born == born]
