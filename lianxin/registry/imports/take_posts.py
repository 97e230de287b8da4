"""Takes a row of a posts sheet: who holds which role where, from when to when.

Whoever does so at a page gives and ends the posts of their own place that a desk gives by hand
(params/accounts.toml), and only to people who work there already: an account is never got at by
giving its owner a post.
"""

from __future__ import annotations

import difflib
from datetime import date
from typing import Literal

from lianxin.registry import actions, roles
from lianxin.registry.account_rules import rule
from lianxin.registry.actions import Stamp
from lianxin.registry.imports.known_people import known_person
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
        self.own = within if stamp.who else ""
        self.notes: list[Finding] = []
        self.roles = _role_names()
        self.seen: dict[tuple[int | str | None, ...], int] = {}

    def take(self, row: Row) -> Verdict:
        """Problems beside those of Places: row_again, no_person, unknown_person,
        ambiguous_person, unknown_role, unknown_unit, ambiguous_unit, not_given_here."""
        role, area, unit = self._role(row), self._area(row), known_unit(row.get("unit"), "unit")
        person = known_person(row, self.own)
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
        self._may_give(role, unit)
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
        self._may_give(role, unit)
        actions.appoint(self.stamp, person, role, since, area=area, unit=unit, until=until)
        return "made"

    def _may_give(self, role: str, unit: Unit | None) -> None:
        known = roles.all_roles()[role]
        own = role in rule("desk_keeps") and known.acts != "unit" and unit is None
        if self.own and not own:
            raise Problem("not_given_here", "role", name=known.words)

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


def _role_names() -> dict[str, str]:
    """Every way to write a role → the role."""
    return {
        word.lower(): role.name
        for role in roles.all_roles().values()
        for word in (role.name, role.words.zh, role.words.en)
    }
