"""What a desk of elsewhere, a colleague and the worker themselves try on a career."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from careers_town import fact, hired, person, stamp, stop_the_clock
from django.utils import timezone
from town import COMMUNITY, COUNTY, DAY, GRID, STREET, Town, settled
from web_town import as_

from lianxin.core.step.refused import Refused
from lianxin.growth.actions.careers import correct, void, write
from lianxin.growth.actions.courses import open_course, sign_off, sign_up
from lianxin.growth.actions.figures import note_figure
from lianxin.growth.actions.particulars import set_particulars
from lianxin.growth.actions.posts import reserve_post, take_post
from lianxin.growth.actions.workers import enrol
from lianxin.growth.imports.cells import number
from lianxin.growth.models import Fact, Reserve, ReservedPost
from lianxin.growth.queries.successors import successors
from lianxin.orders import actions
from lianxin.orders.models import Order
from lianxin.registry.actions import Stamp
from lianxin.registry.imports import import_sheet
from lianxin.registry.imports.outcome import Outcome, Problem
from lianxin.registry.imports.places import SUGGESTED, Places
from lianxin.registry.models import Figure, Person, Post
from lianxin.registry.refusal import NotPossible
from lianxin.registry.sheets.table import Row
from lianxin.web.careers.worker import asked

FAR = "522602001001"
PASSWORD = "Wei-9-gehen-nicht"


@pytest.fixture(autouse=True)
def day(monkeypatch: pytest.MonkeyPatch) -> None:
    stop_the_clock(monkeypatch)


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with settled(request) as town:
        asked.forget()
        Post.objects.filter(person=town.people["stranger"]).update(area=town.areas["522602"])
        hired(town)
        yield town


def refused(code: str, act: Any, *given: Any, **more: Any) -> None:
    with pytest.raises(NotPossible) as no:
        act(*given, **more)
    assert no.value.code == code


def taken(what: str, by: Person | None, within: str, *rows: list[Any]) -> Outcome:
    file = io.StringIO()
    csv.writer(file).writerows(rows)
    data = file.getvalue().encode("utf-8-sig")
    return import_sheet(what, data, "表.csv", Stamp(by, timezone.now()), within=within)


# ── whose career it is ───────────────────────────────────────────────────────────────────────────


def new(town: Town, by: str, name: str, place: str, **more: str) -> int:
    given = {
        "name": name, "username": name, "born": "", "post": "worker", "since": "2026-06-01",
        "until": "", "area": str(town.areas[place].pk),
    }  # fmt: skip
    answer = as_(town, by).post("/careers/new", given | more)
    return answer.status_code


def spells(town: Town, name: str) -> int:
    return Fact.objects.filter(person=town.people[name], kind="worked").count()


def test_a_desk_of_elsewhere_writes_no_past_into_a_career(town: Town) -> None:
    """A year long ago overlaps nothing, and would change the grade that another place pays by."""
    since, until = "2001-01-01", "2002-01-01"
    assert new(town, "stranger", "worker", FAR, since=since, until=until) == 422
    set_particulars(stamp(), town.people["worker"], "1980-05-01")
    again = {"since": since, "until": until, "born": "1980-05-01"}
    assert new(town, "stranger", "worker", FAR, **again) == 422
    assert spells(town, "worker") == 1


def test_a_name_and_a_username_are_not_enough_to_keep_somebody(town: Town) -> None:
    """Whoever keeps a career may open birth and number; who comes from elsewhere says the day."""
    far = person(town, "someone")
    set_particulars(stamp(), far, "1980-05-01")
    assert new(town, "street_desk", "someone", COMMUNITY) == 422
    assert new(town, "street_desk", "someone", COMMUNITY, born="1980-05-02") == 422
    assert spells(town, "someone") == 0
    assert new(town, "street_desk", "someone", COMMUNITY, born="1980-05-01") == 302


def test_who_left_goes_on_elsewhere_from_that_day(town: Town) -> None:
    (row,) = Fact.objects.filter(person=town.people["worker"], kind="worked")
    Post.objects.filter(person=town.people["worker"]).delete()
    correct(stamp(), row, until=date(2026, 1, 1))
    set_particulars(stamp(), town.people["worker"], "1980-05-01")
    born = {"born": "1980-05-01"}
    early = born | {"since": "2017-01-01", "until": "2017-06-01"}
    assert new(town, "stranger", "worker", FAR, **early) == 422
    assert new(town, "stranger", "worker", FAR, **born) == 302
    assert spells(town, "worker") == 2


def test_nobody_hires_themselves(town: Town) -> None:
    assert new(town, "street_desk", "street_desk", COMMUNITY) == 422
    head = ["用户名", "岗位", "社区", "入职日期"]
    row = ["street_desk", "专职工作者", COMMUNITY, "2026-03-01"]
    found = taken("workers", town.people["street_desk"], STREET, head, row)
    assert [f.code for f in found.errors] == ["refused.not_kept"]
    assert spells(town, "street_desk") == 0


def test_a_birthday_is_not_guessed_day_after_day(town: Town) -> None:
    desk = as_(town, "street_desk")
    given = {"name": "worker", "username": "", "born": "1970-01-01", "post": "worker",
             "since": "2026-06-01", "area": "0"}  # fmt: skip
    for _ in range(61):
        answer = desk.post("/careers/new", given | {"area": str(town.areas[COMMUNITY].pk)})
        if "查得太多" in answer.content.decode():
            break
    assert "查得太多" in answer.content.decode()
    assert answer.status_code == 422


def test_nobody_keeps_themselves_or_takes_a_post(town: Town) -> None:
    desk = town.people["street_desk"]
    head, row = ["用户名", "社区", "来源"], ["street_desk", COMMUNITY, "公开选聘"]
    assert [f.code for f in taken("reserves", desk, STREET, head, row).errors] == [
        "refused.of_oneself"
    ]
    posts = ["年度", "类别", "地区", "岗位", "用户名", "录用日期"]
    row = ["2026", "公务员", STREET, "乡镇公务员", "street_desk", "2026-05-01"]
    assert [f.code for f in taken("reserved_posts", desk, STREET, posts, row).errors] == [
        "refused.of_oneself"
    ]
    assert not Reserve.objects.exists()
    assert not ReservedPost.objects.exists()


def test_nobody_takes_their_own_grade_back(town: Town) -> None:
    """A lowered grade is on paper too."""
    desk = hired(town, "street_desk")
    write(stamp(), desk, fact("grade", date(2026, 6, 1), n=3, number="P9"))
    given = {"do": "back", "number": "P9", "since": "2026-06-01"}
    assert as_(town, "street_desk").post("/careers/proposals", given).status_code == 422
    assert Fact.objects.filter(kind="grade").count() == 1


def test_a_worker_is_not_in_two_places_by_a_sheet(town: Town) -> None:
    """A spell that is over, and another that begins within it."""
    (row,) = Fact.objects.filter(person=town.people["worker"], kind="worked")
    correct(stamp(), row, until=date(2026, 1, 1))
    worker = town.people["worker"]
    refused("second_spell", enrol, stamp(), worker, town.areas[COMMUNITY], "worker",
            date(2025, 1, 1))  # fmt: skip
    refused("day_far", enrol, stamp(), worker, town.areas[COMMUNITY], "worker", date(9999, 1, 1))
    assert spells(town, "worker") == 1


# ── a post gives an account away ─────────────────────────────────────────────────────────────────


def test_who_was_only_said_to_work_here_gets_no_grid(town: Town) -> None:
    """Hired by a sheet, given a grid, the account reset: a resident's requests would lie open."""
    resident, today = town.people["resident"], timezone.localdate()
    hired(town, "resident")
    assert resident in successors(town.grid, STREET, today, "resident")
    resident.set_password(PASSWORD)
    resident.save()
    assert resident not in successors(town.grid, STREET, today, "resident")
    page = f"/people/grids/{GRID}"
    given = {"who": str(resident.pk), "since": f"{today}", "q": "resident"}
    assert as_(town, "street_desk").post(page, given).status_code == 422
    assert not Post.objects.filter(person=resident).exists()
    Fact.objects.filter(person=resident).update(order=Order.objects.get(
        number=town.file("resident").number
    ).pk)  # fmt: skip
    assert resident in successors(town.grid, STREET, today, "resident"), "who applied for it"


