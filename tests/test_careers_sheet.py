"""Careers as a sheet: taken in row by row, sent out, taken in again, undone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from careers_town import NOW, hired, person, stamp, stop_the_clock
from django.utils import translation
from town import COMMUNITY, Town, settled
from web_town import see

from lianxin.growth.models import Fact, Standing
from lianxin.growth.rolls.careers import CAREERS, STANDINGS
from lianxin.registry.actions import Stamp
from lianxin.registry.imports import import_sheet, undo_batch
from lianxin.registry.imports.outcome import Outcome
from lianxin.registry.models import Person
from lianxin.registry.sheets.columns import read_columns
from lianxin.registry.tables import text_of
from lianxin.web.rolls.cells import spoken

HEAD = "姓名,用户名,类别,名称,编号,年度或级数,工作地点,起始日期,最后一天"
WHOLE = f"""{HEAD}
w1,w1,在岗,,,,{COMMUNITY},2018-03-01,
w1,w1,岗位,专职工作者,,,,2018-03-01,
w1,w1,学历,本科,,,,2017/6/30,
w1,w1,证书,社会工作师,S7,,,2020-01-01,2027-01-01
w1,w1,考核,称职,,2019,,2020-01-09,
w1,w1,在册职级,,文1,4,,2021-03-01,
w1,w1,职责,低保,,,,2021-03-01,2022-02-28
"""


@pytest.fixture(autouse=True)
def day(monkeypatch: pytest.MonkeyPatch) -> None:
    stop_the_clock(monkeypatch)


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with settled(request) as town:
        person(town, "w1")
        person(town, "w2")
        yield town


def taken(text: str, by: Person | None = None, **more: Any) -> Outcome:
    return import_sheet("careers", text.encode(), "履历.csv", Stamp(by, NOW), **more)


def codes(outcome: Outcome) -> list[str]:
    return [finding.code for finding in outcome.errors]


def test_a_sheet_is_a_career(town: Town) -> None:
    found = taken(WHOLE)
    assert (codes(found), found.made, found.bad) == ([], 7, 0)
    row = Standing.objects.get()
    assert (row.person.username, row.grade, row.recorded) == ("w1", 6, 4)
    certificate = Fact.objects.get(kind="certificate")
    assert (certificate.number, certificate.until) == ("S7", date(2027, 1, 2))


def test_the_order_of_its_rows_is_nobodys_business(town: Town) -> None:
    head, *rows = WHOLE.strip().split("\n")
    rows = [*rows[1:4], rows[0], *reversed(rows[4:])]  # service before results alone
    found = taken("\n".join([head, *rows]))
    assert (codes(found), found.made) == ([], 7)
    assert Standing.objects.get().grade == 6


def test_taken_in_again_it_is_the_same(town: Town) -> None:
    taken(WHOLE)
    assert taken(WHOLE).same == 7
    found = taken(WHOLE.replace("2027-01-01", "2029-01-01").replace("称职", "基本称职"))
    assert (found.changed, found.same) == (2, 5)
    assert Fact.objects.get(kind="result").name == "basic"


def test_it_is_undone_whole(town: Town) -> None:
    found = taken(WHOLE)
    assert found.batch
    undone = undo_batch(found.batch, stamp())
    assert (undone.removed, undone.kept) == (7, [])
    assert not Fact.objects.exists()


@pytest.mark.parametrize(("line", "code"), [
    (f"w1,w1,在岗,,,,{COMMUNITY},2019-03-01,", "refused.second_spell"),
    ("w1,w1,生日,,,,,2019-03-01,", "unknown_word"),
    ("w1,w1,岗位,市长,,,,2019-03-01,", "unknown_word"),
    ("w1,w1,学历,专科,,,,2019-03-01,", "unknown_word"),
    ("w1,w1,考核,称职,,二〇一九,,2020-03-01,", "no_number"),
    ("w1,w1,考核,优秀,,2016,,2017-03-01,", "refused.not_served"),
    ("w1,w1,岗位,社区正职,,,,2018-02-01,", "refused.career_before_entry"),
    ("w1,w1,在岗,,,,没有这个社区,2019-03-01,", "unknown_name"),
    ("w9,w9,学历,本科,,,,2019-03-01,", "unknown_person"),
    ("w1,w1,学历,本科,,,,,", "missing"),
    ("w1,w1,学历,硕士,,,,2091-03-01,", "refused.not_yet"),
    ("w2,w2,证书,社会工作师,S7,,,2020-01-01,", "refused.certificate_used"),
    ("w2,w2,岗位,专职工作者,,,,2020-01-01,", "refused.career_never_began"),
    (f"w2,w2,在岗,,,,{COMMUNITY},2019-03-01,", "refused.career_no_post"),
])  # fmt: skip
def test_one_bad_row_keeps_all_of_it_out(town: Town, line: str, code: str) -> None:
    found = taken(WHOLE + line + "\n")
    assert codes(found) == [code]
    assert found.errors[0].row == 9
    assert not Fact.objects.exists()


def test_good_rows_can_be_taken_alone(town: Town) -> None:
    found = taken(WHOLE + "w1,w1,学历,专科,,,,2019-03-01,\n", good_rows=True)
    assert (found.made, found.bad) == (7, 1)
    assert Standing.objects.get().grade == 6


def test_a_place_writes_its_own_alone(town: Town) -> None:
    hired(town, "far", place="522602001001")
    line = f"{HEAD}\nfar,far,学历,博士,,,,2019-03-01,\n"
    found = taken(line, by=town.people["desk"], within=COMMUNITY)
    assert codes(found) == ["unknown_person"]
    hired(town, "desk")
    own = f"{HEAD}\ndesk,desk,学历,博士,,,,2019-03-01,\n"
    assert codes(taken(own, by=town.people["desk"], within=COMMUNITY)) == ["refused.not_kept"]
    mine = f"{HEAD}\nw1,w1,在岗,,,,{COMMUNITY},2018-03-01,\nw1,w1,岗位,专职工作者,,,,2018-03-01,\n"
    assert codes(taken(mine, by=town.people["desk"], within=COMMUNITY)) == ["unknown_person"] * 2
    Person.objects.filter(username="w1").update(home=town.grid)
    assert codes(taken(mine, by=town.people["desk"], within=COMMUNITY)) == []


# --- out


def sent(town: Town, roll: Any, name: str = "desk") -> list[list[str]]:
    rows = roll.rows(town[name].grants, NOW.date()).order_by(*roll.order)
    with translation.override("zh-hans"):
        return [[spoken(value(row)) for value in roll.cells.values()] for row in rows]


def test_what_goes_out_comes_in_again(town: Town) -> None:
    taken(WHOLE)
    names = [column.field for column in read_columns(text_of("sheets.toml"), "careers")]
    assert [n for n in names if n != "phone"] == list(CAREERS.cells)
    text = "\n".join([HEAD, *(",".join(row) for row in sent(town, CAREERS))])
    found = taken(text)
    assert (codes(found), found.same) == ([], 7)


def test_a_roll_shows_the_readers_place_alone(town: Town) -> None:
    taken(WHOLE)
    hired(town, "far", place="522602001001")
    assert {row[1] for row in sent(town, CAREERS)} == {"w1"}
    assert {row[1] for row in sent(town, CAREERS, "stranger")} == {"far"}
    for name in ("worker", "resident", "clerk"):
        assert sent(town, CAREERS, name) == []
        assert sent(town, STANDINGS, name) == []


def test_grades_go_out(town: Town) -> None:
    taken(WHOLE)
    (row,) = sent(town, STANDINGS)
    assert row == [
        "w1",
        "w1",
        COMMUNITY,
        "专职工作者",
        "6",
        "4",
        "3850",
        "2028-03-01",
        "2026-06-15",
    ]
    assert STANDINGS.keeps == ()


def test_the_pages_of_the_rolls_open(town: Town) -> None:
    taken(WHOLE)
    assert "社会工作师" in see(town, "desk", "/rolls/careers")
    assert "2028" in see(town, "desk", "/rolls/standings")
