"""`lianxin grade`: one career in a file, its grade with the sum, in both languages."""

import json
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from lianxin.cli import main
from lianxin.core.career import history
from lianxin.web.words import rows

CAREER = """
worked = [{ since = 2018-03-01 }]
posts = [{ post = "worker", since = 2018-03-01 }]
degrees = [{ name = "bachelor", since = 2017-06-30 }]
results = [{ year = 2020, result = "basic", known = 2021-01-20 }]
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "li.toml"
    path.write_text(CAREER, "utf-8")
    return path


def test_the_sum_is_told_in_both_languages(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["grade", str(file), "--on", "2022-01-10"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[:9] == [
        "2018-03-01 入职。",
        "2020 年考核基本称职，183 天不计。",
        "本科，多计 3 年。",
        "年限从 2015-08-31 起算。",
        "岗位：专职工作者，2 级到 13 级。",
        "按年限升 2 级。",
        "职级：4 级。",
        "情况不变，2024-08-31 升 5 级。",
        "月薪 3250 元（职级、岗位、证书）。",
    ]
    assert said[10] == "2020 assessed as Basically competent: 183 days do not count."


def test_a_program_reads_the_same(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["grade", str(file), "--on", "2022-01-10", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["grade"], found["pay"], found["next_on"]) == (4, 3250, "2024-08-31")
    assert found["lines"][0] == {"what": "entered", "facts": {"on": "2018-03-01"}}


def test_a_day_without_service_has_no_grade(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["grade", str(file), "--on", "2018-02-28"]) == 1
    assert "2018-02-28 不在岗" in capsys.readouterr().out


@pytest.mark.parametrize(("text", "on", "says"), [
    (CAREER.replace('"bachelor"', '"magister"'), "2022-01-10", "没有“magister”"),
    (CAREER.replace("since = 2018-03-01 }]\nposts", "from = 2018-03-01 }]\nposts"), "2022-01-10",
     "写法不对"),
    (CAREER.replace("worked = [{", "worked = [{ until = 2018-01-01,"), "2022-01-10", "不晚于开始"),
    (CAREER, "2016-12-31", "加一张"),
    ("worked = ", "2022-01-10", "读不懂"),
])  # fmt: skip
def test_what_cannot_be_reckoned_is_one_sentence(
    file: Path, text: str, on: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text(text, "utf-8")
    assert main(["grade", str(file), "--on", on]) == 2
    said = capsys.readouterr()
    assert says in said.err
    assert said.out == ""
    assert "Traceback" not in said.err


def test_a_file_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["grade", str(tmp_path / "none.toml")]) == 2
    assert "打不开" in capsys.readouterr().err


def test_every_refusal_has_its_words() -> None:
    codes = {line.split('"')[1] for line in Path(history.__file__).read_text("utf-8").splitlines()
             if "CareerError(" in line and '"' in line}  # fmt: skip
    told = {key.rpartition(".")[2] for key in rows() if key.startswith("career.refused.")}
    assert codes | {"unknown"} == told


def test_the_docs_show_a_career_that_can_be_reckoned(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    docs = (Path(__file__).parents[1] / "docs" / "careers.md").read_text("utf-8")
    shown = docs.partition("```toml")[2].partition("```")[0]
    assert set(tomllib.loads(shown)) == {f.name for f in fields(history.Career)}
    file.write_text(shown, "utf-8")
    assert main(["grade", str(file), "--on", "2024-01-01"]) == 0
    assert "按决定降 1 级" in capsys.readouterr().out