# ── cases of another place ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("flow", "door", "asked_of", "more"), [
    ("assessment", "begin", "worker", {"year": 2025}),
    ("duty", "give", "worker", {"duty": "跑腿"}),
    ("certificate", "hand_in", "holder", {"certificate": "social_worker", "serial": "SW-1",
                                          "from": "2024-11-01"}),
])  # fmt: skip
def test_a_case_elsewhere_writes_into_no_career_here(
    town: Town, flow: str, door: str, asked_of: str, more: dict[str, Any]
) -> None:
    given = {asked_of: str(town.people["worker"].pk), **more}
    with pytest.raises(Refused) as no:
        actions.file(flow, door, town["stranger"], given, area=town.areas[FAR])
    assert no.value.code == "works_elsewhere"
    actions.file(flow, door, town["desk"], given, area=town.areas[COMMUNITY])


@pytest.mark.parametrize("typed", ["sw-2024 7", "ＳＷ－２０２４７", " SW-20247 "])
def test_a_certificate_counts_once_however_it_is_typed(town: Town, typed: str) -> None:
    paper = fact("certificate", date(2020, 1, 1), name="social_worker", number="SW-20247")
    write(stamp(), town.people["worker"], paper)
    other = hired(town, "other_worker")
    again = fact("certificate", date(2020, 1, 1), name="social_worker", number=typed)
    refused("certificate_used", write, stamp(), other, again)
    given = {"holder": str(other.pk), "certificate": "social_worker", "serial": typed,
             "from": "2024-11-01"}  # fmt: skip
    with pytest.raises(Refused, match="certificate_used"):
        actions.file("certificate", "hand_in", town["desk"], given, area=town.areas[COMMUNITY])


