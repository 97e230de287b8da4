"""Sheets: what people wrote stays text in Excel and in a CSV, every row and no other."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from town import Town, settled
from web_town import as_

from lianxin.orders import actions
from lianxin.web.desk import sheets

pytestmark = pytest.mark.django_db
COLUMNS = ["编号", "状态", "类别", "网格", "诉求", "点单时间", "时限", "办理结果"]
TEXT = COLUMNS.index("诉求")
HOSTILE = (
    "=1+1", "=HYPERLINK(\"http://example.org\",\"x\")", "@SUM(A1:A9)", "+8613800138000", "-2+3",
    "\t=1+1", "＝1+1", "＋1", "－1", "＠SUM(1)", "\u202e反着写\u202c", "שלום עולם", "𠮷龘",
    "👨‍👩‍👧",
    '他说："坏了"\n第二行,逗号;分号', "'=1", "http://example.org", "长" * 10_000, "<b>&amp;</b>",
    "1e5", "00123", "2026-01-01", "TRUE", "a\r\nb", "%s {n} \\n",
)  # fmt: skip


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with settled(request) as town:
        yield town


def from_csv(data: bytes) -> list[list[str]]:
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def from_xlsx(data: bytes) -> list[list[Any]]:
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    for row in sheet.iter_rows():
        assert {cell.data_type for cell in row} <= {"s", "n"}
        assert all(cell.data_type == "s" for cell in row if cell.value is not None)
        assert all(cell.hyperlink is None for cell in row)
    return [["" if cell is None else cell for cell in row] for row in sheet.values]


READ = {"csv": from_csv, "xlsx": from_xlsx}


def sheet(town: Town, name: str, kind: str, asked: str = "") -> list[list[Any]]:
    answer = as_(town, name).get(f"/orders.{kind}{asked}")
    assert answer.status_code == 200
    assert f'.{kind}"' in answer.headers["Content-Disposition"]
    return READ[kind](answer.content)


@pytest.mark.parametrize("kind", READ)
@pytest.mark.parametrize("text", HOSTILE)
def test_text_stays_text(town: Town, kind: str, text: str) -> None:
    number = town.file(text=text).number
    kept = text.replace("\r\n", "\n").replace("\r", "").strip()
    head, row = sheet(town, "desk", kind)
    assert (head, row[0]) == (COLUMNS, number)
    marked = kind == "csv" and kept.startswith(sheets.FORMULA)
    assert row[TEXT] == (f"'{kept}" if marked else kept)


def test_a_sheet_is_the_list_and_knows_no_page(town: Town) -> None:
    made = [town.file(text=f"第{n}件").number for n in range(55)]
    actions.step(made[0], "refuse", town["desk"], {"reason": "不归我们管"})
    rows = sheet(town, "desk", "csv")[1:]
    assert [row[0] for row in rows] == made[::-1]
    assert rows[-1][-1] == "不予受理"
    last = rows[9][0]
    assert len(sheet(town, "desk", "csv", f"?after={last}")) == 56
    assert [row[0] for row in sheet(town, "desk", "xlsx", "?open=0")[1:]] == [made[0]]
    assert sheet(town, "stranger", "csv")[1:] == []
    assert sheet(town, "clerk", "csv")[1:] == []


@pytest.mark.parametrize("kind", READ)
def test_what_was_left_out_is_said(town: Town, kind: str, monkeypatch: Any) -> None:
    monkeypatch.setattr(sheets, "MOST", 2)
    for _ in range(3):
        town.file()
    rows = sheet(town, "desk", kind)
    assert rows[0][0].startswith("只有最新的 2 行")
    assert (rows[1], len(rows)) == (COLUMNS, 4)


@pytest.mark.parametrize("kind", READ)
def test_demo_data_says_so_first(town: Town, kind: str, settings: Any, tmp_path: Path) -> None:
    settings.VAR = tmp_path
    (tmp_path / "demo").touch()
    town.file()
    rows = sheet(town, "desk", kind)
    assert rows[0][0].startswith("演示数据")
    assert (rows[1], len(rows)) == (COLUMNS, 3)


def test_only_these_two_kinds(town: Town) -> None:
    desk = as_(town, "desk")
    assert desk.get("/orders.pdf").status_code == 404
    assert desk.post("/orders.csv").status_code == 405
