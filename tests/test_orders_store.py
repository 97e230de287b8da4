"""Orders on PostgreSQL: what the kernel decides is written whole, once, and in its chain."""

import pytest
from api_client import Caller
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from town import settled
from web_town import as_

from lianxin.core.step.refused import Refused
from lianxin.orders import actions, recount
from lianxin.orders.models import Content, Event, Hand, Order


@pytest.fixture
def town(request):
    with settled(request) as town:
        yield town


def file(town, **more):
    return town.file(**more)


def test_filing_takes_one_statement(fresh, town):
    who, grid = town["resident"], town["grid"]
    file(town)
    with CaptureQueriesContext(connection) as asked:
        done = actions.file("five-orders", "file", who, {"text": "路灯不亮"}, area=grid)
    assert len(asked) == 1
    order = Order.objects.get(number=done.number)
    assert (order.state, order.desk, order.turn) == ("filed", "522601001001", "desk")
    assert Hand.objects.get(order=order).name == "filer"


@pytest.mark.parametrize("n", [7, 999_999, 1_000_000, 12_345_678])
def test_numbers_have_six_digits_or_more(town, n):
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval('orders_number', %s, false)", [n])
    assert file(town).number == f"LX-{n:06d}"


def test_all_the_way_round_and_the_chain_holds(town):
    number = file(town).number
    actions.step(number, "dispatch", town["desk"], {"unit": str(town["unit"].pk)})
    actions.step(number, "accept", town["clerk"], {"seats": 2})
    actions.step(number, "grab", town["m1"], {})
    actions.step(number, "grab", town["m2"], {})
    with pytest.raises(Refused, match="too_late"):
        actions.step(number, "grab", town["m3"], {})
    actions.step(number, "handle", town["m1"], {"outcome": "solved", "text": "好了"})
    actions.step(number, "rate", town["resident"], {"rating": 5})
    actions.step(number, "call_back", town["desk"], {"callback": "solved"})
    done = actions.step(number, "strike_off", town["desk"], {})
    assert (done.state, done.nth) == ("struck", 9)
    verdict = recount.verify()
    assert (verdict.cases, verdict.events, verdict.broken) == (1, 9, 0)


def test_a_key_answers_as_before(town):
    first = file(town, key="K1")
    again = file(town, key="K1")
    assert (again.number, again.again) == (first.number, True)
    assert Order.objects.count() == 1


def test_papers_are_named_after_their_case(town):
    number = file(town).number
    actions.step(number, "dispatch", town["desk"], {"unit": str(town["unit"].pk)})
    actions.step(number, "keep", town["clerk"], {})
    actions.step(number, "ask_extend", town["clerk"], {"reason": "雨"})
    assert Order.objects.get(kind="paper").number == f"{number}-1"


def test_a_strangers_order_is_not_found(town):
    number = file(town).number
    with pytest.raises(Refused, match="not_found"):
        actions.step(number, "urge", town["stranger"], {})


@pytest.mark.parametrize("change", [
    "UPDATE orders_event SET verb = 'x'", "DELETE FROM orders_event", "TRUNCATE orders_event",
])  # fmt: skip
def test_the_log_is_final(town, change):
    file(town)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute(change)
    assert Event.objects.count() == 1


def test_time_passes_it_up(town):
    from datetime import timedelta

    from lianxin.orders import clockwork

    town.leave("street_desk")
    number = file(town).number
    assert clockwork.sweep(timezone.now() + timedelta(hours=1)) == 0
    clockwork.sweep(timezone.now() + timedelta(hours=3))
    # nobody sits above, so it stays where it is, late for everyone to see
    assert Order.objects.get(number=number).desk == "522601001001"


def test_the_sheet_shows_only_what_may_be_pressed(town):
    from lianxin.orders.queries import order_sheet, story

    number = file(town).number
    now = timezone.now()
    sheet = order_sheet(number, town["desk"], now)
    pressed = [b.step.name for b in sheet.buttons]
    assert {"dispatch", "refuse", "merge", "split"} <= set(pressed)
    assert "grab" not in pressed and "pass_down" not in pressed
    mine = order_sheet(number, town["resident"], now)
    assert "withdraw" in [b.step.name for b in mine.buttons]
    entries = story(sheet.row, sheet.order, sheet.page, town["desk"])
    assert entries[0].actor == "resident"
    assert [line.value for line in entries[0].lines if line.name == "text"] == ["路灯不亮 𠮷"]


def test_words_are_taken_out_and_the_chain_stays(town):
    number = file(town).number
    actions.step(number, "redact", town["resident"], {"entry": 1, "reason": "写错了"})
    kept = Content.objects.get(order__number=number, nth=1, name="text")
    assert (kept.value, kept.salt) == (None, None)
    assert recount.verify().broken == 0


def test_what_was_taken_out_does_not_come_back_by_an_undo(town):
    number = file(town).number
    actions.step(number, "redact", town["desk"], {"entry": 1, "reason": "含他人电话"})
    for name in ("desk", "resident"):
        with pytest.raises(Refused, match="undo_erased"):
            actions.undo(number, town[name])
    assert Event.objects.filter(order__number=number).latest("nth").verb == "redact"
    for name in ("desk", "resident"):
        page = as_(town, name).get(f"/orders/{number}").content.decode()
        assert "路灯不亮" not in page and "内容已删除" in page and "/undo" not in page
    pressed = as_(town, "desk").post(f"/orders/{number}/undo", {"_nth": "2"}, follow=True)
    assert "遮盖不能撤回" in pressed.content.decode()
    no = Caller(town.token("desk")).post(f"/orders/{number}/undo?nth=2")
    assert (no.status_code, no.json()["code"]) == (409, "undo_erased")


def test_nobody_takes_out_anothers_words(town):
    number = town.dispatched()
    with pytest.raises(Refused, match="not_own_words"):
        actions.step(number, "redact", town["clerk"], {"entry": 1, "reason": "不好看"})
    with pytest.raises(Refused, match="no_entry"):
        actions.step(number, "redact", town["desk"], {"entry": 99, "reason": "x"})
    actions.step(number, "redact", town["desk"], {"entry": 1, "reason": "含他人电话"})
