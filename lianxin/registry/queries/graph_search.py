"""Finds a node of the graph by the name of a place, of an organisation, or of who answers there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from lianxin.core.step.who import Grant
from lianxin.registry.models import Area, ContactPoint, Officer, Organisation, Post
from lianxin.registry.models.dated import in_force
from lianxin.registry.queries.graph import ORGANISATION, near

FEW = 10  # of each kind that is looked for
SHOWN = ("community", "branch", "group")  # kinds that everybody who reads the place may find
HEADS = ("secretary", "head", "host")  # offices that the graph names


@dataclass(frozen=True, slots=True)
class Found:
    """`key`: the node that it leads to. `kind`: of an area or organisation; `where`: the place it
    lies in. `role`, `person`: who was found there, "" where the name itself was found."""

    key: str
    kind: str
    name: str
    where: str
    role: str = ""
    person: str = ""


def search(words: str, reader: Grant, on: date) -> list[Found]:
    """At most ten of each kind, at the reader's place; core households for those near alone. Five
    queries, none for nothing."""
    said = " ".join(words.replace("\0", "").split())[:64]
    if not said:
        return []
    kinds = (*SHOWN, "household") if near(reader.path) else SHOWN
    return [
        *_places(said, reader.path, on), *_organisations(said, reader, on, kinds),
        *_officers(said, reader, on, kinds), *_workers(said, reader.path, on),
        *_leaders(said, reader, on),
    ]  # fmt: skip


def named(words: str, person: str) -> Q:
    """Condition: somebody's name holds the words, or it is read with these initials."""
    return Q(**{f"{person}__name__icontains": words}) | Q(
        **{f"{person}__spelt__contains": f" {words.lower()}"}
    )


def _places(said: str, root: str, on: date) -> Iterator[Found]:
    found = Area.objects.on(on).filter(path__startswith=root, name__icontains=said)
    for area in found.order_by("kind__digits", "path")[:FEW]:
        yield Found(area.path, area.kind_id, area.name, "")


def _organisations(said: str, reader: Grant, on: date, kinds: tuple[str, ...]) -> Iterator[Found]:
    found = (
        Organisation.objects.on(on)
        .under([reader])
        .filter(in_force(on, "area__"), kind__in=kinds, name__icontains=said)
    )
    for row in found.select_related("area").order_by("area__path", "pk")[:FEW]:
        yield Found(key_of(row), row.kind, row.name, row.area.name)


def _officers(said: str, reader: Grant, on: date, kinds: tuple[str, ...]) -> Iterator[Found]:
    found = Officer.objects.on(on).under([reader]).filter(
        in_force(on, "organisation__"), in_force(on, "organisation__area__"),
        named(said, "person"), office__in=HEADS, organisation__kind__in=kinds,
    )  # fmt: skip
    told = found.select_related("person", "organisation__area")
    for row in told.order_by("organisation__area__path", "pk")[:FEW]:
        what = row.organisation
        yield Found(
            key_of(what), what.kind, what.name, what.area.name, row.office, row.person.name
        )  # fmt: skip


def _workers(said: str, root: str, on: date) -> Iterator[Found]:
    found = Post.objects.on(on).filter(
        in_force(on, "area__"), named(said, "person"), role="grid_worker", area__kind="grid",
        area__path__startswith=root,
    )  # fmt: skip
    for row in found.select_related("person", "area").order_by("area__path", "pk")[:FEW]:
        yield _at(row.area, "worker", row.person.name)


def _leaders(said: str, reader: Grant, on: date) -> Iterator[Found]:
    found = (
        ContactPoint.objects.on(on)
        .under([reader])
        .filter(in_force(on, "area__"), named(said, "person"))
    )
    for row in found.select_related("person", "area").order_by("area__path", "pk")[:FEW]:
        yield _at(row.area, "contact", row.person.name)


def _at(area: Area | None, role: str, person: str) -> Found:
    assert area is not None
    return Found(area.path, area.kind_id, area.name, "", role, person)


def key_of(row: Organisation) -> str:
    """A group or household is a node of its own; the others are part of their place's."""
    own = row.kind in ("group", "household")
    return f"{ORGANISATION}{row.pk}" if own else row.area.path
