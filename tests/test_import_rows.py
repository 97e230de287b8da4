"""Sheets of areas, people and posts become rows of the registry, or a report of what is wrong."""

from __future__ import annotations

import io
from datetime import date, timedelta

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from lianxin.registry import actions
from lianxin.registry.models import Area, Batch, BatchRow, Entry, Person, Post, Vetting
from lianxin.web.findings import as_lines, as_xlsx
from tests.dirty import GRIDS, PEOPLE, POSTS, STAMP, START, build_town, take

pytestmark = [pytest.mark.database, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def town():
    build_town()


def errors(outcome) -> list[tuple[str, str]]:
    return [(f.code, f.cell) for f in outcome.errors]


def test_grids_with_their_quarters_and_communities_in_merged_cells():
    rows = (
        ["青江县网格一览表"],
        GRIDS,
        ["榕荫社区", "江景苑", "第一网格", "522699001001001"],
        [None, None, "第二网格", 522699001001002],
        [None, "江畔里", "第三网格", None],
        [522699001002, "文体小区", None, None],
        [522699001002, None, "沿街网格", None],
    )
    done = take("areas", *rows, merge=("A1:D1", "A3:A5", "B3:B4"))
    assert errors(done) == []
    assert (done.made, done.batch.rows) == (5, 5)
    paths = dict(Area.objects.filter(kind__in=["quarter", "grid"]).values_list("name", "path"))
    assert paths == {
        "江景苑": "522699001001001",
        "第一网格": "522699001001001001",
        "第二网格": "522699001001001002",
        "江畔里": "522699001001002",
        "第三网格": "522699001001002001",
        "文体小区": "522699001002001",
        "沿街网格": "522699001002000001",
    }
    assert Area.objects.get(name="第二网格").grid_code == "522699001001002"
    again = take("areas", *rows, merge=("A1:D1", "A3:A5", "B3:B4"))
    assert (again.made, again.changed, again.same, again.batch) == (0, 0, 5, None)


def test_a_row_an_area_by_code_or_by_parent():
    head = ["类别", "名称", "区划代码", "上级", "启用日期"]
    done = take(
        "areas",
        head,
        ["社区", "新社区", 522699001009, None, "2024年3月"],
        ["社区", "榕荫社区", "522699001001", None, None],
        ["网格", "一网格", None, "新社区", None],
        ["园区", "青江园区", None, "522699", None],
        ["街道", "江滨街道", "522699001000", None, None],
    )
    assert errors(done) == []
    assert (done.made, done.changed, done.same) == (3, 1, 1)
    assert Area.objects.get(name="新社区").since == date(2024, 3, 1)
    assert Area.objects.get(name="一网格").path == "522699001009000001"
    assert Area.objects.get(name="青江园区").path == "P522699001"
    assert [f.facts for f in done.findings if f.code == "renamed"] == [
        {"was": "榕荫社区居民委员会", "read": "榕荫社区"}
    ]


def test_the_number_of_an_office_comes_with_its_area():
    head = ["类别", "名称", "区划代码", "上级", "办公电话"]
    rows = (
        ["社区", "榕荫社区", 522699001001, None, "0855-8220001"],
        ["社区", "新街社区", 522699001009, None, "8220 002"],
        ["小区", "江景苑", None, "榕荫社区", ""],
    )
    done = take("areas", head, *rows)
    assert errors(done) == []
    phones = dict(Area.objects.exclude(phone="").values_list("name", "phone"))
    assert phones == {"榕荫社区": "08558220001", "新街社区": "8220002"}
    again = take("areas", head, *rows)
    assert (again.made, again.changed) == (0, 0)
    blank = take("areas", head, ["社区", "榕荫社区", 522699001001, None, None])
    assert blank.changed == 0
    moved = take("areas", head, ["社区", "榕荫社区", 522699001001, None, "0855-8220009"])
    assert moved.changed == 1
    assert Area.objects.get(path="522699001001").phone == "08558220009"
    wrong = take("areas", head, ["社区", "榕荫社区", 522699001001, None, "打给老王"])
    assert errors(wrong) == [("not_a_phone", "E2")]


@pytest.mark.parametrize(
    ("head", "row", "want", "near"),
    [
        (
            GRIDS,
            ["文体社区", None, "一", None],
            ("unknown_name", "A2"),
            "文体中心社区 522699001002",
        ),
        (GRIDS, ["双桥社区", None, "一", None], ("ambiguous_name", "A2"), ""),
        (GRIDS, ["522699001021", None, "一", None], ("unknown_code", "A2"), "522699001001"),
        (GRIDS, ["榕荫社区", None, None, None], ("not_enough", "A2"), ""),
        (GRIDS, ["榕荫社区", None, "一", "123"], ("wrong_grid_code", "D2"), ""),
        (GRIDS, ["榕荫社区", None, "一", "522699001002001"], ("grid_code_elsewhere", "D2"), ""),
        (["类别", "名称", "编码"], ["社区", "x", "992699001001"], ("wrong_code", "C2"), ""),
        (["类别", "名称", "编码"], ["街道", "x", "522699001008"], ("wrong_kind", "A2"), ""),
        (["类别", "名称", "编码"], ["星球", "x", "522699001008"], ("kind_unknown", "A2"), ""),
        (["类别", "名称", "编码"], ["社区", "x", "522699777001"], ("refused.no_parent", ""), ""),
        (["类别", "名称", "上级"], ["网格", "x", "江滨街道"], ("wrong_parent", "C2"), ""),
        (["类别", "名称", "上级"], [None, "x", "江滨街道"], ("not_enough", "B2"), ""),
    ],
)
def test_what_is_wrong_with_an_area_and_what_was_meant(head, row, want, near):
    before = Area.objects.count()
    done = take("areas", head, row)
    assert errors(done) == [want]
    assert near in done.errors[0].facts.get("near", "")
    assert Area.objects.count() == before and done.batch is None
    assert len(as_lines(done.findings)) == 2 * len(done.findings)


def test_names_are_sought_where_told():
    done = take("areas", GRIDS, ["双桥社区", None, "一", None], within="522699100")
    assert done.made == 1
    assert Area.objects.get(name="一").path.startswith("522699100001")


def test_errors_keep_everything_out_unless_good_rows_are_asked_for():
    rows = (GRIDS, ["榕荫社区", None, "好网格", None], ["没有社区", None, "坏网格", None])
    done = take("areas", *rows)
    assert (done.made, done.bad, done.batch) == (1, 1, None)
    assert not Area.objects.filter(name="好网格").exists() and not Batch.objects.exists()
    checked = take("areas", *rows, good_rows=True, check=True)
    assert checked.batch is None and not Area.objects.filter(name="好网格").exists()
    done = take("areas", *rows, good_rows=True)
    assert done.batch.rows == 1
    assert list(Area.objects.filter(kind="grid").values_list("name", flat=True)) == ["好网格"]
    assert not Entry.objects.filter(after__name="坏网格").exists()


def test_people_are_known_by_username_or_phone():
    done = take(
        "people",
        PEOPLE,
        ["李雪", "lixue", 13800001234, "榕荫社区", "水电、急救"],
        ["𠮷田", None, "139 0000 5678", None, None],
    )
    assert errors(done) == [] and done.made == 2
    lixue = Person.objects.get(username="lixue")
    assert (lixue.phone, lixue.home.path) == ("13800001234", "522699001001")
    assert sorted(s.skill for s in lixue.skills.all()) == ["急救", "水电"]
    assert not lixue.has_usable_password()
    done = take(
        "people",
        PEOPLE,
        ["李雪梅", "lixue", None, None, None],
        ["𠮷田", None, 13900005678, "文体中心社区", None],
        ["𠮷田", None, "13900005679", None, None],
    )
    assert (done.made, done.changed) == (1, 2)
    lixue.refresh_from_db()
    assert (lixue.name, lixue.phone, lixue.home.path) == ("李雪梅", "13800001234", "522699001001")


@pytest.mark.parametrize(
    ("row", "want"),
    [
        (["王强", None, 13800001234, None, None], ("phone_of_other", "C2")),
        (["李雪", "other", 13800001234, None, None], ("username_differs", "B2")),
        (["王强", "no spaces!", None, None, None], ("bad_username", "B2")),
        (["王强", None, "123", None, None], ("not_a_phone", "C2")),
        ([None, "wang", None, None, None], ("missing", "A2")),
        (["王强", None, None, "月亮社区", None], ("unknown_name", "D2")),
    ],
)
def test_what_is_wrong_with_a_person(row, want):
    actions.add_person(STAMP, "李雪", "lixue", "13800001234")
    done = take("people", PEOPLE, row)
    assert errors(done) == [want]
    assert "李雪" not in " ".join(as_lines(done.findings)).replace(row[0] or "", "")


VETTED = ["姓名", "用户名", "经审核至"]


def test_a_sheet_says_until_when_people_are_vetted():
    day, last = STAMP.day, date(2027, 12, 31)
    rows = (VETTED, ["李雪", "lixue", "2027-12-31"], ["王强", "wang", None])
    assert errors(take("people", *rows)) == []
    (row,) = Vetting.objects.all()
    assert (row.person.username, row.since, row.by) == ("lixue", day, None)
    assert Vetting.objects.on(last).exists(), "the day in the sheet is the last"
    assert not Vetting.objects.on(last + timedelta(days=1)).exists()
    assert Entry.objects.filter(verb="vet", key=row.pk, model="registry.vetting").exists()
    again = take("people", *rows)
    assert (again.changed, again.same, again.batch) == (0, 2, None)
    longer = take("people", ["Name", "Username", "Vetted until"], ["李雪", "lixue", "2028-06-30"])
    assert (longer.changed, Vetting.objects.on(date(2028, 6, 30)).count()) == (1, 1)
    assert Vetting.objects.on(day).count() == 1, "one holds, the other is over"
    open_ended = (VETTED, ["李雪", "lixue", "长期"])
    assert take("people", *open_ended).changed == 1
    assert Vetting.objects.on(date(2040, 1, 1)).exists() and take("people", *open_ended).same == 1


@pytest.mark.parametrize(
    ("said", "want"),
    [("2020-01-01", ("refused.not_after", "C2")), ("看情况", ("not_a_date", "C2")),
     ("9999-12-31", ("refused.not_a_date", "C2"))],
)  # fmt: skip
def test_nobody_is_vetted_until_a_day_that_is_over_or_none(said, want):
    done = take("people", VETTED, ["李雪", "lixue", said])
    assert errors(done) == [want]
    assert not Vetting.objects.exists() and not Person.objects.filter(username="lixue").exists()


def test_the_same_person_twice_in_a_sheet():
    done = take("people", PEOPLE, ["李雪", "a", None], ["王强", "a", None])
    assert errors(done) == [("row_again", "B3")]


@pytest.fixture
def staff():
    actions.add_person(STAMP, "李雪", "lixue", "13800001234")
    actions.add_person(STAMP, "王强", "wang1")
    actions.add_person(STAMP, "王强", "wang2")
    actions.add_unit(STAMP, "water", "青江县水务局", START)
    actions.open_area(STAMP, "grid", "522699001001000001", "第一网格", START)
    actions.open_area(STAMP, "grid", "522699001003000001", "第一网格", START)


def test_posts_by_their_chinese_or_english_name(staff):
    rows = (
        POSTS,
        ["李雪", None, "网格员", "榕荫社区", "第一网格", None, "2024.3.1", "至今"],
        [None, "wang1", "Clerk", None, None, "青江县水务局", None, None],
        [None, "wang2", "member", None, None, "water", "2020-01-01", "2021-01-01"],
    )
    done = take("posts", *rows)
    assert errors(done) == [] and done.made == 3
    post = Post.objects.get(role="grid_worker")
    assert (post.area.path, post.since, post.until) == (
        "522699001001000001", date(2024, 3, 1), None
    )  # fmt: skip
    assert Post.objects.get(role="clerk").since == date(2025, 6, 2)
    assert take("posts", *rows).same == 3
    ended = take("posts", POSTS, [*rows[1][:7], "2025-06-01"])
    post.refresh_from_db()
    assert (ended.changed, post.until) == (1, date(2025, 6, 1))


@pytest.mark.parametrize(
    ("row", "want"),
    [
        (["王强", None, "书记", "榕荫社区", None, None, None, None], ("ambiguous_person", "A2")),
        (["赵敏", None, "书记", "榕荫社区", None, None, None, None], ("unknown_person", "A2")),
        (["李雪", "wang1", "书记", "榕荫社区", None, None, None, None], ("person_differs", "B2")),
        ([None, None, "书记", "榕荫社区", None, None, None, None], ("no_person", "A2")),
        (["李雪", None, "网络员", "榕荫社区", None, None, None, None], ("unknown_role", "C2")),
        (["李雪", None, "书记", None, None, "水务局", None, None], ("unknown_unit", "F2")),
        (["李雪", None, "书记", None, None, None, None, None], ("refused.needs_area", "")),
        (["李雪", None, "网格员", None, "第一网格", None, None, None], ("ambiguous_name", "E2")),
        (
            ["李雪", None, "书记", "榕荫社区", None, None, "2024-03-01", "2024-02-01"],
            ("refused.not_after", ""),
        ),
    ],
)
def test_what_is_wrong_with_a_post(staff, row, want):
    done = take("posts", POSTS, row)
    assert errors(done) == [want]
    if want[0] == "unknown_role":
        assert "网格员" in done.errors[0].facts["near"]
    if want[0] == "unknown_unit":
        assert done.errors[0].facts["near"] == "青江县水务局"


def test_the_report_is_a_sheet_in_both_languages_and_runs_nothing():
    evil = '=HYPERLINK("http://x")'
    done = take(
        "areas", GRIDS, [f"\x27{evil}", None, "一", None], [evil + "社区", None, "一", None]
    )
    data = as_xlsx(done.findings)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    assert rows[0][0] == "位置" and "What is wrong" in rows[0]
    assert len(rows) == len(done.findings) + 1
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert {c.data_type for line in sheet.iter_rows() for c in line} <= {"s", "n"}
    assert not any(c.hyperlink for line in sheet.iter_rows() for c in line)


def test_every_row_of_an_import_is_in_its_batch_and_in_the_log():
    done = take("areas", GRIDS, ["榕荫社区", "江景苑", "第一网格", None])
    keys = set(Area.objects.filter(kind__in=["quarter", "grid"]).values_list("pk", flat=True))
    assert set(BatchRow.objects.filter(batch=done.batch).values_list("key", flat=True)) == keys
    assert set(Entry.objects.filter(batch=done.batch).values_list("key", flat=True)) == keys
    assert len(done.batch.sha256) == 64
