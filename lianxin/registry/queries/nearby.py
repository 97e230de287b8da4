"""How far a member's own grid lies from another: grid to grid, never from home to home."""

from __future__ import annotations

from collections.abc import Iterable
from math import cos, hypot, radians

from django.db.models import Case, IntegerField, QuerySet, Value, When

from lianxin.registry.models import Boundary, Person, PersonSkill

METRES_A_DEGREE = 111_320.0
RINGS = (18, 15, 12, 9, 6)  # digits of a grid, quarter, community, street, county


def nearest(found: QuerySet, home: str) -> QuerySet:
    """The same rows, those of the grid `home` first, then of its quarter, community, street…"""
    steps = [home[:n] for n in RINGS if len(home) >= n]
    rings = [When(path__startswith=prefix, then=Value(n)) for n, prefix in enumerate(steps)]
    ring = Case(*rings, default=Value(len(steps)), output_field=IntegerField())
    return found.annotate(ring=ring).order_by("ring", "due", "id") if rings else found


class Nearby:
    """One member's view of places. `look` fetches all that a list needs at once."""

    def __init__(self, person: Person) -> None:
        self.home = person.home.path if person.home else ""
        found = PersonSkill.objects.filter(person=person)
        self.skills = set(found.values_list("skill", flat=True))
        self.middles: dict[str, tuple[float, float]] = {}

    def look(self, paths: Iterable[str]) -> None:
        """Learn where these grids lie, by the boundaries in force; one query."""
        wanted = {self.home, *paths} - self.middles.keys() - {""}
        drawn = Boundary.objects.filter(
            area__path__in=wanted, area__until=None, generation__until=None
        )
        for path, *box in drawn.values_list("area__path", "west", "east", "south", "north"):
            self.middles[path] = (box[0] + box[1]) / 2, (box[2] + box[3]) / 2

    def metres(self, path: str) -> float | None:
        """Between the middles of the two grids as the crow flies; 0 within one's own, None where
        either is unknown."""
        if path == self.home != "":
            return 0.0
        here, there = self.middles.get(self.home), self.middles.get(path)
        if here is None or there is None:
            return None
        east = (there[0] - here[0]) * cos(radians(here[1]))
        return hypot(east, there[1] - here[1]) * METRES_A_DEGREE

    def fits(self, wanted: tuple[str, ...]) -> str:
        """The skill of this member that is wanted, "" if none is."""
        return next((skill for skill in wanted if skill in self.skills), "")
