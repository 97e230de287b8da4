"""Who could take a grid over: colleagues of the same community first, others when searched for."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from lianxin.growth.models import Fact
from lianxin.growth.queries.teams import held_grids
from lianxin.registry.models import Area, Person, Post
from lianxin.registry.models.dated import in_force

COMMUNITY = 12  # digits
MOST = 30


def successors(area: Area, root: str, on: date, words: str = "") -> list[Person]:
    """People with a post or at work in the grid's community; with words, in all of `root`, the
    place of whoever chooses. Who holds the grid already is none of them."""
    near = root if words else area.path[:COMMUNITY]
    posts = Post.objects.filter(in_force(on), area__path__startswith=near, behalf_of=None)
    careers = Fact.objects.filter(in_force(on), kind=Fact.Kind.WORKED, area__path__startswith=near)
    there = Q(pk__in=posts.values("person")) | Q(pk__in=careers.values("person"))
    found = Person.objects.filter(there, is_active=True, name__icontains=words)
    found = found.exclude(pk__in=held_grids(on).filter(area=area).values("person"))
    return list(found.order_by("name", "pk")[:MOST])


def holders_of(area: Area, on: date) -> list[Post]:
    """The posts at one grid, the longest there first."""
    held = held_grids(on).filter(area=area, until=None)
    return list(held.select_related("person", "area").order_by("since", "pk"))
