"""The bulk lane: hundreds of presses at once come to the same as one after the other."""

import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image
from procrastinate.contrib.django.models import ProcrastinateJob
from town import settled

from lianxin.core.step.refused import Refused
from lianxin.orders import actions, photos, recount
from lianxin.orders.bulk import Press, take_many
from lianxin.orders.models import Event, Hand, Order, Photo

NOW = timezone.now().replace(microsecond=0)  # the clocks tick in whole seconds
ROUND = [
    ("desk", "dispatch", {"unit": "U"}),
    ("clerk", "accept", {"seats": 2}),
    ("m1", "grab", {}),
    ("m2", "grab", {}),
    ("m2", "release", {"reason": "有事"}),
    ("m2", "grab", {}),
    ("clerk", "ask_extend", {"reason": "下雨"}),
    ("m1", "handle", {"outcome": "solved", "text": "好了"}),
    ("resident", "rate", {"rating": 5}),
    ("desk", "call_back", {"callback": "solved"}),
    ("desk", "strike_off", {}),
]


@pytest.fixture
def town(request):
    with settled(request) as town:
        yield town


def filing(town, **more):
    given = {"text": "路灯不亮"}
    return Press(town["resident"], "file", given, flow="five-orders", area=town.grid, **more)


def filed(town, n=1, **more):
    return [done.number for done in take_many([filing(town, **more) for _ in range(n)])]


def steps(town, number, since, rows=ROUND):
    """The whole round as presses on one order, a minute apart."""
    unit = str(town.unit.pk)
    return [
        Press(town[who], verb, {**given, **({"unit": unit} if "unit" in given else {})},
              number=number, at=since + timedelta(minutes=n + 1))
        for n, (who, verb, given) in enumerate(rows)
    ]  # fmt: skip


def story(number):
    """What the log tells of an order and its papers, without what is drawn by chance."""
    gone = {"act", "head", "order", "order_id", "recorded", "digests"}
    rows = Event.objects.filter(order__number__startswith=number).order_by("order__number", "nth")
    return [{k: v for k, v in row.items() if k not in gone} for row in rows.values()]


def test_a_whole_round_in_one_go_is_the_round_step_by_step(town):
    since = NOW - timedelta(minutes=30)
    one, many = filed(town, 2, at=since)
    answers = take_many(steps(town, many, since), now=NOW)
    for press in steps(town, one, since):
        actions.step(one, press.verb, press.who, press.given, at=press.at, now=NOW)
    assert [a for a in answers if isinstance(a, Refused)] == []
    assert [a.nth for a in answers] == list(range(2, 13))
    assert story(many) == story(one)
    hands = [
        list(Hand.objects.filter(order__number=n).order_by("since", "name", "who")
             .values_list("name", "who", "since", "until"))
        for n in (one, many)
    ]  # fmt: skip
    assert hands[0] == hands[1]
    assert recount.verify().faults == ()


def test_a_refused_press_harms_no_other(town):
    first, second = filed(town, 2)
    unit = {"unit": str(town.unit.pk)}
    answers = take_many([
        Press(town["desk"], "dispatch", unit, number=first),
        Press(town["m1"], "dispatch", unit, number=second),
        Press(town["stranger"], "dispatch", unit, number=second),
        Press(town["desk"], "dispatch", unit, number=second, visit=7),
        Press(town["desk"], "no_such_step", {}, number=second),
        Press(town["desk"], "dispatch", unit, number=second),
    ])  # fmt: skip
    codes = [a.code if isinstance(a, Refused) else a.state for a in answers]
    assert codes == [
        "dispatched", "not_found", "not_found", "too_late", "unknown_step", "dispatched",
    ]  # fmt: skip
    assert recount.verify().faults == ()


def test_a_key_is_answered_as_before_in_both_lanes(town):
    before = town.file(key="K1", text="路灯不亮")
    answers = take_many([filing(town, key=k) for k in ("K1", "K2", "K2")])
    other = take_many([Press(town["resident"], "file", {"text": "别的"}, flow="five-orders",
                             area=town.grid, key=k) for k in ("K1", "K2")])  # fmt: skip
    assert [a.again for a in answers] == [True, False, True]
    assert (answers[0].number, answers[2].number) == (before.number, answers[1].number)
    assert [a.code for a in other] == ["key_reused", "key_reused"]
    assert Order.objects.count() == 2
    assert town.file(key="K2", text="路灯不亮").number == answers[1].number


