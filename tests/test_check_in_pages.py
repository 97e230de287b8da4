"""The pages of check-ins: the member's own, the clerk's, a unit's lists, and who may open which."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from town import COMMUNITY, GRID, QUARTER, Town, settled
from web_town import as_, see

from lianxin.registry.actions import Stamp
from lianxin.registry.actions import check_ins as acts
from lianxin.registry.actions import unit_check_ins as units
from lianxin.registry.models import Area, CheckIn, Person, Promise, Task, Unit, UnitCheckIn


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with settled(request) as town:
        for path, name in ((COMMUNITY, "榕荫社区"), (QUARTER, "江景苑"), (GRID, "一网格")):
            Area.objects.filter(path=path).update(name=name)
            town.areas[path].refresh_from_db()
        yield town


def waits(town: Town, name: str = "neighbour") -> CheckIn:
    person = town.people[name]
    stamp = Stamp(person, timezone.now())
    return acts.check_in(stamp, person, town.unit, town.areas[COMMUNITY])


def confirmed(town: Town, name: str = "neighbour") -> CheckIn:
    row = waits(town, name)
    acts.confirm(Stamp(town.people["clerk"], timezone.now()), row)
    return row


def send(town: Town, name: str, address: str, **given: Any) -> tuple[int, str]:
    answer = as_(town, name).post(address, given, follow=True)
    return answer.status_code, answer.content.decode()


def test_a_member_checks_in_by_the_names_they_know(town: Town) -> None:
    code, html = send(town, "neighbour", "/check-in", unit_said="供电所", home_said="江景")
    assert code == 200 and "等供电所确认" in html
    row = CheckIn.objects.get()
    assert (row.person.username, row.unit, row.area.path) == ("neighbour", town.unit, QUARTER)
    html = see(town, "neighbour", "/check-in")
    assert "等单位确认" in html and "江景苑" in html and 'name="unit_said"' not in html


def test_of_several_that_are_called_so_one_is_chosen(town: Town) -> None:
    twin = Area.objects.get(path="522602001001")
    Area.objects.filter(pk=twin.pk).update(name="榕荫社区")
    given = {"unit_said": "供电所", "home_said": "榕荫社区"}
    code, html = send(town, "neighbour", "/check-in", **given)
    assert code == 422 and "不止一个" in html and not CheckIn.objects.exists()
    assert f'value="{twin.pk}"' in html and f'value="{town.areas[COMMUNITY].pk}"' in html
    assert send(town, "neighbour", "/check-in", **given, home=str(twin.pk))[0] == 200
    assert CheckIn.objects.get().area == twin


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "请写单位"),
        ({"unit_said": "没有的单位", "home_said": "榕荫社区"}, "没有找到这个单位"),
        ({"unit_said": "供电所", "home_said": "没有的地方"}, "没有找到这个社区"),
        ({"unit_said": "供电所", "home_said": "522601"}, "没有找到这个社区"),
        ({"unit_said": "供\0电所" * 40, "home_said": "榕荫社区"}, "只写名称"),
        ({"unit_said": "供电所", "home_said": "榕荫社区", "home": "9" * 40}, None),
    ],
)
def test_what_cannot_be_read_is_said(town: Town, given: dict[str, str], said: str | None) -> None:
    code, html = send(town, "neighbour", "/check-in", **given)
    if said is None:
        assert code == 200 and CheckIn.objects.count() == 1, "the name alone was enough"
        return
    assert code == 422 and said in html and not CheckIn.objects.exists()


def test_a_second_one_is_refused_in_words(town: Town) -> None:
    waits(town)
    code, html = send(town, "neighbour", "/check-in", unit_said="水务所", home_said="榕荫社区")
    assert code == 422 and "不能重复报到" in html and CheckIn.objects.count() == 1


def test_tasks_are_taken_on_and_given_up(town: Town) -> None:
    row = confirmed(town)
    code, html = send(town, "neighbour", "/check-in/tasks", take="mediator")
    assert code == 200 and "已领岗位" in html
    assert send(town, "neighbour", "/check-in/tasks", take="king")[0] == 422
    other = acts.take_task(
        Stamp(town.people["m1"], timezone.now()), confirmed(town, "m1"), "tutor"
    )  # fmt: skip
    assert send(town, "neighbour", "/check-in/tasks", drop=str(other.pk))[0] == 422
    key = Task.objects.get(check_in=row).pk
    assert send(town, "neighbour", "/check-in/tasks", drop=str(key))[0] == 200
    assert Task.objects.filter(until=None).get() == other


def test_moving_and_leaving(town: Town) -> None:
    confirmed(town)
    code, html = send(town, "neighbour", "/check-in/move", unit_said="供电所", home_said="江景苑")
    assert code == 200 and "不用再确认" in html
    code, html = send(town, "neighbour", "/check-in/move", unit_said="供电所", home_said="江景苑")
    assert code == 422 and "本来就在江景苑" in html
    code, html = send(town, "neighbour", "/check-in/move", unit_said="水务所", home_said="江景苑")
    assert code == 200 and "等新单位确认" in html
    code, html = send(town, "neighbour", "/check-in/leave")
    assert code == 200 and "已离开" in html and not CheckIn.objects.filter(until=None).exists()
    assert "现在没有报到" in send(town, "neighbour", "/check-in/leave")[1]
    assert see(town, "neighbour", "/check-in").count("榕荫社区") >= 1, "what was stays on the page"


def test_the_clerk_confirms_several_at_once(town: Town) -> None:
    rows = [waits(town, name) for name in ("neighbour", "resident", "clerk")]
    html = see(town, "clerk", "/check-ins")
    assert html.count('name="row"') == 2, "one's own is another's to confirm"
    keys = [str(row.pk) for row in rows]
    code, html = send(town, "clerk", "/check-ins", row=keys)
    assert code == 200 and "已确认 2 人" in html and "自己的报到要由别人来确认" in html
    assert CheckIn.objects.filter(confirmed=None).get().person == town.people["clerk"]
    assert "没有选人" in send(town, "clerk", "/check-ins")[1]


def test_who_is_declined_reads_why(town: Town) -> None:
    row = waits(town)
    assert send(town, "clerk", f"/check-ins/{row.pk}", do="decline", reason="")[0] == 422
    given = {"do": "decline", "reason": "<b>已调走</b>"}
    assert send(town, "clerk", f"/check-ins/{row.pk}", **given)[0] == 200
    html = see(town, "neighbour", "/check-in")
    assert "&lt;b&gt;已调走&lt;/b&gt;" in html and "<b>已调走" not in html
    assert 'name="unit_said"' in html, "and may try again"


def test_the_clerk_ends_it_for_somebody_who_has_gone(town: Town) -> None:
    row = confirmed(town)
    assert send(town, "clerk", f"/check-ins/{row.pk}", do="end")[0] == 200
    row.refresh_from_db()
    assert row.until == timezone.localdate()


def test_only_those_of_the_unit_and_of_the_place_open_it(town: Town) -> None:
    row = waits(town)
    address = f"/check-ins/{row.pk}"
    for name, code in {
        "clerk": 200, "desk": 200, "leader": 200, "street_desk": 200, "other_clerk": 404,
        "stranger": 404, "m1": 403, "worker": 403, "neighbour": 403,
    }.items():  # fmt: skip
        assert as_(town, name).get(address).status_code == code, name
    for name in ("desk", "leader"):
        html = see(town, name, address)
        assert 'name="do"' not in html, "they read; the unit answers"
        for do in ("confirm", "decline", "end"):
            code, _ = send(town, name, address, do=do, reason="不行")
            assert code in (404, 422), (name, do)
    row.refresh_from_db()
    assert (row.confirmed, row.until) == (None, None)
    assert as_(town, "other_clerk").get("/check-ins").content.decode().count("neighbour") == 0
    assert Client().get("/check-in").status_code == 302


def test_another_units_clerk_confirms_nobody(town: Town) -> None:
    row = waits(town)
    code, html = send(town, "other_clerk", "/check-ins", row=[str(row.pk)])
    assert code == 200 and "没有选人" in html
    row.refresh_from_db()
    assert row.confirmed is None


def test_a_confirmed_member_stands_in_the_roll_of_unit_and_place(town: Town) -> None:
    row, other = confirmed(town), waits(town, "resident")
    Person.objects.filter(pk=row.person_id).update(name="孙立")
    for name in ("clerk", "desk"):
        html = see(town, name, "/rolls/members")
        assert "孙立" in html and other.person.name not in html
    for name in ("other_clerk", "stranger"):
        assert "孙立" not in see(town, name, "/rolls/members")


# --- a unit and its communities


def pair(town: Town) -> UnitCheckIn:
    stamp = Stamp(town.people["clerk"], timezone.now())
    return units.check_in_unit(stamp, town.unit, town.areas[COMMUNITY])


def test_a_clerk_checks_the_unit_in(town: Town) -> None:
    address = f"/units/{town.unit.pk}/communities"
    assert send(town, "clerk", address, do="begin", community_said="没有")[0] == 422
    assert send(town, "clerk", address, do="begin", community_said="江景苑")[0] == 422
    code, html = send(town, "clerk", address, do="begin", community_said="榕荫")
    assert code == 200 and "榕荫社区" in html
    assert send(town, "clerk", address, do="begin", community_said="榕荫")[0] == 422
    assert UnitCheckIn.objects.get().area == town.areas[COMMUNITY]
    assert "供电所" in see(town, "desk", "/partners")
    assert "供电所" not in see(town, "stranger", "/partners")


def test_each_side_keeps_its_lists(town: Town) -> None:
    row = pair(town)
    address, of = f"/units/{town.unit.pk}/communities", {"pair": str(row.pk)}
    desk, clerk = see(town, "desk", address), see(town, "clerk", address)
    fields = {kind: f'id="text-{row.pk}-{kind}"' for kind in ("need", "resource", "project")}
    assert [fields[k] in desk for k in fields] == [True, False, True]
    assert [fields[k] in clerk for k in fields] == [False, True, True]
    text = {"kind": "need", "text": "换路灯"}
    assert send(town, "desk", address, do="add", **of, **text)[0] == 200
    assert send(town, "clerk", address, do="add", **of, **text)[0] == 422
    assert send(town, "desk", address, do="add", **of, kind="need", text=" ")[0] == 422
    line = str(Promise.objects.get().pk)
    assert send(town, "clerk", address, do="done", **of, line=line)[0] == 422
    code, html = send(town, "desk", address, do="done", **of, line=line)
    assert code == 200 and "做完" in html and Promise.objects.get().done
    assert send(town, "desk", address, do="end", **of)[0] == 422, "the unit came, the unit goes"
    assert send(town, "clerk", address, do="end", **of)[0] == 200
    assert UnitCheckIn.objects.get().until == timezone.localdate()


def test_who_may_open_a_units_lists(town: Town) -> None:
    row = pair(town)
    address = f"/units/{town.unit.pk}/communities"
    for name, code in {
        "clerk": 200, "desk": 200, "leader": 200, "other_clerk": 404, "stranger": 404, "m1": 403,
    }.items():  # fmt: skip
        assert as_(town, name).get(address).status_code == code, name
    line = {"do": "add", "pair": str(row.pk), "kind": "need", "text": "一条"}
    assert send(town, "stranger", address, **line)[0] == 404
    assert as_(town, "clerk").get("/units/999999/communities").status_code == 404
    lost = Unit.objects.get(name="水务所").pk
    assert as_(town, "desk").get(f"/units/{lost}/communities").status_code == 404


def test_in_english_too(town: Town) -> None:
    row = confirmed(town)
    waits(town, "resident")
    pair(town)
    for name, address in (
        ("neighbour", "/check-in"), ("neighbour", "/check-in/move"), ("clerk", "/check-ins"),
        ("clerk", f"/check-ins/{row.pk}"), ("desk", "/partners"), ("m1", "/check-in"),
        ("clerk", f"/units/{town.unit.pk}/communities"),
    ):  # fmt: skip
        html = see(town, name, address, "en")
        assert "check_in." not in html and "check-in" in html.lower(), address
