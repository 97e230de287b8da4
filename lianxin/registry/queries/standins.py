"""Who could stand in for a post, and who does: today and on days to come."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from lianxin.registry.models import Person, Post
from lianxin.registry.models.dated import in_force

COMMUNITY = 12  # digits: colleagues are those who work in the same community
MOST = 30


def held_by(people: QuerySet[Person] | list[Person], on: date) -> QuerySet[Post]:
    """Posts of their own, in force on that day, which somebody may stand in for."""
    found = Post.objects.on(on).filter(person__in=people, behalf_of=None)
    return found.select_related("person", "area", "unit").order_by("person__name", "pk")


def stand_ins(posts: Iterable[Post], on: date) -> list[Post]:
    """Who stands in for these posts on that day or will, the next first."""
    found = Post.objects.filter(Q(until=None) | Q(until__gt=on), behalf_of__in=posts)
    return list(with_all(found).order_by("since", "pk"))


def done_by(person: Person, on: date) -> list[Post]:
    """For whom this person stands in, on that day or later."""
    found = Post.objects.filter(until__gt=on, person=person, behalf_of__isnull=False)
    return list(with_all(found).order_by("since", "pk"))


def with_all(found: QuerySet[Post]) -> QuerySet[Post]:
    return found.select_related("person", "area", "unit", "behalf_of__person")


def colleagues(post: Post, on: date, words: str = "") -> list[Person]:
    """Who works in the same unit or community and can sign in, by name."""
    if post.unit_id:
        beside = Q(unit=post.unit_id)
    else:
        assert post.area is not None
        beside = Q(area__path__startswith=post.area.path[:COMMUNITY])
    there = Post.objects.filter(in_force(on), beside, behalf_of=None).values("person")
    found = Person.objects.filter(pk__in=there, is_active=True, name__icontains=words)
    return list(found.exclude(pk=post.person_id).order_by("name", "pk")[:MOST])
