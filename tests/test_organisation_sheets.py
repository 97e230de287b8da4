"""Organisations and officers from a sheet, out again, and taken back."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date

import pytest
from django.utils import timezone
from organised import QUARTER2, Organised, ago, organised, stamp
from town import COMMUNITY, GRID, QUARTER, settled

from lianxin.core.step.who import Grant
from lianxin.registry.imports import import_sheet, undo_batch
from lianxin.registry.imports.outcome import Outcome
from lianxin.registry.models import Belonging, Cover, Officer, Organisation, Person
from lianxin.registry.rolls import rolls
from lianxin.web.findings import remedy, what

HEAD = (
    "组织名称", "类别", "上级组织", "所在区域", "批准文号", "成立日期", "书记", "正式党员",
    "覆盖楼栋",
)  # fmt: skip
BRANCH = (
    "二小区党支部", "小区党支部", "", QUARTER2, "云组〔2026〕3号", "2026-03-01", "丁",
    "丁、戊、己", "",
)  # fmt: skip
GRID2 = f"{QUARTER2}001"


@pytest.fixture
def o(request: pytest.FixtureRequest) -> Iterator[Organised]:
    with settled(request) as town:
        made = organised(town)
        Person.objects.create(username="p9", name="己", password="!", home=town.grid)
        yield made


def sheet(
    *rows: tuple[str, ...], head: tuple[str, ...] = HEAD, name: str = "organisations"
) -> Outcome:
    file = io.StringIO()
    csv.writer(file).writerows([head, *rows])
    return import_sheet(name, file.getvalue().encode("utf-8-sig"), "组织.csv", stamp())


def errors(outcome: Outcome) -> list[tuple[str, str]]:
    """Each has its words, and what would be right."""
    for finding in outcome.errors:
        assert what(finding, "zh") and what(finding, "en") and remedy(finding, "zh")
    return [(f.code, f.cell) for f in outcome.errors]


def test_a_branch_and_what_hangs_on_it_in_one_sheet(o: Organised) -> None:
    outcome = sheet(
        BRANCH,
        ("", "楼栋党小组", "二小区党支部", GRID2, "云组〔2026〕4号", "2026年3月2日", "戊", "",
         "002001-1栋、002001-2栋"),
        ("", "党员中心户", "", GRID2, "云组〔2026〕5号", "2026-03-03", "己", "", "002001-2栋"),
    )  # fmt: skip
    assert errors(outcome) == [] and outcome.made == 3
    branch = Organisation.objects.get(name="二小区党支部")
    assert (branch.since, branch.parent_id) == (date(2026, 3, 1), o["community"].pk)
    group = branch.parts.get()
    assert group.covers.count() == 2 and group.parts.get().covers.count() == 1
    again = sheet(BRANCH)
    assert (again.made, again.changed, again.same) == (0, 0, 1)
    other = sheet((*BRANCH[:6], "戊", "", ""))
    assert other.changed == 1
    assert branch.officers.get(until=None).person.name == "戊"


def test_taken_back_whole(o: Organised) -> None:
    before = [m.objects.count() for m in (Organisation, Officer, Belonging, Cover)]
    outcome = sheet(BRANCH)
    assert outcome.batch is not None
    undone = undo_batch(outcome.batch, stamp())
    assert undone.left == 0
    assert [m.objects.count() for m in (Organisation, Officer, Belonging, Cover)] == before


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ((*BRANCH[:1], "支部", *BRANCH[2:]), ("kind_unknown", "B2")),
        ((*BRANCH[:2], "没有的", *BRANCH[3:]), ("unknown_organisation", "C2")),
        ((*BRANCH[:3], "没有的小区", *BRANCH[4:]), ("unknown_name", "D2")),
        ((*BRANCH[:4], "", *BRANCH[5:]), ("refused.no_number", "")),
        ((*BRANCH[:5], "", *BRANCH[6:]), ("refused.no_day", "")),
        ((*BRANCH[:6], "无此人", *BRANCH[7:]), ("refused.no_such_person", "G2")),
        ((*BRANCH[:7], "丁、戊", ""), ("refused.few_members", "")),
        ((*BRANCH[:7], "甲、丁、戊", ""), ("refused.belongs_already", "")),
        ((*BRANCH[:3], GRID, *BRANCH[4:]), ("refused.wrong_place", "")),
        (("", "楼栋党小组", "", GRID, "1号", "2026-01-01", "", "", "没有的楼"),
         ("unknown_building", "I2")),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_cell(
    o: Organised, row: tuple[str, ...], found: tuple[str, str]
) -> None:
    before = Organisation.objects.count()
    assert errors(sheet(row)) == [found]
    assert Organisation.objects.count() == before


OFFICERS = ("组织名称", "职务", "姓名", "任职日期", "届满日期", "离任日期")


def test_officers_by_sheet(o: Organised) -> None:
    branch = o["branch"].name
    outcome = sheet(
        (branch, "书记", "乙", "2025-05-01", "2028-05-01", ""),
        (branch, "委员", "丙", "2025-05-01", "", "2026-01-01"),
        head=OFFICERS, name="officers",
    )  # fmt: skip
    assert errors(outcome) == [] and outcome.made == 2
    held = o["branch"].officers.filter(until=None).get()
    assert (held.person.name, held.term) == ("乙", date(2028, 5, 1))
    gone = o["branch"].officers.get(office="committee")
    assert gone.until == date(2026, 1, 1)
    again = sheet((branch, "书记", "乙", "2025-05-01", "", ""), head=OFFICERS, name="officers")
    assert again.same == 1
    wrong = sheet(
        (branch, "组长", "乙", "2025-05-01", "", ""), ("没有的", "书记", "乙", "", "", ""),
        head=OFFICERS, name="officers",
    )  # fmt: skip
    assert errors(wrong) == [("refused.wrong_office", ""), ("unknown_organisation", "A3")]


def test_the_rolls_show_what_their_reader_may_see(o: Organised) -> None:
    on = timezone.localdate()
    known = rolls()
    for path, n in ((COMMUNITY, 4), (COMMUNITY[:6], 3), (QUARTER, 3), ("522602", 0)):
        rows = list(known["organisations"].rows([Grant("desk", path)], on))
        assert len(rows) == n
        officers = list(known["officers"].rows([Grant("desk", path)], on))
        assert len(officers) == min(n, 3) - (path == COMMUNITY[:6])
    rows = {row.kind: row for row in known["organisations"].rows([Grant("desk", COMMUNITY)], on)}
    cells = {name: cell(rows["branch"]) for name, cell in known["organisations"].cells.items()}
    assert (cells["leader"], cells["members"]) == ("p0", "p0、p1、p2")
    assert (cells["area"], cells["since"]) == (QUARTER, o["branch"].since)
    assert list(known["organisations"].rows([Grant("desk", COMMUNITY)], ago(9000))) == []


def test_groups_without_a_name_are_themselves_again(o: Organised) -> None:
    """Two of one paper and one day, told apart by their buildings, or by nothing but their row."""

    def group(building: str, leader: str) -> tuple[str, ...]:
        return ("", "楼栋党小组", "", GRID2, "云组〔2026〕4号", "2026-03-02", leader, "", building)

    rows = (
        BRANCH, group("002001-1栋", "戊"), group("002001-2栋", "己"), group("", "戊"),
        ("", "党员中心户", "", GRID, "云组〔2026〕6号", "2026-03-03", "丁", "", ""),
    )  # fmt: skip
    first = sheet(*rows)
    assert errors(first) == [] and first.made == 5
    n = Organisation.objects.count()
    for turned in (rows, (rows[0], *rows[:0:-1])):
        again = sheet(*turned)
        assert errors(again) == []
        assert (again.made, again.changed, again.same) == (0, 0, 5)
    assert Organisation.objects.count() == n
    names = set(Organisation.objects.filter(kind="group").values_list("name", flat=True))
    assert len(names) == 4, "each got a name of its own"


def test_a_row_that_says_nothing_of_which_is_none_of_them(o: Organised) -> None:
    bare = ("", "楼栋党小组", "", GRID, "", "2026-03-02", "戊", "", "")
    assert errors(sheet(bare)) == [("refused.no_number", "")]
    assert o["group"].officers.get(until=None).person.name == "乙"
