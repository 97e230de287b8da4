"""The town with names, for the tests of the rolls: places, people, units as offices call them."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from town import COMMUNITY, COUNTY, DAY, GRID, QUARTER, STREET, Town, settled
from web_town import as_

from lianxin.registry.models import Area, Person, Post, Unit
from lianxin.registry.spelling import spelt

PLACES = {
    COUNTY: "凯里市", STREET: "西门街道", COMMUNITY: "榕荫社区", QUARTER: "江景苑",
    GRID: "第一网格", "522602": "黄平县", "522602001001": "双桥社区",
}  # fmt: skip
PEOPLE = {
    "desk": "李慧", "street_desk": "赵敏", "worker": "单雪梅", "stranger": "钱勇", "leader": "孙立",
    "auditor": "周宁", "supervisor": "吴刚", "inspector": "郑和", "clerk": "王强", "m1": "尉迟恭",
}  # fmt: skip
AT_ONCE = 2000  # rows of one statement: it may have 65,535 parameters
ROW = re.compile(r'<th scope="row">(?:<a [^>]*>)?(?:<span[^>]*>)?([^<]*)')


@contextmanager
def named(request: pytest.FixtureRequest) -> Iterator[Town]:
    """Unit U, 供电所, stands in the community; V, 水务所, in the other county."""
    with settled(request) as town:
        for path, name in PLACES.items():
            Area.objects.filter(path=path).update(name=name)
        for username, name in PEOPLE.items():
            person = town.people[username]
            person.name, person.spelt, person.phone = name, spelt(name), "13800001234"
            person.save()
        Unit.objects.filter(code="U").update(area=town.areas[COMMUNITY])
        Unit.objects.filter(code="V").update(area=town.areas["522602"])
        yield town


def more_workers(town: Town, n: int) -> None:
    """So many grid workers more, all at the one grid."""
    start = Person.objects.count()
    people = [
        Person(username=f"w{k:05d}", name=f"工{k:05d}", spelt=" g", password="!")
        for k in range(start, start + n)
    ]
    made = Person.objects.bulk_create(people, AT_ONCE)
    posts = (Post(person=p, role="grid_worker", area=town.grid, since=DAY) for p in made)
    Post.objects.bulk_create(posts, AT_ONCE)


def firsts(html: str) -> list[str]:
    """What heads each row of the page."""
    return ROW.findall(html)


def sheet(town: Town, name: str, address: str, language: str = "zh") -> list[list[Any]]:
    """The cells of a sheet that a reader downloads."""
    answer = as_(town, name, language).get(address)
    assert answer.status_code == 200, answer.content.decode(errors="replace")
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    return book.get_sheet_by_index(0).to_python()
