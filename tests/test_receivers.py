"""Links of units: given, spent, replaced, dead at once when the order leaves; and their notices."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from django.test import Client
from django.utils import timezone
from notice_town import NOON
from test_race import together
from town import Town, settled

from lianxin.core.step.refused import Refused
from lianxin.core.step.who import VOICE
from lianxin.orders import actions, handing, house, links, receivers
from lianxin.orders.models import Channel, Content, Delivery, Event, Link, Notice, Order
from lianxin.orders.notices import calls
from lianxin.orders.notices.carry import carry
from lianxin.orders.notices.plan import plan
from lianxin.orders.queries import linked_sheet, order_sheet
from lianxin.orders.words import perform
from lianxin.registry.models import Person, Unit

DONE = {"outcome": "solved", "text": "换好了"}


@pytest.fixture
def town(request):
    with settled(request) as town:
        yield town


def now():
    return timezone.now()


def given(town: Town, number: str, by: str = "desk") -> str:
    return handing.give(number, town[by], now()).secret


def said(secret: str, name: str, words=None, *, key: str = "", who: str = "张师傅"):
    """Answer by a link, as its page does."""
    bearer = links.bearer(secret, now())
    assert bearer, "the link opens nothing"
    sheet = linked_sheet(bearer, now())
    speaker = handing.named(bearer, who, "")
    step = handing.said_by(sheet, name)
    once = actions.Key.of(bearer, key or None, sheet.row.number, step, words or {}, None)
    press = partial(handing.answer, sheet, speaker, name, words or {}, now(), key=key or None)
    return links.served(secret, once, press, now(), step)


def verbs(number: str) -> list[str]:
    found = Event.objects.filter(order__number=number).order_by("nth")
    return list(found.values_list("verb", flat=True))


# ── giving and answering ─────────────────────────────────────────────────────────────────────────


def test_one_press_takes_it_up_and_is_done(town):
    number = town.dispatched()
    secret = given(town, number)
    said(secret, "done", DONE)
    assert verbs(number) == ["file", "dispatch", "give_link", "keep", "handle"]
    voices = Content.objects.filter(order__number=number, name=VOICE)
    assert [v.value["name"] for v in voices] == ["张师傅", "张师傅"]
    assert links.standing(secret, now()) == "answered"
    assert links.bearer(secret, now()) is None


def test_both_steps_or_neither(town):
    number = town.dispatched()
    secret = given(town, number)
    with pytest.raises(Refused, match="missing"):
        said(secret, "done", {"outcome": "solved"})
    assert verbs(number) == ["file", "dispatch", "give_link"]
    assert links.bearer(secret, now()), "a refused answer spends nothing"


def test_taking_it_up_does_not_spend(town):
    number = town.dispatched()
    secret = given(town, number)
    said(secret, "keep")
    said(secret, "done", DONE)
    assert verbs(number)[-2:] == ["keep", "handle"]


def test_the_same_press_again_is_heard_as_the_first(town):
    number = town.dispatched()
    secret = given(town, number)
    bearer = links.bearer(secret, now())
    sheet = order_sheet(number, bearer, now())

    def press(words):
        once = actions.Key.of(bearer, "k" * 20, number, "return", words, None)
        act = partial(handing.answer, sheet, bearer, "back", words, now(), key="k" * 20)
        return links.served(secret, once, act, now(), "return")

    assert press({"reason": "不归我们"}).again is False
    assert press({"reason": "不归我们"}).again is True
    with pytest.raises(Refused, match="key_reused"):
        press({"reason": "别的"})
    assert verbs(number).count("return") == 1


def test_a_newer_link_ends_the_older(town):
    number = town.dispatched()
    lost, found = given(town, number), given(town, number, by="clerk")
    assert links.bearer(lost, now()) is None
    assert links.standing(lost, now()) == "replaced"
    said(found, "keep")


LEAVES = {
    "return": ("clerk", {"reason": "x"}),
    "redispatch": ("desk", {"reason": "x"}),
    "withdraw": ("resident", {}),
}


@pytest.mark.parametrize("verb", LEAVES)
def test_it_is_dead_at_once_when_the_order_leaves(town, verb):
    number = town.dispatched()
    secret = given(town, number)
    name, answers = LEAVES[verb]
    answers = answers | ({"unit": str(town.units["V"].pk)} if verb == "redispatch" else {})
    actions.step(number, verb, town[name], answers)
    bearer = links.bearer(secret, now())
    assert bearer is None or not Order.objects.visible_to(bearer).exists()
    assert links.standing(secret, now()) == "left"


def test_the_same_unit_a_second_time_has_it_by_another_link(town):
    number = town.dispatched()
    secret = given(town, number)
    actions.step(number, "return", town["clerk"], {"reason": "看错了"})
    actions.step(number, "dispatch", town["desk"], {"unit": str(town.unit.pk)})
    assert links.bearer(secret, now()) is None
    assert links.standing(secret, now()) == "left"


def test_what_took_it_away_is_undone_and_the_link_is_as_it_was(town):
    number = town.dispatched()
    secret = given(town, number)
    other = {"unit": str(town.units["V"].pk), "reason": "点错了"}
    actions.step(number, "redispatch", town["desk"], other)
    assert links.bearer(secret, now()) is None
    actions.undo(number, town["desk"])
    said(secret, "keep")


def test_a_merge_shuts_it_and_a_parting_does_not_open_it(town):
    number, other = town.dispatched(), town.file().number
    secret = given(town, number)
    actions.step(number, "merge", town["desk"], {"into": other})
    bearer = links.bearer(secret, now())
    assert not Order.objects.visible_to(bearer).exists()
    with pytest.raises(Refused, match="not_found"):
        order_sheet(other, bearer, now())
    actions.step(number, "unmerge", town["desk"], {"reason": "不是一回事"})
    assert links.bearer(secret, now()) is None, "the unit has it no more"


def test_it_runs_out(town):
    number = town.dispatched()
    secret = given(town, number)
    late = now() + receivers.life() + timedelta(minutes=1)
    assert links.bearer(secret, late) is None
    assert links.standing(secret, late) == "over"
    assert links.standing("x" * 32, late) == ""


def test_an_order_with_nobody_is_handed_to_nobody(town):
    number = town.file().number
    with pytest.raises(Refused, match="not_handed_out"):
        handing.give(number, town["desk"], now())
    with pytest.raises(Refused, match="not_found"):
        handing.give(town.dispatched(), town["stranger"], now())
    with pytest.raises(Refused, match="not_yours"):
        handing.give(town.dispatched(), town["worker"], now())


def test_no_link_for_the_house_of_whom_it_is_against(town):
    """The register learns only afterwards that the unit belongs to whom the complaint is about."""
    about = town.units["V"]
    told = {"text": "水务所停水", "against": [str(about.pk)]}
    number = actions.file("five-orders", "file", town["resident"], told, area=town.grid).number
    with pytest.raises(Refused, match="same_house"):
        actions.step(number, "dispatch", town["desk"], {"unit": str(about.pk)})
    actions.step(number, "dispatch", town["desk"], {"unit": str(town.unit.pk)})
    secret = given(town, number)
    Unit.objects.filter(pk=town.unit.pk).update(parent=about)
    house.forget()
    bearer = links.bearer(secret, now())
    assert not Order.objects.visible_to(bearer).exists()
    with pytest.raises(Refused, match="not_found"):
        order_sheet(number, bearer, now())
    with pytest.raises(Refused, match="not_found"):
        actions.step(number, "keep", bearer, {})


def test_an_askers_link_is_no_units_and_the_reverse(town):
    number = town.dispatched()
    order = Order.objects.get(number=number)
    asker, unit = links.make(order.pk.hex, "filer", now()), given(town, number)
    with pytest.raises(Refused, match="not_yours"):
        actions.step(number, "keep", links.bearer(asker, now()), {})
    with pytest.raises(Refused, match="not_yours"):
        actions.step(number, "withdraw", links.bearer(unit, now()), {})
    with pytest.raises(Refused, match="not_yours"):
        actions.undo(number, links.bearer(unit, now()))
    with pytest.raises(Refused, match="not_yours"):
        actions.file("five-orders", "file", links.bearer(unit, now()), {"text": "x"},
                     area=town.grid)  # fmt: skip


@pytest.mark.database
def test_two_phones_at_once_answer_once(request, fresh):
    with settled(request) as town:
        number = town.dispatched()
        secret = given(town, number)
        told = together(*[partial(said, secret, "done", {**DONE, "text": f"{n}"}) for n in "abcd"])
        no = [t for t in told if isinstance(t, Refused)]
        assert [n.code for n in no] == ["link_spent"] * 3
        assert verbs(number).count("handle") == 1


@pytest.mark.database
def test_giving_and_answering_at_once_never_wait_for_each_other(request, fresh):
    with settled(request) as town:
        for _ in range(5):
            number = town.dispatched()
            secret = given(town, number)
            told = together(partial(given, town, number), partial(said, secret, "keep"))
            assert {getattr(t, "code", "done") for t in told} <= {"done", "link_over", "too_late"}


# ── on paper ─────────────────────────────────────────────────────────────────────────────────────


def test_the_desk_copies_what_came_back_on_paper(town):
    number = town.dispatched()
    sheet = order_sheet(number, town["desk"], now())
    who = handing.on_paper(sheet, "李工", "0855-8220000")
    handing.copied(sheet, who, "done", DONE, [], now(), caption="纸")
    last = Event.objects.filter(order__number=number).latest("nth")
    assert (last.verb, last.unit, last.actor) == ("handle", str(town.unit.pk), town["desk"].id)
    assert last.given["_via"] == "paper"
    actions.undo(number, town["desk"])
    assert Order.objects.get(number=number).state == "kept"


@pytest.mark.parametrize("name", ["street_desk", "worker", "supervisor", "clerk"])
def test_only_a_desk_over_it_copies(town, name):
    sheet = order_sheet(town.dispatched(), town[name], now())
    if name == "street_desk":
        assert handing.on_paper(sheet).unit == str(town.unit.pk)
        return
    with pytest.raises(Refused, match="not_yours"):
        handing.on_paper(sheet)


# ── the notice ───────────────────────────────────────────────────────────────────────────────────


def notified(number: str) -> list[Delivery]:
    """What goes out because the order was dispatched."""
    order = Order.objects.get(number=number)
    nth = Event.objects.get(order=order, verb="dispatch").nth
    perform(order.pk, nth, "notify unit")
    return list(Delivery.objects.filter(notice__order=order).order_by("pk"))


def test_a_unit_without_account_is_called_by_the_desk(town):
    number = town.dispatched()
    (row,) = notified(number)
    assert (row.channel, row.person, row.desk) == (Channel.CALL, None, town["desk"].grants[0].path)
    found = calls.find(row.pk, town["desk"], now() + timedelta(days=1))
    assert found and found.to_unit
    assert "链接" in calls.read_aloud(found, "社区", "zh")[-1]
    assert calls.look(found, town["desk"], now()) == ""
    town.unit.phone = "08558220000"
    town.unit.save()
    found = calls.find(row.pk, town["desk"], now() + timedelta(days=1))
    assert calls.look(found, town["desk"], now()) == "08558220000"


def test_it_is_not_called_where_somebody_can_sign_in(town):
    Person.objects.filter(username="clerk").update(password="md5$salt$hash")
    number = town.dispatched()
    assert [d for d in notified(number) if d.channel == Channel.CALL] == []


def test_a_message_carries_a_link_that_answers(town, there):
    town.unit.phone = "13900139000"
    town.unit.save()
    number = town.dispatched()
    (row,) = notified(number)
    assert row.channel == Channel.SMS
    carry(row.pk, row.next_at)
    to, text = there.sent[-1]["to"], there.sent[-1]["text"]
    assert to == "13900139000"
    secret = text.rpartition("/u/")[2]
    link = Link.objects.get(secret=links.digest(secret))
    assert (link.unit_id, link.once) == (town.unit.pk, True)
    said(secret, "keep")
    assert verbs(number)[-1] == "keep"


def test_two_units_overtake_each_other_in_nothing(town):
    """What still waits for one unit is not dropped because another is told something."""
    number = town.dispatched()
    order = Order.objects.get(number=number)
    mine = Notice.objects.create(order=order, nth=2, word="notify unit", unit=town.unit, at=NOON)
    other = Notice.objects.create(
        order=order, nth=2, word="notify unit", unit=town.units["V"], at=NOON
    )
    plan([mine, other], now())
    rows = Delivery.objects.filter(notice__in=[mine, other])
    assert set(rows.values_list("state", flat=True)) == {"queued"}


# ── for programs ─────────────────────────────────────────────────────────────────────────────────


def call(token: str, address: str, body=None, key: str = ""):
    heads = {"Authorization": f"Bearer {token}"} | ({"Idempotency-Key": key} if key else {})
    if body is None:
        return Client().get(f"/api/v1/orders/{address}", headers=heads)
    return Client().post(
        f"/api/v1/orders/{address}", body, content_type="application/json", headers=heads
    )


def test_a_program_hands_out_and_a_program_answers(town):
    number = town.dispatched()
    made = call(town.token("desk"), f"{number}/links", {}, key="k" * 20)
    assert made.status_code == 201, made.content
    told = made.json()
    assert told["address"].endswith(f"/u/{told['link']}")
    assert told["unit"] == "供电所"
    again = call(town.token("desk"), f"{number}/links", {}, key="k" * 20)
    assert (again.status_code, again.json()["code"]) == (409, "key_reused")
    mine = told["link"]
    seen = call(mine, number).json()
    assert {s["step"] for s in seen["steps"]} == {"keep", "return"}
    assert seen["phone"] is False
    nameless = call(mine, f"{number}/steps/keep", {})
    assert (nameless.status_code, nameless.json()["code"]) == (422, "missing")
    assert call(mine, f"{number}/steps/keep", {"name": "张师傅"}).status_code == 200
    done = {"name": "张师傅", "answers": DONE}
    assert call(mine, f"{number}/steps/handle", done, key="h" * 20).json()["state"] == "done"
    assert call(mine, f"{number}/steps/handle", done, key="h" * 20).json()["again"] is True
    other = call(mine, f"{number}/steps/handle", done, key="x" * 20)
    assert other.status_code == 401
    events = call(town.token("desk"), f"{number}/events").json()
    assert (events[0]["via"], events[0]["voice"], events[0]["unit"]) == ("link", "张师傅", "供电所")


@pytest.mark.parametrize("name", ["worker", "resident", "other_clerk", "stranger"])
def test_no_other_program_hands_out(town, name):
    number = town.dispatched()
    assert call(town.token(name), f"{number}/links", {}).status_code in (403, 404)
    assert not Link.objects.filter(unit__isnull=False).exists()


@pytest.mark.parametrize("verb", ["accept", "comment", "urge", "give_link", "phone"])
def test_a_units_link_presses_nothing_else(town, verb):
    number = town.dispatched()
    secret = given(town, number)
    address = f"{number}/phone" if verb == "phone" else f"{number}/steps/{verb}"
    answers = {"seats": 1} if verb == "accept" else {"text": "x"} if verb == "comment" else {}
    body = {} if verb == "phone" else {"name": "张师傅", "answers": answers, "offline": True}
    answer = call(secret, address, body)
    assert answer.status_code in (403, 404), answer.content
    assert call(secret, f"{number}/undo", {}).status_code == 403
    assert call(secret, f"{number}/links", {}).status_code == 403
