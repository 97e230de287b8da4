"""People are invited, choose a password, are reset and shut; what is shut is shut everywhere."""

from __future__ import annotations

import http.client
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone
from served import ROOT, served
from town import COMMUNITY, GRID, STREET, Town, settled
from web_town import as_

from lianxin.cli import main
from lianxin.registry.actions import Stamp, accept, invite, invited, issue_token, reset, shut
from lianxin.registry.models import Entry, Invitation, Person, Post, Token
from lianxin.registry.refusal import NotPossible
from lianxin.web.account.invitations import address

PASSWORD = "lantern-rain-42"
PBKDF2 = "django.contrib.auth.hashers.PBKDF2PasswordHasher"


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with settled(request) as town:
        yield town


@pytest.fixture
def keeper(town: Town) -> Person:
    return get_user_model().objects.create_user("keeper", PASSWORD, name="管理员", is_operator=True)


def stamp(**later: float) -> Stamp:
    return Stamp(None, timezone.now() + timedelta(**later))


def verbs() -> list[str]:
    return list(Entry.objects.order_by("pk").values_list("verb", flat=True))


def secret_in(html: str) -> str:
    return re.search(r"/join/([\w-]+)", html)[1]


def comes_in(password: str, client: Client | None = None) -> bool:
    sent = {"username": "worker", "password": password}
    return (client or Client()).post("/login", sent).status_code == 302


def choose(secret: str, password: str = PASSWORD, again: str | None = None) -> Any:
    client = Client()
    sent = {"password": password, "again": password if again is None else again}
    return client, client.post(f"/join/{secret}", sent)


# --- an invitation


def test_an_invitation_opens_once(town: Town) -> None:
    secret, _ = invite(stamp(), town.people["worker"])
    client, answer = choose(secret)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.get("/today").status_code == 200, "chosen, and in"
    late, answer = choose(secret, "another-lamp-77")
    assert answer.status_code == 410
    assert "已经用过" in answer.content.decode()
    assert late.get("/today").status_code == 302
    assert comes_in(PASSWORD)
    assert verbs()[-2:] == ["invite", "accept"]


def test_a_later_invitation_and_a_week_end_the_earlier(town: Town) -> None:
    first, _ = invite(stamp(), town.people["worker"])
    second, _ = invite(stamp(seconds=1), town.people["worker"])
    for secret, at, code in [
        (first, stamp(seconds=2).at, "invitation_over"),
        (second, stamp(days=7, minutes=1).at, "invitation_over"),
        ("no-such-thing", stamp().at, "no_invitation"),
    ]:
        with pytest.raises(NotPossible) as no:
            invited(secret, at)
        assert no.value.code == code
    assert invited(second, stamp(days=6).at).person == town.people["worker"]


@pytest.mark.parametrize("code", ["invitation_over", "no_invitation"])
def test_a_dead_invitation_says_what_to_do(town: Town, code: str) -> None:
    secret, made = invite(stamp(), town.people["worker"])
    if code == "invitation_over":
        Invitation.objects.filter(pk=made.pk).update(until=timezone.now() - timedelta(days=1))
    else:
        secret = "nothing"
    for language, says in (("zh", "管理员再发一张"), ("en", "Ask your administrator")):
        client = Client()
        client.cookies["language"] = language
        page = client.get(f"/join/{secret}")
        assert page.status_code == 410
        assert says in page.content.decode()


@pytest.mark.parametrize(
    ("password", "again", "says"),
    [
        ("short", None, "至少 8 个字符"),
        ("password123", None, "太常见"),
        ("93847562918", None, "不能全是数字"),
        ("worker12", None, "太像"),
        (PASSWORD, "lantern-rain-43", "不一样"),
        ("", "", "请填密码"),
    ],
)
def test_a_password_that_will_not_do_is_told_why(
    town: Town, password: str, again: str | None, says: str
) -> None:
    secret, made = invite(stamp(), town.people["worker"])
    _, answer = choose(secret, password, again)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert password not in answer.content.decode() or not password
    made.refresh_from_db()
    assert made.used is None, "a mistake spends nothing"


def test_two_who_press_in_the_same_second(fresh: str, town: Town) -> None:
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connection

    secret, _ = invite(stamp(), town.people["worker"])

    def press(n: int) -> str:
        try:
            accept(stamp(), secret, f"lantern-rain-{n}")
            return "in"
        except NotPossible as no:
            return no.code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(press, range(4))) == ["in", *["invitation_used"] * 3]


def test_the_log_and_the_table_hold_no_secret(town: Town) -> None:
    secret, _ = invite(stamp(), town.people["worker"])
    accept(stamp(), secret, PASSWORD)
    kept = repr(list(Entry.objects.values())) + repr(list(Invitation.objects.values()))
    assert secret not in kept
    assert PASSWORD not in kept


# --- reset and shut


