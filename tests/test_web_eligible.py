"""`/eligible`: everybody of the reader's place, each condition with its reason."""

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.utils import timezone
from test_selection import head
from town import COUNTY, Town, settled
from web_town import as_, see

from lianxin.growth.models import Particulars, ReservedPost

pytestmark = pytest.mark.django_db
YEAR = timezone.localdate().year


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with settled(request) as town:
        ReservedPost.objects.create(year=YEAR, kind="civil", area=town.areas[COUNTY], name="办事员")
        head(town, "worker")
        head(town, "m1", born="1970-01-01")
        head(town, "m2")
        Particulars.objects.filter(person=town.people["m2"]).delete()
        yield town


def shown(page: str) -> list[str]:
    return re.findall(r'<td data-label="姓名">(\w+)</td>', page)


def test_three_lists_and_their_numbers(town: Town) -> None:
    page = see(town, "leader", "/eligible")
    assert shown(page) == ["worker"]
    assert re.findall(r"<span>(\d+)</span></a>", page.partition('class="tabs"')[2])[:3] == ["1"] * 3
    assert "共 3 名社区工作者" in page
    assert "定向岗位 1 个，空着 1 个" in page
    assert shown(see(town, "leader", "/eligible?show=no")) == ["m1"]
    assert "超过 40 岁" in see(town, "leader", "/eligible?show=no")
    unknown = see(town, "leader", "/eligible?show=open")
    assert shown(unknown) == ["m2"]
    assert "没有登记出生日期" in unknown


def test_nobody_reads_a_day_of_birth_here(town: Town) -> None:
    for show in ("yes", "no", "open"):
        page = see(town, "leader", f"/eligible?show={show}")
        assert "1970" not in page
        assert "1990" not in page


def test_only_ones_own_place_and_only_whose_work_it_is(town: Town) -> None:
    assert shown(see(town, "stranger", "/eligible")) == []
    for name in ("clerk", "m1", "worker", "resident"):
        assert as_(town, name).get("/eligible").status_code == 403, name
    assert Client().get("/eligible").status_code == 302


def test_in_english_and_with_odd_questions(town: Town) -> None:
    page = see(town, "leader", "/eligible?show=no", "en")
    assert "over 40" in page
    for odd in ("kind=x&show=y", "page=-1", "page=999999999", "page=１", "as=9"):
        assert as_(town, "leader").get(f"/eligible?{odd}").status_code == 200, odd
