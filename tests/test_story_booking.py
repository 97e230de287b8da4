"""场地预约: a room is booked by the hour in a row of its own, and freed when nobody comes."""

from datetime import datetime

import pytest
from stage import KEEPER, NEIGHBOUR, RESIDENT

from lianxin.core.step.refused import Refused

FREED = {"deny", "lapse", "cancel", "miss", "void", "undo"}
SPOT = [107.97, 26.58]


class Rooms:
    """Who has which room from when to when: what the database holds by an exclusion constraint."""

    def __init__(self):
        self.taken = {}

    def check(self, order, verb, given):
        if verb == "ask" and any(self.overlap(given, held) for held in self.taken.values()):
            raise Refused("already", party="room")

    def overlap(self, given, held):
        room, held_from, held_to = held
        starts, ends = self.span(given)
        return given["room"] == room and starts < held_to and held_from < ends

    def span(self, given):
        return tuple(datetime.fromisoformat(given[end]) for end in ("starts", "ends"))

    def write(self, change):
        if change.event.verb == "ask":
            self.taken[change.order.id] = (change.detail["room"], *self.span(change.detail))
        if change.event.verb in FREED:
            self.taken.pop(change.order.id, None)


@pytest.fixture
def details():
    return {"centres.Booking": Rooms()}


def ask(stage, hours=6):
    return {
        "room": "1", "starts": stage.at(hours=hours), "ends": stage.at(hours=hours + 2),
        "grace": stage.at(hours=hours, minutes=15),
    }  # fmt: skip


@pytest.fixture
def booking(stage):
    return stage.file("booking", RESIDENT, "ask", **ask(stage))


def test_booked_used_ended(stage, booking):
    stage.no("not_yours", booking, "confirm", RESIDENT)
    stage.step(booking, "confirm", KEEPER)
    stage.no("not_yours", booking, "check_in", NEIGHBOUR, point=SPOT)
    stage.wait(hours=6)
    stage.step(booking, "check_in", RESIDENT, point=SPOT)
    stage.wait(hours=3)
    assert stage.state(booking) == "ended"


def test_a_room_is_booked_once(stage, booking):
    stage.no_file("already", "booking", NEIGHBOUR, "ask", **ask(stage, 7))
    stage.file("booking", NEIGHBOUR, "ask", **ask(stage, 8))


def test_a_room_nobody_came_to_is_free_again(stage, booking):
    again = ask(stage)
    stage.step(booking, "confirm", KEEPER)
    stage.wait(hours=6, minutes=16)
    assert stage.state(booking) == "missed"
    stage.file("booking", NEIGHBOUR, "ask", **again)


def test_two_a_month(stage, booking):
    stage.file("booking", RESIDENT, "ask", **ask(stage, 20))
    stage.no_file("too_often", "booking", RESIDENT, "ask", **ask(stage, 30))
    stage.wait(days=30)
    stage.file("booking", RESIDENT, "ask", **ask(stage, 30))


def test_a_booking_is_about_its_room(stage, booking):
    assert stage.order(booking).subject == "1"
