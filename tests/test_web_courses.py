"""Training classes at their pages: opened, signed up for, checked into by the code, rated."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from town import COMMUNITY, COUNTY, Town, settled
from web_town import as_, see

from lianxin.core.career.credit import read_credit
from lianxin.growth.models import Attendance, Course, Reserve
from lianxin.registry.models import Entry

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with settled(request) as town:
        yield town


def opened(town: Town, path: str = COMMUNITY, seats: int = 2, days: int = 0, **more: Any) -> Course:
    since = TODAY + timedelta(days=days)
    return Course.objects.create(
        area=town.areas[path], name="调解实务", seats=seats, minutes=100, since=since,
        until=since + timedelta(days=1), code=f"code{Course.objects.count()}", **more,
    )  # fmt: skip


def press(town: Town, name: str, course: Course, do: str, **said: Any) -> Any:
    return as_(town, name).post(f"/courses/{course.pk}/press", {"do": do, **said})


def test_a_class_is_opened_signed_up_for_and_came_to(town: Town) -> None:
    desk = as_(town, "desk")
    asked = {
        "name": "网格员初任班", "area": COMMUNITY, "since": str(TODAY), "days": "2",
        "minutes": "100", "seats": "30",
    }  # fmt: skip
    assert desk.post("/courses/new", asked).status_code == 302
    course = Course.objects.get()
    assert (course.name, course.until) == ("网格员初任班", TODAY + timedelta(days=2))
    assert "网格员初任班" in see(town, "worker", "/courses")
    assert press(town, "worker", course, "sign_up").status_code == 302
    assert "已报名" in see(town, "worker", f"/courses/{course.pk}")
    here = as_(town, "worker").post(f"/c/{course.code}", follow=True).content.decode()
    assert "已签到：网格员初任班" in here
    assert "已参加，3 学时" in here, "100 minutes: three times thirty, and ten left over"
    assert press(town, "worker", course, "rate", stars="4").status_code == 302
    row = Attendance.objects.get()
    assert (row.minutes, row.rating, row.came is not None) == (100, 4, True)
    assert "1 人评价，平均 4.0 分" in see(town, "desk", f"/courses/{course.pk}")
    assert "累计 3 学时" in see(town, "worker", "/courses")
    verbs = Entry.objects.filter(model="growth.attendance").order_by("pk")
    assert list(verbs.values_list("verb", flat=True)) == ["sign_up", "came", "rate"]


@pytest.mark.parametrize(
    ("field", "typed"),
    [("name", ""), ("seats", "0"), ("minutes", "x"), ("days", "99"), ("since", "明天"),
     ("area", COUNTY), ("area", "522602001001")],
)  # fmt: skip
def test_a_class_that_cannot_be_is_told_and_not_opened(town: Town, field: str, typed: str) -> None:
    asked = {
        "name": "班", "area": COMMUNITY, "since": str(TODAY), "days": "1", "minutes": "60",
        "seats": "3", field: typed,
    }  # fmt: skip
    answer = as_(town, "desk").post("/courses/new", asked)
    assert answer.status_code == 422
    assert "error" in answer.content.decode()
    assert not Course.objects.exists()


def test_who_finds_which_class(town: Town) -> None:
    here, above = opened(town), opened(town, COUNTY)
    elsewhere = opened(town, "522602001001")
    page = see(town, "worker", "/courses")
    assert f"/courses/{here.pk}" in page and f"/courses/{above.pk}" in page
    assert f"/courses/{elsewhere.pk}" not in page
    assert as_(town, "worker").get(f"/courses/{elsewhere.pk}").status_code == 404
    assert press(town, "worker", elsewhere, "sign_up").status_code == 404
    assert as_(town, "resident").get(f"/courses/{here.pk}").status_code == 404
    Reserve.objects.create(
        person=town.people["resident"], area=town.areas[COMMUNITY], door="chosen", since=TODAY
    )
    assert as_(town, "resident").get(f"/courses/{here.pk}").status_code == 200
    assert Client().get("/courses").status_code == 302


def test_the_names_are_for_whoever_holds_the_class(town: Town) -> None:
    course = opened(town)
    press(town, "worker", course, "sign_up")
    for name, reads in (
        ("desk", True),
        ("street_desk", True),
        ("worker", False),
        ("leader", False),
    ):
        assert ("名单（1 人）" in see(town, name, f"/courses/{course.pk}")) is reads, name
    seat = Attendance.objects.get()
    assert press(town, "worker", course, "came", seat=seat.pk).status_code == 404
    assert press(town, "desk", course, "came", seat=seat.pk).status_code == 302
    assert Attendance.objects.get().came is not None


def test_what_is_refused_says_why(town: Town) -> None:
    course, later = opened(town, seats=1), opened(town, days=3)
    assert press(town, "worker", course, "rate", stars="5").status_code == 422
    assert press(town, "worker", course, "sign_up").status_code == 302
    for name, at, do, said in (
        ("worker", course, "sign_up", 422), ("desk", course, "sign_up", 422),
        ("worker", course, "rate", 422), ("desk", course, "sign_off", 422),
        ("worker", course, "nothing", 404),
    ):  # fmt: skip
        assert press(town, name, at, do, stars="5").status_code == said, (name, do)
    assert as_(town, "desk").post(f"/c/{course.code}").status_code == 422
    press(town, "worker", later, "sign_up")
    assert as_(town, "worker").post(f"/c/{later.code}").status_code == 422
    assert as_(town, "worker").post("/c/nothing").status_code == 404
    assert Attendance.objects.filter(came__isnull=False).count() == 0
    assert press(town, "worker", course, "sign_off").status_code == 302
    assert press(town, "desk", course, "sign_up").status_code == 302, "the seat is free again"


def test_the_code_is_printed_by_its_holder_alone(town: Town) -> None:
    course = opened(town)
    page = see(town, "desk", f"/courses/{course.pk}/sheet")
    assert f"/c/{course.code}" in page
    assert as_(town, "stranger").get(f"/courses/{course.pk}/sheet").status_code == 404
    assert as_(town, "worker").get(f"/courses/{course.pk}/sheet").status_code == 403
    assert f"/c/{course.code}" not in see(town, "leader", f"/courses/{course.pk}")


def test_a_rule_that_counts_nothing_stops_with_its_key() -> None:
    for row, said in (
        ({"minutes": 30}, "half"), ({"minutes": 0, "half": 1}, "between"),
        ({"minutes": 30, "half": 31}, "between"), ({"minutes": "x", "half": 1}, "x"),
    ):  # fmt: skip
        with pytest.raises(ValueError, match=said):
            read_credit({TODAY: row})
    rules = read_credit({
        TODAY: {"minutes": 30, "half": 15}, TODAY + timedelta(days=9): {"minutes": 45, "half": 20}
    })  # fmt: skip
    assert rules.on(TODAY - timedelta(days=1)).minutes == 30
    assert rules.on(TODAY + timedelta(days=9)).hours(90) == 2
