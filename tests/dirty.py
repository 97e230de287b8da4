"""A town and the sheets its offices send, for the tests of imports."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl

from lianxin.registry import actions
from lianxin.registry.imports import import_sheet

NOW = datetime(2025, 6, 2, 8, 0, tzinfo=UTC)
START = date(2020, 1, 1)
STAMP = actions.Stamp(None, NOW)
TOWN = (
    ("province", "52", "山省"),
    ("prefecture", "5226", "河州"),
    ("county", "522699", "青江县"),
    ("street", "522699001", "江滨街道"),
    ("community", "522699001001", "榕荫社区居民委员会"),
    ("community", "522699001002", "文体中心社区"),
    ("community", "522699001003", "双桥社区"),
    ("street", "522699100", "北镇"),
    ("community", "522699100001", "双桥社区"),
)


def build_town() -> None:
    for kind, path, name in TOWN:
        actions.open_area(STAMP, kind, path, name, START, code=path)


def xlsx(*rows: list, merge: tuple[str, ...] = ()) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "表"
    for row in rows:
        sheet.append(row)
    for cells in merge:
        sheet.merge_cells(cells)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def take(what: str, *rows: list, merge: tuple[str, ...] = (), **options):
    return import_sheet(what, xlsx(*rows, merge=merge), "表.xlsx", STAMP, **options)


GRIDS = ["所属社区", "小区", "网格名称", "网格编码"]
PEOPLE = ["姓 名", "用户名", "联系电话", "所在社区", "特长"]
POSTS = ["姓名", "用户名", "岗位", "社区", "网格", "单位", "任职日期", "离任日期"]
DIVISIONS = {
    "provinces.csv": "code,name\n52,山省\n44,海省\n",
    "cities.csv": "code,name,provinceCode\n5226,河州,52\n4419,莞市,44\n",
    "areas.csv": "code,name,cityCode,provinceCode\n522699,青江县,5226,52\n441900,莞市,4419,44\n",
    "streets.csv": "code,name,areaCode,provinceCode,cityCode\n522699001,江滨街道,522699,52,5226\n"
    "522699100,北镇,522699,52,5226\n441900003,东街道,441900,44,4419\n",
    "villages.csv": "code,name,streetCode,provinceCode,cityCode,areaCode\n"
    '522699001001,"榕荫社区",522699001,52,5226,522699\n'
    "522699001002,双桥社区,522699001,52,5226,522699\n"
    "522699100200,双桥社区,522699100,52,5226,522699\n"
    "441900003001,岗社区,441900003,44,4419,441900\n",
}


def write_divisions(folder: Path) -> Path:
    """The five files of the levels, as the statistics office names them."""
    for name, text in DIVISIONS.items():
        (folder / name).write_text(text, "utf-8")
    return folder
