"""Posts of a year are reserved for the best cadres of villages and communities, and taken."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction

from lianxin.growth.models import ReservedPost
from lianxin.registry.actions.stamp import Stamp
from lianxin.registry.models import Area, Person
from lianxin.registry.refusal import NotPossible

YEARS = range(2000, 2200)
LONGEST, MOST = 120, 1000  # letters of a name; posts of one name and year


@transaction.atomic
def reserve_post(
    stamp: Stamp, year: int, kind: str, area: Area, name: str, n: int = 1
) -> ReservedPost:
    """The `n`th of this name.

    Refuses: no_name, too_long, no_post_kind, bad_year, bad_seats, closed, post_already.
    """
    if not name.strip():
        raise NotPossible("no_name")
    if len(name.strip()) > LONGEST:
        raise NotPossible("too_long", most=LONGEST)
    if kind not in ReservedPost.Kind.values:
        raise NotPossible("no_post_kind", kind=kind)
    if year not in YEARS:
        raise NotPossible("bad_year", year=year)
    if not 1 <= n <= MOST:
        raise NotPossible("bad_seats", n=n, most=MOST)
    if area.until is not None:
        raise NotPossible("closed", name=area.name, until=area.until)
    row = ReservedPost(year=year, kind=kind, area=area, name=name.strip(), n=n)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as there:
        raise NotPossible("post_already", name=row.name, year=year, n=n) from there
    stamp.made("reserve", row)
    return row


@transaction.atomic
def take_post(stamp: Stamp, post: ReservedPost, person: Person, on: date) -> None:
    """Who got it, and the day. Refuses: post_taken, bad_day (before the year of the post), and
    day_to_come."""
    row = ReservedPost.objects.select_for_update().get(pk=post.pk)
    if row.person_id is not None:
        raise NotPossible("post_taken", name=row.name)
    if on.year < row.year:
        raise NotPossible("before_its_year", on=on, year=row.year)
    if on > stamp.day:
        raise NotPossible("day_to_come", on=on)
    stamp.change("take", row, person=person, taken=on)
