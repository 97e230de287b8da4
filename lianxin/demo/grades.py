"""Grades of the demo's workers: what was on paper half a year ago, and what is reckoned today."""

from __future__ import annotations

from datetime import timedelta

from lianxin.growth.models import Fact
from lianxin.growth.queries.careers import Reckoned, everybody, reckon, sums
from lianxin.registry.actions.pour import next_key, pour
from lianxin.registry.actions.stamp import Stamp

PAPER = "演示〔{year}〕12号"
AGO = timedelta(days=180)
NEW = 23  # of so many one came too late for that paper


def pour_grades(stamp: Stamp) -> None:
    """So that some are due to rise, a few are on no paper, and the others agree."""
    people, on = everybody(), stamp.day - AGO
    written = [one for one in sums(people, on) if isinstance(one, Reckoned) and one.grade]
    rows = [(one.person, one.grade.grade) for one in written if one.grade and one.person % NEW]
    pour(
        stamp, Fact, ("id", "person_id", "kind", "name", "number", "n", "since"),
        (
            (key, person, "grade", "", PAPER.format(year=on.year), grade, on)
            for key, (person, grade) in enumerate(rows, next_key(Fact))
        ),
    )  # fmt: skip
    reckon(people, stamp.day)
