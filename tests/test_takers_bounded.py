"""A sheet of a place names its own people alone, whoever takes it in and by whatever it names."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import pytest
from organised import organised
from team_town import last_year, stamp, with_teams
from town import COMMUNITY, COUNTY, GRID, Town, settled

from lianxin.registry.actions import Stamp
from lianxin.registry.imports import import_sheet
from lianxin.registry.imports.outcome import Outcome
from lianxin.registry.imports.takers import takers
from lianxin.registry.models import Person
from lianxin.registry.rolls import rolls

# What a row of each sheet says beside whom it names; `who` stands where the person does.
ROWS = {
    "posts": {"用户名": "who", "岗位": "网格员", "区域": GRID},
    "workers": {"用户名": "who", "岗位": "专职工作者", "社区": COMMUNITY, "入职日期": "2021-03-01"},
    "careers": {"用户名": "who", "类别": "学历", "名称": "本科", "起始日期": "2015-06-30"},
    "reserves": {"用户名": "who", "社区": COMMUNITY, "来源": "公开选聘", "入库日期": "2024-03-01"},
    "attendances": {"班次": "网格服务专题班", "用户名": "who"},
    "contact_points": {"用户名": "who", "级别": "街道党政班子成员", "联系点": GRID},
    "rearing": {"用户名": "who", "类别": "任务", "内容": "牵头一次议事"},
    "reserved_posts": {"年度": "2025", "类别": "公务员", "地区": COMMUNITY, "岗位": "乡镇岗位",
                       "用户名": "who", "录用日期": "2025-05-01"},
    "officers": {"组织名称": "branch", "职务": "委员", "用户名": "who", "任职日期": "2025-05-01"},
    "organisations": {"类别": "楼栋党小组", "所在区域": GRID, "批准文号": "9号",
                      "成立日期": "2026-01-05", "书记": "who"},
}  # fmt: skip
# Bounded by something else: a unit, or naming nobody.
OTHERWISE = {
    "members", "partners", "promises", "units", "areas", "people", "courses", "figures",
}  # fmt: skip


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with settled(request) as town:
        with_teams(town)
        last_year(town)
        made = organised(town)
        made["branch"].__class__.objects.filter(kind="branch").update(name="branch")
        town.people["near"] = made.people["丁"]
        Person.objects.create(username="far", name="远", password="!")
        yield town


def taken(what: str, who: str, by: Person | None, within: str = COUNTY) -> Outcome:
    row = {name: who if said == "who" else said for name, said in ROWS[what].items()}
    file = io.StringIO()
    csv.writer(file).writerows([list(row), list(row.values())])
    data = file.getvalue().encode("utf-8-sig")
    return import_sheet(what, data, "名单.csv", Stamp(by, stamp().at), within=within)


def test_every_sheet_is_asked() -> None:
    assert set(ROWS) | OTHERWISE == set(takers())
    assert {name for name, roll in rolls().items() if roll.taker} <= set(ROWS) | OTHERWISE


@pytest.mark.parametrize("what", ROWS)
def test_nobody_of_elsewhere_is_found(town: Town, what: str) -> None:
    found = taken(what, "far", town.people["desk"])
    assert [f.code for f in found.errors] in (["unknown_person"], ["refused.no_such_person"])
    assert not found.batch


@pytest.mark.parametrize("what", ["officers", "organisations", "reserves"])
def test_its_own_are(town: Town, what: str) -> None:
    found = taken(what, town.people["near"].username, town.people["desk"])
    assert (found.errors, found.made) == ([], 1)


def test_the_terminal_is_bounded_by_nothing(town: Town) -> None:
    assert taken("officers", "far", None, "").errors == []
