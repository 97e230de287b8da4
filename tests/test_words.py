"""Both languages are whole, every text that is asked for exists, and no text becomes markup."""

import doctest
import re
import string
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.template import Context, Template
from django.utils import translation

from lianxin.core.flow.page import Words
from lianxin.web import moments, words
from lianxin.web.words import rows, say

HOUSE = Path(words.__file__).resolve().parent.parent
HAN = re.compile(r"[\u3400-\u9fff]")
ASKED = re.compile(r"""\{%\s*say\s+["']([\w.]*\w)["']|\bsay(?:_html)?\(\s*["']([\w.]*\w)["']""")
# A language is named in its own words; a sign on a door is what the door says.
OWN_NAMES = {"shell.switch.zh", "look.scan"}


def facts(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def asked() -> list[tuple[str, str]]:
    """Every key written out in a template or a module: (key, file)."""
    files = [*HOUSE.rglob("*.html"), *HOUSE.rglob("*.py")]
    return [
        (one or two, str(path.relative_to(HOUSE)))
        for path in files
        for one, two in ASKED.findall(path.read_text("utf-8"))
        if "file.title" not in (one, two)  # the example in docstrings
    ]


def render(source: str, lang: str = "zh-hans", **context: object) -> str:
    with translation.override(lang):
        return Template(source).render(Context(context))


@pytest.fixture
def row(monkeypatch: pytest.MonkeyPatch) -> None:
    mine = {
        "test.hello": Words("您好，{name}", "Hello, {name}"),
        "test.late": Words("{n}件超时", "{n} {n:order is|orders are} late"),
    }
    monkeypatch.setattr(words, "rows", lambda: mine)


def test_both_languages_say_the_same_facts() -> None:
    assert len(rows()) > 50
    assert {k for k, w in rows().items() if facts(w.zh) != facts(w.en)} == set()


def test_english_is_english_and_chinese_is_chinese() -> None:
    assert {k for k, w in rows().items() if HAN.search(w.en)} == OWN_NAMES
    spoken = {k: w for k, w in rows().items() if any(c.isalpha() for c in w.zh)}  # not “、”
    no_han = {k for k, w in spoken.items() if not HAN.search(w.zh) and facts(w.zh) == set()}
    assert no_han <= {"shell.switch.en"}


def test_every_text_asked_for_exists() -> None:
    found = asked()
    assert len(found) > 50
    assert [(key, file) for key, file in found if key not in rows()] == []


def test_a_row_in_one_language_is_refused(tmp_path: Path, settings: object) -> None:
    folder = tmp_path / "words"
    folder.mkdir()
    (folder / "own.toml").write_text('title = { zh = "标题" }', "utf-8")
    settings.PARAMS = tmp_path
    rows.cache_clear()
    with pytest.raises(ValueError, match=r"own.toml: own.title wants both languages"):
        rows()
    (folder / "own.toml").write_text('[a]\nb = { zh = "标题", en = "Title" }', "utf-8")
    assert rows()["own.a.b"] == Words("标题", "Title")
    rows.cache_clear()


@pytest.mark.usefixtures("row")
def test_a_missing_text_stops_the_tests_but_not_the_house(
    settings: object, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(KeyError, match=r"test\.gone"):
        say("test.gone")
    with pytest.raises(KeyError, match="name"):
        say("test.hello")
    settings.WORDS_STRICT = False
    assert say("test.gone") == "test.gone"
    assert "test.gone" in caplog.text


@pytest.mark.usefixtures("row")
def test_facts_are_filled_bent_and_spoken() -> None:
    assert say("test.hello", "zh", name="李雪") == "您好，李雪"
    assert say("test.hello", "en", name=Words("督办", "Supervisor")) == "Hello, Supervisor"
    assert [say("test.late", "en", n=n) for n in (1, 2)] == ["1 order is late", "2 orders are late"]
    with translation.override("en"):
        assert say("test.late", n=0) == "0 orders are late"


@pytest.mark.usefixtures("row")
def test_nothing_from_people_becomes_markup() -> None:
    evil = "<script>alert(1)</script>{name.__class__}"
    page = render('{% say "test.hello" name=evil %}', evil=evil)
    assert page == "您好，&lt;script&gt;alert(1)&lt;/script&gt;{name.__class__}"


AT = datetime(2025, 9, 30, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("source", "zh", "en"),
    [
        ("{{ at|moment }}", "2025年9月30日（周二）16:30", "Tue 30 Sep 2025 16:30"),
        ("{{ at|day }}", "2025年9月30日（周二）", "Tue 30 Sep 2025"),
        ("{{ none|moment }}{{ none|day }}{{ none|rate }}", "———", "———"),
        ("{{ n|figure }} {{ n|money }}", "45,000 45,000.00元", "45,000 ¥45,000.00"),
        ("{{ row|words }}", "待派单", "To dispatch"),
        ("{{ name|foreign }}", "榕树&lt;", '<span lang="zh-CN">榕树&lt;</span>'),
    ],
)
def test_filters_speak_the_language_of_the_page(source: str, zh: str, en: str) -> None:
    row = Words("待派单", "To dispatch")
    given = {"at": AT, "none": None, "n": 45000, "row": row, "name": "榕树<"}
    assert (render(source, **given), render(source, "en", **given)) == (zh, en)


@pytest.mark.parametrize("module", [moments, words])
def test_examples_in_the_docs_hold(module: object) -> None:
    result = doctest.testmod(module)
    assert result.attempted > 0
    assert result.failed == 0
