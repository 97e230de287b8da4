"""A result of a year that few may have is given while there is room for it, and no longer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from lianxin.growth.assessments import rules_on
from lianxin.growth.models import Fact
from lianxin.growth.queries.rooms import rooms, worked_at
from lianxin.registry.models import Area
from lianxin.registry.refusal import NotPossible


def keep_quota(fact: Fact) -> None:
    """Called within the transaction that writes the result. Refuses: over_quota, not_served."""
    assert fact.n is not None, "a result without its year was refused before"
    hold_room(fact.person_id, fact.n, fact.name)


def hold_room(person: int, year: int, result: str) -> None:
    """There is room for this result of theirs. Two who give the last one in the same second wait
    for each other at the place. Refuses: over_quota (with the numbers), not_served."""
    path = worked_at(person, year)
    quotas = [q for q in rules_on(date(year, 12, 31)).quotas if q.result == result]
    if not quotas:
        return
    names = held({quota.place(path) for quota in quotas})
    for room in rooms(path, year, [person]):
        if room.result == result and path.startswith(room.path) and not room.left:
            raise NotPossible(
                "over_quota", place=names.get(room.path, room.path), year=year,
                served=room.served, most=room.most, given=room.given,
            )  # fmt: skip


def held(places: Iterable[str]) -> dict[str, str]:
    """Path → name of these places, locked: by them the quotas count."""
    rows = Area.objects.select_for_update(of=("self",)).filter(path__in=set(places), until=None)
    return dict(rows.order_by("path").values_list("path", "name"))
