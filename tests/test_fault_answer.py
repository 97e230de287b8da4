"""The answer was lost on its way: who asks again with the same key is told what it came to."""

import pytest
from api_client import Caller, code
from town import settled

from lianxin.core.step.refused import Refused
from lianxin.orders import actions
from lianxin.orders.models import Event

KEY = "one-and-the-same-key"


@pytest.fixture
def town(request):
    with settled(request) as town:
        yield town


def test_who_returned_an_order_sees_it_no_more_and_is_answered(town):
    number = town.dispatched()
    before, again = (
        actions.step(number, "return", town["clerk"], {"reason": "不归我们"}, key=KEY)
        for _ in range(2)
    )
    assert (before.again, again.again, again.nth) == (False, True, before.nth)
    with pytest.raises(Refused, match="not_found"):
        actions.step(number, "return", town["clerk"], {"reason": "不归我们"}, key="another key")


def test_the_same_over_http(town):
    number = town.dispatched()
    clerk = Caller(town.token("clerk"))
    said = [clerk.step(number, "return", key=KEY, reason="不归我们").json() for _ in range(2)]
    assert [s["again"] for s in said] == [False, True]
    assert Event.objects.filter(verb="return").count() == 1
    assert code(clerk.step(number, "return", key=KEY, reason="别的")) == "key_reused"
    assert code(clerk.step(number, "return", reason="不归我们")) == "not_found"


def test_a_key_of_somebody_else_opens_nothing(town):
    number = town.dispatched()
    actions.step(number, "return", town["clerk"], {"reason": "不归我们"}, key=KEY)
    other = Caller(town.token("other_clerk"))
    assert code(other.step(number, "return", key=KEY, reason="不归我们")) == "not_found"
