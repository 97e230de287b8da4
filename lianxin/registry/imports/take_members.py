"""Takes a sheet of members: who belongs to which unit, where they live, since when, what they can.

A sheet is what a unit says, so its members are confirmed by it. At the terminal it may speak of all
units; anybody else may only of those whose clerk they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

from lianxin.core.flow.page import Words
from lianxin.registry.actions import Stamp
from lianxin.registry.actions.check_ins import CLERK, is_home
from lianxin.registry.imports.many import Progress, batched
from lianxin.registry.imports.many_known import ManyPeople, ManyUnits, Somebody
from lianxin.registry.imports.many_places import ManyPlaces
from lianxin.registry.imports.members_known import Standing, standing
from lianxin.registry.imports.members_written import Planned, analysed, write
from lianxin.registry.imports.outcome import Problem
from lianxin.registry.imports.skilled import skills_of
from lianxin.registry.models import Area, Person, Post, Unit
from lianxin.registry.queries.accounts import UNUSABLE
from lianxin.registry.sheets.finding import Finding
from lianxin.registry.sheets.table import Row

Verdict = Literal["made", "changed", "same"]
HOMES = ("community", "quarter", "grid")
LONGEST = 64  # characters of a name
# Where a member of another unit lives is not told to whoever has a name and a phone.
ELSEWHERE = Words("别处", "another place")
SOMEBODY = Words("别人", "somebody else")  # nor whose a phone is
MANY = 1_000  # rows after which the database looks anew how much there is


class TakeMembers:
    def __init__(self, stamp: Stamp, within: str, since: date) -> None:
        self.stamp = stamp
        # A unit's members live where they like: what bounds its clerk is the unit.
        self.places = ManyPlaces("" if stamp.who else within, HOMES)
        self.units, self.people = ManyUnits(), ManyPeople()
        self.notes: list[Finding] = []
        self.seen: dict[str, tuple[str, int]] = {}
        self.standing: dict[int, Standing] = {}
        self.signing: frozenset[int] = frozenset()
        self.planned: list[Planned] = []
        self.own = _own_units(stamp)

    def look(self, rows: Sequence[Row]) -> None:
        self.places.look(row.get("home") for row in rows)
        self.units.look(row.get("unit") for row in rows)
        self.people.look([row.get("phone") for row in rows], [row.get("username") for row in rows])
        self.standing = standing(self.people.keys())
        self.signing = _signing(self.stamp, self.people.keys())

    def take(self, row: Row) -> Verdict:
        """Problems: those of ManyPlaces, ManyUnits and ManyPeople; too_long, no_person, row_again,
        future_day, overlaps, refused.too_wide, refused.not_own_unit, refused.own_check_in,
        refused.own_account, refused.checked_in_already."""
        name, phone = row.get("name"), row.get("phone")
        if len(name) > LONGEST:
            raise Problem("too_long", "name", most=LONGEST)
        somebody = self._somebody(row, name, phone)
        if somebody:
            self._once(row, f"#{somebody.key}")
        plan = Planned(
            name, phone, self.people.blinds.get(phone, ""), somebody, self._unit(row, somebody),
            self._home(row), self._since(row), skills_of(row),
        )  # fmt: skip
        return self._settled(plan)

    def _somebody(self, row: Row, name: str, phone: str) -> Somebody | None:
        """By username, as our own sheet has them, else by phone: a name alone is nobody's."""
        username = row.get("username")
        if username:
            found = self.people.called(username, name, phone)
            if not self._own(found):
                raise Problem("unknown_person", "username", name=username)
            return found
        if not phone:
            raise Problem("no_phone", "phone")
        self._once(row, phone)
        try:
            return self.people.find(phone, name)
        except Problem as other:
            if self.own is None:
                raise
            raise Problem(other.code, other.at, name=SOMEBODY) from other

    def _asked_themselves(self, plan: Planned, known: Standing) -> None:
        """A post gives an account into the hands of a desk: whoever has one takes it on by checking
        in. Problem: refused.own_account."""
        live = known.check_in
        if plan.unit.pk not in known.member_of and not (live and live.unit == plan.unit.pk):
            raise Problem("refused.own_account", "name", name=plan.name)

    def _own(self, somebody: Somebody) -> bool:
        """Whether a clerk knows them already: who has checked in with the clerk's unit, or belongs
        to it. Whoever does not is told by name and phone."""
        if self.own is None:
            return True
        known = self.standing[somebody.key]
        of = {known.check_in.unit} if known.check_in else set()
        return bool(self.own & (of | known.member_of))

    def write(self, progress: Progress) -> None:
        for part in batched(progress(self.planned)):
            write(self.stamp, part)
        if len(self.planned) > MANY:
            analysed()

    def _once(self, row: Row, who: str) -> None:
        here = (row.sheet, row.number)
        first = self.seen.setdefault(who, here)
        if first != here:
            raise Problem("row_again", "phone", first=first[1])

    def _unit(self, row: Row, somebody: Somebody | None) -> Unit:
        unit = self.units.find(row.get("unit"), "unit")
        if self.own is not None and unit.pk not in self.own:
            raise Problem("refused.not_own_unit", "unit")
        if somebody and self.stamp.who and somebody.key == self.stamp.who.pk:
            raise Problem("refused.own_check_in", "name")
        return unit

    def _home(self, row: Row) -> Area:
        area = self.places.find(row.get("home"), "home")
        if not is_home(area.path):
            raise Problem("refused.too_wide", "home", name=area.name)
        return area

    def _since(self, row: Row) -> date:
        since: date = row.get("since", None) or self.stamp.day
        if since > self.stamp.day:
            raise Problem("future_day", "since", on=since)
        return since

    def _settled(self, plan: Planned) -> Verdict:
        """Against what stands of them in the register."""
        known = self.standing.get(plan.somebody.key) if plan.somebody else None
        if known is None:
            self.planned.append(plan)
            return "made"
        live = known.check_in
        if plan.somebody and plan.somebody.key in self.signing:
            self._asked_themselves(plan, known)
        plan.skills = tuple(s for s in plan.skills if s not in known.skills)
        plan.post = plan.unit.pk not in known.member_of
        if live and live.unit != plan.unit.pk:
            place = live.place if self.own is None else ELSEWHERE
            raise Problem("refused.checked_in_already", "unit", name=place, since=live.since)
        if live and live.area != plan.area.pk:
            raise Problem("refused.checked_in_already", "home", name=live.place, since=live.since)
        if known.left and not live and plan.since < known.left:
            raise Problem("overlaps", "since", on=plan.since, until=known.left)
        if live and live.confirmed and not plan.skills:
            return "same"
        if live:
            plan.check_in, plan.done = live.key, live.confirmed
        self.planned.append(plan)
        return "changed" if live else "made"


def _signing(stamp: Stamp, people: Sequence[int]) -> frozenset[int]:
    """Who of them has an account that is in use; asked for whoever is not at the terminal."""
    if stamp.who is None:
        return frozenset()
    found = Person.objects.filter(pk__in=people).exclude(password__startswith=UNUSABLE)
    return frozenset(found.values_list("pk", flat=True))


def _own_units(stamp: Stamp) -> frozenset[int] | None:
    """Units whose clerk the bearer of the sheet is; None for the terminal, where all are."""
    if stamp.who is None:
        return None
    held = Post.objects.on(stamp.day).filter(person=stamp.who, role=CLERK, unit__isnull=False)
    return frozenset(held.values_list("unit_id", flat=True))
