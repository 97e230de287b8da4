"""Finds the person a row means, by username, phone or name; two of one name are never guessed."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from lianxin.registry.imports.outcome import Problem
from lianxin.registry.models import Person, Post
from lianxin.registry.sheets.table import Row


def known_person(row: Row, at_work: str = "", among: QuerySet[Person] | None = None) -> Person:
    """`at_work`: the path of a place; only who holds a post there is known. `among`: only these.

    Problems: no_person, unknown_person, ambiguous_person, person_differs.
    """
    username, phone, name = row.get("username"), row.get("phone"), row.get("name")
    if username:
        found, at = Person.objects.filter(username=username), "username"
    elif phone:
        found, at = Person.objects.with_phone(phone), "phone"
    elif name:
        found, at = Person.objects.filter(name=name), "name"
    else:
        raise Problem("no_person", "name")
    if at_work:
        found = found.filter(Exists(posts_at(at_work).filter(person=OuterRef("pk"))))
    if among is not None:
        found = found.filter(pk__in=among.values("pk"))
    if name and at == "phone" and found.count() > 1:
        found = found.filter(name=name)
    people = list(found.filter(is_active=True).order_by("pk")[:3])
    if not people:
        raise Problem("unknown_person", at, name=row.get(at))
    if len(people) > 1:
        raise Problem("ambiguous_person", at, name=row.get(at))
    if name and people[0].name != name:
        raise Problem("person_differs", at, name=name)
    return people[0]


def posts_at(path: str) -> QuerySet[Post]:
    """Held today at this place or in it, or in a unit that is there."""
    here = Q(area__path__startswith=path) | Q(unit__area__path__startswith=path)
    return Post.objects.on(timezone.localdate()).filter(here)
