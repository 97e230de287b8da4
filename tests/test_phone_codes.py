"""A code to the phone: whose requests it opens, and what an attacker with an afternoon gets."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from carriers import Gateway
from django.db import connection
from django.test import Client
from django.utils import timezone
from filing import html
from procrastinate.contrib.django.models import ProcrastinateJob
from town import Town, settled

from lianxin.core.step.who import Who
from lianxin.orders import actions, by_phone
from lianxin.orders.models import Content, Delivery, Link, Notice, Order
from lianxin.orders.notices import codes
from lianxin.orders.notices import gateway as carrier
from lianxin.registry.actions import begin_code, clear_codes, prove_phone, to_send
from lianxin.registry.models import Person, PhoneCode

BOUNDS = {"wait_s": 0, "per_phone": 3}
PHONE, OTHER = "13800138000", "13912345678"
ABROAD = [
    "+447700900123", "0855-1234567", "1380013800", "138001380001", "13800138000\r\nBcc: x", "x",
]  # fmt: skip


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with settled(request) as town:
        yield town


def filed(town: Town, phone: str = PHONE, text: str = "路灯不亮", who: Who | None = None) -> Order:
    given = {"text": text, "phone": phone}
    done = actions.file("five-orders", "file", who or Who(""), given, area=town.grid)
    return Order.objects.get(number=done.number)


def ask(phone: str = PHONE, client: Client | None = None) -> tuple[Client, Any]:
    client = client or Client()
    return client, client.post("/login/sms", {"phone": phone})


def carried() -> None:
    """The worker does what was queued."""
    for row in PhoneCode.objects.filter(sent=None):
        codes.send(row.pk, timezone.now())


def code_in(there: Gateway) -> str:
    return re.search(r"\d{6}", there.sent[-1]["text"])[0]


def in_by(there: Gateway, phone: str = PHONE) -> Client:
    client, _ = ask(phone)
    carried()
    client.post("/login/sms/code", {"code": code_in(there)})
    return client


# ── whose requests it opens ──────────────────────────────────────────────────────────────────────


def test_a_phone_opens_what_was_filed_with_it(town: Town, there: Gateway) -> None:
    order = filed(town, "+86 138 0013 8000")
    filed(town, OTHER, "井盖没了")
    client, answer = ask("１３８－００１３－８０００")
    assert answer["Location"] == "/login/sms/code"
    assert "138 0013 8000" in html(client.get("/login/sms/code"))
    carried()
    [message] = there.sent
    assert message["to"] == PHONE and len(message["text"]) <= 70
    answer = client.post("/login/sms/code", {"code": code_in(there)}, follow=True)
    assert order.number in html(answer) and "路灯不亮" in html(answer)
    assert "井盖没了" not in html(answer)
    opened = client.post(f"/track/phone/{order.number}", follow=True)
    assert "收到了，正在安排人" in html(opened)
    link = Link.objects.latest("pk")
    assert link.until - link.made == timedelta(days=1) and not link.once


def test_it_makes_nobody_and_signs_nobody_in(town: Town, there: Gateway) -> None:
    town.people["desk"].phone = PHONE
    town.people["desk"].set_password("x" * 12)
    town.people["desk"].save()
    filed(town)
    before = Person.objects.count()
    client = in_by(there)
    assert client.get("/track/phone").status_code == 200
    assert Person.objects.count() == before
    assert client.get("/desk")["Location"].startswith("/login?")
    assert "_auth_user_id" not in client.session


def named(town: Town, name: str, phone: str, password: str) -> Person:
    person = town.people[name]
    person.phone = phone
    person.set_password(password) if password else person.set_unusable_password()
    person.save()
    return person


@pytest.mark.parametrize(
    ("phone", "password", "opens"),
    [(PHONE, "", True), (PHONE, "secret-1234", False), (OTHER, "", False)],
)  # fmt: skip
def test_an_asker_of_the_registry(town: Town, phone: str, password: str, opens: bool) -> None:
    """Written down for somebody by name: their own phone opens it, unless they have a password."""
    person = named(town, "resident", phone, password)
    given = {"text": "想办异地备案", "phone": PHONE, "filer": [str(person.pk)]}
    actions.file("five-orders", "file_for", town["desk"], given, area=town.grid)
    assert len(by_phone.asked_from(PHONE, timezone.now())) == opens


def test_what_an_account_filed_is_the_accounts(town: Town) -> None:
    named(town, "resident", "", "secret-1234")
    filed(town, who=town["resident"])
    assert by_phone.asked_from(PHONE, timezone.now()) == []


def test_a_merge_brings_no_asker_in(town: Town) -> None:
    """Who came along with another order leaves this one its own asker, and opens only their own."""
    mine, other = filed(town), filed(town, OTHER, "同一盏灯不亮")
    actions.step(other.number, "merge", town["desk"], {"into": mine.number})
    assert [r.number for r in by_phone.asked_from(PHONE, timezone.now())] == [mine.number]
    assert [r.number for r in by_phone.asked_from(OTHER, timezone.now())] == [other.number]


def test_a_wrong_number_opens_nothing(town: Town) -> None:
    order = filed(town)
    told = Notice.objects.create(
        order=order, nth=1, word="notify filer", party="filer", at=timezone.now()
    )
    Delivery.objects.create(
        notice=told, channel="call", state="refused", why="wrong_number", desk=order.desk,
        at=timezone.now(),
    )  # fmt: skip
    assert not by_phone.known(PHONE)


def test_a_phone_that_was_taken_out_or_is_a_year_old_opens_nothing(town: Town) -> None:
    order = filed(town)
    Content.objects.filter(order=order, name="phone").update(value=None, salt=None)
    assert not by_phone.known(PHONE)
    given = {"text": "旧事", "phone": OTHER}
    ago = timezone.now() - timedelta(days=380)
    actions.file("five-orders", "file", Who(""), given, area=town.grid, now=ago)
    assert not by_phone.known(OTHER)


def test_only_ones_own_opens(town: Town, there: Gateway) -> None:
    filed(town)
    other = filed(town, OTHER)
    client = in_by(there)
    before = Link.objects.count()
    for number in (other.number, "LX-999999", "x"):
        answer = client.post(f"/track/phone/{number}")
        assert answer["Location"] == "/track/phone"
    assert Link.objects.count() == before
    assert Client().post(f"/track/phone/{other.number}")["Location"] == "/login/sms"


def test_it_closes_by_itself_and_when_told(
    town: Town, there: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    filed(town)
    client = in_by(there)
    session = client.session
    assert PHONE not in str(session["phone_proven"]), "sealed where it is kept"
    session["phone_proven"] = [session["phone_proven"][0], session["phone_proven"][1] - 3601]
    session.save()
    assert client.get("/track/phone")["Location"] == "/login/sms"
    PhoneCode.objects.all().delete()
    monkeypatch.setattr("lianxin.web.tracking.by_phone.pace.count", lambda *_: (1, 0))
    client = in_by(there)
    assert client.get("/track/phone").status_code == 200
    client.post("/track/phone/end")
    assert client.get("/track/phone")["Location"] == "/login/sms"


def test_without_a_gateway_there_is_no_such_way(town: Town) -> None:
    for address in ("/login/sms", "/login/sms/code", "/track/phone"):
        assert Client().get(address).status_code == 404
    for page in ("/login", "/track"):
        assert "/login/sms" not in html(Client().get(page))


def test_with_one_both_doors_lead_there(town: Town, there: Gateway) -> None:
    for page in ("/login", "/track"):
        assert 'href="/login/sms"' in html(Client().get(page))
    english = Client()
    english.cookies["language"] = "en"
    assert "A code to your phone" in html(english.get("/login/sms"))


# ── attacks ──────────────────────────────────────────────────────────────────────────────────────


def bare(answer: Any) -> str:
    return re.sub(r'(value=|Token": )"[^"]*"|\d{3} \d{4} \d{4}', "", html(answer))


def test_a_phone_nobody_knows_is_answered_alike_and_rings_nowhere(
    town: Town, there: Gateway, django_assert_num_queries: Any
) -> None:
    filed(town)
    seen, costs = [], []
    for phone in (PHONE, OTHER):
        client = Client()
        client.get("/login/sms")
        connection.queries_log.clear()
        connection.force_debug_cursor = True
        _, answer = ask(phone, client)
        costs.append(len(connection.queries))
        connection.force_debug_cursor = False
        seen.append((answer.status_code, answer["Location"], bare(client.get(answer["Location"]))))
        wrong = client.post("/login/sms/code", {"code": "000000"})
        seen[-1] += (wrong.status_code, bare(wrong))
    assert seen[0] == seen[1] and costs[0] == costs[1]
    carried()
    assert [m["to"] for m in there.sent] == [PHONE]


@pytest.mark.parametrize("typed", ABROAD)
def test_what_is_no_phone_of_ours_costs_nothing(town: Town, there: Gateway, typed: str) -> None:
    _, answer = ask(typed)
    assert answer.status_code == (302 if typed.startswith("13800138000\r") else 422)
    assert not PhoneCode.objects.exists() or to_send(
        PhoneCode.objects.get().pk, timezone.now()
    ).phone == PHONE  # fmt: skip


def test_five_tries_then_the_right_one_is_too_late(town: Town, there: Gateway) -> None:
    filed(town)
    client, _ = ask()
    carried()
    right = code_in(there)
    wrong = f"{(int(right) + 1) % 10**6:06d}"
    answers = [client.post("/login/sms/code", {"code": wrong}).status_code for _ in range(5)]
    assert answers == [422, 422, 422, 422, 302]
    late = client.post("/login/sms/code", {"code": right})
    assert late["Location"] == "/login/sms"
    assert client.get("/track/phone")["Location"] == "/login/sms"


def test_a_code_opens_once_in_its_own_browser_and_not_after_five_minutes(town: Town) -> None:
    now = timezone.now()
    row = begin_code("see", PHONE, now)
    going = to_send(row.pk, now)
    assert prove_phone(row.pk + 1, "see", going.code, now) == ""
    assert prove_phone("1", "see", going.code, now) == ""
    assert prove_phone(row.pk, "follow", going.code, now) == "", "made for something else"
    assert prove_phone(row.pk, "see", going.code, now + timedelta(minutes=5)) == ""
    typed = "".join(chr(ord(c) + 0xFEE0) for c in going.code)
    assert prove_phone(row.pk, "see", f" {typed[:3]} {typed[3:]} ", now) == PHONE
    assert prove_phone(row.pk, "see", going.code, now) == ""


def test_another_browser_cannot_try_it(town: Town, there: Gateway) -> None:
    filed(town)
    ask()
    carried()
    thief = Client()
    assert thief.post("/login/sms/code", {"code": code_in(there)})["Location"] == "/login/sms"
    assert PhoneCode.objects.get().tries == 0, "nor use up its tries"


def test_racing_tries_count_each(fresh: str) -> None:
    """Twenty at once, all wrong: five are looked at."""
    now = timezone.now()
    row = begin_code("see", PHONE, now)
    right = to_send(row.pk, now).code
    wrong = [f"{(int(right) + n) % 10**6:06d}" for n in range(1, 21)]
    found = together(lambda code: prove_phone(row.pk, "see", code, now), wrong)
    assert set(found) == {""}
    row.refresh_from_db()
    assert row.tries == 5


def test_racing_with_the_right_one_opens_once(fresh: str) -> None:
    now = timezone.now()
    row = begin_code("see", PHONE, now)
    right = to_send(row.pk, now).code
    found = together(lambda code: prove_phone(row.pk, "see", code, now), [right] * 4)
    assert sorted(found) == ["", "", "", PHONE]


def together(act: Any, given: list[str]) -> list[Any]:
    found: list[Any] = []

    def run(one: str) -> None:
        found.append(act(one))
        connection.close()

    threads = [threading.Thread(target=run, args=(one,)) for one in given]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_the_rows_and_the_queue_tell_neither_phone_nor_code(town: Town, there: Gateway) -> None:
    filed(town)
    ask()
    row = PhoneCode.objects.get()
    jobs = [str(job.args) for job in ProcrastinateJob.objects.filter(task_name="orders.send_code")]
    assert jobs == [str({"code": row.pk})]
    carried()
    row.refresh_from_db()
    kept = " ".join(str(bytes(v) if isinstance(v, memoryview) else v) for v in vars(row).values())
    assert PHONE not in kept and code_in(there) not in kept


def test_one_a_minute_and_six_a_day_for_one_phone(
    town: Town, there: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    filed(town)
    assert ask()[1].status_code == 302
    _, again = ask("+86" + PHONE)
    assert again.status_code == 429 and "秒再要" in html(again)
    monkeypatch.setattr("lianxin.web.tracking.by_phone.bound", lambda n: BOUNDS.get(n, 60))
    answers = [ask(OTHER)[1] for _ in range(4)]
    assert [a.status_code for a in answers] == [302, 302, 302, 429]
    assert "请明天再要" in html(answers[-1])


def test_many_phones_from_one_source(
    town: Town, there: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    bounds = {"per_source": 3}
    monkeypatch.setattr("lianxin.web.tracking.by_phone.bound", lambda n: bounds.get(n, 60))
    answers = [ask(f"1380013{n:04d}")[1].status_code for n in range(5)]
    assert answers == [302, 302, 302, 429, 429]


def test_guesses_from_one_source_over_many_phones(
    town: Town, there: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    bounds = {"tries_source": 4}
    monkeypatch.setattr("lianxin.web.tracking.by_phone.bound", lambda n: bounds.get(n, 60))
    answers = []
    for n in range(3):
        client, _ = ask(f"1380013{n:04d}")
        answers += [client.post("/login/sms/code", {"code": "000000"}).status_code]
        answers += [client.post("/login/sms/code", {"code": "111111"}).status_code]
    assert answers == [422, 422, 422, 422, 429, 429]


def test_the_house_sends_no_more_than_its_bound(
    town: Town, there: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(codes, "bound", lambda name: 2)
    for n in range(4):
        phone = f"1380013{n:04d}"
        filed(town, phone)
        codes.send(begin_code("see", phone, timezone.now()).pk, timezone.now())
    assert len(there.sent) == 2


@pytest.mark.parametrize("mood", ["slow", "drip", 503, 400, "cut"])
def test_a_gateway_that_answers_too_late_has_been_asked_once(
    town: Town, there: Gateway, monkeypatch: pytest.MonkeyPatch, mood: Any
) -> None:
    """It may have sent it: nothing is sent a second time, not even when the job comes back."""
    filed(town)
    monkeypatch.setattr(carrier, "PATIENCE_S", 0.3)
    monkeypatch.setattr(
        codes, "gateway", lambda: carrier.HttpGateway(there.url, "", patience_s=0.3)
    )
    there.mood = mood
    row = begin_code("see", PHONE, timezone.now())
    assert codes.send(row.pk, timezone.now()) is False
    there.mood = "ok"
    assert codes.send(row.pk, timezone.now()) is False
    assert len(there.asked) == 1


def test_what_is_over_is_cleared_away(town: Town) -> None:
    now = timezone.now()
    old, new = begin_code("see", PHONE, now - timedelta(minutes=6)), begin_code("see", PHONE, now)
    assert to_send(old.pk, now) is None
    assert clear_codes(now) == 1
    assert list(PhoneCode.objects.values_list("pk", flat=True)) == [new.pk]
