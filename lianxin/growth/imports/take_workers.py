"""Takes a row of a workers' sheet: who is at work in which community, as what, since when."""

from __future__ import annotations

from datetime import date
from typing import Literal

from lianxin.growth.actions.workers import enrol, leave, may_begin
from lianxin.growth.careers import careers
from lianxin.growth.imports import cells
from lianxin.growth.imports.cells import Once, at_name, one_of, place
from lianxin.growth.models import Fact
from lianxin.registry.actions import Stamp
from lianxin.registry.imports.places import Places
from lianxin.registry.models import Person
from lianxin.registry.sheets.finding import Finding
from lianxin.registry.sheets.table import Row

Verdict = Literal["made", "changed", "same"]


class TakeWorkers:
    def __init__(self, stamp: Stamp, within: str, since: date) -> None:
        self.stamp, self.places, self.once = stamp, Places(within), Once()
        self.notes: list[Finding] = []

    def take(self, row: Row) -> Verdict:
        """Problems beside those of Places and of known_person: row_again, unknown_word,
        area_ended; and what `may_begin`, `enrol` and `leave` refuse."""
        person = cells.person(row, self.places.within)
        may_begin(self.stamp, person, [self.places.within], self._since(row))
        self.once.check(row, person.pk, at_name(row))
        area = place(self.places, row, "community", ("community",))
        spell = self._spell(row, person)
        if spell is None or (spell.until and not self._same(row, spell)):
            spell = enrol(self.stamp, person, area, self._post(row), self._since(row))
            if row.get("until"):
                leave(self.stamp, spell, row.get("until"))
            return "made"
        if spell.area_id != area.pk:
            enrol(self.stamp, person, area, self._post(row), self._since(row))  # is refused
        if row.get("until") and spell.until is None:
            leave(self.stamp, spell, row.get("until"))
            return "changed"
        return "same"

    def _spell(self, row: Row, person: Person) -> Fact | None:
        """The spell that began on the row's day, or else the one that lasts."""
        spells = Fact.objects.filter(person=person, kind=Fact.Kind.WORKED)
        begun = spells.filter(since=self._since(row)).order_by("-pk").first()
        return begun or spells.filter(until=None).first()

    def _same(self, row: Row, spell: Fact) -> bool:
        return bool(spell.since == self._since(row))

    def _since(self, row: Row) -> date:
        since: date = row.get("since", None) or self.stamp.day
        return since

    def _post(self, row: Row) -> str:
        tables = careers()
        table = tables.on(max(self._since(row), tables.rows[0].since))
        return one_of({code: post.words for code, post in table.posts.items()}, row, "post")
