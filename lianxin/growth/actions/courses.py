"""Training classes: opened with seats, signed up for, checked into by a code at the door, rated."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from lianxin.core.step.given import YEARS
from lianxin.growth.models import Attendance, Course
from lianxin.registry.actions.stamp import Stamp
from lianxin.registry.models import Area, Person
from lianxin.registry.models.building import door_code
from lianxin.registry.refusal import NotPossible

MOST_SEATS, MOST_MINUTES = 5000, 60 * 24 * 30
LONGEST = 120  # letters of a name
STARS = range(1, 6)


@transaction.atomic
def open_course(
    stamp: Stamp, area: Area, name: str, seats: int, minutes: int, since: date,
    until: date | None = None,
) -> Course:  # fmt: skip
    """A class from `since` up to the day before `until` (one day unless said otherwise).

    Refuses: no_name, too_long, closed, bad_seats, bad_minutes, day_far, not_after, course_already.
    """
    if not name.strip():
        raise NotPossible("no_name")
    if len(name.strip()) > LONGEST:
        raise NotPossible("too_long", most=LONGEST)
    if area.until is not None:
        raise NotPossible("closed", name=area.name, until=area.until)
    if not 1 <= seats <= MOST_SEATS:
        raise NotPossible("bad_seats", n=seats, most=MOST_SEATS)
    if not 1 <= minutes <= MOST_MINUTES:
        raise NotPossible("bad_minutes", n=minutes, most=MOST_MINUTES)
    for day in (since, until or since):
        if day.year not in YEARS:
            raise NotPossible("day_far", on=day)
    until = until or since + timedelta(days=1)
    if until <= since:
        raise NotPossible("not_after", on=until, since=since)
    row = Course(
        area=area, name=name.strip(), seats=seats, minutes=minutes, since=since, until=until,
        code=door_code(),
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as there:
        raise NotPossible("course_already", name=row.name, since=since) from there
    stamp.made("open", row)
    return row


@transaction.atomic
def sign_up(stamp: Stamp, course: Course, person: Person) -> Attendance:
    """A seat. Two may press in the same second: the second waits for the first and counts anew.

    Refuses: course_over, signed_already, course_full.
    """
    row = Course.objects.select_for_update().get(pk=course.pk)
    if row.until <= stamp.day:
        raise NotPossible("course_over", name=row.name, until=row.until)
    return seat(stamp, row, person, stamp.day)


def seat(stamp: Stamp, row: Course, person: Person, signed: date) -> Attendance:
    """The caller has locked the class."""
    if Attendance.objects.filter(course=row, person=person).exists():
        raise NotPossible("signed_already", name=person.name)
    if Attendance.objects.filter(course=row).count() >= row.seats:
        raise NotPossible("course_full", name=row.name, n=row.seats)
    found = Attendance.objects.create(course=row, person=person, signed=signed)
    stamp.made("sign_up", found)
    return found


@transaction.atomic
def sign_off(stamp: Stamp, attendance: Attendance) -> None:
    """The seat is free again. Refuses: not_signed (it is free by now), came_already."""
    course = Course.objects.select_for_update().get(pk=attendance.course_id)
    row = Attendance.objects.select_for_update().filter(pk=attendance.pk).first()
    if row is None:
        raise NotPossible("not_signed", name=course.name)
    if row.came is not None:
        raise NotPossible("came_already", name=row.person.name)
    stamp.enter("sign_off", row, before={"course_id": row.course_id, "person_id": row.person_id})
    row.delete()


@transaction.atomic
def check_in(stamp: Stamp, code: str, person: Person) -> Attendance:
    """By the code that hangs at the door, on a day of the class.

    Refuses: no_course, course_not_today, not_signed, came_already.
    """
    course = Course.objects.filter(code=code).first()
    if course is None:
        raise NotPossible("no_course")
    if not course.since <= stamp.day < course.until:
        raise NotPossible("course_not_today", name=course.name, since=course.since)
    row = Attendance.objects.select_for_update().filter(course=course, person=person).first()
    if row is None:
        raise NotPossible("not_signed", name=course.name)
    return came(stamp, row, stamp.at)


@transaction.atomic
def came(
    stamp: Stamp, attendance: Attendance, at: datetime, minutes: int | None = None
) -> Attendance:
    """They were there. Refuses: came_already, day_to_come, bad_minutes, course_not_today."""
    row = (
        Attendance.objects.select_for_update()
        .select_related("course", "person")
        .get(pk=attendance.pk)
    )
    course, day = row.course, timezone.localdate(at)
    if row.came is not None:
        raise NotPossible("came_already", name=row.person.name)
    if day > stamp.day:
        raise NotPossible("day_to_come", on=day)
    if not course.since <= day < course.until:
        raise NotPossible("course_not_today", name=course.name, since=course.since)
    minutes = course.minutes if minutes is None else minutes
    if not 0 <= minutes <= course.minutes:
        raise NotPossible("bad_minutes", n=minutes, most=course.minutes)
    stamp.change("came", row, came=at, minutes=minutes)
    return row


@transaction.atomic
def rate(stamp: Stamp, attendance: Attendance, rating: int) -> None:
    """Of the class, once, by who came. Refuses: bad_rating, not_there, rated_already."""
    row = Attendance.objects.select_for_update().get(pk=attendance.pk)
    if rating not in STARS:
        raise NotPossible("bad_rating", n=rating)
    if row.came is None:
        raise NotPossible("not_there")
    if row.rating is not None:
        raise NotPossible("rated_already")
    stamp.change("rate", row, rating=rating)