# ── two at once, and twice ───────────────────────────────────────────────────────────────────────


def test_what_another_hand_took_out_is_gone_in_words(town: Town) -> None:
    paper = fact("degree", date(2019, 6, 30), name="master")
    (row,) = write(stamp(), town.people["worker"], paper)
    mine = Fact.objects.select_related("person").get(pk=row.pk)
    void(stamp(), row)
    refused("fact_gone", void, stamp(), mine)
    refused("fact_gone", correct, stamp(), mine, name="doctor")


def test_a_reserved_post_is_taken_once(town: Town) -> None:
    post = reserve_post(stamp(), 2026, "civil", town.areas[COUNTY], "乡镇公务员")
    take_post(stamp(), post, town.people["worker"], date(2026, 5, 1))
    refused("post_taken", take_post, stamp(), post, town.people["m1"], date(2026, 5, 1))


def test_a_seat_given_back_twice_frees_one(town: Town) -> None:
    course = open_course(stamp(), town.areas[COUNTY], "班", 1, 60, timezone.localdate())
    seat = sign_up(stamp(), course, town.people["worker"])
    refused("course_full", sign_up, stamp(), course, town.people["m1"])
    twin = type(seat).objects.get(pk=seat.pk)
    sign_off(stamp(), seat)
    refused("not_signed", sign_off, stamp(), twin)
    assert sign_up(stamp(), course, town.people["m1"])
    refused("course_full", sign_up, stamp(), course, town.people["m2"])


# ── numbers and days that nobody has ─────────────────────────────────────────────────────────────


