"""Takes a row of a posts sheet: who holds which role where, from when to when."""

from __future__ import annotations

import difflib
from datetime import date
from typing import Literal

from lianxin.registry import actions, roles
from lianxin.registry.actions import Stamp
from lianxin.registry.imports.known_units import known_unit
from lianxin.registry.imports.outcome import Problem
from lianxin.registry.imports.places import Places
from lianxin.registry.models import Area, Person, Post, Unit
from lianxin.registry.sheets.finding import Finding
from lianxin.registry.sheets.table import Row

Verdict = Literal["made", "changed", "same"]


class TakePosts:
    def __init__(self, stamp: Stamp, within: str, since: date) -> None:
        self.stamp = stamp
        self.places = Places(within)
        self.notes: list[Finding] = []
        self.roles = _role_names()
        self.seen: dict[tuple[int | str | None, ...], int] = {}

    def take(self, row: Row) -> Verdict:
        """Problems beside those of Places: row_again, no_person, unknown_person,
        ambiguous_person, unknown_role, unknown_unit, ambiguous_unit."""
        role, area, unit = self._role(row), self._area(row), known_unit(row.get("unit"), "unit")
        person = _person(row)
        key = (person.pk, role, area and area.pk, unit and unit.pk)
        first = self.seen.setdefault(key, row.number)
        if first != row.number:
            raise Problem("row_again", "name" if row.get("name") else "username", first=first)
        until = row.get("until", None)
        held = Post.objects.filter(
            person=person, role=role, area=area, unit=unit, behalf_of=None, until=None
        ).first()
        if held is None:
            return self._appoint(row, person, role, area, unit, until)
        if until is None:
            return "same"
        actions.end_post(self.stamp, held, until)
        return "changed"

    def _appoint(
        self,
        row: Row,
        person: Person,
        role: str,
        area: Area | None,
        unit: Unit | None,
        until: date | None,
    ) -> Verdict:
        since = row.get("since", None) or self.stamp.day
        ended = Post.objects.filter(
            person=person, role=role, area=area, unit=unit, since=since, until=until
        )
        if until is not None and ended.exists():
            return "same"
        actions.appoint(self.stamp, person, role, since, area=area, unit=unit, until=until)
        return "made"

    def _role(self, row: Row) -> str:
        said = row.get("role").lower()
        if said not in self.roles:
            near = difflib.get_close_matches(said, self.roles, 3, 0.5)
            raise Problem("unknown_role", "role", name=row.get("role"), near="、".join(near))
        return self.roles[said]

    def _area(self, row: Row) -> Area | None:
        """The nearest that is named: the area, else the grid in its community, else that."""
        if row.get("area"):
            return self.places.find(row.get("area"), "area")
        community = row.get("community")
        holder = self.places.find(community, "community") if community else None
        if row.get("grid"):
            under = holder.path if holder else ""
            return self.places.find(row.get("grid"), "grid", under, ("grid",))
        return holder


def _person(row: Row) -> Person:
    username, phone, name = row.get("username"), row.get("phone"), row.get("name")
    if username:
        found, at = Person.objects.filter(username=username), "username"
    elif phone:
        found, at = Person.objects.with_phone(phone), "phone"
    elif name:
        found, at = Person.objects.filter(name=name), "name"
    else:
        raise Problem("no_person", "name")
    if name and at == "phone" and found.count() > 1:
        found = found.filter(name=name)
    people = list(found.filter(is_active=True).order_by("pk")[:3])
    if not people:
        raise Problem("unknown_person", at, name=row.get(at))
    if len(people) > 1:
        raise Problem("ambiguous_person", at, name=row.get(at))
    if name and people[0].name != name:
        raise Problem("person_differs", at, name=name)
    return people[0]


def _role_names() -> dict[str, str]:
    """Every way to write a role → the role."""
    return {
        word.lower(): role.name
        for role in roles.all_roles().values()
        for word in (role.name, role.words.zh, role.words.en)
    }
