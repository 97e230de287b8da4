"""A unit where nobody can sign in, in a flow that hands nothing out: its mailbox is written to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from carriers import Gateway, Post
from notice_town import NOON, carry_all, later
from town import Town, settled

from lianxin.orders import actions
from lianxin.orders.models import Delivery, Event, Order
from lianxin.orders.words import perform


@pytest.fixture
def town(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    monkeypatch.setattr("lianxin.orders.words.timezone.now", lambda: NOON)
    with settled(request) as town:
        yield town


def urged(town: Town, phone: str = "", mail: str = "") -> Order:
    """An order of the closed loop at the unit, whose turn it is told of."""
    town.unit.phone, town.unit.mail = phone, mail
    town.unit.save()
    number = actions.file(
        "closed-loop", "file", town["resident"], {"text": "路灯不亮"}, area=town.grid, now=NOON
    ).number
    given = {"unit": str(town.unit.pk), "date": (NOON + timedelta(days=3)).isoformat()}
    actions.step(number, "hand_out", town["desk"], given, now=NOON)
    actions.step(number, "urge", town["desk"], {}, now=NOON)
    order = Order.objects.get(number=number)
    perform(order.pk, Event.objects.get(order=order, verb="urge").nth, "notify turn")
    return order


@pytest.mark.parametrize("phone", ["", "13900139000"])
def test_its_mailbox_is_written_to(town: Town, letters: Post, there: Gateway, phone: str) -> None:
    order = urged(town, phone, "office@example.org")
    carry_all(later(1))
    [letter] = letters.letters
    assert letter.rcpt_tos == ["office@example.org"]
    assert there.sent == [], "a link to answer by is for what is handed out"
    assert not Delivery.objects.filter(notice__order=order, state="queued").exists()


def test_without_a_mailbox_nothing_waits_for_ever(town: Town, there: Gateway) -> None:
    order = urged(town, "13900139000")
    carry_all(later(1))
    assert there.sent == []
    assert not Delivery.objects.filter(notice__order=order, state="queued").exists()
