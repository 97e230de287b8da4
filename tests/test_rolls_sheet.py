"""A roll as a sheet: what goes out comes in again unchanged; it is kept that it went out."""

import io
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from openpyxl import load_workbook
from rolls_town import named, sheet
from town import COMMUNITY, GRID, Town
from web_town import as_, see

from lianxin.orders.models import Look
from lianxin.registry.actions import Stamp
from lianxin.registry.imports import import_sheet
from lianxin.registry.imports.outcome import Outcome
from lianxin.registry.models import Batch, Person, Post, Unit
from lianxin.web.demo_flag import MARK

pytestmark = pytest.mark.django_db
EVIL = '=HYPERLINK("http://example.org","x")'


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with named(request) as town:
        yield town


def out(town: Town, name: str, address: str, language: str = "zh") -> bytes:
    return as_(town, name, language).get(address).content


def again(what: str, data: bytes, **how: Any) -> Outcome:
    return import_sheet(what, data, "again.xlsx", Stamp(None, timezone.now()), **how)


def column(rows: list[list[Any]], name: str, head: int = 0) -> list[Any]:
    return [row[rows[head].index(name)] for row in rows[head + 1 :]]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("what", ["posts", "units"])
def test_what_goes_out_comes_in_again_and_changes_nothing(
    town: Town, what: str, language: str
) -> None:
    Unit.objects.filter(code="U").update(phone="0855-8221234", mail="u@example.org")
    Post.objects.filter(person=town.people["worker"]).update(until=date(2090, 1, 1))
    data = out(town, "leader", f"/rolls/{what}.xlsx", language)
    back = again(what, data)
    assert back.errors == []
    assert (back.rows, back.same) == ((16, 16) if what == "posts" else (1, 1))
    notes = [(f.code, f.facts) for f in back.findings]
    assert notes == ([("masked", {"n": 9})] if what == "posts" else [])
    assert not Batch.objects.exists()


def test_what_was_corrected_in_it_is_taken_and_nothing_else(town: Town) -> None:
    book = load_workbook(io.BytesIO(out(town, "leader", "/rolls/units.xlsx")))
    page = book.active
    head = [cell.value for cell in page[1]]
    page.cell(2, head.index("办公电话") + 1, "0855-8229999")
    file = io.BytesIO()
    book.save(file)
    assert (back := again("units", file.getvalue())).errors == []
    assert (back.changed, back.same) == (1, 0)
    assert Unit.objects.get(code="U").phone == "08558229999"


def test_the_columns_are_those_of_the_table_and_the_places_their_codes(town: Town) -> None:
    rows = sheet(town, "desk", "/rolls/posts.xlsx")
    assert rows[0] == [
        "用户名", "姓名", "电话", "岗位", "区域", "社区", "网格", "单位", "任职日期", "离任日期",
    ]  # fmt: skip
    assert set(column(rows, "区域")) == {COMMUNITY, GRID, ""}
    assert set(column(rows, "网格")) == {"第一网格", ""}
    assert set(column(rows, "社区")) == {"榕荫社区", ""}, "a unit's post is at no place"
    assert column(rows, "任职日期")[0] in (date(2020, 1, 1), datetime(2020, 1, 1))
    assert set(column(rows, "电话")) == {"138****1234", ""}
    book = load_workbook(io.BytesIO(out(town, "desk", "/rolls/posts.xlsx")))
    assert book.active.title == "岗位"
    assert book.active.freeze_panes == "B2"


def test_only_what_the_reader_has_narrowed_goes_out(town: Town) -> None:
    assert column(sheet(town, "desk", "/rolls/posts.xlsx?q=sxm"), "姓名") == ["单雪梅"]
    names = column(sheet(town, "desk", f"/rolls/posts.xlsx?path={GRID}&sort=name"), "姓名")
    assert names == ["单雪梅"]
    assert "钱勇" not in column(sheet(town, "leader", "/rolls/posts.xlsx?path=522602"), "姓名")
    assert set(column(sheet(town, "clerk", "/rolls/posts.xlsx"), "单位")) == {"U"}


def test_a_name_that_is_a_formula_stays_text(town: Town) -> None:
    Person.objects.filter(username="worker").update(name=EVIL)
    data = out(town, "desk", "/rolls/posts.xlsx")
    book = load_workbook(io.BytesIO(data))
    cells = [cell for row in book.active.iter_rows() for cell in row]
    told = [cell for cell in cells if cell.value == EVIL]
    assert [cell.data_type for cell in told] in (["s"], ["inlineStr"])
    assert [cell for cell in cells if cell.data_type == "f" or cell.hyperlink] == []
    assert again("posts", data).errors == []


def test_that_it_went_out_is_kept(town: Town) -> None:
    out(town, "desk", "/rolls/posts.xlsx?q=sxm&on=2024-05-06&path=" + GRID)
    look = Look.objects.get()
    assert (look.who, look.what, look.n) == (town.people["desk"], "roll", 1)
    assert look.path == COMMUNITY
    assert look.about == f"roll=posts on=2024-05-06 path={GRID} q"
    page = see(town, "auditor", "/looks")
    assert "导出名册" in page
    assert "名册 岗位" in page
    assert "Exported a roll" in see(town, "auditor", "/looks", "en")


def test_an_empty_sheet_holds_the_columns_alone(town: Town) -> None:
    for lang, first in (("zh", "用户名"), ("en", "Username")):
        rows = sheet(town, "desk", "/rolls/posts.xlsx?empty=1", lang)
        assert (len(rows), rows[0][0]) == (1, first)
    assert again("posts", out(town, "desk", "/rolls/posts.xlsx?empty=1")).rows == 0
    assert not Look.objects.exists()


def test_a_demo_says_so_and_comes_in_again_all_the_same(town: Town, settings: Any) -> None:
    mark = Path(settings.VAR) / MARK
    mark.touch()
    try:
        data = out(town, "desk", "/rolls/posts.xlsx")
    finally:
        mark.unlink()
    book = load_workbook(io.BytesIO(data))
    assert "演示数据" in book.active["A1"].value
    assert book.active.freeze_panes == "B3"
    back = again("posts", data)
    assert back.errors == []
    assert back.same == back.rows > 0
