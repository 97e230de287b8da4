"""A unit without account is told whenever work comes (back) to it, and answers by a link again."""

from collections.abc import Iterator

import pytest
from django.utils import timezone
from test_receivers import said
from town import Town, settled

from lianxin.orders import actions, handing
from lianxin.orders.book import book
from lianxin.orders.models import Channel, Delivery, Event, Notice, Order
from lianxin.orders.words import perform

DONE = {"outcome": "solved", "text": "换好了"}
WHY = {"reason": "还是不亮"}


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with settled(request) as town:
        yield town


def told(number: str) -> Delivery:
    """All that the last event has said after it, and the one call that it makes to the unit."""
    order = Order.objects.get(number=number)
    event = Event.objects.filter(order=order).latest("nth")
    for word in book().exact(order.flow, order.since).steps[event.verb].then:
        perform(order.pk, event.nth, word)
    notice = Notice.objects.get(order=order, nth=event.nth, unit__isnull=False)
    return Delivery.objects.get(notice=notice)


def done(town: Town) -> str:
    number = town.dispatched()
    actions.step(number, "keep", town["clerk"], {})
    actions.step(number, "handle", town["clerk"], DONE)
    return number


def answers(town: Town, number: str) -> None:
    secret = handing.give(number, town["desk"], timezone.now()).secret
    said(secret, "done", DONE)
    assert Order.objects.get(number=number).state == "done"


@pytest.mark.parametrize("who", ["resident", "desk"])
def test_what_was_not_put_right_is_told_to_it(town: Town, who: str) -> None:
    number = done(town)
    actions.step(number, "reopen", town[who], WHY)
    call = told(number)
    assert (call.channel, call.person, call.notice.unit) == (Channel.CALL, None, town.unit)
    answers(town, number)


def test_what_the_callback_sends_back_is_told_to_it(town: Town) -> None:
    number = done(town)
    actions.step(number, "rate", town["resident"], {"rating": 1})
    actions.step(number, "call_back", town["desk"], {"callback": "unsolved"})
    actions.step(number, "redo", town["desk"], {})
    assert told(number).channel == Channel.CALL
    answers(town, number)


def test_what_another_hands_on_is_told_to_whom_it_comes(town: Town) -> None:
    number = town.dispatched()
    other = {"unit": str(town.units["V"].pk), "reason": "归他们管"}
    actions.step(number, "redispatch", town["desk"], other)
    assert told(number).notice.unit == town.units["V"]


def test_what_goes_on_after_a_pause_is_told_to_it(town: Town) -> None:
    number = town.dispatched()
    actions.step(number, "keep", town["clerk"], {})
    actions.step(number, "ask_park", town["clerk"], WHY)
    paper = Order.objects.get(parent__number=number)
    actions.step(paper.number, "grant", town["supervisor"], {})
    actions.step(number, "unpark", town["clerk"], {})
    assert told(number).notice.unit == town.unit


def test_a_seat_given_up_is_told_to_it(town: Town) -> None:
    number = town.dispatched()
    actions.step(number, "accept", town["clerk"], {"seats": 1})
    actions.step(number, "grab", town["m1"], {})
    actions.step(number, "release", town["m1"], WHY)
    assert told(number).notice.unit == town.unit
