"""A press sent twice is done once: keys alone, together, and eight at a time."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from api_client import Caller, code
from django.db import connection
from django.utils import timezone
from town import GRID, settled

from lianxin.orders import actions, links
from lianxin.orders.models import Event, Link, Order

KEY = "made-by-the-phone-0001"
FILE = {"answers": {"text": "停水了"}, "place": {"path": GRID}}


@pytest.fixture
def town(request):
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


def test_an_undo_sent_twice_takes_back_one_press(town):
    """The answer was lost, and meanwhile the same step was taken anew: that one stands."""
    desk, number = Caller(town.token("desk")), town.file().number
    desk.step(number, "dispatch", unit="U")
    first = desk.post(f"/orders/{number}/undo", key=KEY).json()
    assert (first["state"], first["again"]) == ("filed", False)
    again = desk.post(f"/orders/{number}/undo", key=KEY).json()
    assert (again["nth"], again["again"]) == (first["nth"], True)
    desk.step(number, "dispatch", unit="V")
    later = desk.post(f"/orders/{number}/undo", key=KEY).json()
    assert (later["nth"], later["again"], later["state"]) == (first["nth"], True, "dispatched")
    assert Event.objects.filter(verb="undo").count() == 1
    assert code(desk.post(f"/orders/{number}/undo?nth=4", key=KEY)) == "key_reused"
    assert code(desk.step(number, "comment", text="x", key=KEY)) == "key_reused"


def test_an_undo_is_answered_to_who_sees_the_order_no_more(town):
    number = town.dispatched()
    Caller(town.token("clerk")).step(number, "accept", seats=2)
    member = Caller(town.token("m1"))
    member.step(number, "grab")
    first = member.post(f"/orders/{number}/undo", key=KEY).json()
    Caller(town.token("desk")).step(number, "redispatch", unit="V", reason="不归他们")
    assert code(member.get(f"/orders/{number}")) == "not_found"
    again = member.post(f"/orders/{number}/undo", key=KEY).json()
    assert (again["nth"], again["again"], first["again"]) == (first["nth"], True, False)
    assert code(member.post(f"/orders/{number}/undo", key="another")) == "not_found"


def test_who_lost_the_answer_gets_a_link_by_the_same_key(town):
    said = [Caller().post("/orders", FILE, key=KEY).json() for _ in range(2)]
    assert said[0]["number"] == said[1]["number"]
    for answer in said:
        assert code(Caller(answer["link"]).get(f"/orders/{answer['number']}")) == "200"


# ── a link for one use


@pytest.fixture
def bearer(town):
    """Who may take one step of an order that waits to be rated, and the order's number."""
    number = town.dispatched()
    actions.step(number, "keep", town["clerk"], {})
    actions.step(number, "handle", town["clerk"], {"outcome": "solved", "text": "好了"})
    id = Order.objects.get(number=number).pk.hex
    return Caller(links.make(id, "filer", timezone.now(), once=True)), number


def test_a_spent_link_answers_its_own_press_again(bearer):
    caller, number = bearer
    first, again = (caller.step(number, "rate", rating=5, key=KEY).json() for _ in range(2))
    assert (again["nth"], again["state"], again["again"]) == (first["nth"], "rated", True)
    assert Event.objects.filter(verb="rate").count() == 1


def test_a_spent_link_does_nothing_else(bearer, town):
    caller, number = bearer
    caller.step(number, "rate", rating=5, key=KEY)
    other = Order.objects.get(number=town.file().number).number
    assert code(caller.step(number, "rate", rating=1, key=KEY)) == "key_reused"
    assert code(caller.step(number, "rate", rating=5)) == "link_spent"
    assert code(caller.step(number, "comment", text="x", key="k" * 20)) == "link_spent"
    assert code(caller.step(other, "rate", rating=5, key=KEY)) == "not_found"
    assert code(caller.post(f"/orders/{number}/undo", key=KEY)) == "link_spent"
    assert code(caller.post("/orders", FILE, key=KEY)) == "link_spent"
    for address in (f"/orders/{number}", f"/orders/{number}/events", "/me", "/orders"):
        assert code(caller.get(address)) == "link_spent"
    assert Event.objects.filter(order__number=number, verb="rate").count() == 1


def test_a_spent_link_answers_for_a_day(bearer):
    caller, number = bearer
    caller.step(number, "rate", rating=5, key=KEY)
    Link.objects.update(spent=timezone.now() - links.AGAIN_FOR)
    assert code(caller.step(number, "rate", rating=5, key=KEY)) == "link_spent"


def test_two_presses_by_one_link_at_once(fresh, bearer):
    """Both were let in before either had spent it: one is taken, the other is told."""
    caller, number = bearer

    def send(n):
        try:
            return code(caller.step(number, "comment", text=f"话{n}", key=f"{KEY}{n}"))
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        said = sorted(pool.map(send, range(6)))
    assert said == ["200", *["link_spent"] * 5]
    assert Event.objects.filter(verb="comment").count() == 1


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
