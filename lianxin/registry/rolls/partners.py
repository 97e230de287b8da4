"""The rolls of units that have checked in with communities, and of what stands on their lists."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import QuerySet

from lianxin.core.step.who import Grant
from lianxin.registry.imports.take_partners import TakePartners, TakePromises
from lianxin.registry.models import Promise, UnitCheckIn
from lianxin.registry.models.dated import in_force
from lianxin.registry.models.placed import READS, UNIT_READS
from lianxin.registry.rolls import Roll
from lianxin.registry.team_rules import called


def pairs(grants: Iterable[Grant], on: date) -> QuerySet[Any]:
    return UnitCheckIn.objects.under(grants).on(on).select_related("unit", "area")


def lines(grants: Iterable[Grant], on: date) -> QuerySet[Any]:
    """Of the pairs that these posts may read; what was done or dropped by then is over."""
    found = Promise.objects.filter(in_force(on), check_in__in=pairs(grants, on))
    return found.select_related("check_in__unit", "check_in__area")


PARTNERS = Roll(
    name="partners",
    rows=pairs,
    cells={
        "unit": lambda row: row.unit.code,
        "community": lambda row: row.area.path,
        "since": lambda row: row.since,
    },
    shown={"unit": lambda row: row.unit.name, "community": lambda row: row.area.name},
    person="",
    reads=(*READS, *UNIT_READS),
    keeps=UNIT_READS,
    href=lambda row: f"/units/{row.unit_id}/communities",
    order=("area__path", "unit__name", "pk"),
    taker=TakePartners,
)
PROMISES = Roll(
    name="promises",
    rows=lines,
    cells={
        "unit": lambda row: row.check_in.unit.code,
        "community": lambda row: row.check_in.area.path,
        "kind": lambda row: called("promises")[row.kind],
        "text": lambda row: row.text,
        "since": lambda row: row.since,
    },
    shown={
        "unit": lambda row: row.check_in.unit.name,
        "community": lambda row: row.check_in.area.name,
    },
    path="check_in__area__path",
    person="",
    reads=(*READS, *UNIT_READS),
    keeps=("desk", *UNIT_READS),
    href=lambda row: f"/units/{row.check_in.unit_id}/communities",
    order=("check_in__area__path", "check_in__unit__name", "kind", "pk"),
    unit="check_in__unit",
    search=("text",),
    sorts={"unit": ("check_in__unit__name", "kind"), "kind": ("kind", "check_in__area__path")},
    taker=TakePromises,
)
