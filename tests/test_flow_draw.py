"""A page drawn in either language: each state once, each step, nothing that breaks a table."""

import re
from datetime import date

import pytest
from flow_files import book

from lianxin.core.flow.draw import mermaid, table
from lianxin.core.flow.page import Page

BOOK = book()
DAY = date(2017, 1, 1)
FIVE = BOOK.page("five-orders", DAY)


PAGES = [page for days in BOOK.pages.values() for page in days.values()]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.flow} {page.since}")
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_state_and_every_step_is_drawn(page: Page, lang: str) -> None:
    picture, rows = mermaid(page, lang, BOOK.roles), table(page, lang, BOOK.roles).splitlines()
    drawn = re.findall(r'^    state "[^"]+" as s_(\w+)$', picture, re.M)
    assert drawn == list(page.states)
    assert set(re.findall(r"s_(\w+)", picture)) == set(page.states)
    assert len(rows) == len(page.steps) + 2
    assert {row.count("|") for row in rows} == {7}
    for name in page.steps:
        assert sum(f"`{name}`" in row for row in rows) == 1


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        (
            "zh",
            'state "待抢单<br/>轮到：接单单位<br/>时限：1 个工作日<br/>逾期：抢单未满<br/>',
        ),
        ("en", 'state "To rate<br/>turn: Asker<br/>within 3 days<br/>then: Unrated" as s_done'),
        ("zh", "s_parked --> s_kept: 恢复"),
        ("en", "s_grabbed --> s_accepted: Release"),
        ("zh", "[*] --> s_struck: 随手办结"),
        ("zh", "s_split --> [*]"),
    ],
)
def test_the_diagram_says_whose_turn_and_how_long(lang: str, said: str) -> None:
    assert said in mermaid(FIVE, lang, BOOK.roles)


@pytest.mark.parametrize(
    ("flow", "lang", "said"),
    [
        ("five-orders", "zh", "接单单位的党员 | 待抢单、处置中 | 处置中 | — | 不超过名额 |"),
        ("five-orders", "en", "at most 2, for 30 days |"),
        ("five-orders", "zh", "回访结果：未解决 → 回访未解决"),
        ("five-orders", "en", "all open states | — | Description (optional) | at most 1 a person"),
        ("talk", "en", "| each of Supplier, Buyer, alike in Contract sum (yuan) |"),
        ("council", "zh", "| 到会至少 4 |"),
        ("vacancy", "zh", "下级工单全部办结"),
        ("reserve", "en", "not Recommended by, The subject, 2 persons"),
        ("inspection", "zh", "已开下级工单"),
    ],
)  # fmt: skip
def test_the_table_says_what_must_hold(flow: str, lang: str, said: str) -> None:
    assert said in table(BOOK.page(flow, DAY), lang, BOOK.roles)
