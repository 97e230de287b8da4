"""The roll of members: who has checked in where they live, confirmed by their unit.

Its sheet is the unit's: phones go out behind stars, in clear to the unit's own clerk alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from lianxin.core.step.who import Grant
from lianxin.registry import secret
from lianxin.registry.imports.take_members import TakeMembers
from lianxin.registry.models import CheckIn
from lianxin.registry.models.placed import READS, UNIT_READS
from lianxin.registry.rolls import Roll


def rows(grants: Iterable[Grant], on: date) -> QuerySet[CheckIn]:
    found = CheckIn.objects.under(grants).on(on).filter(confirmed__isnull=False)
    return found.select_related("person", "unit", "area").prefetch_related("person__skills")


def skills(row: CheckIn) -> str:
    return "、".join(sorted(one.skill for one in row.person.skills.all()))


ROLL = Roll(
    name="members",
    rows=rows,
    cells={
        "name": lambda row: row.person.name,
        "username": lambda row: row.person.username,
        "phone": lambda row: secret.masked(row.person.phone),
        "unit": lambda row: row.unit.code,
        "home": lambda row: row.area.path,
        "since": lambda row: row.since,
        "skills": skills,
    },
    shown={"unit": lambda row: row.unit.name, "home": lambda row: row.area.name},
    apart=("username", "phone"),
    guarded={"phone": lambda row: row.person.phone},
    reads=(*READS, *UNIT_READS),
    keeps=UNIT_READS,
    href=lambda row: f"/check-ins/{row.pk}",
    order=("person__spelt", "person__name"),
    sorts={"home": ("area__path",)},
    taker=TakeMembers,
)
