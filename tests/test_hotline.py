"""A hotline's sheet: dirty, sent twice, half wrong; each number one order, as of its call."""

import io
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from test_import_command import typed
from test_web_lists import numbers
from town import COMMUNITY, COUNTY, DAY, Town, settled
from web_town import as_, see

from lianxin.cli import import_
from lianxin.orders import actions
from lianxin.orders.hotline import import_hotline, undo_hotline
from lianxin.orders.models import Content, Event, Hotline, Order
from lianxin.registry.actions import Stamp
from lianxin.registry.imports.outcome import Outcome
from lianxin.registry.models import Area, Batch, Post
from lianxin.registry.refusal import NotPossible
from lianxin.trouble import Trouble

pytestmark = pytest.mark.django_db
HEAD = (
    "工单编号", "来电时间", "诉求渠道", "诉求类型", "一级分类", "二级分类", "三级分类", "标题",
    "诉求内容", "区县", "街道", "社区", "详细地址", "诉求人", "联系电话", "是否保密", "紧急程度",
    "承办单位", "办理时限", "是否回复", "备注",
)  # fmt: skip
CALLED = timezone.localtime().replace(second=0, microsecond=0) - timedelta(hours=18)


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with settled(request) as town:
        for path, name in ((COUNTY, "凯里市"), (COMMUNITY, "榕荫社区")):
            Area.objects.filter(path=path).update(name=name)
        Post.objects.create(
            person=town.people["leader"], role="desk", area=town.areas[COUNTY], since=DAY
        )
        yield town


def row(number: str, text: str = "楼道灯坏了\n晚上看不见", **more: Any) -> tuple[Any, ...]:
    told = {
        "工单编号": number, "来电时间": f"{CALLED:%Y-%m-%d %H:%M}", "诉求内容": text,
        "社区": "榕荫社区", "联系电话": "138 0013 8000", "三级分类": "路灯照明", "诉求类型": "求助",
    } | more  # fmt: skip
    return tuple(told.get(name, "") for name in HEAD)


