"""Takes a row of a sheet of who signed up for a class, and who came."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Literal

from django.utils import timezone

from lianxin.growth.actions.courses import came, seat
from lianxin.growth.imports import cells
from lianxin.growth.imports.cells import Once, at_name, not_to_come, place, whole
from lianxin.growth.models import Attendance, Course
from lianxin.registry.actions import Stamp
from lianxin.registry.imports.outcome import Problem
from lianxin.registry.imports.places import Places
from lianxin.registry.sheets.finding import Finding
from lianxin.registry.sheets.table import Row

Verdict = Literal["made", "changed", "same"]
MORNING = time(9)  # a sheet says the day alone


class TakeAttendances:
    def __init__(self, stamp: Stamp, within: str, since: date) -> None:
        self.stamp, self.places, self.once = stamp, Places(within), Once()
        self.notes: list[Finding] = []

    def take(self, row: Row) -> Verdict:
        """Problems beside those of Places and of known_person: row_again, unknown_course,
        ambiguous_course, to_come, no_number; and what `seat` (course_full) and `came` refuse."""
        course, person = self._course(row), cells.person(row, self.places.within)
        self.once.check(row, (course.pk, person.pk), at_name(row))
        on = not_to_come(row, "came", self.stamp.day)
        held = Attendance.objects.filter(course=course, person=person).first()
        if held is not None and (on is None or held.came is not None):
            return "same"
        made = held is None
        if held is None:
            signed = not_to_come(row, "signed", self.stamp.day) or on or self.stamp.day
            held = seat(self.stamp, course, person, signed)
        if on is not None:
            at = timezone.make_aware(datetime.combine(on, MORNING))
            came(self.stamp, held, at, whole(row, "minutes", course.minutes))
        return "made" if made else "changed"

    def _course(self, row: Row) -> Course:
        """The class, locked: the seats are counted. Of two of one name the day says which."""
        found = Course.objects.select_for_update().filter(name=row.get("course"))
        if row.get("area"):
            found = found.filter(area=place(self.places, row, "area"))
        else:
            found = found.filter(area__path__startswith=self.places.within)
        if row.get("opened"):
            found = found.filter(since=row.get("opened"))
        rows = list(found.order_by("pk")[:2])
        if not rows:
            raise Problem("unknown_course", "course", name=row.get("course"))
        if len(rows) > 1:
            raise Problem("ambiguous_course", "course", name=row.get("course"))
        return rows[0]
