"""Training classes: seats never given twice, who came by the code at the door, one rating each."""

import threading
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils import timezone
from team_town import somebody, stamp
from town import COUNTY, Town, settled

from lianxin.growth.actions.courses import (
    check_in,
    open_course,
    rate,
    sign_off,
    sign_up,
)
from lianxin.growth.models import Attendance, Course
from lianxin.registry.actions import Stamp
from lianxin.registry.models import Entry, Person
from lianxin.registry.refusal import NotPossible

MANY = 64


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with settled(request) as town:
        yield town


def course(town: Town, seats: int = 3, days: int = 0) -> Course:
    since = timezone.localdate() + timedelta(days=days)
    return open_course(stamp(), town.areas[COUNTY], "应急处置专题班", seats, 180, since)


def no(code: str, press, *given) -> None:
    with pytest.raises(NotPossible) as refusal:
        press(stamp(), *given)
    assert refusal.value.code == code


def test_a_class_is_opened_once_with_seats(town: Town) -> None:
    row = course(town)
    assert row.until == row.since + timedelta(days=1) and len(row.code) == 12
    county, day = town.areas[COUNTY], row.since
    no("course_already", open_course, county, "应急处置专题班", 3, 180, day)
    no("no_name", open_course, county, " ", 3, 180, day)
    no("bad_seats", open_course, county, "x", 0, 180, day)
    no("bad_minutes", open_course, county, "x", 3, 0, day)
    no("not_after", open_course, county, "x", 3, 180, day, day)


def test_signing_up_and_coming(town: Town) -> None:
    row, one = course(town, seats=2), town.people["m1"]
    signed = sign_up(stamp(), row, one)
    no("signed_already", sign_up, row, one)
    sign_up(stamp(), row, town.people["m2"])
    no("course_full", sign_up, row, town.people["m3"])
    no("not_there", rate, signed, 5)
    no("not_signed", check_in, row.code, town.people["m3"])
    no("no_course", check_in, "nonesuch", one)
    done = check_in(stamp(), row.code, one)
    assert (done.minutes, done.came is not None) == (180, True)
    no("came_already", check_in, row.code, one)
    no("came_already", sign_off, signed)
    no("bad_rating", rate, signed, 6)
    rate(stamp(), signed, 4)
    no("rated_already", rate, signed, 5)
    verbs = Entry.objects.filter(model="growth.attendance", key=signed.pk).order_by("pk")
    assert [e.verb for e in verbs] == ["sign_up", "came", "rate"]


def test_a_seat_given_back_can_be_taken(town: Town) -> None:
    row = course(town, seats=1)
    sign_off(stamp(), sign_up(stamp(), row, town.people["m1"]))
    sign_up(stamp(), row, town.people["m2"])
    assert [a.person.name for a in row.attendances.all()] == ["m2"]


def test_not_on_another_day(town: Town) -> None:
    coming = course(town, days=3)
    sign_up(stamp(), coming, town.people["m1"])
    no("course_not_today", check_in, coming.code, town.people["m1"])
    over = open_course(stamp(), town.areas[COUNTY], "老班", 3, 180, date(2025, 3, 4))
    no("course_over", sign_up, over, town.people["m1"])


def test_of_many_who_want_the_last_seat_one_has_it(fresh: str, request) -> None:
    with settled(request) as town:
        row = course(town, seats=2)
        sign_up(stamp(), row, town.people["m1"])
        people = [somebody(town, f"p{n}").pk for n in range(MANY)]
        told: list[str] = []
        gate = threading.Barrier(8)

        def press(mine: list[int]) -> None:
            gate.wait()
            for key in mine:
                try:
                    sign_up(Stamp(None, timezone.now()), row, Person.objects.get(pk=key))
                    told.append("in")
                except NotPossible as refusal:
                    told.append(refusal.code)
            connection.close()

        threads = [threading.Thread(target=press, args=(people[n::8],)) for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(told) == ["course_full"] * (MANY - 1) + ["in"]
        assert Attendance.objects.filter(course=row).count() == 2
