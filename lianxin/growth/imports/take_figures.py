"""Takes a row of a sheet of figures: which, of what place, how much, as of what day, by whom."""

from __future__ import annotations

from datetime import date
from typing import Literal

from lianxin.growth.actions.figures import note_figure
from lianxin.growth.imports.cells import Once, not_to_come, number, one_of, place
from lianxin.registry.actions import Stamp
from lianxin.registry.imports.places import Places
from lianxin.registry.sheets.finding import Finding
from lianxin.registry.sheets.table import Row
from lianxin.registry.team_rules import called

Verdict = Literal["made", "changed", "same"]


class TakeFigures:
    def __init__(self, stamp: Stamp, within: str, since: date) -> None:
        self.stamp, self.places, self.once = stamp, Places(within), Once()
        self.notes: list[Finding] = []

    def take(self, row: Row) -> Verdict:
        """Problems beside those of Places: row_again, area_ended, unknown_word, no_number, to_come;
        and what `note_figure` refuses."""
        area, what = place(self.places, row, "area"), one_of(called("figures"), row, "what")
        on = not_to_come(row, "on", self.stamp.day)
        assert on is not None  # the column is required
        self.once.check(row, (area.pk, what, on, row.get("source")), "area")
        value = number(row, "value")
        made = note_figure(self.stamp, area, what, value, on, row.get("source"))
        return "made" if made else "same"
