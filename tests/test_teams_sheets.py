"""The teams' sheets: in, out and in again, undone whole, and each fault at its cell."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.test import Client

from lianxin.growth.actions.reserves import keep
from lianxin.growth.models import Attendance, Course, Fact, Reserve, ReservedPost
from lianxin.registry import actions
from lianxin.registry.imports import import_sheet, undo_batch
from lianxin.registry.models import Area, Figure, Person
from lianxin.web.findings import as_lines
from tests.dirty import NOW, STAMP, START, build_town, take, xlsx

pytestmark = [pytest.mark.database, pytest.mark.django_db]
HERE, OTHER = "榕荫社区", "文体中心社区"
WORKERS = ["姓名", "用户名", "岗位", "社区", "入职日期", "离职日期"]
RESERVES = ["姓名", "用户名", "社区", "来源", "入库日期", "出库日期", "去向"]
COURSES = ["举办地", "班次", "名额", "分钟", "开班日期"]
CAME = ["举办地", "班次", "姓名", "用户名", "到课日期"]
POSTS = ["年度", "类别", "地区", "岗位", "序号", "录用人", "录用日期"]
FIGURES = ["地区", "指标", "数值", "截至日期", "来源"]


@pytest.fixture(autouse=True)
def people() -> dict[str, Person]:
    build_town()
    home = Area.objects.get(path="522699001001")
    named = (("li", "李梅"), ("zhang", "张军"), ("wang1", "王芳"), ("wang2", "王芳"))
    return {
        username: actions.add_person(STAMP, name, username=username, home=home)
        for username, name in named
    }


def errors(outcome: Any) -> list[tuple[str, str]]:
    return [(f.code, f.cell) for f in outcome.errors]


def test_workers_come_stay_the_same_and_leave():
    rows = (WORKERS, ["李梅", None, "专职工作者", HERE, "2021-03-01", None],
            ["王芳", "wang2", "Head", 522699001002, "2019-05-01", None])  # fmt: skip
    done = take("workers", *rows)
    assert (errors(done), done.made) == ([], 2)
    undo_batch(done.batch, actions.Stamp(None, NOW))
    assert not Fact.objects.exists()
    assert take("workers", *rows).made == 2
    assert take("workers", *rows).same == 2
    gone = take("workers", WORKERS, ["李梅", "li", "专职工作者", HERE, "2021-03-01", "2024-01-01"])
    assert (errors(gone), gone.changed) == ([], 1)
    undo_batch(gone.batch, actions.Stamp(None, NOW))
    assert Fact.objects.get(person__username="li", kind="worked").until is None


def test_faults_of_workers_stand_at_their_cells():
    take("workers", WORKERS, ["李梅", None, "专职工作者", HERE, "2021-03-01", None])
    Area.objects.filter(path="522699100001").update(until=date(2025, 1, 1))
    done = take(
        "workers", WORKERS,
        ["王芳", None, "专职工作者", HERE, "2021-03-01", None],
        ["赵无", None, "专职工作者", HERE, "2021-03-01", None],
        ["张军", None, "皇帝", HERE, "2021-03-01", None],
        ["张军", "zhang", "专职工作者", "522699100001", "2021-03-01", None],
        ["李梅", "li", "专职工作者", OTHER, "2022-03-01", None],
    )  # fmt: skip
    assert sorted(errors(done)) == [
        ("ambiguous_person", "A2"), ("refused.works_already", ""), ("row_again", "A5"),
        ("unknown_person", "A3"), ("unknown_word", "C4"),
    ]  # fmt: skip
    assert any("应为" in line for line in as_lines(done.findings))


def test_a_community_that_has_ended_is_named_as_such():
    Area.objects.filter(path="522699100001").update(until=date(2025, 1, 1))
    for said in ("522699100001", "北镇双桥社区"):
        done = take("workers", WORKERS, ["张军", None, "专职工作者", said, "2021-03-01", None])
        assert len(done.errors) == 1
    found = take("workers", WORKERS, ["张军", None, "Worker", "522699100001", "2021-03-01", None])
    assert errors(found) == [("area_ended", "D2")]


def test_reserves_are_kept_once_and_end_with_a_reason(people: dict[str, Person]):
    row = ["李梅", None, HERE, "公开选聘", "2024-03-01", None, None]
    assert take("reserves", RESERVES, row).made == 1
    assert take("reserves", RESERVES, row).same == 1
    keep(STAMP, people["wang1"], Area.objects.get(path="522699001001"), "chosen", START)
    faults = take(
        "reserves", RESERVES,
        ["李梅", "li", OTHER, "组织推荐", "2024-06-01", None, None],
        ["张军", None, "江滨街道", "公开选聘", "2024-06-01", None, None],
        ["王芳", "wang1", HERE, "公开选聘", "2020-01-01", "2025-01-01", None],
        ["王芳", "wang2", HERE, "公开选聘", "2020-01-01", "2025-01-01", "任副书记"],
    )  # fmt: skip
    assert {code for code, _ in errors(faults)} == {
        "refused.reserve_already", "unknown_name", "no_end", "refused.deputy_stays",
    }  # fmt: skip
    done = take("reserves", RESERVES, ["李梅", None, HERE, "公开选聘", "2024-03-01", "2025-02-01",
                                       "任书记"])  # fmt: skip
    assert (errors(done), done.changed) == ([], 1)
    assert Reserve.objects.get(person=people["li"]).ended == "secretary"
    undo_batch(done.batch, actions.Stamp(None, NOW))
    assert Reserve.objects.get(person=people["li"]).until is None


def test_a_full_class_and_somebody_twice():
    made = take("courses", COURSES, ["青江县", "网格专题班", 2, 180, "2025-03-04"])
    assert (errors(made), made.made) == ([], 1)
    done = take(
        "attendances", CAME,
        ["青江县", "网格专题班", "李梅", None, "2025-03-04"],
        [None, "网格专题班", "张军", None, "2025-03-04"],
        [None, "网格专题班", "李梅", "li", "2025-03-04"],
        [None, "网格专题班", "王芳", "wang1", "2025-03-04"],
        [None, "没有的班", "王芳", "wang2", "2025-03-04"],
        good_rows=True,
    )  # fmt: skip
    assert {code for code, _ in errors(done)} == {
        "row_again", "refused.course_full", "unknown_course",
    }  # fmt: skip
    came = Attendance.objects.filter(came__isnull=False)
    assert sorted(came.values_list("person__username", flat=True)) == ["li", "zhang"]
    assert set(came.values_list("minutes", flat=True)) == {180}
    late = take("attendances", CAME, ["青江县", "网格专题班", "王芳", "wang2", "2030-01-01"])
    assert errors(late) == [("to_come", "E2")]
    other = take("courses", COURSES, ["青江县", "网格专题班", 3, 180, "2025-03-04"])
    assert errors(other) == [("course_differs", "C2")]
    undo_batch(done.batch, actions.Stamp(None, NOW))
    assert (Attendance.objects.count(), Course.objects.count()) == (0, 1)


def test_reserved_posts_and_who_took_them():
    done = take(
        "reserved_posts", POSTS,
        [2025, "公务员", "青江县", "北镇机关", 1, None, None],
        [2025, "事业单位", "青江县", "农业服务中心", 1, "李梅", "2025-05-20"],
        [2025, "军队", "青江县", "农业服务中心", 2, None, None],
        [2025, "公务员", "青江县", "北镇机关", 2, "张军", None],
        good_rows=True,
    )  # fmt: skip
    assert {code for code, _ in errors(done)} == {"unknown_word", "no_taken"}
    assert ReservedPost.objects.count() == 2
    taken = ReservedPost.objects.get(person__isnull=False)
    assert (taken.person.name, taken.taken, taken.kind) == (
        "李梅",
        date(2025, 5, 20),
        "institution",
    )


def test_figures_have_a_source_and_no_day_to_come():
    row = ["河州", "城镇常住人口", "1,509,300", "2024-12-31", "统计公报"]
    assert take("figures", FIGURES, row).made == 1
    assert take("figures", FIGURES, row).same == 1
    assert Figure.objects.get().value == 1_509_300
    faults = take(
        "figures", FIGURES,
        ["河州", "城镇常住人口", 1, "2024-12-31", "统计公报"],
        ["河州", "城镇常住人口", "很多", "2024-06-30", "统计公报"],
        ["河州", "降水", 1, "2024-06-30", "统计公报"],
        ["河州", "城镇常住人口", 1, "2025-06-03", "统计公报"],
        ["河州", "城镇常住人口", 1, "2025-01-03", None],
        ["河州", "城镇常住人口", -1, "2025-01-04", "统计公报"],
    )  # fmt: skip
    assert {code for code, _ in errors(faults)} == {
        "no_number", "unknown_word", "to_come", "missing", "refused.bad_figure",
        "refused.figure_differs",
    }  # fmt: skip


def test_a_sheet_of_a_place_knows_only_its_own_people(people: dict[str, Person]):
    far = actions.add_person(STAMP, "远方", home=Area.objects.get(path="522699100"))
    data = xlsx(WORKERS, ["远方", None, "专职工作者", HERE, "2021-03-01", None],
                ["王芳", "wang1", "专职工作者", HERE, "2021-03-01", None])  # fmt: skip
    mine = actions.Stamp(people["li"], NOW)
    done = import_sheet("workers", data, "表.xlsx", mine, within="522699001")
    assert errors(done) == [("unknown_person", "A2")] and far.name == "远方"
    elsewhere = import_sheet("workers", data, "表.xlsx", mine, within="522699100")
    assert {code for code, _ in errors(elsewhere)} <= {"unknown_person", "unknown_name"}


@pytest.mark.parametrize(
    ("what", "head", "row"),
    [
        ("workers", WORKERS, ["李梅", "li", "专职工作者", HERE, "2021-03-01", None]),
        ("reserves", RESERVES, ["李梅", "li", HERE, "公开选聘", "2024-03-01", None, None]),
        ("courses", COURSES, ["青江县", "网格专题班", 2, 180, "2025-03-04"]),
        ("reserved_posts", POSTS, [2025, "公务员", "青江县", "北镇机关", 1, None, None]),
        ("figures", FIGURES, ["青江县", "城镇常住人口", 31000, "2024-12-31", "公报"]),
    ],
)
def test_what_goes_out_comes_in_again(what: str, head: list, row: list):
    assert take(what, head, row).made == 1
    county = Area.objects.get(path="522699")
    reader = actions.add_person(STAMP, "台", username="reader")
    actions.appoint(STAMP, reader, "desk", START, area=county)
    client = Client()
    client.force_login(reader)
    answer = client.get(f"/rolls/{what}.xlsx?on=2025-12-31")
    assert answer.status_code == 200
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert sheet.max_row == 2
    done = import_sheet(what, answer.content, "出.xlsx", STAMP)
    assert (errors(done), done.same, done.rows) == ([], 1, 1)
