"""The roll of units: who can be given orders here, and how their offices are reached.

Taken in at the terminal alone: where a unit is written to, its links are sent, so whoever changes
an address could answer for the unit.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from lianxin.core.step.who import Grant
from lianxin.registry.imports.take_units import TakeUnits
from lianxin.registry.models import Unit
from lianxin.registry.models.placed import READS, UNIT_READS, PlacedQuerySet
from lianxin.registry.rolls import Roll


class Units(PlacedQuerySet):
    """A unit lies where its area is; its own members read it."""

    UNIT, PERSON = "pk", ""


def rows(grants: Iterable[Grant], on: date) -> QuerySet[Unit]:
    return Units(Unit).under(grants).on(on).select_related("area", "parent")


ROLL = Roll(
    name="units",
    rows=rows,
    cells={
        "code": lambda unit: unit.code,
        "name": lambda unit: unit.name,
        "parent": lambda unit: unit.parent and unit.parent.code,
        "area": lambda unit: unit.area and unit.area.path,
        "phone": lambda unit: unit.phone,
        "mail": lambda unit: unit.mail,
        "since": lambda unit: unit.since,
        "until": lambda unit: unit.until,
    },
    shown={
        "parent": lambda unit: unit.parent and unit.parent.name,
        "area": lambda unit: unit.area and unit.area.name,
    },
    apart=("code",),
    person="",
    reads=(*READS, *UNIT_READS),
    keeps=(),
    order=("name",),
    search=("code",),
    sorts={"parent": ("parent__name",)},
    taker=TakeUnits,
)
