"""The graph: level by level, who sees what, what is found, how much it asks and how large it is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from graph_town import (
    BARE_GRID,
    HOME,
    LOOSE_GRID,
    NAMES,
    OTHER_COUNTY,
    PREFECTURE,
    elect,
    furnish,
    grow,
)
from town import COMMUNITY, COUNTY, DAY, GRID, QUARTER, STREET, Town, settled
from web_town import as_, see

from lianxin.registry.models import Area, Organisation, Person, Post
from lianxin.registry.queries.graph import levels, node
from lianxin.web.graph.drawing import drawn, grown

pytestmark = pytest.mark.django_db
KEYS = re.compile(r'<li id="n-[^"]+" data-key="([^"]+)"')
DATA = re.compile(r'<script id="graph-data" type="application/json">(.*?)</script>', re.S)
LIMIT = 200_000  # bytes of one answer


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with settled(request) as town:
        town.made = furnish(town)  # type: ignore[attr-defined]
        yield town


def below(town: Town, name: str, key: str) -> list[dict[str, Any]]:
    answer = as_(town, name).get(f"/graph/{key}.json")
    assert answer.status_code == 200, answer.content
    return json.loads(answer.content)["below"]


def key_of(town: Town, kind: str) -> str:
    return f"o-{town.made[kind].pk}"  # type: ignore[attr-defined]


def desk(town: Town, path: str) -> str:
    """Somebody with a desk at this place; returns their name."""
    name = f"desk-{path}"
    town.people[name] = Person.objects.create(username=name, name=name, password="!")
    Post.objects.create(person=town.people[name], role="desk", area=town.areas[path], since=DAY)
    return name


# --- level by level


def test_from_the_prefecture_down_to_a_core_household(town: Town) -> None:
    steps = [
        ("state", PREFECTURE, [COUNTY, OTHER_COUNTY]), ("state", COUNTY, [STREET]),
        ("state", STREET, [COMMUNITY]), ("desk", COMMUNITY, [LOOSE_GRID, QUARTER]),
        ("desk", QUARTER, [GRID, BARE_GRID]), ("desk", GRID, [key_of(town, "group")]),
        ("desk", key_of(town, "group"), [key_of(town, "household")]),
        ("desk", key_of(town, "household"), []), ("state", BARE_GRID, []),
    ]  # fmt: skip
    for name, key, keys in steps:
        assert [one["key"] for one in below(town, name, key)] == keys, key


def test_a_node_says_what_stands_there_and_who_answers(town: Town) -> None:
    [community] = below(town, "state", STREET)
    assert (community["organisation"], community["answers"]) == (
        "幸福社区党组织", [["书记", "单雪梅"]],
    )  # fmt: skip
    grid, _ = below(town, "desk", QUARTER)
    assert grid["answers"] == [["网格员", "worker"], ["联系领导", NAMES["state"]]]
    [group] = below(town, "desk", GRID)
    assert (group["kind"], group["answers"]) == ("楼栋党小组", [["组长", "m2"]])
    [home] = below(town, "desk", key_of(town, "group"))
    assert (home["answers"], home["address"]) == ([["负责人", NAMES["host"]]], HOME)


def test_what_is_missing_is_said_at_the_place_and_counted_above_it(town: Town) -> None:
    loose, quarter = below(town, "desk", COMMUNITY)
    assert loose["gaps"] == ["没有网格员"]
    assert quarter["gaps"] == ["1个网格没有网格员", "没有书记", "1栋楼没有党小组"]
    grid, bare = below(town, "desk", QUARTER)
    assert (grid["gaps"], bare["gaps"]) == (["1栋楼没有党小组"], ["没有网格员"])
    first, second = below(town, "state", PREFECTURE)
    assert first["gaps"] == ["2个网格没有网格员"]
    assert second["gaps"] == ["1个社区没有党组织"]
    assert first["holds"] == "社区 1 · 小区 1 · 网格 3"
    elect(town.made["branch"], town.people["m1"], "secretary")  # type: ignore[attr-defined]
    assert "没有书记" not in below(town, "desk", COMMUNITY)[1]["gaps"]


def test_the_number_of_what_opens_below_is_what_opens(town: Town) -> None:
    today = timezone.localdate()
    for name, key in (("state", PREFECTURE), ("state", COUNTY), ("desk", COMMUNITY)):
        reader = town[name].grants[0]
        for one in levels([key], reader, today)[key]:
            assert one.parts == len(levels([one.key], reader, today)[one.key]), one.key
            assert node(one.key, reader, today) == one


def test_what_ended_is_not_there(town: Town) -> None:
    today = timezone.localdate()
    Organisation.objects.filter(kind="branch").update(until=today)
    quarter = below(town, "desk", COMMUNITY)[1]
    assert "organisation" not in quarter and "没有小区党支部" in quarter["gaps"]
    Area.objects.filter(path=BARE_GRID).update(until=today)
    assert [one["key"] for one in below(town, "desk", QUARTER)] == [GRID]


def test_a_place_on_the_second_path_opens_for_its_own_people(town: Town) -> None:
    for path, kind in (("P522601001", "park"), ("P522601001002", "park")):
        town.areas[path] = Area.objects.create(kind_id=kind, path=path, name=path, since=DAY)
    name = desk(town, "P522601001")
    assert [one["key"] for one in below(town, name, "P522601001")] == ["P522601001002"]


# --- who sees


@pytest.mark.parametrize("address", ["/graph", "/graph/5226.json", "/graph.svg", "/graph/paper"])
@pytest.mark.parametrize("name", ["worker", "clerk", "m1", "resident"])
def test_only_posts_that_read_a_place_open_the_graph(town: Town, name: str, address: str) -> None:
    assert as_(town, name).get(address).status_code == 403


@pytest.mark.parametrize(
    "key", [COUNTY, STREET, OTHER_COUNTY, "5226", "52260100100", "o-0", "o-x", "%00", "52*", "../x"]
)
def test_nothing_opens_outside_ones_own_place(town: Town, key: str) -> None:
    client = as_(town, "desk")
    for address in (f"/graph/{key}.json", f"/graph?at={key}", f"/graph.svg?path={key}",
                    f"/graph/paper?path={key}"):  # fmt: skip
        assert client.get(address).status_code == 404, address


def test_a_desk_elsewhere_opens_no_group_of_ours(town: Town) -> None:
    for kind in ("group", "household", "community"):
        answer = as_(town, "stranger").get(f"/graph/{key_of(town, kind)}.json")
        assert answer.status_code == 404


def test_core_households_are_for_their_community_above_it_a_number(town: Town) -> None:
    secrets = (NAMES["host"], "第一中心户", "3栋")
    group, home = key_of(town, "group"), key_of(town, "household")
    for name in ("state", "leader", "street_desk"):
        [told] = below(town, name, GRID)
        assert told["holds"] == "党员中心户 1 户"
        assert "parts" not in told
        assert below(town, name, group) == []
        client = as_(town, name)
        assert client.get(f"/graph/{home}.json").status_code == 404
        for address in (f"/graph?at={group}", f"/graph.svg?path={GRID}"):
            page = client.get(address).content.decode()
            assert not [one for one in secrets if one in page], (name, address)
        for words in ("郑小七", "zxq", "第一中心户"):
            page = client.get(f"/graph?q={words}").content.decode()
            assert '<ul class="found">' not in page
    page = see(town, "desk", f"/graph?at={group}")
    assert all(one in page for one in (*secrets, HOME))
    assert NAMES["host"] in see(town, "desk", "/graph?q=zxq")


# --- the list and the picture


@pytest.mark.parametrize("name", ["state", "desk"])
def test_the_list_says_what_the_picture_says(town: Town, name: str) -> None:
    for key in ("", *([QUARTER, GRID] if name == "desk" else [COMMUNITY, STREET])):
        page = see(town, name, f"/graph?at={key}" if key else "/graph")
        picture = json.loads(DATA.search(page)[1])
        listed = KEYS.findall(page)
        assert [one["key"] for one in walked(picture)] == listed
        for one in walked(picture):
            line = page.split(f'data-key="{one["key"]}"')[1].split("<li ")[0]
            said = [one["name"], one["kind"], *one.get("gaps", []), one.get("holds", "")]
            said += [" ".join(pair) for pair in one.get("answers", [])]
            assert not [text for text in said if text not in unescape(line)], one["key"]


def walked(picture: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield picture
    for part in picture.get("below", []):
        yield from walked(part)


def test_a_level_of_the_picture_is_the_level_of_the_list(town: Town) -> None:
    page = see(town, "desk", f"/graph?at={QUARTER}")
    picture = json.loads(DATA.search(page)[1])
    quarter = next(one for one in walked(picture) if one["key"] == QUARTER)
    assert quarter["below"] == below(town, "desk", QUARTER)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_level_opens_and_closes_by_a_link(town: Town, language: str) -> None:
    page = see(town, "state", "/graph", language)
    assert f'href="?at={COUNTY}&amp;as=0#n-{COUNTY}" aria-expanded="false"' in page
    page = see(town, "state", f"/graph?at={COUNTY}", language)
    assert f'href="?at={PREFECTURE}&amp;as=0#n-{PREFECTURE}" aria-expanded="true"' in page
    assert f'data-key="{STREET}"' in page


# --- what is found


@pytest.mark.parametrize(
    ("words", "name", "key"),
    [
        ("沿街", "state", LOOSE_GRID), ("江景苑", "state", QUARTER), ("单雪", "state", COMMUNITY),
        ("sxm", "state", COMMUNITY), ("lxm", "desk", COMMUNITY), ("worker", "state", GRID),
        ("周建国", "desk", GRID), ("zjg", "state", GRID), ("m2", "state", "group"),
        ("一网格党小组", "street_desk", "group"), ("第一中心户", "desk", "household"),
    ],
)  # fmt: skip
def test_a_place_an_organisation_and_a_name_are_found(
    town: Town, words: str, name: str, key: str
) -> None:
    key = key_of(town, key) if key in ("group", "household") else key
    page = see(town, name, f"/graph?q={words}")
    href = f"?at={key}&amp;as=0#n-{key}"
    assert href in page
    opened = see(town, name, f"/graph{unescape(href).partition('#')[0]}")
    assert f'<li id="n-{key}" data-key="{key}" class="at">' in opened


@pytest.mark.parametrize("words", ["没有这个", "%00", "'", "<b>", "%25", "x" * 300])
def test_what_is_not_there_is_not_found(town: Town, words: str) -> None:
    assert '<ul class="found">' not in see(town, "state", f"/graph?q={words}")


def test_nothing_is_found_outside_ones_place(town: Town) -> None:
    for words in ("周建国", "单雪梅", "一网格", "worker", "江景苑"):
        assert '<ul class="found">' not in see(town, "stranger", f"/graph?q={words}")


# --- how much it asks, how large it is


def asked(client: Any, address: str) -> tuple[int, int]:
    """Queries and bytes of an answer."""
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
    assert answer.status_code == 200
    return len(queries), len(answer.content)


@pytest.mark.parametrize(
    ("name", "address", "most"),
    [
        ("state", f"/graph/{PREFECTURE}.json", 10), ("state", "/graph", 14),
        ("state", f"/graph/{STREET}.json", 11), ("desk", f"/graph/{COMMUNITY}.json", 16),
        ("desk", f"/graph?at={GRID}", 22), ("desk", "/graph?q=一", 24),
        ("state", "/graph.svg", 46),
    ],
)  # fmt: skip
def test_a_level_takes_as_many_queries_however_large_it_is(
    town: Town, name: str, address: str, most: int
) -> None:
    client = as_(town, name)
    few, _ = asked(client, address)
    grow(14, 2, 3)
    many, _ = asked(client, address)
    assert many <= few <= most


def test_sixteen_counties_stay_under_their_size(town: Town) -> None:
    made = grow(14, 5, 3)
    client = as_(town, "state")
    for address in ("/graph", f"/graph/{PREFECTURE}.json", "/graph.svg", f"/graph?at={COMMUNITY}"):
        assert asked(client, address)[1] <= LIMIT, address
    sheet = drawn(grown(root(town), town["state"].grants[0], timezone.localdate()))
    assert sheet.n >= made + 3  # down to the communities


def root(town: Town) -> Any:
    found = node(PREFECTURE, town["state"].grants[0], timezone.localdate())
    assert found is not None
    return found


# --- on paper


def test_the_sheet_is_a_drawing_of_a3_with_every_place_that_fits(town: Town) -> None:
    answer = as_(town, "state").get("/graph.svg")
    assert answer["Content-Type"] == "image/svg+xml"
    drawing = ElementTree.fromstring(answer.content)
    assert (drawing.get("width"), drawing.get("height")) == ("420mm", "297mm")
    said = " ".join(drawing.itertext())
    for name in ("清江州", COUNTY, STREET, "沿街网格", "一网格党小组", "▲没有网格员"):
        assert name in said, name
    assert b"style" not in answer.content and b"<script" not in answer.content


def test_no_two_lines_of_a_column_meet_and_none_leaves_the_sheet(town: Town) -> None:
    grow(14, 4, 4)
    sheet = drawn(grown(root(town), town["state"].grants[0], timezone.localdate()))
    columns: dict[float, list[float]] = {}
    for mark in sheet.marks:
        assert min(mark.x, mark.end) >= 9
        assert max(mark.x, mark.end) <= 411
        assert 18 <= mark.y <= 287
        columns.setdefault(min(mark.x, mark.end), []).append(mark.y)
    for ys in columns.values():
        ordered = sorted(ys)
        gaps = [b - a for a, b in pairwise(ordered)]
        assert min(gaps, default=9) >= sheet.letter


def test_a_name_becomes_no_markup(town: Town) -> None:
    evil = "<b>&\x08\"'</b>"
    Area.objects.filter(path=COUNTY).update(name=evil)
    answer = as_(town, "state").get("/graph.svg")
    assert "<b>&\"'</b>" in " ".join(ElementTree.fromstring(answer.content).itertext())
    assert "<b>&" not in see(town, "state", "/graph")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_paper_shows_the_sheet_and_the_way_back(town: Town, language: str) -> None:
    page = see(town, "state", f"/graph/paper?path={COUNTY}", language)
    assert f"/graph.svg?path={COUNTY}&amp;as=0" in page
    assert f"/graph?at={COUNTY}&amp;as=0" in page


def test_a_core_household_is_on_the_sheet_of_its_own_community_alone(town: Town) -> None:
    assert "第一中心户" in as_(town, "desk").get("/graph.svg").content.decode()
    assert "第一中心户" not in as_(town, "leader").get("/graph.svg").content.decode()
