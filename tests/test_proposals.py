"""Promotions: who is due is listed, recorded with a paper in one press, and taken back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from careers_town import fact, hired, stamp, stop_the_clock
from django.utils import timezone
from town import Town, settled
from web_town import as_, see

from lianxin.growth.actions.careers import write
from lianxin.growth.actions.proposals import record, take_back
from lianxin.growth.models import Fact, Standing
from lianxin.registry.models import Entry, Post
from lianxin.registry.refusal import NotPossible

DAY = date(2021, 3, 1)
PAGE = "/careers/proposals"


@pytest.fixture(autouse=True)
def day(monkeypatch: pytest.MonkeyPatch) -> None:
    stop_the_clock(monkeypatch)


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with settled(request) as town:
        elsewhere = town.areas["522602"]
        Post.objects.filter(person=town.people["stranger"]).update(area=elsewhere)
        for name in ("worker", "w2", "w3"):
            hired(town, name)
        for name, grade in (("worker", 3), ("w2", 4), ("w3", 9)):
            write(stamp(), town.people[name], fact("grade", DAY, n=grade, number="P1"))
        yield town


def value(town: Town, name: str) -> str:
    row = Standing.objects.get(person=town.people[name])
    return f"{row.person_id}:{row.grade}"


def papers(town: Town, number: str) -> list[str]:
    rows = Fact.objects.filter(kind="grade", number=number).order_by("person_id")
    return [f"{row.person.username} {row.n}" for row in rows.select_related("person")]


def test_only_who_passed_the_paper_is_listed(town: Town) -> None:
    hired(town, "w4")  # on no paper
    hired(town, "far", place="522602001001")
    html = see(town, "street_desk", PAGE)
    for name, there in (("worker", True), ("w4", True), ("w2", False), ("w3", False),
                        ("far", False)):  # fmt: skip
        assert (value(town, name) in html) is there, name


def test_one_press_records_and_one_takes_back(town: Town) -> None:
    hired(town, "w4")
    desk = as_(town, "street_desk")
    given = {"p": [value(town, "worker"), value(town, "w4")], "number": "凯人社〔2026〕8号",
             "since": "2026-01-01"}  # fmt: skip
    assert desk.post(PAGE, given).status_code == 302
    assert papers(town, "凯人社〔2026〕8号") == ["worker 4", "w4 4"]
    assert set(Standing.objects.filter(recorded=4).values_list("person__username", flat=True)) == {
        "worker", "w2", "w4",
    }  # fmt: skip
    html = see(town, "street_desk", PAGE)
    assert "没有要晋级的" in html
    today = timezone.localdate().isoformat()
    later = {"p": [], "number": "X2", "since": today}
    assert desk.post(PAGE, later).status_code == 422
    write(stamp(), town.people["worker"], fact("fall", DAY, n=1))  # moves what stands there
    row = Fact.objects.get(person=town.people["worker"], number="凯人社〔2026〕8号")
    assert Entry.objects.filter(model="growth.fact", key=row.pk, verb="write").exists()


def test_taken_back_it_is_as_it_was(town: Town) -> None:
    desk, today = as_(town, "street_desk"), timezone.localdate().isoformat()
    given = {"p": [value(town, "worker")], "number": "X1", "since": today}
    desk.post(PAGE, given)
    assert "X1" in see(town, "street_desk", PAGE)
    assert as_(town, "stranger").post(PAGE, {"do": "back", "number": "X1", "since": today}
                                      ).status_code == 422  # fmt: skip
    assert papers(town, "X1") == ["worker 4"]
    assert desk.post(PAGE, {"do": "back", "number": "X1", "since": today}).status_code == 302
    assert papers(town, "X1") == []
    assert Standing.objects.get(person=town.people["worker"]).recorded == 3
    assert desk.post(PAGE, {"do": "back", "number": "X1", "since": today}).status_code == 422


@pytest.mark.parametrize(("more", "says"), [
    ({"number": " "}, "写上文号"),
    ({"p": []}, "没有勾选任何人"),
    ({"p": ["x"]}, "不归您登记"),
    ({"p": ["9999:4"]}, "不归您登记"),
    ({"p": ["99999999999999999999999:4"]}, "不归您登记"),
    ({"since": "someday"}, "不是日期"),
    ({"since": "2090-01-01"}, "还没到"),
])  # fmt: skip
def test_a_press_that_cannot_be(town: Town, more: dict[str, str], says: str) -> None:
    given = {"p": [value(town, "worker")], "number": "X1", "since": "2026-01-01"} | more
    answer = as_(town, "street_desk").post(PAGE, given)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not Fact.objects.filter(number="X1").exists()


def test_nobody_of_another_place_is_recorded(town: Town) -> None:
    given = {"p": [value(town, "worker")], "number": "X1", "since": "2026-01-01"}
    assert as_(town, "stranger").post(PAGE, given).status_code == 422
    assert not Fact.objects.filter(number="X1").exists()


def test_what_was_shown_is_what_is_recorded_or_nothing(town: Town) -> None:
    """The career changed between the list and the press."""
    shown = {town.people["worker"].pk: 4, town.people["w2"].pk: 4}
    write(stamp(), town.people["w2"], fact("degree", DAY, name="doctor"))
    with pytest.raises(NotPossible) as refused:
        record(stamp(), shown, "X1", DAY)
    assert refused.value.code == "proposal_moved"
    assert refused.value.facts == {"name": "w2", "grade": 7}
    assert not Fact.objects.filter(number="X1").exists()


def test_nobody_records_their_own(town: Town) -> None:
    hired(town, "street_desk")
    write(stamp(), town.people["street_desk"], fact("grade", DAY, n=2, number="P1"))
    html = see(town, "street_desk", PAGE)
    assert "disabled" in html
    with pytest.raises(NotPossible) as refused:
        record(stamp(town.people["street_desk"]), {town.people["street_desk"].pk: 4}, "X1", DAY)
    assert refused.value.code == "own_grade"
    with pytest.raises(NotPossible) as refused:
        take_back(stamp(), "no such paper", DAY, [town.people["street_desk"].pk])
    assert refused.value.code == "nothing_recorded"
