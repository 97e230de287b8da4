"""`/clock`: the arithmetic of a deadline, read off the page as a person would."""

import re

import pytest
from django.test import Client

from lianxin.web.order.reckoning import duration

START = "2026-09-30T16:30"


def ask(start: str, number: str, unit: str, language: str = "zh", status: int = 200) -> str:
    client = Client()
    client.cookies["language"] = language
    answer = client.get("/clock", {"start": start, "number": number, "unit": unit})
    assert answer.status_code == status
    return answer.content.decode()


def due(html: str) -> str:
    found = re.search(r'class="big-due".*?<time datetime="([^"]+)"', html, re.S)
    return found[1] if found else ""


def rows(html: str) -> list[tuple[str, ...]]:
    """The sum as it stands on the page: when, how, how much."""
    body = html[html.index("<tbody>") : html.index("</tbody>")]
    return [tuple(re.findall(r">([^<]+)</t[hd]>", row)) for row in re.findall(r"<tr.*?</tr>", body)]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("number", "unit", "when"),
    [
        ("4", "working_hours", "2026-10-08T12:00:00+08:00"),
        ("5", "working_days", "2026-10-13T17:30:00+08:00"),
        ("2", "urgent_hours", "2026-09-30T18:30:00+08:00"),
    ],
)
def test_before_the_national_day(number: str, unit: str, when: str) -> None:
    assert due(ask(START, number, unit)) == when


@pytest.mark.django_db
def test_every_stretch_and_every_day_left_out_is_said() -> None:
    assert rows(ask(START, "4", "working_hours")) == [
        ("9月30日（周三）16:30–17:30", "上班时间", "1 小时"),
        ("10月1日（周四）—10月7日（周三）", "国庆节", "不算"),
        ("10月8日（周四）09:00–12:00", "上班时间", "3 小时"),
    ]
    assert rows(ask(START, "5", "working_days")) == [
        ("9月30日（周三）", "起算当日不计", "不算"),
        ("10月1日（周四）—10月7日（周三）", "国庆节", "不算"),
        ("10月8日（周四）", "上班", "第 1 天"),
        ("10月9日（周五）", "上班", "第 2 天"),
        ("10月10日（周六）", "调休上班（国庆节）", "第 3 天"),
        ("10月11日（周日）", "周末", "不算"),
        ("10月12日（周一）", "上班", "第 4 天"),
        ("10月13日（周二）", "上班", "第 5 天"),
    ]
    assert rows(ask(START, "2", "urgent_hours")) == [
        ("9月30日（周三）16:30–18:30", "昼夜连续计", "2 小时"),
    ]


@pytest.mark.django_db
def test_lunch_is_left_out_and_english_is_whole() -> None:
    html = ask("2026-09-29T11:00", "2", "working_hours", "en")
    assert rows(html) == [
        ("Tue 29 Sep 2026 11:00–12:00", "working time", "1 hour"),
        ("Tue 29 Sep 2026 13:30–14:30", "working time", "1 hour"),
    ]
    assert "2 working hours" in html
    assert not re.search("[\u4e00-\u9fff]", re.sub(r"<[^>]+>", "", html).replace("中文", ""))


@pytest.mark.django_db
def test_a_year_without_its_notice_is_said_to_be_unsure() -> None:
    unsure = "放假安排还没有公布"
    assert unsure in ask("2027-09-30T16:30", "4", "working_hours")
    assert unsure not in ask(START, "4", "working_hours")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("start", "number", "unit", "sentence"),
    [
        ("", "4", "days", "请填起点"),
        ("yesterday", "4", "days", "请填起点"),
        (START, "-1", "days", "请填 0 到 999 之间的整数"),
        (START, "1000", "days", "请填 0 到 999 之间的整数"),
        (START, "many", "days", "请填 0 到 999 之间的整数"),
        (START, "4", "lunches", "请选一种算法"),
        ("1999-01-01T09:00", "4", "working_days", "只能算 2017 年"),
        (START, "999", "working_days", "只能算 2017 年"),
        ("<script>", "<script>", "<script>", "请填起点"),
    ],
)
def test_what_cannot_be_counted_is_said(start: str, number: str, unit: str, sentence: str) -> None:
    html = ask(start, number, unit, status=422)
    assert sentence in html
    assert "<script>" not in html
    assert due(html) == ""


@pytest.mark.django_db
def test_the_page_begins_with_an_example_from_now() -> None:
    html = Client().get("/clock").content.decode()
    assert due(html)
    assert "4 个工作小时" in html


@pytest.mark.parametrize(
    ("seconds", "words"), [(1, "1 秒"), (90_060, "1 天 1 小时 1 分"), (0, "0 秒")]
)
def test_lengths_are_said_in_words(seconds: int, words: str) -> None:
    assert duration(seconds) == words
