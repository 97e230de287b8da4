"""Takes a row of a careers' sheet: one fact of one worker's career, new, corrected or the same."""

from __future__ import annotations

from typing import Any, Literal

from lianxin.core.career import CareerError
from lianxin.core.flow.page import Words
from lianxin.growth.actions.careers import UNFINISHED, correct, write
from lianxin.growth.fact_kinds import kinds, names_of
from lianxin.growth.imports import cells
from lianxin.growth.imports.cells import Once, at_name, one_of, place, whole
from lianxin.growth.models import Fact, plain_number
from lianxin.growth.queries.careers import career_of
from lianxin.growth.queries.workers import spell_of
from lianxin.registry.actions import Stamp, after
from lianxin.registry.imports.places import Places
from lianxin.registry.models import Area, Person
from lianxin.registry.refusal import NotPossible
from lianxin.registry.sheets.finding import Finding
from lianxin.registry.sheets.table import Row

Verdict = Literal["made", "changed", "same"]
Kind = Fact.Kind
# By which columns a row is known again, beside person and kind.
KNOWN_BY: dict[str, tuple[str, ...]] = {
    Kind.WORKED: ("since",), Kind.AWAY: ("since",), Kind.FALL: ("since",), Kind.GRADE: ("since",),
    Kind.POST: ("since",), Kind.RESULT: ("n",), Kind.DEGREE: ("name", "since"),
    Kind.DUTY: ("name", "since"), Kind.CERTIFICATE: ("name", "since"),
}  # fmt: skip
NUMBERED = ("name", "number")  # a certificate that has one
ENDING = (Kind.WORKED, Kind.AWAY, Kind.CERTIFICATE, Kind.DUTY)
COUNTED = (Kind.RESULT, Kind.FALL, Kind.GRADE)


class TakeFacts:
    """`notes` has an error for each career that does not read once all its rows are there."""

    def __init__(self, stamp: Stamp, within: str, since: object) -> None:
        self.stamp, self.places, self.within, self.once = stamp, Places(within), within, Once()
        self.notes: list[Finding] = []
        self.open: dict[int, Finding] = {}

    def take(self, row: Row) -> Verdict:
        """Problems beside those of Places and of known_person: row_again, unknown_word, no_number,
        area_ended; and what `write` refuses, or not_kept."""
        person = cells.person(row, self.places.within)
        kind = one_of(kinds(), row, "kind")
        said = self._said(row, kind)
        by = NUMBERED if kind == Kind.CERTIFICATE and said["number"] else KNOWN_BY[kind]
        known_by = {name: said[name] for name in by}
        self.once.check(row, (person.pk, kind, *known_by.values()), at_name(row))
        known = Fact.objects.filter(person=person, kind=kind, **known_by).first()
        said["area"] = self._area(row, kind, known)
        self._within(person, said)
        if known is None:
            write(self.stamp, person, Fact(kind=kind, **said), unfinished=True)
        changed = known is not None and correct(self.stamp, known, unfinished=True, **said)
        self._mind(row, person)
        return "made" if known is None else "changed" if changed else "same"

    def _said(self, row: Row, kind: str) -> dict[str, Any]:
        said: dict[str, Any] = {"since": row.get("since", None) or self.stamp.day}
        said["name"] = self._name(row, kind, said["since"])
        number = row.get("number")
        said["number"] = plain_number(number) if kind == Kind.CERTIFICATE else number
        said["n"] = whole(row, "n") if kind in COUNTED and row.get("n") else None
        last = row.get("until", None)
        said["until"] = after(last) if last and kind in ENDING else None
        return said

    def _area(self, row: Row, kind: str, known: Fact | None) -> Area | None:
        """Where the spell was, if the row calls it so: two places may have one name."""
        said = row.get("community")
        if kind != Kind.WORKED or not said:
            return known.area if known else None
        if known and known.area and said in (known.area.name, known.area.path):
            return known.area
        return place(self.places, row, "community")

    def _name(self, row: Row, kind: str, since: Any) -> str:
        table: dict[str, Words] | None = names_of(kind, since)
        if table is None:
            return str(row.get("what")) if kind == Kind.DUTY else ""
        return one_of(table, row, "what")

    def _within(self, person: Person, said: dict[str, Any]) -> None:
        """Who sends a sheet from a place writes the careers of that place. Refuses: not_kept."""
        if self.stamp.who is None:
            return
        spell = spell_of(person.pk, self.stamp.day)
        area = spell.area if spell else said["area"]
        if area is None or not area.path.startswith(self.within) or person == self.stamp.who:
            raise NotPossible("not_kept")

    def _mind(self, row: Row, person: Person) -> None:
        """Whether the career of this row's person reads by now."""
        before = self.open.pop(person.pk, None)
        try:
            career_of(person.pk)
        except CareerError as no:
            assert no.code in UNFINISHED, f"{no}: written, and does not read"
            self.open[person.pk] = row.finding(f"refused.career_{no.code}", "", **no.facts)
        if before or person.pk in self.open:
            self.notes[:] = self.open.values()
