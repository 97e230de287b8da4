"""The town where notices are told: words said at once, a clock by hand, what went out counted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from town import Town, settled

from lianxin.core.step.who import Who
from lianxin.orders import actions
from lianxin.orders.book import book
from lianxin.orders.models import Delivery, Event, Notice, Order
from lianxin.orders.notices.carry import carry
from lianxin.orders.notices.sentence import look_up, sentence
from lianxin.orders.words import perform
from lianxin.registry.models import Person

BEIJING = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 20, 12, tzinfo=BEIJING)  # a Friday
PHONE, HOME = "13800138000", "韶山路12号3单元"
TEXT = "路灯不亮，晚上看不见路"


@contextmanager
def at_noon(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Town]:  # fmt: skip
    """The town in which everybody can sign in, at an hour when phones may ring."""
    monkeypatch.setattr("lianxin.orders.words.timezone.now", lambda: NOON)
    with settled(request) as town:
        with_accounts(town)
        yield town


def with_accounts(town: Town) -> None:
    """Everybody in the town can sign in."""
    for person in town.people.values():
        person.password = "md5$salt$hash"
    Person.objects.bulk_update(town.people.values(), ["password"])


def reach(town: Town, name: str, phone: str = "", mail: str = "") -> None:
    person = town.people[name]
    person.phone, person.mail = phone, mail
    person.save(update_fields=["phone_sealed", "phone_blind", "phone_tail", "mail_sealed"])


def nobodys(town: Town, text: str = TEXT, phone: str = PHONE, at: datetime = NOON) -> str:
    """The number of an order filed at a door without account."""
    given = {"text": text, "address": HOME} | ({"phone": phone} if phone else {})
    return actions.file("five-orders", "file", Who(""), given, area=town.grid, now=at).number


def press(
    town: Town, number: str, verb: str, name: str, at: datetime = NOON, **given: object
) -> None:
    actions.step(number, verb, town[name], given, now=at)


def say_all(number: str) -> None:
    """Do the words of all events of an order, as the worker would."""
    row = Order.objects.get(number=number)
    page = book().exact(row.flow, row.since)
    for event in Event.objects.filter(order=row).order_by("nth"):
        step = page.steps.get(event.verb)
        for word in step.then if step else ():
            perform(row.pk, event.nth, word)
        if event.verb == "rung":
            perform(row.pk, event.nth, event.given["word"])
        if event.verb == "undo":
            perform(row.pk, event.nth, "correct")


def done(town: Town, number: str, at: datetime = NOON) -> None:
    """From the desk to the unit and on to `done`."""
    press(town, number, "dispatch", "desk", at, unit=str(town.unit.pk))
    press(town, number, "keep", "clerk", at)
    press(town, number, "handle", "clerk", at, outcome="solved", text="换了灯泡")


def told(number: str, lang: str = "zh", short: bool = False) -> list[str]:
    rows = list(Notice.objects.filter(order__number=number).order_by("pk"))
    known = look_up(rows)
    return [sentence(known[n.pk], lang, short=short) for n in rows]


def ways(number: str) -> list[tuple[str, str, str]]:
    """How each notice went, but for those that a later one overtook before they were sent."""
    rows = Delivery.objects.filter(notice__order__number=number).exclude(why="overtaken")
    return [(d.channel, d.state, d.why) for d in rows.order_by("pk")]


def the_delivery() -> Delivery:
    return Delivery.objects.exclude(why="overtaken").get()


def carry_all(at: datetime = NOON) -> None:
    for pk in Delivery.objects.filter(state="queued").order_by("pk").values_list("pk", flat=True):
        carry(pk, at)


def later(hours: float) -> datetime:
    return NOON + timedelta(hours=hours)


def event(number: str, nth: int) -> UUID:
    return Event.objects.get(order__number=number, nth=nth).order_id
