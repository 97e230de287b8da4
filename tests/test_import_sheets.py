"""The reader of dirty sheets: what it makes of a cell, and what it says about it. No database."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lianxin.core.flow.page import Words
from lianxin.registry.sheets import clean, zipped
from lianxin.registry.sheets.columns import Column, plain_header
from lianxin.registry.sheets.finding import Odd
from lianxin.registry.sheets.table import read_table

COLUMNS = (
    Column("community", Words("社区", "Community"), ("所属社区",), above=True),
    Column("name", Words("姓名", "Name"), ("名字",), required=True),
    Column("code", Words("编码", "Code"), type="code"),
    Column("phone", Words("电话", "Phone"), ("联系电话",), "phone"),
    Column("since", Words("日期", "Since"), ("任职日期",), "date"),
)
HEADER = ["所属社区", "姓 名", "编码", "联系电话\n（必填）", "任职日期"]


def xlsx(rows: list[list], merge: tuple[str, ...] = (), title: str = "名单") -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    for cells in merge:
        sheet.merge_cells(cells)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def read(rows: list[list], merge: tuple[str, ...] = ()):
    return read_table(xlsx(rows, merge), "名单.xlsx", COLUMNS)


def codes(table, level: str = "error") -> list[tuple[str, str]]:
    return [(f.code, f.where) for f in table.findings if f.level == level]


def test_a_sheet_as_offices_make_them():
    """Title and note rows, merged cells, wide digits, a newline, a total row, a blank row."""
    table = read(
        [
            ["２０２５年网格员花名册", None, None, None, None],
            ["填表日期：2025年3月", None, None, None, None],
            HEADER,
            ["榕荫社区", "李 雪", 522699001001.0, 13800001234, "2024.3.1"],
            [None, "王\n强", "５２２６９９001002", "138-0000-5678", datetime(2024, 3, 5)],
            [None] * 5,
            ["东桥社区", "𠮷田", None, None, 45352],
            ["合计", "3人", None, None, None],
        ],
        merge=("A1:E1", "A4:A5"),
    )
    assert codes(table) == []
    assert [(r.number, r.values) for r in table.rows] == [
        (4, {"community": "榕荫社区", "name": "李雪", "code": "522699001001",
             "phone": "13800001234", "since": date(2024, 3, 1)}),
        (5, {"community": "榕荫社区", "name": "王强", "code": "522699001002",
             "phone": "13800005678", "since": date(2024, 3, 5)}),
        (7, {"community": "东桥社区", "name": "𠮷田", "since": date(2024, 3, 1)}),
    ]  # fmt: skip
    notes = codes(table, "note")
    assert {("tidied", "名单!B4"), ("was_number", "名单!C4"), ("tidied", "名单!C5")} < set(notes)
    assert {("was_serial", "名单!E7"), ("row_skipped", "名单!8")} < set(notes)


def test_each_error_names_its_cell_and_keeps_its_row_out():
    table = read(
        [
            HEADER,
            ["甲", "李雪", 522699001001000001, None, None],
            ["甲", "李雪", "5.22699E+11", None, None],
            ["甲", "", "五二二", "12345", "2024.13.1"],
            ["甲", "王强", None, None, 2024.1],
            ["甲", "王强", None, None, "去年春天"],
            ["甲", "赵敏", "=1+1", None, None],
        ]
    )
    assert codes(table) == [
        ("digits_lost", "名单!C2"),
        ("digits_lost", "名单!C3"),
        ("missing", "名单!B4"),
        ("not_a_code", "名单!C4"),
        ("not_a_phone", "名单!D4"),
        ("not_a_date", "名单!E4"),
        ("two_months", "名单!E5"),
        ("not_a_date", "名单!E6"),
        ("not_calculated", "名单!C7"),
    ]
    assert all(row.bad for row in table.rows)


@pytest.mark.parametrize(
    ("value", "day", "note"),
    [
        ("2024-03-01", date(2024, 3, 1), None),
        ("2024/3/1", date(2024, 3, 1), None),
        ("２０２４．３．１", date(2024, 3, 1), None),
        ("2024年3月1日", date(2024, 3, 1), None),
        ("2024年 3 月", date(2024, 3, 1), "first_of_month"),
        ("2024.10", date(2024, 10, 1), "first_of_month"),
        ("20240301", date(2024, 3, 1), None),
        (20240301.0, date(2024, 3, 1), None),
        (45352, date(2024, 3, 1), "was_serial"),
        (2024.3, date(2024, 3, 1), "first_of_month"),
        ("2024-03-01 00:00:00", date(2024, 3, 1), None),
        ("至今", None, None),
    ],
)
def test_a_date_in_all_its_forms(value, day, note):
    assert clean.day(value) == (day, note)


@pytest.mark.parametrize("value", ["3月1日", "24.3.1", "2024-02-30", "1", 12.5, -1, True, 1e300])
def test_what_is_no_date_is_not_guessed(value):
    with pytest.raises(Odd):
        clean.day(value)


@given(st.one_of(st.text(), st.floats(), st.integers(), st.booleans()))
@settings(max_examples=300, deadline=None)
def test_no_value_breaks_a_reader(value):
    for reader in clean.READERS.values():
        try:
            reader(value)
        except Odd as odd:
            assert odd.code in {"digits_lost", "not_a_code", "not_a_phone", "not_a_date",
                                "two_months", "not_a_moment"}  # fmt: skip


@pytest.mark.parametrize(
    ("encoding", "separator"),
    [("utf-8", ","), ("utf-8-sig", ","), ("gb18030", ","), ("gb18030", "\t"), ("utf-16", ";")],
)
def test_a_csv_in_every_encoding_offices_use(encoding, separator):
    lines = ["花名册", separator.join(["社区", "姓名", "电话"]),
             separator.join(["榕荫社区", "𠮷田", "13800001234"]),
             separator.join(["", "王强", "13800005678"])]  # fmt: skip
    table = read_table("\r\n".join(lines).encode(encoding), "名单.csv", COLUMNS)
    assert [r.values["name"] for r in table.rows] == ["𠮷田", "王强"]
    assert table.rows[1].values["community"] == "榕荫社区"
    assert codes(table, "note") == [("as_above", "A4")], "a CSV has no merged cells to show"


def test_a_blank_in_a_sheet_with_merges_is_a_blank():
    table = read([HEADER, ["榕荫社区", "李雪"], [None, "王强"]])
    assert "community" not in table.rows[1].values


def test_the_same_row_twice_is_taken_once():
    table = read([HEADER, ["甲", "李雪"], ["甲", "王强"], ["甲", "李 雪"]])
    assert len(table.rows) == 2
    twice = next(f for f in table.findings if f.code == "row_twice")
    assert (twice.row, twice.facts["first"]) == (4, 2)


def test_wrong_columns_are_told_apart():
    table = read([["姓名", "名字", "电活", "籍贯"], ["李雪", "李雪", "1", "x"]])
    assert codes(table) == [("column_twice", "名单!B1")]
    assert codes(table, "note") == [("column_like", "名单!C1"), ("column_unused", "名单!D1")]
    assert codes(read([["电话"], [13800001234]])) == [("missing_column", "名单!1")]
    assert codes(read([["甲", "乙"], ["1", "2"]])) == [("no_header", "名单")]
    assert plain_header("＊姓　名（必填）：") == "姓名"


def test_a_heading_over_two_rows_is_one_heading():
    rows = [["社区", "姓名", "任职"], [None, None, "起始"], ["甲", "李雪", "x"]]
    table = read(rows, merge=("A1:A2", "B1:B2"))
    assert [r.values["name"] for r in table.rows] == ["李雪"]


def test_hidden_sheets_are_not_read_and_said():
    book = openpyxl.Workbook()
    book.active.append(HEADER)
    book.active.append(["甲", "李雪"])
    book.create_sheet("旧名单").sheet_state = "hidden"
    book.create_sheet("说明").append(["怎么填"])
    file = io.BytesIO()
    book.save(file)
    table = read_table(file.getvalue(), "x.xlsx", COLUMNS)
    assert codes(table) == [] and len(table.rows) == 1
    assert codes(table, "note") == [("hidden_sheet", "旧名单"), ("sheet_unused", "说明")]


def broken() -> bytes:
    data = bytearray(xlsx([HEADER, ["甲", "李雪"]]))
    data[len(data) // 4 : len(data) // 2] = bytes(len(data) // 2 - len(data) // 4)
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "x.xlsx", "not_a_table"),
        (b"<html>", "x.xls", "not_a_table"),
        (b"PK\x03\x04", "x.xlsx", "not_a_table"),
        (broken(), "x.xlsx", "not_a_table"),
        (bytes(range(256)), "x.csv", "encoding"),
        (b"", "x.csv", "no_header"),
    ],
)
def test_what_is_no_table_is_said_and_nothing_raised(data, name, code):
    assert [f.code for f in read_table(data, name, COLUMNS).errors] == [code]


def test_a_small_file_that_unpacks_into_a_huge_one_is_refused(monkeypatch):
    monkeypatch.setattr(zipped, "MAX_BYTES", 10 * 2**20)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/workbook.xml", b" " * (11 * 2**20))
        parts.writestr("xl/_rels/workbook.xml.rels", b"")
    assert [f.code for f in read_table(file.getvalue(), "x.xlsx", COLUMNS).errors] == ["too_heavy"]


def test_hostile_cells_are_only_text():
    evil = ["=cmd|' /C calc'!A0", "'; DROP TABLE x; --", "<script>", "a\x1b[2J\u202eb"]
    rows = "\n".join(["姓名", *(f'"{e}"' for e in evil)])
    table = read_table(rows.encode(), "x.csv", COLUMNS)
    assert [r.values["name"] for r in table.rows] == [*evil[:3], "a [2Jb"]
