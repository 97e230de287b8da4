"""A sheet of units: new ones under their code, the mailbox and phone of known ones, all undone."""

from __future__ import annotations

from datetime import date

import pytest

from lianxin.cli.import_ import SHEETS
from lianxin.registry import actions
from lianxin.registry.imports import undo_batch
from lianxin.registry.models import Batch, Entry, Unit
from lianxin.registry.refusal import NotPossible
from lianxin.web.findings import as_lines
from tests.dirty import NOW, POSTS, STAMP, START, build_town, take

pytestmark = [pytest.mark.database, pytest.mark.django_db]
UNITS = ["单位编码", "单位名称", "上级单位", "区域", "办公电话", "电子邮箱", "撤销日期"]
LATER = actions.Stamp(None, NOW)


@pytest.fixture(autouse=True)
def water() -> Unit:
    build_town()
    return actions.add_unit(STAMP, "water", "青江县水务局", START)


def errors(outcome) -> list[tuple[str, str]]:
    return [(f.code, f.cell) for f in outcome.errors]


def kept(code: str) -> tuple[str, str, str]:
    unit = Unit.objects.get(code=code)
    return unit.name, unit.phone, unit.mail


def test_units_come_with_their_mailbox_and_phone(water):
    rows = (
        ["青江县单位一览表"],
        UNITS,
        ["power", "青江县供电局", None, 522699, "0855－8234567", "dian＠example.org", None],
        ["station", "榕荫供水站", "青江县水务局", "榕荫社区", None, None, None],
        [None, "青江县水务局", None, None, "0855-8230000", "shui@example.org", None],
    )
    done = take("units", *rows, merge=("A1:G1",))
    assert errors(done) == [] and (done.made, done.changed) == (2, 1)
    assert kept("power") == ("青江县供电局", "08558234567", "dian@example.org")
    assert kept("water") == ("青江县水务局", "08558230000", "shui@example.org")
    station = Unit.objects.get(code="station")
    assert (station.parent, station.area.path) == (water, "522699001001")
    assert station.since == date(2025, 1, 1)
    again = take("units", *rows, merge=("A1:G1",))
    assert (again.made, again.changed, again.same, again.batch) == (0, 0, 3, None)
    assert Entry.objects.filter(model="registry.unit", batch=done.batch).count() == 3


def test_a_blank_cell_takes_nothing_away_and_a_name_may_change():
    take("units", UNITS, ["water", None, None, None, "0855-8230000", "shui@example.org", None])
    done = take("units", UNITS, ["water", "青江县水利局", None, None, None, None, None])
    assert kept("water") == ("青江县水利局", "08558230000", "shui@example.org")
    assert [f.facts for f in done.findings if f.code == "renamed"] == [
        {"was": "青江县水务局", "read": "青江县水利局"}
    ]


def test_a_unit_closes_and_stays_closed(water):
    done = take("units", UNITS, ["water", None, None, None, None, None, "2025-05-31"])
    water.refresh_from_db()
    assert (done.changed, water.until) == (1, date(2025, 5, 31))
    again = take("units", UNITS, ["water", None, None, None, "0855-8230000", None, None])
    assert errors(again) == [("refused.closed", "A2")]


@pytest.mark.parametrize(
    ("row", "want"),
    [
        (["power", "青江县供电局", None, None, None, "dian", None], ("refused.bad_mail", "F2")),
        (["power", "青江县供电局", None, None, "没有", None, None], ("not_a_phone", "E2")),
        ([None, "青江县供电局", None, None, None, None, None], ("new_unit", "A2")),
        (["power", None, None, None, None, None, None], ("not_enough", "B2")),
        (["power", "青江县水务局", None, None, None, None, None], ("name_of_other", "B2")),
        (["power", "青江县供电局", "水务局", None, None, None, None], ("unknown_unit", "C2")),
        (["power", "青江县供电局", None, "东社区", None, None, None], ("unknown_name", "D2")),
        (["water", None, "water", None, None, None, None], ("own_parent", "C2")),
        (["water", None, None, None, None, None, "2019-05-31"], ("refused.not_after", "G2")),
        (["p" * 41, "青江县供电局", None, None, None, None, None], ("too_long", "A2")),
        (["power", "供" * 121, None, None, None, None, None], ("too_long", "B2")),
    ],
)
def test_what_is_wrong_is_said_at_its_cell_and_nothing_is_written(row, want):
    before = list(Unit.objects.order_by("pk").values())
    done = take("units", UNITS, row)
    assert errors(done) == [want]
    assert list(Unit.objects.order_by("pk").values()) == before and not Batch.objects.exists()
    assert "{" not in "".join(as_lines(done.errors))


def test_one_unit_in_two_rows_that_differ():
    rows = [
        ["water", None, None, None, "0855-8230000", None, None],
        [None, "青江县水务局", None, None, "0855-8230001", None, None],
    ]
    assert errors(take("units", UNITS, *rows)) == [("row_again", "B3")]


def test_undo_takes_new_ones_out_and_puts_the_old_contact_back(water):
    actions.change_unit(STAMP, water, mail="old@example.org", phone="0855-1")
    batch = take(
        "units", UNITS,
        ["water", None, None, None, "0855-8230000", "shui@example.org", None],
        ["power", "青江县供电局", None, None, None, "dian@example.org", None],
        ["gas", "青江县燃气公司", None, None, None, None, None],
    ).batch  # fmt: skip
    actions.add_person(STAMP, "李雪", "lixue")
    take("posts", POSTS, [None, "lixue", "单位经办人", None, None, "gas", None, None])
    undone = undo_batch(batch, LATER)
    assert (undone.removed, undone.restored) == (1, 1)
    assert [(k.name, k.why) for k in undone.kept] == [("青江县燃气公司 gas", "registry.post")]
    assert kept("water") == ("青江县水务局", "0855-1", "old@example.org")
    assert not Unit.objects.filter(code="power").exists()


def test_what_its_clerk_has_changed_since_stays(water):
    batch = take("units", UNITS, ["water", None, None, None, None, "shui@example.org", None]).batch
    water.refresh_from_db()
    actions.change_unit(LATER, water, mail="clerk@example.org")
    assert [k.why for k in undo_batch(batch, LATER).kept] == ["changed"]
    assert kept("water")[2] == "clerk@example.org"


def test_no_page_and_no_sheet_writes_what_is_no_address(water):
    with pytest.raises(NotPossible, match="bad_mail"):
        actions.change_unit(STAMP, water, mail="not an address")


def test_the_terminal_takes_it():
    assert "units" in SHEETS
