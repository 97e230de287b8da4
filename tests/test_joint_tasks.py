"""A line of a community's and a unit's lists becomes an order; both halves go out and in again."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import openpyxl
import pytest
from dirty import xlsx
from django.test import Client
from django.utils import timezone
from rolls_town import firsts
from town import COMMUNITY, Town, settled
from web_town import as_, see

from lianxin.core.step.refused import Refused
from lianxin.orders import actions as orders
from lianxin.orders.joint_tasks import into_order
from lianxin.orders.models import Order
from lianxin.registry.actions import Stamp
from lianxin.registry.actions import unit_check_ins as acts
from lianxin.registry.imports import import_sheet, undo_batch
from lianxin.registry.imports.outcome import Outcome
from lianxin.registry.models import Area, Entry, Promise, UnitCheckIn
from lianxin.registry.refusal import NotPossible

LAMPS = "三栋的路灯要换"
PAIRS, LINES = ["单位", "社区"], ["单位", "社区", "清单", "内容"]


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with settled(request) as town:
        Area.objects.filter(path=COMMUNITY).update(name="榕荫社区")
        town.areas[COMMUNITY].refresh_from_db()
        yield town


def by(town: Town, name: str) -> Stamp:
    return Stamp(town.people[name], timezone.now())


def pair(town: Town) -> UnitCheckIn:
    return acts.check_in_unit(by(town, "clerk"), town.unit, town.areas[COMMUNITY])


def need(town: Town, kind: str = "need", text: str = LAMPS) -> Promise:
    side = "clerk" if kind == "resource" else "desk"
    held = UnitCheckIn.objects.filter(until=None).first() or pair(town)
    return acts.promise(by(town, side), held, kind, text)


def press(town: Town, name: str, line: Promise) -> tuple[int, str]:
    given = {"do": "order", "pair": str(line.check_in_id), "line": str(line.pk)}
    answer = as_(town, name).post(f"/units/{town.unit.pk}/communities", given, follow=True)
    return answer.status_code, answer.content.decode()


# ── an order ─────────────────────────────────────────────────────────────────────────────────────


def test_a_need_becomes_an_order_that_the_unit_can_be_given(town: Town) -> None:
    line = need(town)
    assert "派成一单" in see(town, "desk", f"/units/{town.unit.pk}/communities")
    code, html = press(town, "desk", line)
    row = Order.objects.get()
    assert code == 200 and "已立单" in html and row.number in html
    assert (row.flow, row.path) == ("five-orders", COMMUNITY)
    line.refresh_from_db()
    assert line.order == row.pk and line.until is None
    assert Entry.objects.filter(model="registry.promise", verb="became").count() == 1
    orders.step(row.number, "dispatch", town["desk"], {"unit": str(town.unit.pk)})
    assert LAMPS in see(town, "clerk", f"/orders/{row.number}")
    assert row.number in see(town, "clerk", f"/units/{town.unit.pk}/communities")


def test_once_and_only_what_can_be_a_task(town: Town) -> None:
    line, what = need(town), need(town, "resource", "会议室可以借")
    both = need(town, "project", "共建维修队")
    assert press(town, "desk", line)[0] == 200
    code, html = press(town, "desk", line)
    assert code == 422 and "已经立过单了" in html and Order.objects.count() == 1
    assert press(town, "desk", what)[0] == 422
    assert press(town, "desk", both)[0] == 200
    acts.end_promise(by(town, "desk"), need(town, text="另一件"), False)
    over = Promise.objects.get(text="另一件")
    for code, one in (("not_a_task", what), ("order_already", both), ("line_over", over)):
        with pytest.raises(NotPossible, match=code):
            into_order(by(town, "desk"), one, town["desk"])
    assert Order.objects.count() == 2


@pytest.mark.parametrize(
    ("name", "status"),
    [("clerk", 422), ("street_desk", 422), ("leader", 422), ("stranger", 404), ("m1", 403),
     ("other_clerk", 404)],
)  # fmt: skip
def test_the_communitys_desk_alone(town: Town, name: str, status: int) -> None:
    line = need(town)
    assert press(town, name, line)[0] == status
    page = as_(town, name).get(f"/units/{town.unit.pk}/communities").content.decode()
    assert "派成一单" not in page
    assert not Order.objects.exists()
    line.refresh_from_db()
    assert line.order is None


def test_an_order_that_is_refused_leaves_the_line_as_it_was(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no(*args: Any, **more: Any) -> None:
        raise Refused("too_many_lately")

    line = need(town)
    monkeypatch.setattr("lianxin.orders.joint_tasks.actions.file", no)
    with pytest.raises(Refused):
        into_order(by(town, "desk"), line, town["desk"])
    line.refresh_from_db()
    assert line.order is None and not Order.objects.exists()


# ── sheets ───────────────────────────────────────────────────────────────────────────────────────


def take(town: Town, what: str, name: str, *rows: list[Any], **more: Any) -> Outcome:
    stamp = by(town, name) if name else Stamp(None, timezone.now())
    return import_sheet(what, xlsx(*rows), "表.xlsx", stamp, **more)


def errors(outcome: Outcome) -> list[tuple[str, str]]:
    return [(f.code, f.cell) for f in outcome.errors]


def test_units_check_in_by_a_sheet_and_it_is_taken_back(town: Town) -> None:
    done = take(town, "partners", "", PAIRS, ["供电所", "榕荫社区"])
    assert (errors(done), done.made) == ([], 1)
    assert take(town, "partners", "", PAIRS, ["U", COMMUNITY]).same == 1
    lines = take(
        town, "promises", "", LINES, ["供电所", "榕荫社区", "需求", LAMPS],
        ["供电所", "榕荫社区", "资源", "会议室"],
    )  # fmt: skip
    assert (errors(lines), lines.made) == ([], 2)
    undo_batch(lines.batch, Stamp(None, timezone.now()))
    undo_batch(done.batch, Stamp(None, timezone.now()))
    assert not UnitCheckIn.objects.exists() and not Promise.objects.exists()


def test_each_fault_stands_at_its_cell(town: Town) -> None:
    pair(town)
    found = take(
        town, "promises", "", LINES,
        ["供电所", "榕荫社区", "愿望", "x"], ["水务所", "榕荫社区", "需求", "x"],
        ["没有的", "榕荫社区", "需求", "x"], ["供电所", "没有的社区", "需求", "x"],
        ["供电所", "榕荫社区", "需求", LAMPS], ["U", COMMUNITY, "Need", LAMPS],
    )  # fmt: skip
    assert sorted(errors(found)) == [
        ("no_pair", "A3"), ("row_again", "D7"), ("unknown_name", "B5"), ("unknown_unit", "A4"),
        ("unknown_word", "C2"),
    ]  # fmt: skip
    assert not Promise.objects.exists()


def test_each_side_takes_in_what_it_keeps(town: Town) -> None:
    pair(town)
    desk = take(
        town, "promises", "desk", LINES, ["供电所", "榕荫社区", "需求", LAMPS],
        ["供电所", "榕荫社区", "资源", "会议室"], within=COMMUNITY, good_rows=True,
    )  # fmt: skip
    assert [code for code, _ in errors(desk)] == ["refused.not_your_list"] and desk.made == 1
    clerk = take(
        town, "promises", "clerk", LINES, ["供电所", "榕荫社区", "资源", "会议室"],
        ["供电所", "榕荫社区", "需求", "另一件"], good_rows=True,
    )  # fmt: skip
    assert [code for code, _ in errors(clerk)] == ["refused.not_your_list"] and clerk.made == 1
    other = take(town, "partners", "other_clerk", PAIRS, ["供电所", "522602001001"])
    assert errors(other) == [("refused.not_own_unit", "")]
    far = take(
        town, "promises", "stranger", LINES, ["供电所", "榕荫社区", "需求", "x"],
        within="522602001001",
    )  # fmt: skip
    assert errors(far) == [("unknown_name", "B2")], "another place's community is not found"


@pytest.mark.parametrize(("what", "reader"), [("partners", "clerk"), ("promises", "desk")])
def test_what_goes_out_comes_in_again(town: Town, what: str, reader: str) -> None:
    need(town)
    client = Client()
    client.force_login(town.people[reader])
    answer = client.get(f"/rolls/{what}.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert sheet.max_row == 2
    again = import_sheet(what, answer.content, "出.xlsx", by(town, reader), within="")
    assert (errors(again), again.same, again.rows) == ([], 1, 1)


def test_who_reads_the_rolls(town: Town) -> None:
    need(town)
    for name, n in {"desk": 1, "leader": 1, "clerk": 1, "other_clerk": 0, "stranger": 0}.items():
        for roll in ("partners", "promises"):
            assert len(firsts(see(town, name, f"/rolls/{roll}"))) == n, (name, roll)
    assert firsts(see(town, "leader", "/rolls/promises?q=路灯")) == ["供电所"]
    assert firsts(see(town, "leader", "/rolls/promises?q=没有")) == []
    assert as_(town, "m1").get("/rolls/promises").status_code == 403
