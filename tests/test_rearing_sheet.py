"""The sheet of reserves' plans: in, out, in again, undone whole, and each fault at its cell."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date
from typing import Any

import openpyxl
import pytest
from dirty import xlsx
from django.utils import timezone
from team_town import with_teams
from town import COMMUNITY, Town, settled
from web_town import as_, see

from lianxin.growth.models import Rearing
from lianxin.registry.actions import Stamp
from lianxin.registry.imports import import_sheet, undo_batch
from lianxin.registry.imports.outcome import Outcome

HEAD = ["姓名", "用户名", "类别", "内容", "起始日期", "最后一天"]


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with settled(request) as town:
        yield with_teams(town)


def take(*rows: list[Any], who: Any = None, **more: Any) -> Outcome:
    return import_sheet("rearing", xlsx(HEAD, *rows), "表.xlsx", Stamp(who, timezone.now()), **more)


def errors(outcome: Outcome) -> list[tuple[str, str]]:
    return [(f.code, f.cell) for f in outcome.errors]


def lines(town: Town, name: str) -> list[tuple[Any, ...]]:
    rows = Rearing.objects.filter(reserve__person=town.people[name]).order_by("pk")
    return list(rows.values_list("kind", "name", "since", "until"))


def test_lines_come_end_and_go_again(town: Town) -> None:
    rows = (["w3", None, "导师", "韩梅", "2025-01-10", None],
            ["w3", "w3", "在读", "云岭成人教育学院", "2025-09-01", None],
            ["w3", "w3", "实践锻炼", "街道信访窗口", "2024-03-01", "2024-08-31"])  # fmt: skip
    done = take(*rows)
    assert (errors(done), done.made) == ([], 3)
    assert lines(town, "w3")[2] == (
        "practice", "街道信访窗口", date(2024, 3, 1), date(2024, 9, 1)
    )  # fmt: skip
    assert take(*rows).same == 3
    over = take(["w3", None, "Study", "云岭成人教育学院", None, "2026-06-30"])
    assert (errors(over), over.changed) == ([], 1)
    assert lines(town, "w3")[1][3] == date(2026, 7, 1)
    undo_batch(over.batch, Stamp(None, timezone.now()))
    assert lines(town, "w3")[1][3] is None


def test_a_sheet_is_taken_back_whole(town: Town) -> None:
    done = take(["w3", None, "导师", "韩梅", "2025-01-10", None],
                ["w2", None, "导师", "江波", "2025-01-10", None])  # fmt: skip
    assert undo_batch(done.batch, Stamp(None, timezone.now())).left == 0
    assert (len(lines(town, "w3")), len(lines(town, "w2"))) == (0, 1)


def test_each_fault_stands_at_its_cell(town: Town) -> None:
    before = Rearing.objects.count()
    found = take(
        ["w3", None, "假期", "x", "2025-01-10", None],
        ["resident", None, "任务", "走访", "2025-01-10", None],
        ["没有的人", None, "任务", "走访", "2025-01-10", None],
        ["w3", None, "任务", None, "2025-01-10", None],
        ["w3", None, "任务", "走访", "2020-01-10", None],
        ["w3", None, "任务", "走访", "2025-01-10", None],
        ["w3", None, "任务", "议事", "2025-13-10", None],
        ["w3", None, "任务", "帮办", "2025-03-10", "2025-03-01"],
    )  # fmt: skip
    assert sorted(errors(found)) == sorted([
        ("unknown_word", "C2"), ("no_reserve", "A3"), ("unknown_person", "A4"), ("missing", "D5"),
        ("refused.not_after", ""), ("row_again", "D7"), ("not_a_date", "E8"),
        ("refused.not_after", ""),
    ])  # fmt: skip
    assert Rearing.objects.count() == before


def test_a_place_writes_the_plans_of_its_own_alone(town: Town) -> None:
    desk = town.people["desk"]
    own = take(["w3", None, "任务", "走访", None, None], who=desk, within=COMMUNITY)
    assert (errors(own), own.made) == ([], 1)
    far = take(["w_far", None, "任务", "走访", None, None], who=desk, within=COMMUNITY)
    assert errors(far) == [("unknown_person", "A2")]


def test_what_goes_out_comes_in_again(town: Town) -> None:
    take(["w3", None, "导师", "韩梅", "2025-01-10", None])
    answer = as_(town, "desk").get("/rolls/rearing.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert sheet.max_row == 3
    again = import_sheet("rearing", answer.content, "出.xlsx", Stamp(None, timezone.now()))
    assert (errors(again), again.same) == ([], 2)
    page = see(town, "leader", "/rolls/rearing?q=清湖")
    assert "w2" in page and "韩梅" not in page
    assert "韩梅" not in see(town, "stranger", "/rolls/rearing")