def test_late_steps_happen_at_their_own_moments(town):
    since = NOW - timedelta(hours=9)
    (first,) = take_many([filing(town, at=since)], now=since)  # told of as it happened
    number = first.number
    (done,) = take_many([Press(town["street_desk"], "dispatch", {"unit": str(town.unit.pk)},
                               number=number, at=since + timedelta(hours=3))])  # fmt: skip
    events = Event.objects.filter(order__number=number).order_by("nth")
    assert [(e.verb, e.at) for e in events] == [
        ("file", since), ("pass_up", since + timedelta(hours=2)),
        ("dispatch", since + timedelta(hours=3)),
    ]  # fmt: skip
    assert done.nth == 3


def test_orders_merge_in_bulk(town):
    first, second, third = filed(town, 3)
    merges = [Press(town["desk"], "merge", {"into": into}, number=n)
              for n, into in ((second, first), (third, second), (first, third))]  # fmt: skip
    merged, led_on, circle = take_many(merges)
    assert (merged.state, led_on.state, circle.code) == ("merged", "merged", "circle")
    assert Event.objects.filter(order__number=first, verb="joined").count() == 2


@pytest.mark.parametrize("together", [True, False])
def test_a_wrong_merge_is_taken_back_in_bulk(town, together):
    first, second = filed(town, 2)
    presses = [Press(town["desk"], "merge", {"into": first}, number=second),
               Press(town["desk"], "unmerge", {"reason": "不是一件事"}, number=second)]  # fmt: skip
    answers = take_many(presses) if together else [take_many([p])[0] for p in presses]
    assert [a.state for a in answers] == ["merged", "filed"]
    verbs = Event.objects.filter(order__number=first).order_by("nth").values_list("verb", flat=True)
    assert list(verbs) == ["file", "joined", "parted"]


def test_parts_of_an_order_are_found_in_the_next_batch(town):
    (number,) = filed(town)
    take_many([Press(town["desk"], "split", {"parts": ["甲", "乙"]}, number=number)])
    parts = Order.objects.filter(parent__number=number)
    unit = {"unit": str(town.unit.pk)}
    answers = take_many([Press(town["desk"], "dispatch", unit, number=p.number) for p in parts])
    assert [a.state for a in answers] == ["dispatched", "dispatched"]
    assert Order.objects.get(number=number).has_kids


def test_a_tally_across_orders_is_counted_within_the_batch(town):
    starts, ends = (NOW + timedelta(days=d) for d in (1, 2))
    given = {"room": "1", "starts": starts, "ends": ends, "grace": ends}
    asking = Press(town["resident"], "ask", given, flow="booking", subject="1", area=town.grid)
    first = take_many([asking])
    more = take_many([asking, asking])
    assert [isinstance(a, Refused) for a in first + more] == [False, False, True]
    assert more[1].code == "too_often"


def test_photos_are_taken_in_once(town):
    raw = io.BytesIO()
    Image.new("RGB", (9, 9)).save(raw, "PNG")
    photo = photos.take_in(io.BytesIO(raw.getvalue()), None, NOW)
    presses = [Press(town["resident"], "file", {"text": "看图", "photo": [value]},
                     flow="five-orders", area=town.grid)
               for value in (str(photo.pk), str(photo.pk), "no photo")]  # fmt: skip
    done, again, odd = take_many(presses)
    assert (again.code, odd.code) == ("unknown", "unknown")
    assert Photo.objects.get().order.number == done.number


def test_words_are_queued_once_or_not_at_all(town):
    loud, quiet = filed(town, 2)
    unit = {"unit": str(town.unit.pk)}
    take_many([Press(town["desk"], "dispatch", unit, number=quiet)], quiet=True)
    assert ProcrastinateJob.objects.count() == 0
    take_many([Press(town["desk"], "dispatch", unit, number=loud)])
    job = ProcrastinateJob.objects.get()
    assert job.args["words"] == ["notify unit"]
    assert job.args["order"] == Order.objects.get(number=loud).pk.hex == job.lock


def test_the_number_of_queries_does_not_grow_with_the_presses(town):
    asked = []
    unit = {"unit": str(town.unit.pk)}
    resident, desk, clerk = (town[name] for name in ("resident", "desk", "clerk"))
    filing = Press(resident, "file", {"text": "路灯"}, flow="five-orders", area=town.grid)
    for many in (1, 2, 40):
        with CaptureQueriesContext(connection) as queries:
            numbers = [d.number for d in take_many([filing] * many, quiet=True)]
            for who, verb, given in ((desk, "dispatch", unit), (clerk, "accept", {"seats": 1})):
                steps = [Press(who, verb, given, number=n) for n in numbers]
                take_many(steps, quiet=True)
        asked.append(len(queries))
    assert asked[1] == asked[2] <= 40  # the first knows neither the page nor the desks yet
