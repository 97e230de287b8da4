"""Hours of service: credited once, as declared or as usual, taken back, for one's own eyes."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from api_client import Caller
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone
from town import Town, settled
from web_town import see

from lianxin.core.flow.page import Page
from lianxin.orders import actions, served
from lianxin.orders.book import book, categories
from lianxin.orders.models import Event, Order, Served
from lianxin.orders.words import perform
from lianxin.registry.models import Person


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with settled(request) as town:
        yield town


def done(town: Town, category: str = "0101", **declared: Any) -> str:
    """Struck off, after two have done it."""
    given = {"text": "路灯不亮", "category": category}
    number = actions.file("five-orders", "file", town["resident"], given, area=town.grid).number
    for verb, name, answers in (
        ("dispatch", "desk", {"unit": str(town.unit.pk)}), ("accept", "clerk", {"seats": 2}),
        ("grab", "m1", {}), ("grab", "m2", {}),
        ("handle", "m1", {"outcome": "solved", "text": "好了", **declared}),
        ("rate", "resident", {"rating": 5}), ("call_back", "desk", {"callback": "solved"}),
        ("strike_off", "desk", {}),
    ):  # fmt: skip
        actions.step(number, verb, town[name], answers)
    say(number, "strike_off")
    return number


def say(number: str, verb: str, word: str = "credit hours") -> None:
    """The job of that step."""
    event = Event.objects.filter(order__number=number, verb=verb).order_by("nth").last()
    perform(event.order_id, event.nth, word)


def page_of(event: Event) -> Page:
    return book().exact(event.flow, event.since)


def hours(town: Town, name: str) -> dict[str, float]:
    return served.totals(town.people[name].pk, timezone.localdate())


@pytest.mark.parametrize(
    ("declared", "credited"), [({}, 1.0), ({"hours": 2.5}, 2.5), ({"hours": 20}, 4.0)]
)
def test_as_declared_or_as_usual_and_never_beyond_belief(
    town: Town, declared: dict[str, float], credited: float
) -> None:
    number = done(town, **declared)
    for name in ("m1", "m2"):
        assert hours(town, name) == {"month": credited, "year": credited, "all": credited}
    for name in ("m3", "clerk", "desk", "resident"):
        assert hours(town, name)["all"] == 0
    say(number, "strike_off")
    say(number, "strike_off")
    assert Served.objects.count() == 2, "a job that runs again credits nothing again"


def test_a_table_says_what_is_usual() -> None:
    day = timezone.localdate()
    found = [
        categories().hours(c, day, d)
        for c, d in (
            ("0604", None),
            ("0604", 5),
            ("0604", 9),
            ("0101", None),
            (None, 0.05),
            (None, 9),
        )
    ]
    assert found == [2, 5, 6, 1, 0.1, 4]


def test_opened_again_it_is_taken_back_and_credited_anew(town: Town) -> None:
    number = done(town, hours=3)
    actions.step(number, "again", town["resident"], {"reason": "又不亮了"})
    say(number, "again")
    say(number, "again")
    assert [hours(town, n)["all"] for n in ("m1", "m2")] == [0, 0]
    say(number, "strike_off")
    assert hours(town, "m1")["all"] == 0, "a late job finds that the order has gone on"
    for verb, name, answers in (
        ("dispatch", "desk", {"unit": str(town.unit.pk)}), ("accept", "clerk", {"seats": 1}),
        ("grab", "m3", {}), ("handle", "m3", {"outcome": "solved", "text": "好了"}),
        ("rate", "resident", {"rating": 5}), ("call_back", "desk", {"callback": "solved"}),
        ("strike_off", "desk", {}),
    ):  # fmt: skip
        actions.step(number, verb, town[name], answers)
    say(number, "strike_off")
    assert [hours(town, n)["all"] for n in ("m1", "m2", "m3")] == [0, 0, 1]


def test_a_press_taken_back_takes_its_hours_along(town: Town) -> None:
    number = done(town)
    actions.undo(number, town["desk"])
    say(number, "undo", "correct")
    say(number, "undo", "correct")
    assert hours(town, "m1")["all"] == 0
    actions.step(number, "strike_off", town["desk"], {})
    say(number, "strike_off")
    assert hours(town, "m1")["all"] == 1
    actions.step(number, "again", town["resident"], {})
    say(number, "again")
    actions.undo(number, town["resident"])
    say(number, "undo", "correct")
    assert hours(town, "m1")["all"] == 1, "the press that took them back was taken back"


def test_rows_are_never_changed(town: Town) -> None:
    done(town)
    for act in (
        lambda: Served.objects.update(hours=9), lambda: Served.objects.all().delete(),
    ):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    row = Served.objects.first()
    with pytest.raises(IntegrityError), transaction.atomic():
        Served.objects.create(order=row.order, person=row.person, nth=row.nth, hours=1, day=row.day)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM orders_served")
        assert cursor.fetchone()[0] == 2


def test_a_member_sees_their_own_and_nobody_elses(town: Town) -> None:
    number = done(town, hours=2)
    page = see(town, "m1", "/pool")
    assert "我的服务时长" in page and "2.0 小时" in page
    listed = see(town, "m1", "/pool/hours?of=year")
    assert number in listed
    assert number not in see(town, "m3", "/pool/hours?of=all")
    assert "还没有记入的时长" in see(town, "m3", "/pool/hours?of=nonsense")
    me = Caller(town.token("m1")).get("/me").json()
    assert me["hours"] == {"month": 2.0, "year": 2.0, "all": 2.0}
    assert Caller(town.token("m3")).get("/me").json()["hours"]["all"] == 0
    other = f"/pool/hours?of=all&person={town.people['m1'].pk}&who={town.people['m1'].pk}"
    assert number not in see(town, "m3", other), "of oneself, whatever is asked for"


def test_months_and_years_are_told_apart(town: Town) -> None:
    number, person = done(town), town.people["m5"]
    order = Order.objects.get(number=number)
    for n, day in enumerate((date(2026, 11, 2), date(2026, 10, 31), date(2025, 12, 31)), 90):
        Served.objects.create(order=order, person=person, nth=n, hours=1, day=day)
    assert served.totals(person.pk, date(2026, 11, 30)) == {"month": 1, "year": 2, "all": 3}
    assert served.totals(Person.objects.order_by("pk").last().pk + 1, date(2026, 11, 30)) == {
        "month": 0, "year": 0, "all": 0,
    }  # fmt: skip
    later = date(2026, 11, 30) + timedelta(days=1)
    assert served.totals(person.pk, later)["month"] == 0


def test_what_was_declared_by_a_press_that_was_taken_back_counts_for_nothing(town: Town) -> None:
    given = {"text": "路灯不亮", "category": "0101"}
    number = actions.file("five-orders", "file", town["resident"], given, area=town.grid).number
    solved = {"outcome": "solved", "text": "好了"}
    for verb, name, answers in (
        ("dispatch", "desk", {"unit": str(town.unit.pk)}), ("accept", "clerk", {"seats": 1}),
        ("grab", "m1", {}), ("handle", "m1", {**solved, "hours": 3.5}),
    ):  # fmt: skip
        actions.step(number, verb, town[name], answers)
    actions.undo(number, town["m1"])
    for verb, name, answers in (
        ("handle", "m1", solved), ("rate", "resident", {"rating": 5}),
        ("call_back", "desk", {"callback": "solved"}), ("strike_off", "desk", {}),
    ):  # fmt: skip
        actions.step(number, verb, town[name], answers)
    say(number, "strike_off")
    assert hours(town, "m1")["all"] == 1, "as usual: nothing was declared"


def test_what_is_taken_back_leaves_the_month_it_was_credited_to(town: Town) -> None:
    number, person = done(town, hours=3), town.people["m1"]
    actions.step(number, "again", town["resident"], {"reason": "又不亮了"})
    event = Event.objects.filter(order__number=number, verb="again").get()
    event.at += timedelta(days=40)
    served.reckon(event.order, event, page_of(event))
    today = timezone.localdate()
    for day in (today, today + timedelta(days=40)):
        assert served.totals(person.pk, day)["month"] == 0, "no month falls below nothing"
