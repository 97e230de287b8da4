"""Takes a row of a sheet of plans: whose, what kind of line, what, from when to when."""

from __future__ import annotations

from datetime import date
from typing import Literal

from lianxin.growth.actions.reserves import close_line, plan
from lianxin.growth.imports import cells
from lianxin.growth.imports.cells import Once, at_name, one_of
from lianxin.growth.models import Rearing, Reserve
from lianxin.registry.actions import Stamp, after
from lianxin.registry.imports.outcome import Problem
from lianxin.registry.sheets.finding import Finding
from lianxin.registry.sheets.table import Row
from lianxin.registry.team_rules import called

Verdict = Literal["made", "changed", "same"]


class TakeRearing:
    def __init__(self, stamp: Stamp, within: str, since: date) -> None:
        self.stamp, self.within, self.once = stamp, within, Once()
        self.notes: list[Finding] = []

    def take(self, row: Row) -> Verdict:
        """Problems beside those of known_person: unknown_word, row_again, no_reserve (nobody who is
        kept as one here); and what `plan` and `close_line` refuse."""
        kept, kind = self._reserve(row), one_of(called("rearing"), row, "kind")
        what, since = row.get("what"), row.get("since", None) or self.stamp.day
        self.once.check(row, (kept.pk, kind, what), "what")
        until = after(row.get("until")) if row.get("until", None) else None
        lines = Rearing.objects.filter(reserve=kept, kind=kind, name=what)
        held = lines.filter(until=None).first()
        if held is not None and until is not None:
            close_line(self.stamp, held, until)
            return "changed"
        if held is not None or (until is not None and lines.filter(until=until).exists()):
            return "same"
        plan(self.stamp, kept, kind, what, since, until)
        return "made"

    def _reserve(self, row: Row) -> Reserve:
        person = cells.person(row, self.within)
        kept: Reserve | None = Reserve.objects.filter(
            person=person, until=None, area__path__startswith=self.within
        ).first()
        if kept is None:
            raise Problem("no_reserve", at_name(row), name=person.name)
        return kept
