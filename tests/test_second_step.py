"""A code from the phone behind the password: set up, asked, taken once, slowed, given back."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from town import Town, settled
from web_town import as_

from lianxin.registry import account_rules, secret, tables, totp
from lianxin.registry.actions import (
    Stamp,
    begin_second,
    codes_left,
    confirm_second,
    has_second,
    renew_codes,
    set_password,
    take_code,
)
from lianxin.registry.actions import second_step as steps
from lianxin.registry.models import Entry, Person, RecoveryCode, SecondStep
from lianxin.registry.queries.accounts import needs_second

PASSWORD = "lantern-rain-42"
SHA1 = base64.b32encode(b"12345678901234567890").decode()


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with settled(request) as town:
        yield town


@pytest.fixture
def desk(town: Town) -> Person:
    person = town.people["desk"]
    set_password(Stamp(None, timezone.now()), person, PASSWORD)
    return person


@pytest.fixture
def must(tmp_path: Path, settings: Any) -> Iterator[None]:
    """The place asks a second step of its desks."""
    (tmp_path / "accounts.toml").write_text(
        tables.text_of("accounts.toml").replace("second_step     = []", 'second_step = ["desk"]')
    )
    settings.PARAMS = tmp_path
    yield
    account_rules._rules.cache_clear()


def with_phone(person: Person, ago_s: int = 60) -> str:
    """Sets it up, a minute ago: the code of now is another than the one it was confirmed with."""
    plain, then = begin_second(person), timezone.now() - timedelta(seconds=ago_s)
    confirm_second(Stamp(person, then), person, code_of(plain, then))
    return plain


def code_of(plain: str, at: Any = None) -> str:
    return totp.code(plain, totp.step_of(at or timezone.now()))


def sign_in(client: Client, **more: str) -> Any:
    return client.post("/login", {"username": "desk", "password": PASSWORD, **more})


def inside(client: Client) -> bool:
    return client.get("/account").status_code == 200


# --- the codes themselves


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (59, "94287082"), (1111111109, "07081804"), (1111111111, "14050471"),
        (1234567890, "89005924"), (2000000000, "69279037"), (20000000000, "65353130"),
    ],
)  # fmt: skip
def test_codes_are_those_of_rfc_6238(at: int, code: str) -> None:
    assert totp.code(SHA1, at // 30, 8) == code


@pytest.mark.parametrize(
    ("n", "code"),
    [*enumerate(["755224", "287082", "359152", "969429", "338314", "254676"])],
)
def test_codes_are_those_of_rfc_4226(n: int, code: str) -> None:
    assert totp.code(SHA1, n) == code


def test_a_phone_may_be_half_a_minute_off(town: Town, desk: Person) -> None:
    plain, now = begin_second(desk), timezone.now()
    confirm_second(Stamp(desk, now), desk, code_of(plain, now))
    later = now + timedelta(minutes=10)
    for drift, right in ((-60, False), (60, False), (-30, True), (30, True)):
        given = code_of(plain, later + timedelta(seconds=drift))
        assert take_code(desk, given, later) is right, drift


def test_no_code_is_taken_twice_nor_one_before_it(town: Town, desk: Person) -> None:
    plain, now = with_phone(desk), timezone.now()
    assert take_code(desk, code_of(plain, now), now)
    assert not take_code(desk, code_of(plain, now), now)
    assert not take_code(desk, code_of(plain, now - timedelta(seconds=30)), now)
    after = now + timedelta(seconds=30)
    assert take_code(desk, f" {code_of(plain, after)[:3]} {code_of(plain, after)[3:]} ", after)


def test_two_who_send_the_same_code_in_one_second(fresh: str, town: Town, desk: Person) -> None:
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connection

    plain, now = with_phone(desk), timezone.now()

    def send(_: int) -> bool:
        try:
            return take_code(desk, code_of(plain, now), now)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(send, range(4))) == [False, False, False, True]


def test_a_recovery_code_opens_once(town: Town, desk: Person) -> None:
    plain, now = begin_second(desk), timezone.now()
    codes = confirm_second(Stamp(desk, now), desk, code_of(plain, now))
    assert len(set(codes)) == 10
    typed = f"{codes[0][:5]}-{codes[0][5:]}".upper()
    assert take_code(desk, typed, now)
    assert not take_code(desk, typed, now)
    assert codes_left(desk) == 9
    fresh = renew_codes(Stamp(desk, now), desk)
    assert not take_code(desk, codes[1], now)
    assert take_code(desk, fresh[1], now)


def test_a_recovery_code_is_its_owners_alone(town: Town, desk: Person) -> None:
    other, now = town.people["worker"], timezone.now()
    codes = confirm_second(Stamp(desk, now), desk, code_of(begin_second(desk), now))
    with_phone(other)
    assert not take_code(other, codes[0], now)


def test_what_is_kept_opens_nothing(town: Town, desk: Person) -> None:
    plain, now = begin_second(desk), timezone.now()
    codes = confirm_second(Stamp(desk, now), desk, code_of(plain, now))
    row = SecondStep.objects.get()
    assert plain.encode() not in bytes(row.secret_sealed)
    assert base64.b32decode(plain) not in bytes(row.secret_sealed)
    assert secret.unseal(steps.FIELD, row.secret_sealed) == plain
    kept = repr(list(RecoveryCode.objects.values())) + repr(list(Entry.objects.values()))
    assert not [c for c in (*codes, plain) if c in kept]


def test_guessing_from_everywhere_is_stopped(town: Town, desk: Person) -> None:
    """Axes count by name and source; somebody with a thousand sources meets this instead."""
    plain, now = with_phone(desk), timezone.now()
    for _ in range(steps.MISSES):
        assert not take_code(desk, "000000" if code_of(plain) != "000000" else "000001", now)
    assert not take_code(desk, code_of(plain, now), now), "it rests, even for the right one"
    later = now + steps.REST + timedelta(seconds=1)
    assert take_code(desk, code_of(plain, later), later)
    assert SecondStep.objects.get().misses == 0


# --- signing in


def test_the_code_is_asked_after_the_password(town: Town, desk: Person) -> None:
    plain, client = with_phone(desk), Client()
    answer = sign_in(client, next="/orders")
    assert answer["Location"] == "/login/code?next=%2Forders"
    assert not inside(client), "the password alone let somebody in"
    assert "六位数字" in client.get(answer["Location"]).content.decode()
    wrong = client.post("/login/code", {"code": "12345", "next": "/orders"})
    assert wrong.status_code == 422
    assert "等手机上换了新数字" in wrong.content.decode()
    right = client.post("/login/code", {"code": code_of(plain), "next": "/orders"})
    assert right["Location"] == "/orders"
    assert inside(client)


def test_a_code_without_a_password_leads_nowhere(town: Town, desk: Person) -> None:
    plain, client = with_phone(desk), Client()
    assert client.get("/login/code").status_code == 302
    answer = client.post("/login/code", {"code": code_of(plain), "username": "desk"})
    assert answer["Location"].startswith("/login?")
    assert not inside(client)
    sent = {"username": "desk", "code": code_of(plain), "password": ""}
    assert client.post("/login", sent).status_code == 422
    assert not inside(client)


@pytest.mark.parametrize("what", ["shut", "reset", "late"])
def test_between_the_steps_a_change_ends_it(
    town: Town, desk: Person, monkeypatch: Any, what: str
) -> None:
    plain, client = with_phone(desk), Client()
    sign_in(client)
    if what == "shut":
        Person.objects.filter(pk=desk.pk).update(is_active=False)
    elif what == "reset":
        set_password(Stamp(None, timezone.now()), desk, "another-lamp-77")
    else:
        monkeypatch.setattr("lianxin.web.account.entering.PATIENCE_S", -1)
    answer = client.post("/login/code", {"code": code_of(plain)})
    assert answer["Location"].startswith("/login?")
    assert not inside(client)


def test_guessing_codes_is_slowed_like_passwords(town: Town, desk: Person, settings: Any) -> None:
    plain, client = with_phone(desk), Client()
    sign_in(client)
    for _ in range(settings.AXES_FAILURE_LIMIT):
        last = client.post("/login/code", {"code": "12345"})
    assert last.status_code == 429
    assert client.post("/login/code", {"code": code_of(plain)}).status_code == 429
    assert not inside(client)


def test_the_way_out_of_the_house_is_not_taken(town: Town, desk: Person) -> None:
    plain, client = with_phone(desk), Client()
    sign_in(client)
    sent = {"code": code_of(plain), "next": "https://elsewhere.example/"}
    assert client.post("/login/code", sent)["Location"] == "/"


# --- one's own account


def test_a_person_sets_it_up_and_takes_it_off(town: Town, desk: Person) -> None:
    client = as_(town, "desk")
    html = client.get("/account/phone").content.decode()
    plain = re.search(r"<code>([A-Z2-7 ]+)</code>", html)[1].replace(" ", "")
    sent = {"code": code_of(plain), "old": "wrong"}
    assert client.post("/account/phone", sent).status_code == 422
    assert not has_second(desk)
    done = client.post("/account/phone", sent | {"old": PASSWORD}).content.decode()
    assert len(re.findall(r"<code>\w{5}-\w{5}</code>", done)) == 10
    assert has_second(desk)
    assert client.get("/account/phone").status_code == 302, "the secret is not shown again"
    assert "恢复码还剩 10 个" in client.get("/account").content.decode()
    refused = client.post("/account/second", {"do": "drop", "old": "wrong"})
    assert refused.status_code == 422
    assert has_second(desk)
    assert client.post("/account/second", {"do": "drop", "old": PASSWORD}).status_code == 302
    assert not has_second(desk)
    assert list(Entry.objects.order_by("pk").values_list("verb", flat=True))[-2:] == [
        "second_on",
        "second_off",
    ]


def test_a_secret_seen_on_an_open_screen_is_worth_nothing(town: Town, desk: Person) -> None:
    client = as_(town, "desk")
    pages = [client.get("/account/phone").content.decode() for _ in range(2)]
    shown = [re.search(r"<code>([A-Z2-7 ]+)</code>", html)[1] for html in pages]
    assert shown[0] != shown[1]
    old = {"code": code_of(shown[0].replace(" ", "")), "old": PASSWORD}
    again = client.post("/account/phone", old)
    assert again.status_code == 422
    assert shown[1] in again.content.decode(), "the phone has scanned this one"


def test_one_changes_ones_password_and_others_are_out(town: Town, desk: Person) -> None:
    here, elsewhere = Client(), Client()
    for client in (here, elsewhere):
        assert sign_in(client).status_code == 302
    sent = {"old": PASSWORD, "password": "another-lamp-77", "again": "another-lamp-77"}
    wrong = here.post("/account/password", sent | {"old": "no"})
    assert wrong.status_code == 422
    assert "现在的密码不对" in wrong.content.decode()
    assert inside(elsewhere)
    assert here.post("/account/password", sent).status_code == 302
    assert inside(here)
    assert not inside(elsewhere)


def test_a_keeper_takes_it_off_for_who_lost_the_phone(town: Town) -> None:
    worker = town.people["worker"]
    with_phone(worker)
    client = as_(town, "desk")
    assert "取消两步登录" in client.get(f"/accounts/{worker.pk}").content.decode()
    assert client.post(f"/accounts/{worker.pk}/drop").status_code == 302
    assert not has_second(worker)


# --- where it is required


@pytest.mark.usefixtures("must")
def test_who_must_have_it_sets_it_up_before_coming_in(town: Town, desk: Person) -> None:
    client = Client()
    answer = sign_in(client, next="/orders")
    assert answer["Location"] == "/login/phone?next=%2Forders"
    assert not inside(client)
    html = client.get(answer["Location"]).content.decode()
    plain = re.search(r"<code>([A-Z2-7 ]+)</code>", html)[1].replace(" ", "")
    assert client.post("/login/phone", {"code": "000"}).status_code == 422
    assert not inside(client)
    done = client.post("/login/phone", {"code": code_of(plain), "next": "/orders"})
    assert len(re.findall(r"<code>\w{5}-\w{5}</code>", done.content.decode())) == 10
    assert 'href="/orders"' in done.content.decode()
    assert inside(client)
    refused = client.post("/account/second", {"do": "drop", "old": PASSWORD})
    assert has_second(desk), refused.content.decode()[:80]


@pytest.mark.usefixtures("must")
def test_it_is_required_of_these_roles_alone(town: Town) -> None:
    now = timezone.now()
    assert needs_second(town.people["desk"], now)
    assert not needs_second(town.people["worker"], now)


def test_a_role_that_is_none_is_an_error(tmp_path: Path, settings: Any) -> None:
    text = tables.text_of("accounts.toml").replace("second_step     = []", 'second_step = ["dsk"]')
    (tmp_path / "accounts.toml").write_text(text)
    settings.PARAMS = tmp_path
    with pytest.raises(ValueError, match="dsk"):
        account_rules.rule("second_step")
