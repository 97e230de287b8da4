"""Takes rows of two sheets: which unit checks in with which community, and what stands on their
lists. Each side writes what it may write at the page, and nothing else."""

from __future__ import annotations

import difflib
from datetime import date
from typing import Literal

from lianxin.registry.actions import Stamp
from lianxin.registry.actions.check_ins import CLERK, holds
from lianxin.registry.actions.unit_check_ins import check_in_unit, promise
from lianxin.registry.imports.known_units import known_unit
from lianxin.registry.imports.outcome import Problem
from lianxin.registry.imports.places import Places
from lianxin.registry.models import Area, Promise, Unit, UnitCheckIn
from lianxin.registry.sheets.finding import Finding
from lianxin.registry.sheets.table import Row
from lianxin.registry.team_rules import called

Verdict = Literal["made", "changed", "same"]
COMMUNITY = "community"


class TakePartners:
    def __init__(self, stamp: Stamp, within: str, since: date) -> None:
        self.stamp, self.within = stamp, within
        self.notes: list[Finding] = []
        self.seen: dict[tuple[object, ...], int] = {}

    def take(self, row: Row) -> Verdict:
        """Problems beside those of Places and of units: row_again; and what checking in refuses."""
        unit, area = self.pair(row)
        self.once(row, (unit.pk, area.pk), "unit")
        if UnitCheckIn.objects.filter(unit=unit, area=area, until=None).exists():
            return "same"
        check_in_unit(self.stamp, unit, area)
        return "made"

    def pair(self, row: Row) -> tuple[Unit, Area]:
        """A unit's clerk names communities anywhere, whoever speaks for a place those of theirs."""
        unit = known_unit(row.get("unit"), "unit")
        assert unit is not None  # the column is required
        own = self.stamp.who is not None and holds(self.stamp, CLERK, unit=unit.pk)
        places = Places("" if own else self.within)
        return unit, places.find(row.get(COMMUNITY), COMMUNITY, kinds=(COMMUNITY,))

    def once(self, row: Row, key: tuple[object, ...], at: str) -> None:
        first = self.seen.setdefault(key, row.number)
        if first != row.number:
            raise Problem("row_again", at, first=first)


class TakePromises(TakePartners):
    def take(self, row: Row) -> Verdict:
        """Problems beside those above: unknown_word, no_pair (they have not checked in); and what
        `promise` refuses."""
        unit, area = self.pair(row)
        kind, text = self.kind(row), row.get("text").strip()
        self.once(row, (unit.pk, area.pk, kind, text), "text")
        pair = UnitCheckIn.objects.filter(unit=unit, area=area, until=None).first()
        if pair is None:
            raise Problem("no_pair", "unit", name=unit.name, area=area.name)
        if Promise.objects.filter(check_in=pair, kind=kind, text=text, until=None).exists():
            return "same"
        promise(self.stamp, pair, kind, text)
        return "made"

    def kind(self, row: Row) -> str:
        said, table = row.get("kind").strip().lower(), called("promises")
        known = {word.lower(): code for code, w in table.items() for word in (code, w.zh, w.en)}
        if said not in known:
            near = "、".join(difflib.get_close_matches(said, known, 3, 0.5))
            among = "、".join(words.zh for words in table.values())
            raise Problem("unknown_word", "kind", name=row.get("kind"), near=near, among=among)
        return known[said]
