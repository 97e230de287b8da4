"""What stands of the people of a sheet of members already: check-ins, posts, skills."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection

from lianxin.registry.actions.check_ins import MEMBER


@dataclass(slots=True)
class Live:
    """A check-in that lasts; `place` is what its area is called."""

    key: int
    unit: int
    area: int
    place: str
    since: date
    confirmed: bool


@dataclass(slots=True)
class Standing:
    """`left`: the day on which the last check-in before this one ended."""

    left: date | None = None
    check_in: Live | None = None
    member_of: set[int] = field(default_factory=set)
    skills: set[str] = field(default_factory=set)


def standing(people: Sequence[int]) -> dict[int, Standing]:
    """One row for each of them; four statements."""
    found = {key: Standing() for key in people}
    if not found:
        return found
    for key, *rest in _rows(
        """SELECT checkin.person_id, checkin.id, checkin.unit_id, checkin.area_id, area.name,
            checkin.since, checkin.confirmed IS NOT NULL
        FROM registry_checkin checkin JOIN registry_area area ON area.id = checkin.area_id
        WHERE checkin.until IS NULL AND checkin.person_id = ANY(%s)""",
        people,
    ):
        found[key].check_in = Live(*rest)
    for key, left in _rows(
        """SELECT person_id, max(until) FROM registry_checkin
        WHERE until > since AND confirmed IS NOT NULL AND person_id = ANY(%s) GROUP BY 1""",
        people,
    ):
        found[key].left = left
    for key, unit in _rows(
        f"""SELECT person_id, unit_id FROM registry_post WHERE role = '{MEMBER}'
        AND until IS NULL AND behalf_of_id IS NULL AND unit_id IS NOT NULL
        AND person_id = ANY(%s)""",
        people,
    ):
        found[key].member_of.add(unit)
    for key, skill in _rows(
        "SELECT person_id, skill FROM registry_personskill WHERE person_id = ANY(%s)", people
    ):
        found[key].skills.add(skill)
    return found


def _rows(sql: str, people: Sequence[int]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(people)])
        return list(cursor.fetchall())
