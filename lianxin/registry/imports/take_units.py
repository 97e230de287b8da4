"""Takes a row of a units sheet: a new unit under its code, or what has changed of a known one."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from lianxin.registry import actions
from lianxin.registry.actions import Stamp
from lianxin.registry.imports.known_units import known_unit, one_unit
from lianxin.registry.imports.outcome import Problem
from lianxin.registry.imports.places import Places
from lianxin.registry.models import Unit
from lianxin.registry.refusal import NotPossible
from lianxin.registry.secret import digits
from lianxin.registry.sheets.finding import Finding
from lianxin.registry.sheets.table import Row

Verdict = Literal["made", "changed", "same"]
LONGEST_CODE, LONGEST = 40, {"name": 120, "phone": 24, "mail": 254}  # as the register keeps them
SAID_AS = {"bad_mail": "mail", "not_after": "until"}  # refusal → the cell it is about


class TakeUnits:
    def __init__(self, stamp: Stamp, within: str, since: date) -> None:
        self.stamp, self.since = stamp, since
        self.places = Places(within)
        self.notes: list[Finding] = []
        self.seen: dict[int, tuple[str, int]] = {}

    def take(self, row: Row) -> Verdict:
        """Problems beside those of Places: not_enough, too_long, new_unit, name_of_other,
        row_again, unknown_unit, ambiguous_unit, own_parent; and what the register refuses."""
        found = _known(row)
        try:
            unit, verdict = self._changed(row, found) if found else self._added(row)
        except NotPossible as no:
            raise Problem(f"refused.{no.code}", SAID_AS.get(no.code, ""), **no.facts) from no
        here = (row.sheet, row.number)
        first = self.seen.setdefault(unit.pk, here)
        if first != here:
            raise Problem("row_again", "code" if row.get("code") else "name", first=first[1])
        return verdict

    def _added(self, row: Row) -> tuple[Unit, Verdict]:
        code, name = row.get("code"), row.get("name")
        if not code:
            raise Problem("new_unit", "code", name=name)
        if not name:
            raise Problem("not_enough", "name", name=code)
        since, values = row.get("since", self.since), self._values(row)
        until = values.pop("until", None)
        unit = actions.add_unit(self.stamp, code, since=since, **values)
        if until:
            actions.change_unit(self.stamp, unit, until=until)
        return unit, "made"

    def _changed(self, row: Row, unit: Unit) -> tuple[Unit, Verdict]:
        values = self._values(row)
        if unit.until and values.get("until") != unit.until:
            raise Problem("refused.closed", "code", name=unit.name, until=unit.until)
        if values.get("parent") == unit:
            raise Problem("own_parent", "parent", name=unit.name)
        if digits(unit.phone) == values.get("phone"):
            del values["phone"]  # the same, as its clerk writes it
        was = unit.name
        if not actions.change_unit(self.stamp, unit, **values):
            return unit, "same"
        if values.get("name", was) != was:
            self.notes.append(row.finding("renamed", "name", "note", was=was, read=values["name"]))
        return unit, "changed"

    def _values(self, row: Row) -> dict[str, Any]:
        """Only what the row says: a blank cell takes nothing away."""
        values: dict[str, Any] = {name: row.get(name) for name in LONGEST if row.get(name)}
        for name, most in {**LONGEST, "code": LONGEST_CODE}.items():
            if len(row.get(name)) > most:
                raise Problem("too_long", name, most=most)
        if row.get("until", None):
            values["until"] = row.get("until", None)
        if row.get("area"):
            values["area"] = self.places.find(row.get("area"), "area")
        if parent := known_unit(row.get("parent"), "parent"):
            values["parent"] = parent
        return values


def _known(row: Row) -> Unit | None:
    """By the code; without one by the name. Another's name is not taken by a new code."""
    code, name = row.get("code"), row.get("name")
    if not (code or name):
        raise Problem("not_enough", "name", name="")
    if not code:
        return one_unit(name, "name")
    found = Unit.objects.filter(code=code).first()
    other = Unit.objects.filter(name=name, until=None).exclude(code=code).first() if name else None
    if other and not (found and found.name == name):
        raise Problem("name_of_other", "name", name=name, code=other.code)
    return found
