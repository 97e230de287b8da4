"""A roll's sheet taken in at its page: faults told by cells, one's own place alone, taken back."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from dirty import xlsx
from django.core.files.uploadedfile import SimpleUploadedFile
from rolls_town import named, sheet
from test_import_command import typed
from town import COMMUNITY, GRID, STREET, Town
from web_town import as_, see

from lianxin.cli import import_
from lianxin.registry.imports.going import children_first
from lianxin.registry.models import Batch, Post
from lianxin.web.rolls import take as taking_in

pytestmark = pytest.mark.django_db
HEAD = ["姓名", "用户名", "电话", "岗位", "区域", "单位", "任职日期", "离任日期"]
ADDRESS = "/rolls/posts/sheet"


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with named(request) as town:
        yield town


def row(username: str, role: str = "网格员", area: str = COMMUNITY, **more: Any) -> list[Any]:
    told = {"用户名": username, "岗位": role, "区域": area} | more
    return [told.get(name) for name in HEAD]


def upload(town: Town, name: str, *rows: list[Any], do: str = "all", to: str = ADDRESS) -> Any:
    file = SimpleUploadedFile("岗位.xlsx", xlsx(HEAD, *rows))
    return as_(town, name).post(to, {"file": file, "do": do})


def kept(role: str = "grid_worker", area: str = COMMUNITY) -> list[str]:
    held = Post.objects.filter(role=role, area__path=area).order_by("pk")
    return list(held.values_list("person__username", flat=True))


def undone(town: Town, action: str) -> str:
    """The page that the press leads to, with what it says."""
    return as_(town, "desk").post(action, follow=True).content.decode()


def test_checked_told_by_cells_good_rows_taken_and_taken_back(town: Town) -> None:
    rows = (
        row("m1"), row("nobody"), row("clerk", 任职日期="x"), row("worker", 姓名="别人"),
        row("m2", 任职日期=date(2026, 1, 2)),
    )  # fmt: skip
    page = upload(town, "desk", *rows, do="check")
    said = page.content.decode()
    assert page.status_code == 422
    assert "有 3 处错误，什么都没有写入" in said
    assert all(cell in said for cell in ("表!B3", "表!G4", "表!B5"))
    assert upload(town, "desk", *rows).status_code == 422
    assert (kept(), Batch.objects.count()) == ([], 0)
    report = upload(town, "desk", *rows, do="report")
    assert report.content[:2] == b"PK"
    assert "lianxin-posts-" in report.headers["Content-Disposition"]
    said = upload(town, "desk", *rows, do="good").content.decode()
    assert "已导入 2 行" in said
    assert kept() == ["m1", "m2"]
    action = re.search(r'action="(/rolls/posts/sheet/\d+/undo)"', said)[1]
    assert as_(town, "street_desk").post(action).status_code == 302
    assert kept() == ["m1", "m2"], "somebody else's import is not there"
    assert "已撤销：移除 2 行" in undone(town, action)
    assert (kept(), Batch.objects.get().state) == ([], "undone")
    assert "已经撤销过" in undone(town, action)
    see(town, "desk", ADDRESS, "en")


def test_a_post_that_was_stood_in_for_since_stays_when_it_is_taken_back(town: Town) -> None:
    said = upload(town, "desk", row("m1"), row("m2")).content.decode()
    held = Post.objects.get(person=town.people["m1"], role="grid_worker")
    Post.objects.create(
        person=town.people["m3"], role=held.role, area=held.area, since=held.since,
        until=date(2090, 1, 1), behalf_of=held,
    )  # fmt: skip
    page = undone(town, re.search(r'action="([^"]*undo)"', said)[1])
    assert kept() == ["m1", "m3"]
    assert "保留 1 行" in page
    assert "保留的：grid_worker" in page
    assert Batch.objects.get().state == "partly"


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([row("m1", area="522602001001")], "不在本辖区"),
        ([row("m1", area=STREET)], "不在本辖区"),
        ([row("m1", area="双桥社区")], "没有叫“双桥社区”的区域"),
        ([row("resident")], "人员册里没有 resident"),
        ([row("stranger")], "人员册里没有 stranger"),
        ([row("", 电话="13800001234", 姓名="钱勇")], "人员册里没有"),
        ([row("m1", role="督办")], "“督办”不由这里任免"),
        ([row("m1", role="工作台")], "“工作台”不由这里任免"),
        ([row("desk", role="审计员")], "“审计员”不由这里任免"),
        ([row("m1", role="单位经办人", area="", 单位="U")], "“单位经办人”不由这里任免"),
        ([row("m1", 单位="V")], "“网格员”不由这里任免"),
        ([row("desk", role="工作台", 离任日期=date(2026, 1, 1))], "“工作台”不由这里任免"),
        ([row("m1"), row("m1", 离任日期=date(2090, 1, 1))], "与第 2 行说的是同一个"),
    ],
)
def test_a_desk_gives_the_posts_of_its_own_place_to_its_own_people(
    town: Town, rows: list[list[Any]], code: str
) -> None:
    before = Post.objects.count()
    page = upload(town, "desk", *rows)
    assert page.status_code == 422
    assert code in page.content.decode()
    assert Post.objects.count() == before
    assert not Batch.objects.exists()


def test_its_own_roll_with_all_that_it_may_not_give_comes_in_unchanged(town: Town) -> None:
    data = as_(town, "desk").get("/rolls/posts.xlsx").content
    file = SimpleUploadedFile("again.xlsx", data)
    page = as_(town, "desk").post(ADDRESS, {"file": file, "do": "all"})
    assert page.status_code == 200
    n = len(sheet(town, "desk", "/rolls/posts.xlsx")) - 1
    assert f"共 {n} 行：新增 0，变更 0，未变 {n}，有误 0" in page.content.decode()


@pytest.mark.parametrize("reader", ["leader", "auditor", "clerk", "worker", "resident", "m1"])
def test_who_only_reads_takes_nothing_in(town: Town, reader: str) -> None:
    assert as_(town, reader).get(ADDRESS).status_code == 403
    assert upload(town, reader, row("m1")).status_code == 403
    assert as_(town, reader).post(f"{ADDRESS}/1/undo").status_code == 403
    assert kept() == []


def test_units_are_taken_in_at_the_terminal_alone(town: Town) -> None:
    assert as_(town, "desk").get("/rolls/units/sheet").status_code == 404
    assert as_(town, "desk").post("/rolls/units/sheet/1/undo").status_code == 404


def test_what_is_no_sheet_is_said(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    assert as_(town, "desk").post(ADDRESS, {"do": "all"}).status_code == 422
    for data in (b"", b"\x00\x01garbage", b"PK\x03\x04"):
        file = SimpleUploadedFile("x.xlsx", data)
        assert as_(town, "desk").post(ADDRESS, {"file": file, "do": "all"}).status_code == 422
    monkeypatch.setattr(taking_in, "MOST", 2)
    page = upload(town, "desk", row("m1"), row("m2"), row("m3"))
    assert (page.status_code, "超过 2 行" in page.content.decode()) == (422, True)
    assert kept() == []


def test_a_look_at_somebody_elses_roll_undoes_nothing(town: Town) -> None:
    said = upload(town, "desk", row("m1")).content.decode()
    number = re.search(r"/sheet/(\d+)/undo", said)[1]
    town.leave("desk")
    assert as_(town, "desk").post(f"{ADDRESS}/{number}/undo").status_code == 403
    assert kept() == ["m1"]


def test_every_roll_with_a_taker_is_a_word_of_the_terminal(
    town: Town, tmp_path: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "岗位.xlsx"
    file.write_bytes(xlsx(HEAD, row("resident"), row("stranger", area=GRID)))
    assert typed(import_, "posts", file, "--within", "522601") == 0
    assert kept() == ["resident"], "the operator is bounded by nothing"
    assert typed(import_, "posts", file, "--within", "522602") == 1
    assert "不在本辖区" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        typed(import_, "--help")
    told = capsys.readouterr().out
    assert "units" in told and "people" in told


def test_what_stands_on_others_goes_first() -> None:
    labels = ["registry.area", "registry.person", "registry.unit", "registry.post", "growth.fact"]
    order = [model._meta.label_lower for model in children_first(labels)]
    assert sorted(order) == sorted(labels)
    for child, parent in (
        ("registry.post", "registry.person"), ("registry.post", "registry.unit"),
        ("registry.unit", "registry.area"), ("registry.person", "registry.area"),
        ("growth.fact", "registry.person"), ("growth.fact", "registry.area"),
    ):  # fmt: skip
        assert order.index(child) < order.index(parent)
    assert children_first([]) == []