def test_numbers_and_days_out_of_range_are_refused_in_words(town: Town) -> None:
    area, today = town.areas[COUNTY], timezone.localdate()
    refused("too_long", open_course, stamp(), area, "长" * 121, 1, 60, today)
    refused("day_far", open_course, stamp(), area, "班", 1, 60, date(9999, 12, 31))
    refused("day_far", open_course, stamp(), area, "班", 1, 60, today, date(9999, 12, 31))
    refused("too_long", reserve_post, stamp(), 2026, "civil", area, "长" * 121)
    refused("bad_seats", reserve_post, stamp(), 2026, "civil", area, "岗", 10**9)
    for typed in ("1E+999999", "1E-999999", "-1", "0.001"):
        value = number(Row("", 1, {"value": typed}, {}), "value")
        refused("bad_figure", note_figure, stamp(), area, "urban_residents", value, DAY, "年鉴")
    value = number(Row("", 1, {"value": "12"}, {}), "value")
    refused("too_long", note_figure, stamp(), area, "urban_residents", value, DAY, "源" * 201)
    assert not Figure.objects.exists()


@pytest.mark.parametrize("days", ["1", "31"])
def test_a_class_at_the_end_of_days_breaks_no_page(town: Town, days: str) -> None:
    given = {"name": "班", "area": STREET, "since": "9999-12-31", "days": days, "minutes": "60",
             "seats": "9"}  # fmt: skip
    assert as_(town, "street_desk").post("/courses/new", given).status_code == 422


SHEETS = {
    "courses": (["举办地", "班次", "名额", "分钟", "开班日期"], [COUNTY, "班", "9", "60", "至今"]),
    "figures": (["地区", "指标", "数值", "截至日期", "来源"],
                [COUNTY, "城镇常住人口", "9", "长期", "年鉴"]),
    "careers": (["用户名", "类别", "名称", "起始日期"], ["worker", "学历", "本科", "—"]),
}  # fmt: skip


@pytest.mark.parametrize("what", SHEETS)
def test_a_day_that_is_wanted_is_not_to_date(town: Town, what: str) -> None:
    found = taken(what, None, "", *SHEETS[what])
    assert [f.code for f in found.errors] == ["missing"]


@pytest.mark.parametrize("when", ["9999-12-31", "0001-01-01", "2199-12-31"])
@pytest.mark.parametrize("what", ["courses", "figures", "careers", "workers", "reserves"])
def test_no_day_breaks_a_sheet(town: Town, what: str, when: str) -> None:
    rows = {
        **{name: (list(head), [*row[:-1]]) for name, (head, row) in SHEETS.items()},
        "workers": (["用户名", "岗位", "社区"], ["worker", "专职工作者", COMMUNITY]),
        "reserves": (["用户名", "社区", "来源"], ["worker", COMMUNITY, "公开选聘"]),
    }
    head, row = rows[what]
    days = {
        "courses": ["开班日期", "结束后一天"], "figures": ["截至日期"],
        "careers": ["起始日期", "最后一天"], "workers": ["入职日期", "离职日期"],
        "reserves": ["入库日期", "出库日期"],
    }[what]  # fmt: skip
    if what == "figures":
        head, row = (
            ["地区", "指标", "数值", "来源", *days],
            [COUNTY, "城镇常住人口", "9", "年鉴", when],
        )
    else:
        head = [h for h in head if h not in days] + days
        row = [*row[: len(head) - len(days)], *([when] * len(days))]
    found = taken(what, None, "", head, row)
    assert found.rows == 1


def test_a_sheet_of_wrong_places_is_answered_in_time(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is looked for among thousands: five thousand of them would take a worker for minutes."""
    calls: list[str] = []
    monkeypatch.setattr(Places, "near_name", lambda self, text, *more: calls.append(text) or "")
    places = Places("")
    for n in range(3 * SUGGESTED):
        for _ in range(2):
            with pytest.raises(Problem):
                places.find(f"第{n}号院", "home")
    assert len(calls) == len(set(calls)) == SUGGESTED
