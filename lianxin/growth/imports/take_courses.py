"""Takes a row of a sheet of classes: who holds it, its name, seats, minutes and days."""

from __future__ import annotations

from datetime import date
from typing import Literal

from lianxin.growth.actions.courses import open_course
from lianxin.growth.imports.cells import Once, place, whole
from lianxin.growth.models import Course
from lianxin.registry.actions import Stamp
from lianxin.registry.imports.outcome import Problem
from lianxin.registry.imports.places import Places
from lianxin.registry.sheets.finding import Finding
from lianxin.registry.sheets.table import Row

Verdict = Literal["made", "changed", "same"]


class TakeCourses:
    def __init__(self, stamp: Stamp, within: str, since: date) -> None:
        self.stamp, self.places, self.once = stamp, Places(within), Once()
        self.notes: list[Finding] = []

    def take(self, row: Row) -> Verdict:
        """Problems beside those of Places: row_again, area_ended, no_number, course_differs (it is
        there, with other seats or minutes); and what `open_course` refuses."""
        area, name, since = place(self.places, row, "area"), row.get("name"), row.get("since")
        self.once.check(row, (area.pk, name, since), "name")
        seats, minutes = whole(row, "seats"), whole(row, "minutes")
        there = Course.objects.filter(area=area, name=name, since=since).first()
        if there is not None:
            for at, said in (("seats", seats), ("minutes", minutes)):
                if getattr(there, at) != said:
                    raise Problem("course_differs", at, was=getattr(there, at))
            return "same"
        open_course(self.stamp, area, name, seats, minutes, since, row.get("until", None))
        return "made"
