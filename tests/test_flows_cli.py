"""`lianxin flows` says what is wrong with a page and draws the good ones; docs/flows is in step."""

from pathlib import Path

import pytest

from lianxin.cli import parser
from lianxin.orders.book import OURS
from lianxin.trouble import Trouble

DOCS = Path(__file__).resolve().parent.parent / "docs/flows"
PAGE = "flows/talk/2017-01-01.toml"
PAGES = len([*(OURS / "flows").glob("*/*.toml")])


def run(*words):
    args = parser().parse_args(["flows", *map(str, words)])
    return args.module.run(args)


def test_our_pages_have_no_problems(capsys):
    assert run("check") == 0
    assert f"{PAGES} pages, no problems" in capsys.readouterr().out


def test_problems_of_a_folder_laid_over_ours_are_told_with_their_lines(tmp_path, capsys):
    page = tmp_path / PAGE
    page.parent.mkdir(parents=True)
    text = (OURS / PAGE).read_text("utf-8")
    page.write_text(text.replace('turn = "buyer"', 'turn = "byer"'), "utf-8")
    line = next(n for n, row in enumerate(text.splitlines(), 1) if 'turn = "buyer"' in row)
    assert run("check", tmp_path) == 1
    said = capsys.readouterr().out
    assert f"{PAGE}:{line}: states.matched.turn" in said
    assert "'buyer'" in said and "“buyer”" in said
    assert f"{PAGES - 1} good pages" in said


def test_a_folder_or_flow_that_is_not_there_is_trouble(tmp_path):
    with pytest.raises(Trouble, match="no folder"):
        run("check", tmp_path / "none")
    with pytest.raises(Trouble, match="no flow dance"):
        run("draw", "dance", "--out", tmp_path)


def test_the_drawings_in_docs_are_those_of_the_pages(tmp_path):
    assert run("draw", "--out", tmp_path) == 0
    drawn = {p.name: p.read_text("utf-8") for p in tmp_path.iterdir()}
    kept = {p.name: p.read_text("utf-8") for p in DOCS.iterdir()}
    assert drawn == kept, "run `lianxin flows draw`"


def test_one_flow_is_drawn_in_both_languages(tmp_path):
    assert run("draw", "five-orders", "--out", tmp_path) == 0
    (page,) = tmp_path.iterdir()
    text = page.read_text("utf-8")
    assert page.name == "five-orders.md"
    assert text.count("stateDiagram-v2") == 2
    assert "| 派单 `dispatch` |" in text and "| Dispatch `dispatch` |" in text
