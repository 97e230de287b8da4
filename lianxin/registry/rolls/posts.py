"""The roll of posts: who holds which role where; whoever stands in for somebody is not on it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Left

from lianxin.core.step.who import Grant
from lianxin.registry import secret
from lianxin.registry.imports.take_posts import TakePosts
from lianxin.registry.models import Area, Post
from lianxin.registry.models.dated import in_force
from lianxin.registry.models.placed import READS, UNIT_READS, PlacedQuerySet
from lianxin.registry.roles import all_roles
from lianxin.registry.rolls import Roll, Value

COMMUNITY = 12  # digits of its path


class Posts(PlacedQuerySet):
    """A post lies at its area, else where its unit does."""

    AREA, UNIT = "place", "unit"


def rows(grants: Iterable[Grant], on: date) -> QuerySet[Post]:
    """Held on that day, as are the area and the unit; by people whose account is not shut."""
    of_day = Q()
    for held in ("area", "unit"):
        of_day &= Q(**{held: None}) | in_force(on, f"{held}__")
    around = Area.objects.live().filter(path=Left(OuterRef("place"), COMMUNITY), kind="community")
    posts = Posts(Post).annotate(place=Coalesce(F("area__path"), F("unit__area__path")))
    found = posts.under(grants).on(on).filter(of_day, behalf_of=None, person__is_active=True)
    return found.annotate(community=Subquery(around.values("name")[:1])).select_related(
        "person", "area", "unit"
    )


def role(post: Post) -> Value:
    known = all_roles().get(post.role)
    return known.words if known else post.role


def grid(post: Post) -> Value:
    return post.area.name if post.area and post.area.kind_id == "grid" else None


ROLL = Roll(
    name="posts",
    rows=rows,
    cells={
        "name": lambda post: post.person.name,
        "username": lambda post: post.person.username,
        "phone": lambda post: secret.masked(post.person.phone),
        "role": role,
        "area": lambda post: post.area and post.area.path,
        "community": lambda post: post.community if post.area else None,
        "grid": grid,
        "unit": lambda post: post.unit and post.unit.code,
        "since": lambda post: post.since,
        "until": lambda post: post.until,
    },
    shown={
        "area": lambda post: post.area and post.area.name,
        "community": lambda post: post.community,
        "unit": lambda post: post.unit and post.unit.name,
    },
    apart=("username", "grid"),
    guarded={"phone": lambda post: post.person.phone},
    path="place",
    reads=(*READS, *UNIT_READS),
    keeps=("desk",),
    order=("place", "role", "person__spelt"),
    unit="unit",
    search=("person__username",),
    sorts={
        "role": ("role",), "area": ("place",), "community": ("place",), "unit": ("unit__name",),
    },
    taker=TakePosts,
)  # fmt: skip
