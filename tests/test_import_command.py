"""`lianxin import` and `lianxin token`, as an operator types them."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest
from django.utils import timezone
from python_calamine import CalamineWorkbook

from lianxin.cli import import_, token
from lianxin.registry import actions, queries
from lianxin.registry.models import Area, Batch, Token
from lianxin.trouble import Trouble
from tests.dirty import GRIDS, STAMP, START, write_divisions, xlsx

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def typed(module, *words: str) -> int:
    parser = argparse.ArgumentParser()
    module.add(parser)
    return module.run(parser.parse_args([str(word) for word in words]))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_divisions(tmp_path)


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "网格.xlsx"
    path.write_bytes(
        xlsx(GRIDS, ["榕荫社区", "江景苑", "一网格"], ["榕阴社区", "x\u202ey", "二网格"])
    )
    return path


def test_divisions_then_grids_then_back(folder, sheet, capsys, tmp_path):
    assert typed(import_, "divisions", folder / "villages.csv") == 1
    said = capsys.readouterr().out
    assert "streets.csv" in said and "--with-parents" in said and "parent_unknown" not in said
    given = ("--with-parents", "--since", "2024-01-01")
    assert typed(import_, "divisions", folder / "villages.csv", *given) == 0
    assert "新增 13" in capsys.readouterr().out
    report = tmp_path / "核对.xlsx"
    assert typed(import_, "areas", sheet, "--report", report) == 1
    said = capsys.readouterr().out
    assert "表!A3" in said and "榕荫社区 522699001001" in said and "Did you mean" in said
    assert "\u202e" not in said
    rows = CalamineWorkbook.from_path(report).get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows[1:]] == ["表!A3", "表!B3"]
    assert Area.objects.filter(kind="grid").count() == 0
    assert typed(import_, "areas", sheet, "--good-rows", "--check") == 1
    assert typed(import_, "areas", sheet, "--good-rows") == 1
    batch = Batch.objects.latest("pk")
    assert f"lianxin import undo {batch.pk}" in capsys.readouterr().out
    assert typed(import_, "undo", batch.pk) == 0
    assert "removed" in capsys.readouterr().out
    assert Area.objects.filter(kind__in=["grid", "quarter"]).count() == 0


def test_what_stays_is_named_in_both_languages(folder, sheet, capsys):
    typed(import_, "divisions", folder / "villages.csv", "--with-parents")
    typed(import_, "areas", sheet, "--good-rows")
    person = actions.add_person(STAMP, "李雪", "lixue")
    actions.appoint(STAMP, person, "grid_worker", START, area=Area.objects.get(kind="grid"))
    capsys.readouterr()
    assert typed(import_, "undo", Batch.objects.latest("pk").pk) == 1
    said = capsys.readouterr().out
    assert "有岗位" in said and "a post depends on it" in said and "其下还有区域" in said


@pytest.mark.parametrize(
    "words",
    [
        ("areas", "nowhere.xlsx"),
        ("areas", __file__, "--within", "99"),
        ("divisions", __file__, "--since", "yesterday"),
        ("undo", "123456"),
    ],
)
def test_what_cannot_be_done_is_two_sentences(words, folder):
    words = [w if w != __file__ else folder / "villages.csv" for w in words]
    with pytest.raises(Trouble) as trouble:
        typed(import_, *words)
    assert len(str(trouble.value).splitlines()) == 2


def test_a_token_is_printed_once_and_works(capsys):
    person = actions.add_person(STAMP, "李雪", "lixue")
    assert typed(token, "lixue", "--days", "30") == 0
    plain = capsys.readouterr().out.splitlines()[-1]
    found, _ = queries.person_by_token(actions.token_hash(plain), timezone.now())
    assert found == person and plain not in Token.objects.get().hash
    with pytest.raises(Trouble, match="nobody"):
        typed(token, "nobody")
