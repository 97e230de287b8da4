"""Who is known at a place, by name: whoever lives, works, checked in or belongs there."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from lianxin.registry.models import Belonging, CheckIn, Officer, Person, Post
from lianxin.registry.refusal import NotPossible


def known_at(path: str, on: date) -> QuerySet[Person]:
    """All of them; one that became another row is that other row."""
    here = {"area__path__startswith": path}
    of = {"organisation__area__path__startswith": path}
    known = Q(home__path__startswith=path)
    for rows, where in ((Post, here), (CheckIn, here), (Belonging, of), (Officer, of)):
        held = rows._default_manager.filter(**where).filter(Q(until=None) | Q(until__gt=on))
        known |= Q(pk__in=held.values("person"))
    return Person.objects.filter(known, became=None)


def person_called(said: str, path: str, on: date, among: QuerySet[Person] | None = None) -> Person:
    """The one person of the place who is called so, or whoever has this username: anywhere, or
    `among` these.

    Refuses: no_such_person, two_of_a_name.
    """
    name, known = said.strip()[:64], Person.objects.all() if among is None else among
    exact = known.filter(username=name, became=None).first() if name else None
    if exact is not None:
        return exact
    found = list(known_at(path, on).filter(name=name).order_by("pk")[:2]) if name else []
    if not found:
        raise NotPossible("no_such_person", name=name)
    if len(found) > 1:
        raise NotPossible("two_of_a_name", name=name)
    return found[0]
