"""The plans by which reserves are reared, a line a row: mentors, tasks, practice posts, studies."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet

from lianxin.core.step.who import Grant
from lianxin.growth.imports.take_rearing import TakeRearing
from lianxin.growth.models import Rearing
from lianxin.registry.models.dated import in_force
from lianxin.registry.rolls import Roll, Value
from lianxin.registry.team_rules import called


def rows(grants: Iterable[Grant], on: date) -> QuerySet[Any]:
    found = Rearing.objects.under(grants).filter(in_force(on), in_force(on, "reserve__"))
    return found.select_related("reserve__person", "reserve__area")


def last_day(row: Any) -> Value:
    return row.until - timedelta(days=1) if row.until else None


REARING = Roll(
    name="rearing",
    rows=rows,
    cells={
        "name": lambda row: row.reserve.person.name,
        "username": lambda row: row.reserve.person.username,
        "community": lambda row: row.reserve.area.path,
        "kind": lambda row: called("rearing")[row.kind],
        "what": lambda row: row.name,
        "since": lambda row: row.since,
        "until": last_day,
    },
    shown={"community": lambda row: row.reserve.area.name},
    apart=("username",),
    path="reserve__area__path",
    person="reserve__person",
    href=lambda row: f"/reserves/{row.reserve_id}",
    order=("reserve__area__path", "reserve__person__name", "reserve", "kind", "since", "pk"),
    sorts={
        "name": ("reserve__person__spelt", "reserve__person__name", "kind"),
        "what": ("name", "reserve__area__path"),
    },
    taker=TakeRearing,
)  # fmt: skip
