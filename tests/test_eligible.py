"""Who may apply for a reserved post: cases a clerk can check, and rules nobody can read."""

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from lianxin.core.career import career_in
from lianxin.core.career.eligible import Rule, eligible, judge, read_rules
from lianxin.core.flow.page import Words

CASES = tomllib.loads((Path(__file__).parent / "cases/eligible.toml").read_text())
DAY = date(2025, 1, 1)


def rule(conditions: list[dict[str, Any]]) -> Rule:
    return Rule("civil", Words("甲", "a"), DAY, "a notice", tuple(conditions))


@pytest.mark.parametrize("case", CASES["case"], ids=lambda case: case["why"])
def test_a_case(case: dict[str, Any]) -> None:
    row = {k: v for k, v in case.items() if k not in ("why", "on", "born", "says")}
    asked = rule(CASES["rule"]["conditions"])
    answers = judge(asked, career_in(row), case.get("born"), case["on"])
    assert ["missing" if a.holds is None else a.holds for a in answers] == case["says"]
    assert eligible(answers) is (set(case["says"]) == {True})


def test_degrees_and_certificates_count_while_they_are_valid() -> None:
    career = career_in({
        "worked": [{"since": DAY}], "posts": [{"post": "worker", "since": DAY}],
        "degrees": [{"name": "bachelor", "since": date(2020, 7, 1)}],
        "certificates": [{"name": "social_worker", "since": DAY, "until": date(2026, 1, 1)}],
    })  # fmt: skip
    asked = rule([
        {"what": "degree", "of": ["bachelor", "master"]},
        {"what": "degree", "of": ["doctor"]},
        {"what": "certificate", "of": ["social_worker"]},
    ])  # fmt: skip
    assert [a.holds for a in judge(asked, career, None, date(2025, 12, 31))] == [True, False, True]
    assert [a.holds for a in judge(asked, career, None, date(2026, 1, 1))] == [True, False, False]


SAID = {"zh": "甲", "en": "a"}


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ({"civil": {"name": SAID, "conditions": []}}, "names its source"),
        ({"source": "s", "civil": {"conditions": []}}, "civil: 'name' is missing"),
        ({"source": "s", "civil": {"name": SAID}}, "'conditions' is missing"),
        ({"source": "s", "civil": {"name": SAID, "conditions": [{"what": "charm"}]}},
         "there is no condition 'charm'"),
        ({"source": "s", "civil": {"name": SAID, "conditions": [{"what": "post", "years": 1}]}},
         r"post: \['of'\] must be said"),
        ({"source": "s", "civil": {"name": SAID, "conditions": [
            {"what": "age", "most": 40, "under": 1}]}}, r"\['under'\] means nothing"),
        ({"source": "s", "civil": {"name": SAID, "conditions": [{"what": "age", "most": "x"}]}},
         "is a whole number"),
    ],
)  # fmt: skip
def test_a_rule_nobody_can_read_stops_with_its_key(page: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read_rules({DAY: page})


def test_the_rule_of_the_day_holds() -> None:
    page = {"source": "s", "civil": {"name": SAID, "conditions": [{"what": "age", "most": 40}]}}
    later = {"source": "t", "civil": {"name": SAID, "conditions": [{"what": "age", "most": 35}]}}
    rules = read_rules({DAY: page, date(2026, 5, 1): later})
    assert rules.on(date(2026, 4, 30))["civil"].source == "s"
    assert rules.on(date(2026, 5, 1))["civil"].source == "t"
    with pytest.raises(LookupError):
        rules.on(date(2024, 12, 31))
    with pytest.raises(ValueError, match="no rule"):
        read_rules({})
