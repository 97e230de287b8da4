"""Messages through a real gateway on loopback: sent once, by day, tried again, and never lost."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.db import connection
from notice_town import (
    BEIJING,
    HOME,
    NOON,
    PHONE,
    TEXT,
    carry_all,
    done,
    later,
    nobodys,
    press,
    reach,
    say_all,
    the_delivery,
    ways,
    with_accounts,
)
from town import Town, settled

from lianxin import settings as house
from lianxin.core.step.refused import Refused
from lianxin.orders import actions, links
from lianxin.orders.models import Content, Delivery, Link, Notice, Order
from lianxin.orders.notices import carry as carrying
from lianxin.orders.notices.gateway import HttpGateway, Temporary
from lianxin.orders.notices.rules import awake
from lianxin.trouble import Trouble

NIGHT = datetime(2026, 11, 20, 22, 30, tzinfo=BEIJING)
MORNING = datetime(2026, 11, 21, 8, tzinfo=BEIJING)


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with settled(request) as town:
        with_accounts(town)
        yield town


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    """Words are said at noon, unless a test says otherwise."""
    clock = {"now": NOON}
    monkeypatch.setattr("lianxin.orders.words.timezone.now", lambda: clock["now"])
    return clock


def test_an_asker_gets_one_short_message_with_a_link_of_their_own(town, there):
    number = nobodys(town)
    done(town, number)
    say_all(number)
    carry_all()
    [message] = there.sent
    assert message["to"] == PHONE
    assert message["text"].startswith(
        f"您的{number}说是办完了，请您评一评。https://lianxin.example.org/o/"
    )
    assert len(message["text"]) <= 70
    assert there.asked[0]["Authorization"] == "Bearer s3cret"
    assert there.asked[0]["Idempotency-Key"] == message["key"]
    assert ways(number) == [("sms", "sent", "")]
    assert the_delivery().ref == "gw-1"


def test_the_link_serves_one_rating_and_is_spent(town, there):
    number = nobodys(town)
    done(town, number)
    say_all(number)
    carry_all()
    own = re.search(r"/o/([\w-]+)", there.sent[0]["text"])[1]
    who = links.bearer(own, NOON)
    row = Order.objects.get(number=number)
    assert who.party == (row.pk.hex, "filer")
    rate = lambda: actions.step(number, "rate", who, {"rating": 5}, now=later(1))  # noqa: E731
    assert links.served(own, None, rate, later(1)).state == "rated"
    with pytest.raises(Refused, match="link_spent"):
        links.served(own, None, rate, later(2))


def test_no_message_holds_a_name_a_phone_a_place_or_what_was_written(town, there):
    number = nobodys(town)
    reach(town, "clerk", "13900000001")
    done(town, number)
    say_all(number)
    carry_all()
    assert {m["to"] for m in there.sent} == {PHONE, "13900000001"}
    for message in there.sent:
        for secret in (TEXT, HOME, "换了灯泡", "clerk", town.grid.name):
            assert secret not in message["text"]
    [staff] = [m for m in there.sent if m["to"] != PHONE]
    assert staff["text"].endswith(f"https://lianxin.example.org/orders/{number}")
    assert len(staff["text"]) <= 70


@pytest.mark.parametrize(
    ("mood", "why"), [(500, "http_500"), (503, "http_503"), (429, "http_429"), ("cut", "")]
)
def test_a_gateway_that_fails_is_asked_again_later_and_later(town, there, mood, why):
    number = nobodys(town)
    done(town, number)
    say_all(number)
    there.mood = mood
    row, waits = the_delivery(), []
    at = NOON
    for minutes in carrying.WAITS_MIN:
        carrying.carry(row.pk, at)
        row.refresh_from_db()
        assert (row.state, row.why.startswith(why)) == ("queued", True)
        waits.append(round((row.next_at - at).total_seconds() / 60))
        assert waits[-1] == minutes
        before = row.tries
        carrying.carry(row.pk, row.next_at - timedelta(seconds=5))
        row.refresh_from_db()
        assert row.tries == before, "not before its time"
        at = row.next_at
    there.mood = "ok"
    carrying.carry(row.pk, at)
    assert ways(number) == [("sms", "sent", "")]
    assert len(there.sent) == 1


def test_when_it_fails_for_good_the_desk_is_to_call(town, there):
    number = nobodys(town)
    done(town, number)
    say_all(number)
    there.mood = 500
    row, at = the_delivery(), NOON
    for _ in range(len(carrying.WAITS_MIN) + 1):
        carrying.carry(row.pk, at)
        row.refresh_from_db()
        at = row.next_at
    assert ways(number) == [("sms", "failed", "http_500"), ("call", "queued", "")]
    carrying.carry(row.pk, at)
    assert len(ways(number)) == 2, "what has failed is over"


@pytest.mark.parametrize("mood", [400, 403, 301, 302, 307])
def test_a_refusal_is_not_tried_again(town, there, mood):
    """A redirect is a refusal too: the account's key goes to no other address."""
    number = nobodys(town)
    done(town, number)
    say_all(number)
    there.mood = mood
    carry_all()
    assert ways(number) == [("sms", "refused", f"http_{mood}"), ("call", "queued", "")]
    assert len(there.asked) == 1


