"""Who could take a grid over: colleagues of the same community first, others when searched for."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from lianxin.growth.models import Fact
from lianxin.growth.queries.teams import held_grids
from lianxin.registry.models import Area, Person, Post
from lianxin.registry.models.dated import in_force
from lianxin.registry.queries.accounts import UNUSABLE
from lianxin.registry.spelling import begins

COMMUNITY = 12  # digits
MOST = 30


def successors(area: Area, root: str, on: date, words: str = "") -> list[Person]:
    """People with a post or at work in the grid's community; with words, in all of `root`, the
    place of whoever chooses. Who holds the grid already is none of them; nor who has an account of
    their own and was only said to work there, as a post would give it away."""
    near = root if words else area.path[:COMMUNITY]
    posts = Post.objects.filter(in_force(on), area__path__startswith=near, behalf_of=None)
    hired = Q(person__password__startswith=UNUSABLE) | Q(order__isnull=False)
    careers = Fact.objects.filter(
        in_force(on), hired, kind=Fact.Kind.WORKED, area__path__startswith=near
    )
    there = Q(pk__in=posts.values("person")) | Q(pk__in=careers.values("person"))
    called = Q(name__icontains=words)
    if initials := begins(words):
        called |= Q(spelt__contains=initials)
    found = Person.objects.filter(there, called, is_active=True)
    found = found.exclude(pk__in=held_grids(on).filter(area=area).values("person"))
    return list(found.order_by("name", "pk")[:MOST])


def holders_of(area: Area, on: date) -> list[Post]:
    """The posts at one grid, the longest there first."""
    held = held_grids(on).filter(area=area, until=None)
    return list(held.select_related("person", "area").order_by("since", "pk"))
