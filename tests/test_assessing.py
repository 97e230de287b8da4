"""The results of a year for a whole place at once: the room counted, all or nothing, taken back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from careers_town import hired, stamp, stop_the_clock
from django.db import connection
from django.test.utils import CaptureQueriesContext
from town import COMMUNITY, COUNTY, STREET, Town, settled
from web_town import as_, see

from lianxin.growth.actions.assessing import assess
from lianxin.growth.actions.careers import write
from lianxin.growth.models import Fact, Standing
from lianxin.growth.queries.rooms import rooms
from lianxin.orders import actions as orders
from lianxin.registry.models import Batch, Post
from lianxin.registry.refusal import NotPossible

PAGE, YEAR, DAY_KNOWN = "/careers/assess", 2025, date(2026, 1, 20)
NAMES = ("a", "b", "c", "d", "e", "f")


@pytest.fixture(autouse=True)
def day(monkeypatch: pytest.MonkeyPatch) -> None:
    stop_the_clock(monkeypatch)


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    """Six workers in the community, one excellent; a seventh in another county."""
    with settled(request) as town:
        for name in NAMES:
            hired(town, name)
        hired(town, "far", place="522602001001")
        yield town


def key(town: Town, name: str) -> int:
    return town.people[name].pk


def sent(town: Town, **results: str) -> dict[str, Any]:
    return {f"r-{key(town, name)}": result for name, result in results.items()}


def press(town: Town, do: str, by: str = "street_desk", **results: str) -> Any:
    given = sent(town, **results) | {"do": do, "known": "2026-01-20"}
    return as_(town, by).post(f"{PAGE}?year={YEAR}", given)


def known(year: int = YEAR) -> dict[str, str]:
    rows = Fact.objects.filter(kind="result", n=year).order_by("person__username")
    return dict(rows.values_list("person__username", "name"))


def cells(html: str) -> list[list[str]]:
    """The rows of the table of room: served, at most, given, chosen, left."""
    part = re.search(r'<section id="room".*?</section>', html, re.S)[0]
    return [
        [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<td[^>]*>(.*?)</td>", row)]
        for row in re.findall(r"<tr>(.*?)</tr>", part, re.S)[1:]
    ]


def test_everybody_who_served_there_is_listed_and_nobody_else(town: Town) -> None:
    html = see(town, "street_desk", PAGE)
    assert all(f'name="r-{key(town, name)}"' in html for name in NAMES)
    assert f'r-{key(town, "far")}"' not in html
    assert [row[2:] for row in cells(html)] == [["6", "1", "0", "0", "1"]] * 2
    assert "At most" in see(town, "street_desk", PAGE, "en")


def test_the_room_is_counted_by_the_server_as_it_is_chosen(town: Town) -> None:
    desk = as_(town, "street_desk")
    given = sent(town, a="excellent", b="excellent", c="competent") | {"do": "count"}
    part = desk.post(f"{PAGE}?year={YEAR}", given, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part and "<form" not in part
    assert [row[5] for row in cells(part)] == ["2", "2"]
    assert all("多选了 1 人" in row[6] for row in cells(part))
    whole = desk.post(f"{PAGE}?year={YEAR}", given).content.decode()
    assert cells(whole) == cells(part), "the same without a script"
    assert whole.count("selected") >= 3, "what was chosen stays chosen"
    assert known() == {}


def test_all_of_it_is_written_and_taken_back_whole(town: Town) -> None:
    before = dict(Standing.objects.values_list("person__username", "grade"))
    assert press(town, "check", a="excellent", b="failed").status_code == 200
    assert known() == {}, "a check writes nothing"
    answer = press(town, "all", a="excellent", b="failed", c="competent")
    assert answer.status_code == 302
    assert known() == {"a": "excellent", "b": "failed", "c": "competent"}
    assert Fact.objects.get(person=key(town, "a"), kind="result").since.isoformat() == "2026-01-20"
    html = see(town, "street_desk", f"{PAGE}?year={YEAR}")
    assert f'name="r-{key(town, "a")}"' not in html, "who has one is not asked for again"
    assert [row[4:] for row in cells(html)] == [["1", "0", "0"]] * 2
    action = re.search(r'action="(/careers/assess/\d+/undo)"', html)[1]
    other = as_(town, "stranger")
    Post.objects.filter(person=town.people["stranger"]).update(area=town.areas["522602"])
    other.post(action)
    assert len(known()) == 3, "somebody else's is not there"
    assert as_(town, "street_desk").post(action).status_code == 302
    assert known() == {}
    assert dict(Standing.objects.values_list("person__username", "grade")) == before


def test_where_too_many_were_chosen_no_machine_says_who_it_is(town: Town) -> None:
    answer = press(town, "all", a="excellent", b="excellent", c="competent")
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "有 2 人不能登记，什么都没有写入" in html
    assert html.count("这次又选了 2 人") >= 2
    assert known() == {} and not Batch.objects.filter(what="assess").exists()
    assert "只登记没有问题的" in html
    answer = press(town, "good", a="excellent", b="excellent", c="competent")
    assert answer.status_code == 200
    assert known() == {"c": "competent"}, "neither of the two"
    html = answer.content.decode()
    assert "已登记 1 人" in html and "有 2 人没有登记" in html
    assert press(town, "all", a="excellent").status_code == 302
    assert press(town, "all", b="excellent").status_code == 422


def test_whoever_is_refused_is_named_with_why(town: Town) -> None:
    write(stamp(), town.people["a"], Fact(kind="result", name="basic", n=YEAR, since=DAY_KNOWN))
    answer = press(town, "all", a="competent", b="king", c="competent")
    html = answer.content.decode()
    assert answer.status_code == 422
    wrong = re.findall(r"<li>.*?<b>(.*?)</b>(.*?)</li>", html, re.S)
    assert [name for name, _ in wrong] == ["a", "b"]
    assert "已有考核结果" in wrong[0][1] and "没有“king”" in wrong[1][1]
    assert known() == {"a": "basic"}


@pytest.mark.parametrize(("more", "says"), [
    ({}, "没有勾选任何人"),
    ({"known": "2025-06-01", "a": "competent"}, "不会在"),
    ({"known": "soon", "a": "competent"}, "不是日期"),
    ({"known": "2090-01-01", "a": "competent"}, "还没到"),
    ({"r-999999": "competent"}, "不归您登记"),
])  # fmt: skip
def test_bad_input_is_a_sentence(town: Town, more: dict[str, str], says: str) -> None:
    given = {"do": "all", "known": "2026-01-20"}
    for name, value in more.items():
        given |= sent(town, **{name: value}) if name in NAMES else {name: value}
    answer = as_(town, "street_desk").post(f"{PAGE}?year={YEAR}", given)
    assert (answer.status_code, says in answer.content.decode()) == (422, True)
    assert known() == {}


def test_the_rest_get_one_in_one_press_but_oneself(town: Town) -> None:
    hired(town, "street_desk")
    given = sent(town, a="excellent") | {"do": "all", "known": "2026-01-20", "rest": "competent"}
    assert as_(town, "street_desk").post(f"{PAGE}?year={YEAR}", given).status_code == 302
    assert known() == {"a": "excellent"} | dict.fromkeys(NAMES[1:], "competent")
    assert "自己的由别人登记" in see(town, "street_desk", PAGE)
    answer = press(town, "all", street_desk="excellent")
    assert (answer.status_code, "自己的考核由别人登记" in answer.content.decode()) == (422, True)


def test_what_is_proposed_in_a_case_takes_room_and_is_not_written_beside_it(town: Town) -> None:
    number = orders.file(
        "assessment", "begin", town["desk"], {"worker": str(key(town, "a")), "year": YEAR},
        area=town.areas[COMMUNITY],
    ).number  # fmt: skip
    html = see(town, "street_desk", PAGE)
    assert "事项办理中" in html and number in html
    assert f'name="r-{key(town, "a")}"' not in html
    orders.step(number, "report", town["a"], {"text": "全年走访"})
    orders.step(number, "propose", town["desk"], {"result": "excellent"})
    assert [(room.path, room.given, room.left) for room in rooms(COMMUNITY, YEAR)] == [
        (COMMUNITY, 1, 0), (COUNTY, 1, 0),
    ]  # fmt: skip
    assert press(town, "all", b="excellent").status_code == 422
    with pytest.raises(NotPossible, match="over_quota"):
        write(stamp(), town.people["b"], Fact(kind="result", name="excellent", n=YEAR,
                                              since=DAY_KNOWN))  # fmt: skip
    answer = press(town, "all", a="competent")
    assert (answer.status_code, number in answer.content.decode()) == (422, True)


@pytest.mark.parametrize(("name", "status"), [
    ("street_desk", 200), ("desk", 403), ("leader", 403), ("worker", 403), ("resident", 403),
])  # fmt: skip
def test_who_opens_it(town: Town, name: str, status: int) -> None:
    assert as_(town, name).get(PAGE).status_code == status
    assert as_(town, name).post(f"{PAGE}/1/undo").status_code == (302 if status == 200 else 403)


def test_nobody_looks_elsewhere(town: Town) -> None:
    assert as_(town, "street_desk").get(f"{PAGE}?path=522602").status_code == 403
    assert see(town, "street_desk", f"{PAGE}?path={STREET}&year=1999").count('name="r-') == 6
    assert "没有人在岗" in see(town, "street_desk", f"{PAGE}?path={STREET}002")


def test_more_people_cost_no_more_statements_to_look_at(town: Town) -> None:
    desk = as_(town, "street_desk")
    with CaptureQueriesContext(connection) as few:
        desk.get(PAGE)
    for n in range(20):
        hired(town, f"w{n}")
    with CaptureQueriesContext(connection) as many:
        assert desk.get(PAGE).content.decode().count('name="r-') == 26
    assert len(many) == len(few)


def test_an_empty_press_is_refused_before_anything_is_opened(town: Town) -> None:
    with pytest.raises(NotPossible, match="nobody_chosen"):
        assess(stamp(), STREET, {}, YEAR, DAY_KNOWN)
    assert not Batch.objects.exists()