@pytest.mark.parametrize("mood", ["slow", "drip"])
def test_an_answer_that_comes_too_late_is_no_answer_and_the_key_keeps_it_single(there, mood):
    carrier = HttpGateway(there.url, patience_s=0.4)
    there.mood = mood
    with pytest.raises(Temporary):
        carrier.send(PHONE, "一", "key-1")
    there.mood = "ok"
    assert carrier.send(PHONE, "一", "key-1") == "gw-1"
    assert len(there.taken) == 2 and len(there.sent) == 1, "one message, taken twice"


def test_nobody_listens(there):
    with pytest.raises(Temporary, match="ConnectionRefusedError"):
        HttpGateway("http://127.0.0.1:1/x").send(PHONE, "一", "k")


def test_the_same_job_twice_sends_once(town, there):
    number = nobodys(town)
    done(town, number)
    for _ in range(3):
        say_all(number)
        carry_all()
    assert Notice.objects.filter(order__number=number, party="filer").count() == 2
    assert len(there.taken) == 1


def test_a_crash_between_sending_and_keeping_sends_the_same_words_under_the_same_key(
    town, there, monkeypatch
):
    number = nobodys(town)
    done(town, number)
    say_all(number)
    pk = the_delivery().pk

    def power_cut(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(carrying, "end", power_cut)
        with pytest.raises(KeyboardInterrupt):
            carrying.carry(pk, NOON)
    assert ways(number) == [("sms", "queued", "")]
    carrying.carry(pk, later(1))
    first, again = there.taken
    assert first == again
    assert Link.objects.filter(order__number=number, once=True).count() == 1


# ── the hours ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("at", "wakes"),
    [
        ("20:59", "20:59"),
        ("21:00", "08:00+1"),
        ("23:30", "08:00+1"),
        ("07:59", "08:00"),
        ("08:00", "08:00"),
    ],
)
def test_quiet_hours(at, wakes):
    day = datetime(2026, 11, 20, tzinfo=BEIJING)
    clock, _, days = wakes.partition("+")
    hours = lambda text: timedelta(hours=int(text[:2]), minutes=int(text[3:]))  # noqa: E731
    assert awake(day + hours(at)) == day + hours(clock) + timedelta(days=int(days or 0))


def test_at_night_the_message_waits_and_the_limit_runs_on(town, there, noon):
    number = nobodys(town, at=NIGHT)
    done(town, number, at=NIGHT)
    due = Order.objects.get(number=number).due
    noon["now"] = NIGHT
    say_all(number)
    row = the_delivery()
    assert row.next_at == MORNING
    carrying.carry(row.pk, NIGHT + timedelta(minutes=1))
    assert there.sent == []
    assert Order.objects.get(number=number).due == due
    carrying.carry(row.pk, MORNING)
    assert len(there.sent) == 1


def test_an_urgent_word_wakes_whose_work_it_is_and_nobody_else(town, there, noon):
    number = nobodys(town)
    for name, phone in (("clerk", "13900000001"), ("supervisor", "13900000002")):
        reach(town, name, phone)
    press(town, number, "dispatch", "desk", unit=str(town.unit.pk), category="0101")
    press(town, number, "keep", "clerk")
    limit = Order.objects.get(number=number)
    noon["now"] = NIGHT + timedelta(days=30)
    actions.tick(limit.root_id.hex, noon["now"])
    say_all(number)
    carry_all(noon["now"])
    assert {m["to"] for m in there.sent} == {"13900000001", "13900000002"}
    assert any("已超时" in m["text"] for m in there.sent)
    assert all(m["to"] != PHONE for m in there.sent)


