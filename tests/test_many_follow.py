"""Hundreds follow one order: each is told once, whoever of them fails and wherever a job dies."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from threading import Thread
from typing import Any

import pytest
from carriers import Gateway
from django.db import OperationalError, connection
from notice_town import NOON, carry_all, done, nobodys
from procrastinate.contrib.django.models import ProcrastinateJob
from town import Town, settled

from lianxin.orders import actions, crowd, follows, jobs
from lianxin.orders.models import Delivery, Event, Follow, Notice, Order
from lianxin.orders.words import perform

MANY = 230


@pytest.fixture
def town(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    monkeypatch.setattr("lianxin.orders.words.timezone.now", lambda: NOON)
    with settled(request) as town:
        yield town


def crowded(town: Town, many: int = MANY) -> tuple[Order, int]:
    """An order that many follow by a phone, and the event that says it is done."""
    number = nobodys(town, phone="")
    order = Order.objects.get(number=number)
    for n in range(many):
        row = follows.found(follows.follow(order.pk.hex, f"draft {n}", "", NOON))
        follows.leave_phone(row, f"139{n:08}")
    done(town, number)
    return order, Event.objects.get(order=order, verb="handle").nth


def told() -> int:
    """How many followers have their notice and a way for it, each of them one."""
    rows = list(Notice.objects.filter(follow__isnull=False).values_list("follow", flat=True))
    ways = Delivery.objects.filter(notice__follow__isnull=False).values_list("notice__follow")
    assert len(rows) == len(set(rows)) and sorted(key for (key,) in ways) == sorted(rows)
    return len(rows)


def say(order: Order, nth: int) -> None:
    jobs.say.func(order.pk.hex, nth, ["notify filer"])


def dies_in(piece: int, order: Order, nth: int) -> None:
    """A worker of its own says it, and is killed in the middle of this piece."""
    connection.close()
    if child := os.fork():
        assert os.waitpid(child, 0)[1] == signal.SIGKILL
        return
    plan, n = crowd.plan, 0

    def killed(rows: Any, now: Any) -> None:
        nonlocal n
        n += 1
        plan(rows, now)
        if n == piece:
            os.kill(os.getpid(), signal.SIGKILL)

    crowd.plan = killed
    aside = Thread(target=say, args=(order, nth))  # a browser of another test keeps a loop in ours
    aside.start()
    aside.join()
    os._exit(1)


def test_a_job_that_dies_goes_on_where_it_was(fresh: str, town: Town, there: Gateway) -> None:
    order, nth = crowded(town)
    dies_in(3, order, nth)
    assert told() == 2 * crowd.AT_ONCE, "what was in hand is not done by half"
    dies_in(2, order, nth)
    assert told() == 3 * crowd.AT_ONCE
    say(order, nth)
    say(order, nth)
    assert told() == MANY
    assert ProcrastinateJob.objects.filter(task_name="orders.carry").count() == MANY
    carry_all()
    assert len({m["to"] for m in there.sent}) == len(there.sent) == MANY


def test_one_who_cannot_be_told_keeps_nobody_waiting(town: Town, there: Gateway) -> None:
    order, nth = crowded(town, 60)
    bad = Follow.objects.order_by("pk")[7]
    whole = bad.phone_sealed
    Follow.objects.filter(pk=bad.pk).update(phone_sealed=b"\x01spoiled")
    with pytest.raises(ExceptionGroup, match="not all was said"):
        say(order, nth)
    assert told() == 59 and not Notice.objects.filter(follow=bad).exists()
    Follow.objects.filter(pk=bad.pk).update(phone_sealed=whole)
    say(order, nth)
    assert told() == 60


def test_where_the_database_is_away_the_others_are_not_tried(
    town: Town, there: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    order, nth = crowded(town, 60)
    tries = []

    def away(rows: Any, now: Any) -> None:
        tries.append(1)
        raise OperationalError("away")

    monkeypatch.setattr(crowd, "plan", away)
    with pytest.raises(OperationalError):
        perform(order.pk, nth, "notify filer")
    assert tries == [1] and told() == 0


def test_a_press_taken_back_is_taken_back_for_all(town: Town, there: Gateway) -> None:
    """Who has heard is told that it does not hold; who has not hears nothing at all."""
    order, nth = crowded(town, 60)
    say(order, nth)
    heard = Follow.objects.order_by("pk")[3]
    Delivery.objects.filter(notice__follow=heard).update(state="sent")
    actions.undo(order.number, town["clerk"], now=NOON)
    undo = Event.objects.get(order=order, verb="undo").nth
    for _ in range(2):
        perform(order.pk, undo, "correct")
    rows = Delivery.objects.filter(notice__nth=undo, notice__follow__isnull=False)
    assert [row.notice.follow_id for row in rows] == [heard.pk]
    assert Delivery.objects.filter(notice__nth=nth, why="taken_back").count() == 59