def test_a_reset_stops_the_old_password_and_whoever_came_in_by_it(town: Town) -> None:
    worker = town.people["worker"]
    accept(stamp(), invite(stamp(), worker)[0], PASSWORD)
    client = Client()
    assert comes_in(PASSWORD, client)
    secret, _ = reset(stamp(), worker)
    assert client.get("/today").status_code == 302
    assert not comes_in(PASSWORD)
    accept(stamp(), secret, "another-lamp-77")
    assert client.get("/today").status_code == 302, "an old session came back to life"
    assert comes_in("another-lamp-77")


def test_the_last_operator_is_not_shut(town: Town, keeper: Person) -> None:
    with pytest.raises(NotPossible) as no:
        shut(stamp(), keeper)
    assert no.value.code == "last_operator"
    other = get_user_model().objects.create_user("other", PASSWORD, name="乙", is_operator=True)
    assert shut(stamp(), keeper)
    with pytest.raises(NotPossible):
        shut(stamp(), other)


@pytest.mark.timeout(180)
def test_shut_is_shut_at_once_in_every_process(
    fresh: str, town: Town, tmp_path: Path, settings: Any
) -> None:
    """Two workers of the server hold the account in hand; a third process shuts it."""
    settings.PASSWORD_HASHERS = [PBKDF2]  # what the server knows
    worker = town.people["worker"]
    accept(stamp(), invite(stamp(), worker)[0], PASSWORD)
    token, _ = issue_token(stamp(), worker)
    waiting, _ = invite(stamp(), worker)
    var = tmp_path / "var"
    terminal(fresh, var, "setup", "--no-demo")  # the files of the pages
    with served(fresh, var) as port:
        cookies = [sign_in(port) for _ in range(4)]
        assert all(cookies)
        assert {get(port, "/today", Cookie=c) for c in cookies for _ in range(4)} == {200}
        bearer = {"Authorization": f"Bearer {token}"}
        assert {get(port, "/api/v1/me", **bearer) for _ in range(8)} == {200}
        assert get(port, f"/join/{waiting}") == 200
        terminal(fresh, var, "account", "disable", "worker")
        assert {get(port, "/today", Cookie=c) for c in cookies for _ in range(4)} == {302}
        assert {get(port, "/api/v1/me", **bearer) for _ in range(8)} == {401}
        assert get(port, f"/join/{waiting}") == 410
        assert sign_in(port) == ""
    assert Token.objects.get().until <= timezone.now()
    assert "shut" in verbs()
    assert "revoke" in verbs()