def test_what_came_later_overtakes_what_still_waits(town, there, noon):
    """Two things in one night are one message in the morning."""
    number = nobodys(town, at=NIGHT)
    noon["now"] = NIGHT
    done(town, number, at=NIGHT)
    say_all(number)
    actions.step(number, "reopen", town["desk"], {"reason": "还是不亮"}, now=NIGHT)
    press(town, number, "keep", "clerk", NIGHT)
    press(town, number, "handle", "clerk", NIGHT, outcome="solved", text="再换")
    say_all(number)
    assert ways(number) == [("sms", "queued", "")]
    overtaken = Delivery.objects.filter(why="overtaken", state="dropped")
    assert overtaken.count() == 3
    carry_all(MORNING)
    assert len(there.sent) == 1


# ── who may see ──────────────────────────────────────────────────────────────────────────────────


def test_who_sees_the_order_no_longer_is_told_nothing(town, there):
    number = nobodys(town)
    reach(town, "clerk", "13900000001")
    press(town, number, "dispatch", "desk", unit=str(town.unit.pk))
    say_all(number)
    press(town, number, "return", "clerk", reason="不归我们")
    carry_all()
    assert there.sent == []
    assert ("sms", "dropped", "unseen") in ways(number)


def test_a_phone_that_was_taken_out_is_not_used(town, there):
    number = nobodys(town)
    done(town, number)
    say_all(number)
    Content.objects.filter(order__number=number, name="phone").update(value=None, erased=NOON)
    carry_all()
    assert there.taken == []
    assert ways(number) == [("sms", "failed", "no_address")]


def test_nobody_can_be_reached_and_that_is_kept(town):
    number = nobodys(town, phone="")
    done(town, number)
    say_all(number)
    assert ways(number) == [("call", "dropped", "no_way")] * 2


def test_a_lost_job_is_found_again(town, there):
    from lianxin.orders.jobs import look_again

    number = nobodys(town)
    done(town, number)
    say_all(number)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    Delivery.objects.update(next_at=NOON - timedelta(days=3000))
    look_again(0)
    look_again(0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, args FROM procrastinate_jobs")
        rows = cursor.fetchall()
    assert [name for name, _ in rows] == ["orders.carry"]


def test_a_press_taken_back_before_the_message_went_needs_no_message(town, there, noon):
    number = nobodys(town, at=NIGHT)
    noon["now"] = NIGHT
    done(town, number, at=NIGHT)
    say_all(number)
    actions.undo(number, town["clerk"], now=NIGHT)
    say_all(number)
    assert ways(number) == [("sms", "dropped", "taken_back")]


def test_a_press_taken_back_afterwards_is_put_right(town, there):
    number = nobodys(town)
    done(town, number)
    say_all(number)
    carry_all()
    actions.undo(number, town["clerk"], now=NOON)
    say_all(number)
    carry_all()
    assert "刚才说的不作数" in there.sent[-1]["text"]


def test_an_older_message_that_fails_late_is_not_said_after_a_newer_one(town, there):
    number = nobodys(town)
    press(town, number, "dispatch", "desk", unit=str(town.unit.pk))
    press(town, number, "keep", "clerk")
    say_all(number)
    there.mood = 400
    older = Delivery.objects.get()
    press(town, number, "handle", "clerk", outcome="solved", text="好")
    newer = Notice.objects.create(
        order=older.notice.order, nth=4, word="notify filer", party="filer", at=NOON
    )
    Delivery.objects.create(notice=newer, channel="sms", state="sent", desk="", at=NOON)
    carrying.carry(older.pk, NOON)
    assert not Delivery.objects.filter(channel="call").exists()


def test_an_asker_who_can_sign_in_has_the_page(town):
    """No phone, no mail: it is not lost, it stands in their notices."""
    number = actions.file(
        "five-orders", "file", town["resident"], {"text": TEXT}, area=town.grid, now=NOON
    ).number
    done(town, number)
    say_all(number)
    assert ways(number) == []
    assert Notice.objects.filter(person=town.people["resident"]).count() == 2


@pytest.mark.parametrize(
    "text", ["ftp://x.example.org", "https://", "sms.example.org", "file:///x"]
)
def test_an_address_nobody_can_post_to_stops_the_start(monkeypatch, text):
    monkeypatch.setenv("LIANXIN_SMS_URL", text)
    with pytest.raises(Trouble, match="LIANXIN_SMS_URL"):
        house._carrier("LIANXIN_SMS_URL", "https", "http")
