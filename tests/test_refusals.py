"""Every no has its row: a status, a sentence in each language, facts that are given."""

import ast
import re
from collections import defaultdict
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import pytest

from lianxin.core.step.refused import Refused
from lianxin.orders import refusal
from lianxin.orders.book import book, refusals

HOUSE = Path(__file__).resolve().parent.parent / "lianxin"
STATUSES = {400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 500, 503, 507}
DERIVED = {"range": {"min", "max"}}
LANGUAGES = ("zh", "en")


@cache
def raised() -> dict[str, list[tuple[str, set[str]]]]:
    """Code → where it is raised and which facts come with it."""
    found = defaultdict(list)
    for path in sorted(HOUSE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Refused":
                where = f"{path.relative_to(HOUSE)}:{node.lineno}"
                facts = {k.arg for k in node.keywords if k.arg}
                for code in codes(node.args[0], where):
                    found[code].append((where, facts))
    return found


def codes(said: ast.expr, where: str) -> list[str]:
    if isinstance(said, ast.IfExp):
        return [*codes(said.body, where), *codes(said.orelse, where)]
    assert isinstance(said, ast.Constant), f"{where}: a code is written out, so that it is found"
    return [said.value]


def told(code: str, lang: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", refusals()[code][lang]))


def test_the_walk_finds_them():
    assert {"not_found", "too_late", "top", "bottom", "photo_too_large"} <= set(raised())


def test_every_code_has_a_row_and_every_row_a_code():
    assert sorted(set(raised()) - set(refusals())) == [], "codes without a row in refusals.toml"
    assert sorted(set(refusals()) - set(raised())) == [], "rows that nobody raises"


@pytest.mark.parametrize("code", sorted(refusals()))
def test_a_row_is_whole(code):
    row = refusals()[code]
    assert set(row) == {"status", *LANGUAGES}
    assert row["status"] in STATUSES
    assert told(code, "zh") == told(code, "en")
    for lang in LANGUAGES:
        assert "{" not in refusal.title(Refused(code), lang), "the first sentence holds for all"
        assert refusal.title(Refused(code), lang) != refusal.sentence(Refused(code), lang)


@pytest.mark.parametrize("code", sorted(raised()))
def test_what_a_row_tells_is_given(code):
    for where, given in raised()[code]:
        for fact in told(code, "zh"):
            assert DERIVED.get(fact, {fact}) <= given, f"{where} does not give {{{fact}}}"


PAGE = "five-orders"
SAID = [
    (Refused("missing", field="unit"), "“接单单位”还空着", "“Unit” is empty"),
    (Refused("out_of_turn", state="filed"), "“待派单”", "“To dispatch”"),
    (Refused("out_of_turn", state=None), "“还没有提交”", "“not filed yet”"),
    (Refused("out_of_turn", state="void"), "“作废”", "“void”"),
    (Refused("not_yours", by=("desk", "clock")), "由工作台、系统来办", "to: Desk, the system."),
    (Refused("not_yours", by=("member of unit",)), "接单单位的党员", "Member of the unit"),
    (
        Refused("no_choice", field="callback", value="x", of=("solved",)),
        "可以选：已解决。",
        "can be: Solved.",
    ),
    (
        Refused("out_of_range", field="seats", min=1, max=None),
        "“名额”应不小于 1",
        "must be at least 1",
    ),
    (
        Refused("too_early", last=datetime(2025, 3, 1, 0, 5, tzinfo=UTC)),
        "2025年3月1日08:05",
        "08:05 on 2025-03-01",
    ),
    (
        Refused("overdue", limit="handling", due=datetime(2025, 3, 1, tzinfo=UTC)),
        "“处置时限”到",
        "“Handling” ended",
    ),
    (Refused("already_asked", child="extension"), "上一份“审批”", "last “Approval”"),
    (Refused("missing"), "“—”还空着", "“—” is empty"),
    (Refused("missing", field="{0.__class__}"), "“{0.__class__}”", "“{0.__class__}”"),
    (Refused("not_in_the_table"), "没有办成", "was not taken"),
]  # fmt: skip


@pytest.mark.parametrize(("no", "zh", "en"), SAID, ids=lambda v: getattr(v, "code", None))
def test_facts_are_spoken_in_the_words_of_the_page(no, zh, en):
    page = book().page(PAGE, date(2025, 3, 1))
    assert zh in refusal.sentence(no, "zh", page)
    assert en in refusal.sentence(no, "en", page)