def terminal(dsn: str, var: Path, *words: str) -> None:
    """A command in a process of its own."""
    around = os.environ | {"DATABASE_URL": dsn, "LIANXIN_VAR": str(var)}
    command = [sys.executable, "-m", "lianxin", *words]
    done = subprocess.run(command, env=around, cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


def get(port: int, address: str, **headers: str) -> int:
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    link.request("GET", address, headers=headers)
    answer = link.getresponse()
    answer.read()
    link.close()
    return answer.status


def sign_in(port: int) -> str:
    """The cookie of a session, "" when there is none."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    link.request("GET", "/login")
    answer = link.getresponse()
    html = answer.read().decode()
    token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', html)[1]
    jar = answer.headers["Set-Cookie"].split(";")[0]
    sent = {"username": "worker", "password": PASSWORD, "csrfmiddlewaretoken": token}
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": jar}
    link.request("POST", "/login", urlencode(sent), headers)
    answer = link.getresponse()
    answer.read()
    found = [c for c in answer.headers.get_all("Set-Cookie", []) if c.startswith("sessionid=")]
    return found[0].split(";")[0] if found else ""


# --- who looks after whom


def test_a_desk_keeps_its_own_people_and_nobody_above_or_beside(town: Town) -> None:
    colleague = Person.objects.create(username="colleague", name="同事", password="!")
    Post.objects.create(
        person=colleague, role="desk", area=town.areas[COMMUNITY], since="2020-01-01"
    )
    two = Person.objects.create(username="two", name="两岗", password="!")
    for role, path in (("grid_worker", GRID), ("inspector", STREET)):
        Post.objects.create(person=two, role=role, area=town.areas[path], since="2020-01-01")
    html = as_(town, "desk").get("/accounts").content.decode()
    keys = {int(key) for key in re.findall(r'href="/accounts/(\d+)"', html)}
    assert keys == {town.people["worker"].pk}
    street = as_(town, "street_desk").get("/accounts").content.decode()
    seen = {int(key) for key in re.findall(r'href="/accounts/(\d+)"', street)}
    assert seen == {town.people[n].pk for n in ("worker", "desk")} | {colleague.pk}


@pytest.mark.parametrize(
    "name", ["supervisor", "street_desk", "desk", "stranger", "resident", "m1"]
)
def test_others_accounts_are_not_there_for_a_desk(town: Town, name: str) -> None:
    client, key = as_(town, "desk"), town.people[name].pk
    assert client.get(f"/accounts/{key}").status_code == 404
    for verb in ("invite", "reset", "shut", "open", "drop"):
        assert client.post(f"/accounts/{key}/{verb}").status_code == 404
    assert not Invitation.objects.exists()
    assert Person.objects.get(pk=key).is_active


@pytest.mark.parametrize("name", ["worker", "resident", "leader"])
def test_the_page_is_not_for_everybody(town: Town, name: str) -> None:
    for address_ in ("/accounts", "/accounts/new", "/operator"):
        assert as_(town, name).get(address_).status_code == 403
    assert Client().get("/accounts").status_code == 302


def test_nobody_keeps_their_own_account_here(town: Town, keeper: Person) -> None:
    client = Client()
    client.force_login(keeper)
    assert client.get(f"/accounts/{keeper.pk}").status_code == 404


def test_an_operator_invites_and_the_sheet_has_all_that_is_needed(
    town: Town, keeper: Person, settings: Any
) -> None:
    settings.PUBLIC_URL = "https://lianxin.example.org"
    client = Client()
    client.force_login(keeper)
    worker = town.people["worker"]
    sheet = client.post(f"/accounts/{worker.pk}/invite")
    html = sheet.content.decode()
    secret = secret_in(html)
    assert f"https://lianxin.example.org/join/{secret}" in html
    assert "https://lianxin.example.org/login" in html
    assert "data:image/svg+xml" in html
    assert "no-store" in sheet["Cache-Control"]
    assert choose(secret)[1].status_code == 302
    told = client.get(f"/accounts/{worker.pk}").content.decode()
    assert "设好密码" in told
    assert "发出邀请" in told
    assert secret not in told
    assert client.get(f"/accounts/{worker.pk}/invite").status_code == 405


def test_shut_and_open_again_on_the_page(town: Town, keeper: Person) -> None:
    client = Client()
    client.force_login(keeper)
    key = town.people["worker"].pk
    assert client.post(f"/accounts/{key}/shut").status_code == 302
    assert not Person.objects.get(pk=key).is_active
    refused = client.post(f"/accounts/{key}/invite")
    assert refused.status_code == 422
    assert "先重新启用" in refused.content.decode()
    html = client.post(f"/accounts/{key}/open").content.decode()
    assert choose(secret_in(html))[1].status_code == 302


def test_a_person_is_added_with_a_post_and_invited(town: Town) -> None:
    client = as_(town, "desk")
    sent = {"name": "新来的", "username": "new.one", "phone": "13900139000", "area": GRID}
    refused = client.post("/accounts/new", sent | {"role": "supervisor"})
    assert refused.status_code == 422
    elsewhere = client.post("/accounts/new", sent | {"role": "grid_worker", "area": "522602"})
    assert "不归您管" in elsewhere.content.decode()
    assert not Person.objects.filter(username="new.one").exists()
    html = client.post("/accounts/new", sent | {"role": "grid_worker"}).content.decode()
    person = Person.objects.get(username="new.one")
    assert person.posts.get().area == town.grid
    assert choose(secret_in(html))[1].status_code == 302
    taken = client.post("/accounts/new", sent | {"role": "grid_worker"})
    assert "已有人用" in taken.content.decode()
    assert Person.objects.filter(name="新来的").count() == 1


def test_the_list_is_found_through_and_turned(town: Town, keeper: Person) -> None:
    Person.objects.bulk_create(
        Person(username=f"p{n:03d}", name=f"人{n:03d}", password="!") for n in range(120)
    )
    client = Client()
    client.force_login(keeper)
    page = client.get("/accounts?q=人").content.decode()
    first = re.findall(r"人\d{3}", page)
    after = re.search(r"after=(\d+)", page)[1]
    second = re.findall(r"人\d{3}", client.get(f"/accounts?q=人&after={after}").content.decode())
    assert len(set(first)) == len(set(second)) == 50
    assert not set(first) & set(second)
    assert "没有找到人" in client.get("/accounts?q=nobody%00&state=x&after=x").content.decode()
    only = client.get("/accounts?state=in").content.decode()
    assert "<tbody" not in only, "nobody of theirs has chosen a password"


# --- at the terminal


def test_the_terminal_does_the_same(fresh: str, town: Town, monkeypatch: Any, capsys: Any) -> None:
    monkeypatch.setenv("DATABASE_URL", fresh)
    assert main(["account", "invite", "worker"]) == 0
    told = capsys.readouterr().out
    assert settings.PUBLIC_URL + "/join/" in told
    assert "█" in told or "▀" in told
    assert choose(secret_in(told))[1].status_code == 302
    assert main(["account", "reset", "worker"]) == 0
    assert not comes_in(PASSWORD)
    assert main(["account", "disable", "worker"]) == 0
    assert main(["account", "invite", "worker"]) == 2
    assert "open it again first" in capsys.readouterr().err
    assert main(["account", "enable", "worker"]) == 0
    assert main(["account", "disable", "nobody"]) == 2
    assert "nobody" in capsys.readouterr().err


def test_an_address_is_always_that_of_the_house(settings: Any) -> None:
    settings.PUBLIC_URL = "https://lianxin.example.org"
    assert address("x") == "https://lianxin.example.org/join/x"
