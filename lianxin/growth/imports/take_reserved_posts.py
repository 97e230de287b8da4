"""Takes a row of a sheet of reserved posts: year, kind, place, which post, and who got it."""

from __future__ import annotations

from datetime import date
from typing import Literal

from lianxin.growth.actions.posts import reserve_post, take_post
from lianxin.growth.imports import cells
from lianxin.growth.imports.cells import Once, not_to_come, one_of, place, whole
from lianxin.growth.models import ReservedPost
from lianxin.registry.actions import Stamp
from lianxin.registry.imports.outcome import Problem
from lianxin.registry.imports.places import Places
from lianxin.registry.models import Person
from lianxin.registry.sheets.finding import Finding
from lianxin.registry.sheets.table import Row
from lianxin.registry.team_rules import called

Verdict = Literal["made", "changed", "same"]


class TakeReservedPosts:
    def __init__(self, stamp: Stamp, within: str, since: date) -> None:
        self.stamp, self.places, self.once = stamp, Places(within), Once()
        self.notes: list[Finding] = []

    def take(self, row: Row) -> Verdict:
        """Problems beside those of Places and of known_person: row_again, area_ended, no_number,
        unknown_word, no_taken (who took it, and no day); and what the actions refuse."""
        area, name = place(self.places, row, "area"), row.get("post")
        kind = one_of(called("kinds"), row, "kind")
        year, n = whole(row, "year"), whole(row, "n", 1)
        self.once.check(row, (year, kind, area.pk, name, n), "post")
        person, on = self._taken(row)
        post = ReservedPost.objects.filter(year=year, kind=kind, area=area, name=name, n=n).first()
        made = post is None
        if post is None:
            post = reserve_post(self.stamp, year, kind, area, name, n)
        if person is None or on is None or post.person_id == person.pk:
            return "made" if made else "same"
        cells.another(self.stamp, person)
        take_post(self.stamp, post, person, on)
        return "made" if made else "changed"

    def _taken(self, row: Row) -> tuple[Person | None, date | None]:
        on = not_to_come(row, "taken", self.stamp.day)
        if not (row.get("name") or row.get("username")):
            return None, None
        if on is None:
            raise Problem("no_taken", "taken")
        return cells.person(row, self.places.within), on
