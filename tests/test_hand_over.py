"""A grid goes from one worker to another in one step, with the open orders they had in hand."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from filing import html
from procrastinate.contrib.django.models import ProcrastinateJob
from team_town import stamp
from town import COMMUNITY, GRID, Town, settled
from web_town import as_

from lianxin.orders import actions, recount
from lianxin.orders.hand_over import HandedOver, hand_over
from lianxin.orders.jobs import say
from lianxin.orders.models import Event, Hand, Notice, Order
from lianxin.registry.actions import appoint, close_area, end_post, vet
from lianxin.registry.actions.hand_over import fill_post, hand_over_post
from lianxin.registry.models import Building, Door, Entry, Post
from lianxin.registry.refusal import NotPossible


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    """The worker of the grid is a member of the unit besides."""
    with settled(request) as town:
        appoint(stamp(), town.people["worker"], "member", town.grid.since, unit=town.unit)
        yield town
        assert recount.verify().broken == 0


def post(town: Town) -> Post:
    return Post.objects.get(person=town.people["worker"], role="grid_worker", until=None)


def over(town: Town, to: str = "m1", back: int = 0, by: str = "desk") -> HandedOver:
    on = timezone.localdate() - timedelta(days=back)
    return hand_over(stamp(), post(town), town.people[to], on, town[by])


def taken(town: Town, *who: str, seats: int = 1, **given: str) -> str:
    number = town.dispatched()
    actions.step(number, "accept", town["clerk"], {"seats": seats})
    for name in who:
        actions.step(number, "grab", town[name], {})
    return number


def holders(number: str) -> set[str]:
    held = Hand.objects.filter(order__number=number, name="holder", until=None)
    from lianxin.registry.models import Person

    return set(Person.objects.filter(pk__in=held.values("who")).values_list("name", flat=True))


def test_the_post_and_the_orders_go_over_together(town: Town) -> None:
    half, full = taken(town, "worker", seats=2), taken(town, "worker", "m2", seats=2)
    kept = town.dispatched()
    actions.step(kept, "keep_named", town["clerk"], {"holder": [town["worker"].id]})
    done = over(town)
    assert sorted(done.went) == sorted([half, full, kept]) and done.stayed == ()
    assert (holders(half), holders(full), holders(kept)) == ({"m1"}, {"m1", "m2"}, {"m1"})
    event = Event.objects.filter(order__number=full).order_by("-nth")[0]
    assert (event.verb, event.actor, event.capacity) == ("handed", town["desk"].id, "desk")
    assert event.given == {"holder": [town["m1"].id]}
    held = Post.objects.on(timezone.localdate()).filter(role="grid_worker", area=town.grid)
    assert [p.person.name for p in held] == ["m1"]
    actions.step(full, "handle", town["m1"], {"outcome": "solved", "text": "修好了"})
    with pytest.raises(actions.Refused):
        actions.step(kept, "handle", town["worker"], {"outcome": "solved", "text": "修好了"})


def test_what_is_done_stays_who_did_it_and_who_asked_asks(town: Town) -> None:
    rated = taken(town, "worker")
    actions.step(rated, "handle", town["worker"], {"outcome": "solved", "text": "好了"})
    own = town.file("worker", "我家路灯").number
    done = over(town)
    assert (done.went, done.stayed) == ((), ())
    assert holders(rated) == {"worker"}
    asked = Hand.objects.get(order__number=own, name="filer", until=None)
    assert asked.who == town.people["worker"].pk


def test_who_may_not_hold_it_gets_the_grid_and_not_the_order(town: Town) -> None:
    number = taken(town, "worker")
    done = over(town, "neighbour")  # of no unit
    assert (done.went, done.stayed) == ((), (number,))
    assert holders(number) == {"worker"}
    assert post_of(town) == "neighbour"


def post_of(town: Town) -> str:
    held = Post.objects.on(timezone.localdate()).get(role="grid_worker", area=town.grid)
    return held.person.name


def test_where_two_vetted_people_go_only_a_vetted_one_takes_over(town: Town) -> None:
    for name in ("worker", "m2", "m3"):
        vet(stamp(), town.people[name], town.grid.since)
    number = town.file().number
    given = {"unit": str(town.unit.pk), "care": ["home"]}
    actions.step(number, "dispatch", town["desk"], given)
    actions.step(number, "accept", town["clerk"], {"seats": 2})
    for name in ("worker", "m2"):
        actions.step(number, "grab", town[name], {})
    assert over(town, "m1").stayed == (number,)
    assert holders(number) == {"worker", "m2"}


def test_an_offer_of_the_seat_ends_with_it(town: Town) -> None:
    number = taken(town, "worker", "m2", seats=2)
    actions.step(number, "offer", town["worker"], {"relief": [town["m3"].id]})
    over(town)
    assert holders(number) == {"m1", "m2"}
    left = Hand.objects.filter(order__number=number, name__in=("leaving", "relief"), until=None)
    assert not left.exists()


def test_who_sits_there_already_is_not_seated_twice(town: Town) -> None:
    number = taken(town, "worker", "m1", seats=2)
    assert over(town).stayed == (number,)
    assert holders(number) == {"worker", "m1"}


def test_orders_elsewhere_and_ended_ones_are_let_be(town: Town) -> None:
    far = actions.file(
        "five-orders", "file", town["resident"], {"text": "灯坏了"}, area=town.areas[COMMUNITY]
    ).number
    actions.step(far, "dispatch", town["desk"], {"unit": str(town.unit.pk)})
    actions.step(far, "accept", town["clerk"], {"seats": 1})
    actions.step(far, "grab", town["worker"], {})
    assert over(town).went == ()
    assert holders(far) == {"worker"}


def test_the_story_tells_it_and_the_door_shows_the_new_one(town: Town) -> None:
    row = Building.objects.create(name="3栋", street="韶山路", number="12")
    Door.objects.create(code="door23456789", building=row, area=town.grid, label="1单元")
    number = taken(town, "worker")
    assert "worker" in html(as_(town, "resident").get("/d/door23456789"))
    over(town)
    sign = html(as_(town, "resident").get("/d/door23456789"))
    assert "m1" in sign and "worker" not in sign
    page = html(as_(town, "desk").get(f"/orders/{number}"))
    assert "换了网格员" in page and "m1" in page
    assert "handed over what was in hand" in html(as_(town, "desk", "en").get(f"/orders/{number}"))


def test_who_takes_over_is_told(town: Town) -> None:
    number = taken(town, "worker")
    over(town)
    job = ProcrastinateJob.objects.filter(task_name="orders.say").order_by("-id")[0]
    say(**job.args)
    event = Event.objects.filter(order__number=number).order_by("-nth")[0]
    told = Notice.objects.filter(order__number=number, nth=event.nth)
    assert {notice.person.name for notice in told} == {"m1"}
    page = html(as_(town, "m1").get("/notices"))
    assert number in page and "办结" in page


def refused(code: str, press) -> None:
    before = (Post.objects.count(), Event.objects.count(), Entry.objects.count())
    with pytest.raises(NotPossible) as no:
        press()
    assert no.value.code == code
    assert (Post.objects.count(), Event.objects.count(), Entry.objects.count()) == before


def test_what_is_refused_leaves_nothing_half_done(town: Town) -> None:
    number, mine = taken(town, "worker"), post(town)
    refused("same_person_again", lambda: over(town, "worker"))
    refused("too_long_ago", lambda: over(town, back=32))
    refused("day_to_come", lambda: over(town, back=-1))
    town.people["m4"].is_active = False
    town.people["m4"].save()
    refused("shut", lambda: over(town, "m4"))
    appoint(stamp(), town.people["m5"], "grid_worker", town.grid.since, area=town.grid)
    refused("held_already", lambda: over(town, "m5"))
    assert holders(number) == {"worker"}
    end_post(stamp(), mine, timezone.localdate())
    refused("nobody_there", lambda: hand_over_post(
        stamp(), mine, town.people["m1"], timezone.localdate()
    ))  # fmt: skip


def test_a_grid_that_has_ended_is_handed_to_nobody(town: Town) -> None:
    mine, today = post(town), timezone.localdate()
    close_area(stamp(), town.grid, today)
    refused("nobody_there", lambda: hand_over_post(stamp(), mine, town.people["m1"], today))
    refused("closed", lambda: fill_post(
        stamp(), town.grid, "grid_worker", town.people["m1"], today
    ))  # fmt: skip


def test_an_empty_grid_gets_somebody_once(town: Town) -> None:
    today = timezone.localdate()
    refused("somebody_there", lambda: fill_post(
        stamp(), town.grid, "grid_worker", town.people["m1"], today
    ))  # fmt: skip
    end_post(stamp(), post(town), today)
    fill_post(stamp(), town.grid, "grid_worker", town.people["m1"], today)
    assert post_of(town) == "m1"


def test_it_may_be_told_some_days_late(town: Town) -> None:
    number = taken(town, "worker")
    done = over(town, back=20)
    assert done.post.since == timezone.localdate() - timedelta(days=20)
    event = Event.objects.filter(order__number=number).order_by("-nth")[0]
    assert event.at >= Order.objects.get(number=number).filed, "the order goes over when we know"
    assert GRID.startswith(COMMUNITY)
