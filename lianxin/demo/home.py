"""Where the cast lives: one community, in which a quarter of the demo happens."""

from __future__ import annotations

from django.db.models import Count, Q

from lianxin.registry.models import Door

COUNTY = "522632"
DIGITS = 12  # of a community's path


def community() -> str:
    """Path of the community of the cast's county with the most doors; in a corner of the demo
    without that county, of any. The first by path where two have as many."""
    doors = Door.objects.filter(area__kind_id="grid")
    here = Q(area__path__startswith=COUNTY)
    counted = doors.filter(here if doors.filter(here).exists() else Q())
    rows = counted.values("area__path").annotate(n=Count("id")).order_by()
    sums: dict[str, int] = {}
    for row in rows:
        path = row["area__path"][:DIGITS]
        sums[path] = sums.get(path, 0) + row["n"]
    return max(sorted(sums), key=lambda path: sums[path])
