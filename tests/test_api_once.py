"""A press sent twice is done once: keys alone, together, and eight at a time."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from api_client import Caller, code
from django.db import connection
from town import GRID, settled

from lianxin.orders.models import Event, Order
from lianxin.web.api import pace

KEY = "made-by-the-phone-0001"
FILE = {"answers": {"text": "停水了"}, "place": {"path": GRID}}


@pytest.fixture
def town(request):
    pace.filings.forget()
    with settled(request) as town:
        yield town


def test_the_same_key_and_body_are_answered_as_before(town):
    resident = Caller(town.token("resident"))
    first, again = (resident.post("/orders", FILE, key=KEY).json() for _ in range(2))
    assert (again["number"], again["again"], first["again"]) == (first["number"], True, False)
    assert Order.objects.count() == 1


def test_the_same_key_for_something_else_is_refused(town):
    resident = Caller(town.token("resident"))
    resident.post("/orders", FILE, key=KEY)
    other = FILE | {"answers": {"text": "停电了"}}
    assert code(resident.post("/orders", other, key=KEY)) == "key_reused"
    assert code(Caller(town.token("neighbour")).post("/orders", other, key=KEY)) == "201"


def test_a_step_is_taken_once(town):
    number = town.file().number
    desk = Caller(town.token("desk"))
    said = [desk.step(number, "comment", text="明天来修", key=KEY).json() for _ in range(2)]
    assert [s["again"] for s in said] == [False, True]
    assert Event.objects.filter(verb="comment").count() == 1
    assert code(desk.step(number, "comment", text="后天来修", key=KEY)) == "key_reused"


def test_who_lost_the_answer_gets_a_link_by_the_same_key(town):
    said = [Caller().post("/orders", FILE, key=KEY).json() for _ in range(2)]
    assert said[0]["number"] == said[1]["number"]
    for answer in said:
        assert code(Caller(answer["link"]).get(f"/orders/{answer['number']}")) == "200"


def test_eight_at_once_make_one_order(fresh, town):
    token = town.token("resident")

    def send(_):
        try:
            return Caller(token).post("/orders", FILE, key=KEY)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(send, range(8)))
    assert [a.status_code for a in answers] == [201] * 8
    assert len({a.json()["number"] for a in answers}) == 1
    assert (Order.objects.count(), Event.objects.count()) == (1, 1)


def test_eight_members_and_two_seats(fresh, town):
    number = town.dispatched()
    Caller(town.token("clerk")).step(number, "accept", seats=2)
    tokens = [town.token(f"m{n}") for n in range(1, 6)]

    def grab(token):
        try:
            return code(Caller(token).step(number, "grab"))
        finally:
            connection.close()

    with ThreadPoolExecutor(5) as pool:
        said = sorted(pool.map(grab, tokens))
    assert said == ["200", "200", "too_late", "too_late", "too_late"]
