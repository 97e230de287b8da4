"""Sheets of members for tests: thousands of good rows, and faults planted among them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from lianxin.registry import actions
from lianxin.registry.models import Area, CheckIn, Person, Unit
from tests.dirty import STAMP, START, build_town

HEAD = ["姓名", "电话", "单位", "居住地", "报到日期", "特长"]
HOMES = ("榕荫社区", "文体中心社区", "522699100001", "江景苑")
UNITS = ("青江县水务局", "power", "青江县燃气公司")
SKILLS = ("", "电工", "法律、财务", "课业辅导")
KNOWN, ENDED, FAR = "13700000001", "13700000002", "13700000003"
Row = list[Any]
Plant = Callable[[Row, int], Row]


def build() -> None:
    """The town with units and quarters, with what has ended, and with people who are known."""
    build_town()
    for code, name in (("water", UNITS[0]), ("power", "青江县供电局"), ("gas", UNITS[2])):
        actions.add_unit(STAMP, code, name, START)
    old = actions.add_unit(STAMP, "post", "青江县邮政所", START)
    actions.change_unit(STAMP, old, until=date(2024, 5, 1))
    gone = actions.open_area(STAMP, "community", "522699001009", "旧桥社区", START)
    actions.close_area(STAMP, gone, date(2024, 5, 1))
    actions.open_area(STAMP, "quarter", "522699001001001", "江景苑", START)
    home, unit = Area.objects.get(path="522699001001"), Unit.objects.get(code="water")
    for name, phone, until in (
        ("李雪", KNOWN, None), ("王强", ENDED, date(2025, 3, 1)), ("赵敏", FAR, None),
    ):  # fmt: skip
        person = actions.add_person(STAMP, name, phone=phone)
        if phone != FAR:
            CheckIn.objects.create(
                person=person, unit=unit, area=home, since=date(2024, 1, 1), until=until,
                confirmed=date(2024, 1, 2),
            )  # fmt: skip
    assert Person.objects.count() == 3


def good(n: int) -> Row:
    """The nth of as many as one likes, no two alike."""
    day = f"{2023 + n % 2}-{1 + n % 12:02d}-{1 + n % 28:02d}"
    return [
        f"成员{n}", f"139{n:08d}", UNITS[n % len(UNITS)], HOMES[n % len(HOMES)], day,
        SKILLS[n % len(SKILLS)],
    ]  # fmt: skip


def cell(column: int, value: Any) -> Plant:
    """That cell says this instead."""
    return lambda row, n: [value if at == column else old for at, old in enumerate(row)]


def as_known(name: str, phone: str, **more: Any) -> Plant:
    """The row speaks of somebody who is in the register."""
    columns = {"unit": 2, "home": 3, "since": 4}

    def planted(row: Row, n: int) -> Row:
        row = [name, phone, *row[2:]]
        for key, value in more.items():
            row[columns[key]] = value
        return row

    return planted


# (code of the finding, its column, how the row is spoiled). One of the register is known once.
FAULTS: list[tuple[str, str, Plant]] = [
    ("missing", "A", cell(0, None)),
    ("no_phone", "B", cell(1, None)),
    ("missing", "C", cell(2, None)),
    ("missing", "D", cell(3, "")),
    ("too_long", "A", cell(0, "长" * 65)),
    ("not_a_phone", "B", lambda row, n: [row[0], f"13{n}", *row[2:]]),
    ("digits_lost", "B", cell(1, "1.39E+10")),
    ("unknown_unit", "C", lambda row, n: [*row[:2], f"第{n}局", *row[3:]]),
    ("refused.closed", "C", cell(2, "青江县邮政所")),
    ("unknown_name", "D", lambda row, n: [*row[:3], f"第{n}号院", *row[4:]]),
    ("unknown_code", "D", cell(3, "522699001777")),
    ("ambiguous_name", "D", cell(3, "双桥社区")),
    ("refused.closed", "D", cell(3, "旧桥社区")),
    ("refused.too_wide", "D", cell(3, "522699")),
    ("not_a_date", "E", cell(4, "2024-02-30")),
    ("two_months", "E", cell(4, 2024.1)),
    ("future_day", "E", cell(4, "2026-01-01")),
    ("too_long", "F", cell(5, "会" * 41)),
    ("row_again", "B", lambda row, n: ["同号", f"139{n - 1:08d}", *row[2:]]),
]
ONCE: list[tuple[str, str, Plant]] = [
    ("refused.checked_in_already", "C", as_known("李雪", KNOWN, unit="power")),
    ("phone_of_other", "B", cell(1, FAR)),
    ("overlaps", "E", as_known("王强", ENDED, since="2024-06-01")),
]
