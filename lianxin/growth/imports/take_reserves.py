"""Takes a row of a reserves' sheet: who is kept for which community, how chosen, and the end."""

from __future__ import annotations

from datetime import date
from typing import Literal

from lianxin.growth.actions.reserves import end, keep
from lianxin.growth.imports import cells
from lianxin.growth.imports.cells import Once, at_name, one_of, place
from lianxin.growth.models import Reserve
from lianxin.registry.actions import Stamp
from lianxin.registry.imports.outcome import Problem
from lianxin.registry.imports.places import Places
from lianxin.registry.sheets.finding import Finding
from lianxin.registry.sheets.table import Row
from lianxin.registry.team_rules import called

Verdict = Literal["made", "changed", "same"]


class TakeReserves:
    def __init__(self, stamp: Stamp, within: str, since: date) -> None:
        self.stamp, self.places, self.once = stamp, Places(within), Once()
        self.notes: list[Finding] = []

    def take(self, row: Row) -> Verdict:
        """Problems beside those of Places and of known_person: row_again, area_ended, unknown_word,
        no_end (an end without its reason); and what `another`, `keep` and `end` refuse."""
        person = cells.person(row, self.places.within)
        cells.another(self.stamp, person)
        self.once.check(row, person.pk, at_name(row))
        area = place(self.places, row, "community", ("community",))
        door = one_of(called("doors"), row, "door")
        since = row.get("since", None) or self.stamp.day
        held = Reserve.objects.filter(person=person, until=None).first()
        if held is None and self._was(row, person.pk, area.pk, since):
            return "same"
        made = held is None or held.area_id != area.pk
        if made:
            held = keep(self.stamp, person, area, door, since)
        assert held is not None
        if (ended := self._ended(row)) is not None:
            end(self.stamp, held, *ended)
            return "made" if made else "changed"
        return "made" if made else "same"

    def _was(self, row: Row, person: int, area: int, since: date) -> bool:
        until = row.get("until", None)
        rows = Reserve.objects.filter(person=person, area=area, since=since, until=until)
        return until is not None and rows.exists()

    def _ended(self, row: Row) -> tuple[date, str] | None:
        until: date | None = row.get("until", None)
        if until is None:
            return None
        if not row.get("ended"):
            raise Problem("no_end", "ended")
        if row.get("ended") in ("任副书记", "副书记", "deputy"):
            return until, "deputy"  # is refused, and told why
        return until, one_of(called("ended"), row, "ended")
