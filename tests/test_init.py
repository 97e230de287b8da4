"""An empty place gets a name, a topmost area and a first administrator; never over another."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from lianxin import place
from lianxin.cli import main
from lianxin.registry.models import Area, Entry, Person

PASSWORD = "lantern-rain-42"


@pytest.fixture
def empty(fresh: str, monkeypatch: Any) -> Iterator[None]:
    monkeypatch.setenv("DATABASE_URL", fresh)
    monkeypatch.setattr(settings, "VAR", settings.VAR / "new")
    monkeypatch.setattr(settings, "PUBLIC_URL", "https://lianxin.example.org")
    settings.VAR.mkdir(parents=True)
    yield
    shutil.rmtree(settings.VAR)


def init(name: str = "新河县社区", first: str = "admin", *more: str) -> int:
    return main(["init", "--name", name, "--first", first, *more])


@pytest.mark.usefixtures("empty")
def test_the_first_administrator_comes_in_by_the_printed_invitation(capsys: Any) -> None:
    assert init("新河县社区", "admin", "--root", "522699000000", "--person", "王管理") == 0
    told = capsys.readouterr().out
    secret = re.search(r"https://lianxin\.example\.org/join/([\w-]+)", told)[1]
    area = Area.objects.get()
    assert (area.path, area.kind_id, area.code, area.name) == (
        "522699",
        "county",
        "522699",
        "新河县社区",
    )
    client = Client()
    page = client.get(f"/join/{secret}").content.decode()
    assert "王管理" in page
    assert "<title>设置密码 · 新河县社区</title>" in page, "the place's own name, not the program's"
    assert "连心" not in page
    sent = {"password": PASSWORD, "again": PASSWORD}
    assert client.post(f"/join/{secret}", sent)["Location"] == "/"
    assert client.get("/")["Location"] == "/desk"
    assert client.get("/desk").status_code == 200
    assert client.get("/operator").status_code == 200
    assert client.get("/accounts").status_code == 200
    person = Person.objects.get()
    assert person.is_operator
    assert list(Entry.objects.order_by("pk").values_list("verb", flat=True)) == [
        "open", "add", "appoint", "invite", "accept",
    ]  # fmt: skip


@pytest.mark.usefixtures("empty")
def test_the_name_stands_on_error_pages_too() -> None:
    assert init() == 0
    assert "新河县社区" in Client().get("/nowhere").content.decode()
    place.call("改了名的县")
    assert "改了名的县" in Client().get("/nowhere").content.decode()


@pytest.mark.usefixtures("empty")
def test_without_a_code_it_stands_at_a_zone_and_says_so(capsys: Any) -> None:
    assert init() == 0
    assert "--root" in capsys.readouterr().out
    assert Area.objects.get().kind_id == "zone"


@pytest.mark.usefixtures("empty")
def test_it_is_made_once(capsys: Any) -> None:
    assert init() == 0
    capsys.readouterr()
    assert init("另一个地方", "other") == 2
    told = capsys.readouterr().err
    assert "这里已经有人员" in told
    assert "people here already" in told
    assert place.place() == "新河县社区"
    assert Person.objects.count() == 1


@pytest.mark.usefixtures("empty")
@pytest.mark.parametrize("there", ["demo", "place.json"])
def test_a_mark_beside_an_empty_database_is_asked_about(there: str, capsys: Any) -> None:
    (settings.VAR / there).write_text('{"name": "旧"}')
    assert init() == 2
    assert "init" in capsys.readouterr().err
    assert not Person.objects.exists()


@pytest.mark.usefixtures("empty")
@pytest.mark.parametrize(
    ("name", "first", "root", "says"),
    [
        ("", "admin", "522699", "1 到 40"),
        ("长" * 41, "admin", "522699", "1 到 40"),
        ("县", "a b", "522699", "不能作用户名"),
        ("县", "admin", "99990", "不是区划代码"),
        ("县", "admin", "abc", "不是区划代码"),
        ("县", "admin", "999901", "不是区划代码"),
    ],
)
def test_what_is_wrong_is_said_before_anything_is_made(
    name: str, first: str, root: str, says: str, capsys: Any
) -> None:
    assert init(name, first, "--root", root) == 2
    assert says in capsys.readouterr().err
    assert not Person.objects.exists()
    assert not Area.objects.exists()
    assert place.place() == ""


@pytest.mark.usefixtures("empty")
def test_sheets_go_in_under_the_topmost_area(tmp_path: Any, capsys: Any) -> None:
    """The way docs/deploy.md leads: the place, then what the offices have, then invitations."""
    assert init("新河县社区", "admin", "--root", "522699") == 0
    sheets = {
        "areas": "区划代码,名称,级别\n522699001,东街道,街道\n522699001001,一社区,社区\n",
        "people": "姓名,用户名,电话\n张三,zhangsan,13800000001\n",
        "posts": "姓名,岗位,区划代码\n张三,网格员,522699001001\n",
    }
    for what, text in sheets.items():
        (tmp_path / f"{what}.csv").write_text(text)
        assert main(["import", what, str(tmp_path / f"{what}.csv")]) == 0, capsys.readouterr()
    assert main(["account", "invite", "zhangsan"]) == 0
    assert Person.objects.get(username="zhangsan").posts.get().area.path == "522699001001"
