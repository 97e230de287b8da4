"""One step for several orders: what went, what did not and why, once only, and taken back."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from town import Town, settled
from web_town import as_, hidden, see

from lianxin.orders import actions
from lianxin.orders.models import Event, Order

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with settled(request) as town:
        yield town


def sent(page: str) -> dict[str, Any]:
    """The hidden fields of the form, those of each order too."""
    rest = dict(re.findall(r'name="((?:v|e)_[\w-]+|step)" value="([^"]*)"', page))
    return {**hidden(page), **rest, "n": re.findall(r'name="n" value="([\w-]+)"', page)}


def together(client: Client, numbers: list[str], step: str = "dispatch", **given: Any) -> Any:
    page = client.get("/desk/bulk", {"n": numbers, "step": step}).content.decode()
    return client.post("/desk/bulk", {**sent(page), **given, "_go": "1"})


def test_the_list_has_a_box_for_each_order(town: Town) -> None:
    number = town.file().number
    page = see(town, "desk", "/desk")
    assert f'type="checkbox" name="n" value="{number}" form="bulk"' in page
    assert 'id="bulk" method="get" action="/desk/bulk"' in page


def test_several_are_dispatched_in_one_go(town: Town) -> None:
    numbers = [town.file().number for _ in range(3)]
    desk = as_(town, "desk")
    answer = together(desk, numbers, unit=str(town.unit.pk))
    page = answer.content.decode()
    assert "派单：3 件里办成 3 件" in page
    assert {o.state for o in Order.objects.all()} == {"dispatched"}
    assert Event.objects.filter(verb="dispatch", actor=str(town.people["desk"].pk)).count() == 3


def test_what_does_not_go_is_told_why_and_harms_no_other(town: Town) -> None:
    first, gone, against = (town.file().number for _ in range(3))
    foreign = actions.file(
        "five-orders", "file", town["resident"], {"text": "x"}, area=town.areas["522602001001"]
    ).number
    given = {"against": [str(town.unit.pk)]}
    actions.step(against, "establish", town["desk"], given)
    desk = as_(town, "desk")
    numbers = [first, gone, against, foreign, "LX-999999", "' --"]
    page = desk.get("/desk/bulk", {"n": numbers, "step": "dispatch"}).content.decode()
    assert sent(page)["n"] == [first, gone, against]
    actions.step(gone, "refuse", town["street_desk"], {"reason": "不归我们管"})
    answer = desk.post("/desk/bulk", {**sent(page), "unit": str(town.unit.pk), "_go": "1"})
    page = answer.content.decode()
    assert "派单：3 件里办成 1 件" in page
    assert "没有办成 2 件" in page
    assert "别人先办了一步" in page
    assert "这里要回避" in page
    assert Order.objects.get(number=first).state == "dispatched"
    assert Order.objects.get(number=foreign).state == "filed"


def test_sent_twice_is_done_once(town: Town) -> None:
    numbers = [town.file().number for _ in range(2)]
    desk = as_(town, "desk")
    form = desk.get("/desk/bulk", {"n": numbers, "step": "remark"}).content.decode()
    body = {**sent(form), "remark": "下午一起去看", "_go": "1"}
    for _ in range(3):
        assert "办成 2 件" in desk.post("/desk/bulk", body).content.decode()
    assert Event.objects.filter(verb="remark").count() == 2


def test_all_is_taken_back_until_the_next_person_acts(town: Town) -> None:
    first, second = (town.file().number for _ in range(2))
    desk = as_(town, "desk")
    page = together(desk, [first, second], unit=str(town.unit.pk)).content.decode()
    assert "全部撤销（2 件）" in page
    actions.step(second, "keep", town["clerk"], {})
    page = desk.post("/desk/bulk/undo", sent(page)).content.decode()
    assert "撤销：2 件里办成 1 件" in page
    assert "来不及撤回了" in page
    states = dict(Order.objects.values_list("number", "state"))
    assert states == {first: "filed", second: "kept"}


def test_a_mistake_keeps_all_that_was_chosen(town: Town) -> None:
    numbers = [town.file().number for _ in range(2)]
    answer = together(as_(town, "desk"), numbers)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "还没选" in page
    assert sent(page)["n"] == numbers
    assert Event.objects.count() == 2


def test_each_post_is_offered_its_own_steps(town: Town) -> None:
    number = town.dispatched()
    for name, address, steps in (
        ("desk", "/desk", {"dispatch", "remark", "comment"}),
        ("supervisor", "/desk", {"urge", "remark", "comment"}),
        ("clerk", "/unit", {"keep", "comment"}),
    ):
        page = see(town, name, f"{address}/bulk?n={number}")
        assert set(re.findall(r"&amp;step=(\w+)&amp;", page)) == steps, name
        assert 'name="step" value="refuse"' not in see(
            town, name, f"{address}/bulk?n={number}&step=refuse"
        )
    reviewer = see(town, "r1", f"/desk/bulk?n={number}")
    assert "没有可以一起办的步骤" in reviewer


def test_who_sees_none_is_sent_back_to_the_list(town: Town) -> None:
    number = town.file().number
    for name, asked in (("stranger", {"n": [number]}), ("desk", {}), ("desk", {"n": ["x" * 999]})):
        assert as_(town, name).get("/desk/bulk", asked).headers["Location"] == "/desk?as=0"
    assert as_(town, "worker").get("/desk/bulk", {"n": [number]}).status_code == 403


def test_fifty_at_most_and_few_statements(town: Town) -> None:
    numbers = [town.file().number for _ in range(52)]
    desk = as_(town, "desk")
    page = desk.get("/desk/bulk", {"n": numbers, "step": "dispatch"}).content.decode()
    assert len(sent(page)["n"]) == 50
    with CaptureQueriesContext(connection) as asked:
        answer = desk.post("/desk/bulk", {**sent(page), "unit": str(town.unit.pk), "_go": "1"})
    assert "办成 50 件" in answer.content.decode()
    assert len(asked) < 60
