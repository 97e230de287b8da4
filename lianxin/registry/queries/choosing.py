"""From the county down to a building, as one chooses a place without a map; and who is there."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import CharField, F, Q, Value
from django.db.models.functions import Concat

from lianxin.core.place.path import ancestors as ancestor_paths
from lianxin.registry.models import Area, Door, Person, Post
from lianxin.registry.models.dated import in_force
from lianxin.registry.queries.addresses import Address
from lianxin.registry.queries.areas import successor_of

LADDER = ("county", "street", "community")  # what is chosen on the way to a building
MOST = 100  # areas of one step: the fullest street has fewer communities


def below(path: str, on: date) -> list[Area]:
    """What to choose from inside `path` ("" = all): the nearest kind of the ladder that has any."""
    inside = Area.objects.on(on).filter(path__startswith=path).exclude(path=path).order_by("path")
    for kind in LADDER:
        if found := list(inside.filter(kind=kind)[:MOST]):
            return found
    return []


def streets_and_communities(words: str, path: str, on: date, limit: int = 10) -> list[Area]:
    """Areas inside `path` whose name holds the words, the larger ones first."""
    found = Area.objects.on(on).filter(path__startswith=path, name__icontains=words)
    return list(found.filter(kind__in=LADDER).order_by("kind__digits", "path")[:limit])


def buildings_called(words: str, path: str, limit: int = 20) -> list[Address]:
    """Doors inside `path` whose address, as people write it, holds the words ("" = any)."""
    found = Door.objects.select_related("building", "area__successor").filter(
        area__path__startswith=path
    )
    if words:
        street, number, name = (F(f"building__{f}") for f in ("street", "number", "name"))
        whole = Concat(street, number, Value("号"), name, output_field=CharField())
        bare = Concat(street, number, name, output_field=CharField())
        found = found.alias(whole=whole, bare=bare).filter(
            Q(whole__icontains=words) | Q(bare__icontains=words)
        )
    rows = found.order_by("building__street", "building__number", "building__name", "pk")[:limit]
    return sorted((Address(d, d.building, successor_of(d.area)) for d in rows), key=along)


def along(address: Address) -> tuple[str, int, str]:
    """Houses of a street as one walks past them: 2 before 10."""
    row = address.building
    digits = "".join(c for c in row.number if c.isdecimal())
    return row.street, int(digits or 0), row.name


def lines(paths: Iterable[str], on: date) -> dict[str, list[Area]]:
    """What lies above each of the paths on that day, outermost first; one query for all."""
    above = {path: [*ancestor_paths(path)] for path in paths}
    wanted = {one for line in above.values() for one in line}
    known = {a.path: a for a in Area.objects.on(on).filter(path__in=wanted)}
    return {path: [known[one] for one in line if one in known] for path, line in above.items()}


def holders(role: str, path: str, on: date) -> list[Person]:
    """Who holds a post of this role at exactly this place on that day, the longest there first."""
    held = Post.objects.on(on).filter(in_force(on, "area__"), role=role, area__path=path)
    return [post.person for post in held.select_related("person").order_by("since", "pk")]
