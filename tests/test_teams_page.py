"""The page of people: the numbers and their rows, who may look, and a grid handed over in a
browser."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from filing import html
from team_town import BARE, EMPTY, last_year, with_teams
from town import COMMUNITY, COUNTY, GRID, STREET, Town, settled
from web_town import as_, see

from lianxin.registry.models import Post

AXE = Path(__file__).parents[1] / "node_modules" / "axe-core" / "axe.min.js"
WIDE = {"viewport": {"width": 1440, "height": 900}}


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with settled(request) as town:
        yield with_teams(town)


def big(page: str, name: str) -> tuple[str, str]:
    """(value, address) of a big number."""
    pattern = r'<a class="big [^"]*" href="([^"]+)"><strong>([^<]+)</strong><span>' + name
    address, value = re.search(pattern, page).groups()
    return value, address.replace("&amp;", "&")


def test_every_big_number_opens_as_many_rows(town: Town) -> None:
    last_year(town)
    page = see(town, "leader", "/people")
    names = (
        "社区工作者", "网格员", "报到党员", "后备力量", "在读", "培训班", "参训人次", "参训人数",
        "专门岗位",
    )  # fmt: skip
    for name in names:
        value, address = big(page, name)
        rows = see(town, "leader", address)
        assert rows.count('<th scope="row">') == int(value) > 0, (name, address)


def test_the_rate_stands_beside_its_row(town: Town) -> None:
    page = see(town, "leader", "/people")
    assert "3 ÷ 1,430 × 10,000 = 20.98" in page
    assert "来源：演示，截至 2025年12月31日" in page or "来源：演示" in page
    inside = see(town, "leader", f"/people?path={COMMUNITY}")
    assert "没有这个地方自己的城镇常住人口" in inside and "20.98" not in inside
    assert "—" in inside


def test_gaps_are_named_and_the_form_is_for_the_desk_alone(town: Town) -> None:
    page = see(town, "leader", "/people")
    assert EMPTY in page and BARE in page
    assert f"/people/grids/{EMPTY}" not in page, "a leader appoints nobody"
    desk = see(town, "street_desk", "/people")
    assert f"/people/grids/{EMPTY}" in desk
    assert as_(town, "leader").get(f"/people/grids/{EMPTY}").status_code == 403


@pytest.mark.parametrize(
    ("name", "status"),
    [("desk", 200), ("supervisor", 200), ("leader", 200), ("auditor", 200), ("worker", 403),
     ("clerk", 403), ("m1", 403), ("resident", 403), ("inspector", 403)],
)  # fmt: skip
def test_who_looks(town: Town, name: str, status: int) -> None:
    assert as_(town, name).get("/people").status_code == status
    assert as_(town, name).get("/people/grids").status_code == status


def test_nobody_looks_or_appoints_elsewhere(town: Town) -> None:
    assert as_(town, "stranger").get(f"/people?path={COUNTY}").status_code == 403
    assert as_(town, "stranger").get(f"/people/grids?path={COMMUNITY}").status_code == 403
    assert as_(town, "stranger").get(f"/people/grids/{GRID}").status_code == 404
    assert as_(town, "desk").get(f"/people/grids/{EMPTY}").status_code == 404, "of a neighbour's"
    assert as_(town, "street_desk").get(f"/people/grids/{STREET}").status_code == 404
    far = see(town, "stranger", "/people")
    assert "w_far" not in far and big(far, "社区工作者")[0] == "1"


def test_a_press_by_the_form_and_what_is_wrong_with_one(town: Town) -> None:
    today = f"{timezone.localdate():%Y-%m-%d}"
    w2 = town.people["w2"].pk
    desk, address = as_(town, "desk"), f"/people/grids/{GRID}"
    for sent, said in (
        ({"since": today}, "请选谁来接手"),
        ({"who": w2, "since": "2020-13-01"}, "请填从哪天起"),
        ({"who": w2, "since": "2099-01-01"}, "还没有到"),
        ({"who": w2, "since": "2020-01-01"}, "太早了"),
        ({"who": 999999, "since": today}, "请选谁来接手"),
    ):
        answer = desk.post(address, sent)
        assert (answer.status_code, said in html(answer)) == (422, True), sent
    answer = desk.post(address, {"who": w2, "since": today}, follow=True)
    assert answer.status_code == 200 and "办好了" in html(answer)
    held = Post.objects.on(timezone.localdate()).get(role="grid_worker", area=town.grid)
    assert held.person_id == w2


def test_a_name_finds_people_in_all_of_ones_place_and_no_further(town: Town) -> None:
    address = f"/people/grids/{EMPTY}"
    assert ">w2 <small" not in see(town, "street_desk", address), "nobody of that community"
    assert ">w2 <small" in see(town, "street_desk", f"{address}?q=w2")
    assert "w_far" not in see(town, "street_desk", f"{address}?q=w_").partition("<form method")[2]


def accessible(page: Any) -> None:
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert [(v["id"], v["nodes"][0]["html"]) for v in found["violations"]] == []


def test_the_chosen_year_goes_along_down_and_up(town: Town) -> None:
    last_year(town)
    year = timezone.localdate().year - 1
    ways = re.findall(r'href="(\?[^"]*path=[^"]+)"', see(town, "leader", f"/people?year={year}"))
    assert ways and all(f"year={year}" in way for way in ways)
    inside = see(town, "leader", f"/people{ways[0].replace('&amp;', '&')}")
    back = re.findall(r'<nav class="trail".*?</nav>', inside, re.S)[0]
    assert f"year={year}" in back
    assert "year=" not in "".join(
        re.findall(r'href="(\?[^"]*path=[^"]+)"', see(town, "leader", "/people"))
    )
    assert f"on={year}-12-31" in big(inside, "培训班")[1]