def sheet(*rows: tuple[Any, ...]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet("12345")
        page.write(0, 0, "政务服务便民热线工单（演示）")
        for n, cells in enumerate((HEAD, *rows), 1):
            for m, cell in enumerate(cells):
                page.write(n, m, cell)
    return out.getvalue()


def take(town: Town, *rows: tuple[Any, ...], by: str = "leader", **how: Any) -> Outcome:
    who = town[by]
    grant = next(g for g in who.grants if g.role == "desk")
    stamp = Stamp(town.people[by], timezone.now())
    return import_hotline(sheet(*rows), "12345.xlsx", who, grant, stamp, **how)


def codes(outcome: Outcome) -> list[str]:
    return [f.code for f in outcome.findings]


def test_a_call_is_filed_as_of_the_call_with_all_it_says(town: Town) -> None:
    due = CALLED + timedelta(days=5)
    outcome = take(town, row(
        "GZ20261122-0001", 标题="路灯不亮", 详细地址="桂花巷3号", 紧急程度="紧急",
        承办单位="住建局", 诉求渠道="电话", 办理时限=f"{due:%Y/%m/%d %H:%M}", 诉求人="张三丰",
    ))  # fmt: skip
    assert (outcome.made, outcome.bad, outcome.errors) == (1, 0, [])
    order = Order.objects.get()
    assert (order.path, order.category, order.severity) == (COMMUNITY, "0101", "high")
    assert order.filed == CALLED
    event = Event.objects.get()
    late = event.recorded.replace(microsecond=0) + timedelta(hours=2)
    assert order.due == late, "the desk's own time runs from when it could know"
    assert (event.verb, event.given["matter"], event.at) == ("file_for", "help", CALLED)
    assert event.recorded > event.at
    said = dict(Content.objects.values_list("name", "value"))
    assert said["phone"] == "13800138000"
    assert said["address"] == "桂花巷3号"
    assert said["text"].startswith("路灯不亮\n楼道灯坏了\n晚上看不见\n（工单 GZ20261122-0001，电话")
    assert "张三丰" not in str(said), "a name is not needed to call back, so it is not kept"
    assert Hotline.objects.get().number == "GZ20261122-0001"
    assert numbers(see(town, "desk", "/desk?q=gz20261122-0001")) == [order.number]
    assert numbers(see(town, "stranger", "/desk?q=GZ20261122-0001")) == []


def test_a_number_is_one_order_however_often_it_comes(town: Town) -> None:
    outcome = take(town, row("A1"), row("A1", "同一个电话，话不一样"), row("A2"))
    assert (outcome.made, outcome.same) == (2, 1)
    assert codes(outcome) == ["hotline_twice"]
    again = take(town, row("A1"), row("ａ2"), row("A3"))
    assert (again.made, again.same) == (1, 2)
    assert codes(again) == ["hotline_known"] * 2
    assert Order.objects.count() == Hotline.objects.count() == 3
    assert take(town, row("A1"), row("A2")).batch is None
    assert Batch.objects.count() == 2


def test_with_any_error_nothing_is_written_but_good_rows_may_be(town: Town) -> None:
    rows = (
        row("A1"), row("A2", 来电时间="昨天下午"), row("A3", 来电时间="2999-01-01 08:00"),
        row("A4", ""), row(""), row("A5", 联系电话="一三八"), row("A6", "长" * 10_000),
        row("A7", 来电时间="2019-01-01 08:00"), row(2.02611e20),
    )  # fmt: skip
    outcome = take(town, *rows)
    assert (outcome.rows, outcome.made, outcome.bad, outcome.batch) == (9, 1, 8, None)
    assert {f.code for f in outcome.errors} == {
        "not_a_moment", "hotline_future", "missing", "not_a_phone", "hotline_long", "hotline_old",
        "digits_lost",
    }  # fmt: skip
    assert [f.where for f in outcome.errors if f.code == "not_a_moment"] == ["12345!B4"]
    assert not Order.objects.exists()
    assert take(town, *rows, check=True, good_rows=True).batch is None
    assert take(town, *rows, good_rows=True).made == 1
    assert Order.objects.count() == 1


def test_the_place_is_found_by_words_and_codes_or_left_to_the_desk(town: Town) -> None:
    second = Area.objects.create(
        kind_id="community", path="522601001002", name="滨江社区", since=DAY
    )
    outcome = take(
        town, row("A1", 社区=COMMUNITY), row("A2", 社区="榕荫"),
        row("A3", 社区="", 街道="522601001"), row("A4", 社区="", 详细地址="滨江社区3栋"),
        row("A5", 社区="没有的社区"), row("A6", 社区=""), row("A7", 社区="", 区县="凯里市"),
        row("A8", 社区="522602001001"),
        row("A9", 社区="", 详细地址="榕荫社区和滨江社区之间"),
    )  # fmt: skip
    assert outcome.errors == []
    paths = dict(Hotline.objects.values_list("number", "order__path"))
    assert paths == {
        "A1": COMMUNITY, "A2": COMMUNITY, "A3": "522601001", "A4": second.path, "A5": COUNTY,
        "A6": COUNTY, "A7": COUNTY, "A8": COUNTY, "A9": COUNTY,
    }  # fmt: skip
    assert codes(outcome).count("hotline_place") == 4
    assert "hotline_elsewhere" in codes(outcome) or "unknown_code" in codes(outcome)
    own = take(town, row("B1", 社区="", 区县="凯里市"), by="desk")
    assert own.made == 1
    assert Hotline.objects.get(number="B1").order.path == COMMUNITY


def test_whoever_wants_to_stay_unknown_does(town: Town) -> None:
    outcome = take(town, row("A1", 是否保密="是"), row("A2", 是否保密="否"))
    assert "hotline_private" in codes(outcome)
    kept = Content.objects.filter(name="phone").values_list("order__hotline__number", flat=True)
    assert list(kept) == ["A2"]


def test_a_strange_topic_is_left_empty_and_said(town: Town) -> None:
    outcome = take(town, row("A1", 三级分类="外星人"), row("A2", 三级分类="", 二级分类="电梯故障"))
    assert codes(outcome) == ["hotline_topic"]
    assert list(Order.objects.order_by("id").values_list("category", flat=True)) == [None, "0301"]


def test_taken_back_by_void_events_but_for_what_was_worked_on(town: Town) -> None:
    batch = take(town, row("A1"), row("A2"), row("A3")).batch
    worked = Hotline.objects.get(number="A2").order.number
    # two hours after the call it had gone up to whoever sits above
    actions.step(worked, "dispatch", town["leader"], {"unit": str(town.unit.pk)})
    stamp = Stamp(town.people["leader"], timezone.now())
    undone = undo_hotline(batch, stamp)
    assert (undone.removed, undone.kept) == (2, [worked])
    assert Order.objects.filter(open=True).get().number == worked
    assert Event.objects.filter(verb="void").count() == 2
    assert Event.objects.filter(verb="file_for").count() == 3, "nothing is deleted from the log"
    assert Batch.objects.get().state == "partly"
    again = take(town, row("A1"), row("A2"))
    assert (again.made, again.same) == (1, 1)
    undo_hotline(again.batch, stamp)
    with pytest.raises(NotPossible, match="undone_already"):
        undo_hotline(again.batch, stamp)


def test_the_clock_alone_keeps_no_order_from_being_taken_back(town: Town) -> None:
    batch = take(town, row("A1")).batch
    order = Order.objects.get()
    later = timezone.now() + timedelta(hours=2)
    actions.tick(order.root_id.hex, later)
    assert Event.objects.filter(verb="pass_up").exists(), "two urgent hours are over"
    assert undo_hotline(batch, Stamp(None, later)).removed == 1


# --- the page


def upload(town: Town, name: str, data: bytes, do: str) -> Any:
    file = SimpleUploadedFile("12345.xlsx", data)
    return as_(town, name).post("/hotline", {"file": file, "do": do})


def test_at_the_page_it_is_checked_filed_and_taken_back(town: Town) -> None:
    data = sheet(row("A1"), row("A2", 来电时间="x"))
    page = upload(town, "desk", data, "check")
    assert page.status_code == 422
    assert "有 1 处错误，什么都没有写入" in page.content.decode()
    assert "12345!B4" in page.content.decode()
    assert not Order.objects.exists()
    report = upload(town, "desk", data, "report")
    assert report.headers["Content-Disposition"].endswith('.xlsx"')
    assert report.content[:2] == b"PK"
    page = upload(town, "desk", data, "good").content.decode()
    assert "已立 1 单" in page
    action = re.search(r'action="(/hotline/\d+/undo)"', page)[1]
    assert as_(town, "street_desk").post(action).status_code == 302
    assert Order.objects.get().open, "somebody else's import is not there"
    as_(town, "desk").post(action)
    assert not Order.objects.get().open
    assert "已撤销" in see(town, "desk", "/hotline")
    see(town, "desk", "/hotline", "en")


def test_what_is_no_sheet_is_said(town: Town) -> None:
    for data, code in ((b"", 422), (b"\x00\x01garbage", 422), (b"PK\x03\x04", 422)):
        assert upload(town, "desk", data, "all").status_code == code
    assert as_(town, "desk").post("/hotline", {"do": "all"}).status_code == 422
    for name in ("worker", "clerk", "leader2", "resident"):
        if name in town.people:
            assert as_(town, name).get("/hotline").status_code == 403
    assert not Batch.objects.exists()


# --- the terminal


def test_at_the_terminal(town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "12345.xlsx"
    file.write_bytes(sheet(row("A1"), row("A1"), row("A2", 三级分类="")))
    report = tmp_path / "report.xlsx"
    given = ("hotline", file, "--by", "desk", "--report", report)
    assert typed(import_, *given) == 0
    told = capsys.readouterr().out
    assert "第 3 行" in told
    assert report.exists()
    batch = Batch.objects.get()
    assert (batch.rows, batch.person) == (2, town.people["desk"])
    assert typed(import_, "undo", batch.pk) == 0
    assert "作废 2 单" in capsys.readouterr().out
    with pytest.raises(Trouble, match="没有工作台岗位"):
        typed(import_, "hotline", file, "--by", "worker")
    with pytest.raises(Trouble, match="已经撤销过"):
        typed(import_, "undo", batch.pk)


def test_the_columns_are_the_twenty_one(town: Town) -> None:
    assert len(HEAD) == 21
    outcome = take(town, row("A1"))
    assert [c for c in codes(outcome) if c.startswith("column")] == []
    assert datetime.fromisoformat(str(Order.objects.get().filed)) == CALLED
