"""The rolls of organisations and of who holds an office in one, as an office keeps them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Prefetch, QuerySet

from lianxin.core.step.who import Grant
from lianxin.registry import secret
from lianxin.registry.imports.take_organisations import AND, TakeOfficers, TakeOrganisations
from lianxin.registry.models import Belonging, Cover, Officer, Organisation
from lianxin.registry.organisations import organisations
from lianxin.registry.rolls import Roll, Value


def organisation_rows(grants: Iterable[Grant], on: date) -> QuerySet[Any]:
    """With who leads, who belongs and which buildings, in as many queries whatever the size."""
    found = Organisation.objects.under(grants).on(on).select_related("area", "parent")
    holding = Officer.objects.on(on).select_related("person").order_by("pk")
    covering = Cover.objects.on(on).select_related("building").order_by("pk")
    members = Belonging.objects.on(on).filter(full=True).select_related("person").order_by("pk")
    return found.prefetch_related(
        Prefetch("officers", holding, to_attr="holding"),
        Prefetch("covers", covering, to_attr="covering"),
        Prefetch("belongings", members, to_attr="members"),
    )


def officer_rows(grants: Iterable[Grant], on: date) -> QuerySet[Any]:
    found = Officer.objects.under(grants).on(on)
    return found.select_related("person", "organisation__area")


def leader(row: Any) -> Officer | None:
    """Whoever holds the first office of its kind; of a row found by `organisation_rows`."""
    first = organisations().first_office(row.kind)
    return next((held for held in row.holding if held.office == first), None)


def leads(row: Any) -> Value:
    """By username, so that the sheet can be taken in again where two are of one name."""
    held = leader(row)
    return held.person.username if held else None


def leads_shown(row: Any) -> Value:
    held = leader(row)
    return held.person.name if held else None


def term(row: Any) -> Value:
    held = leader(row)
    return held.term if held else None


ORGANISATIONS = Roll(
    name="organisations",
    rows=organisation_rows,
    cells={
        "name": lambda row: row.name,
        "kind": lambda row: organisations().kinds[row.kind].words,
        "parent": lambda row: row.parent and row.parent.name,
        "area": lambda row: row.area.path,
        "number": lambda row: row.number,
        "since": lambda row: row.since,
        "leader": leads,
        "term": term,
        "members": lambda row: AND.join(held.person.username for held in row.members),
        "buildings": lambda row: AND.join(held.building.name for held in row.covering),
    },
    shown={
        "area": lambda row: row.area.name,
        "leader": leads_shown,
        "members": lambda row: AND.join(held.person.name for held in row.members),
    },
    person="",
    href=lambda row: f"/organisations/{row.pk}",
    order=("area__path", "pk"),
    search=("number",),
    sorts={"kind": ("kind", "area__path"), "parent": ("parent__name",)},
    taker=TakeOrganisations,
)  # fmt: skip

OFFICERS = Roll(
    name="officers",
    rows=officer_rows,
    cells={
        "organisation": lambda row: row.organisation.name,
        "area": lambda row: row.organisation.area.path,
        "office": lambda row: organisations().offices[row.office].words,
        "name": lambda row: row.person.name,
        "username": lambda row: row.person.username,
        "phone": lambda row: secret.masked(row.person.phone),
        "since": lambda row: row.since,
        "term": lambda row: row.term,
        "until": lambda row: row.until,
    },
    shown={"area": lambda row: row.organisation.area.name},
    apart=("username",),
    guarded={"phone": lambda row: row.person.phone},
    path="organisation__area__path",
    href=lambda row: f"/organisations/{row.organisation_id}",
    order=("organisation__area__path", "pk"),
    search=("organisation__name",),
    sorts={"organisation": ("organisation__name",), "office": ("office",)},
    taker=TakeOfficers,
)  # fmt: skip
