"""What the processes of a house write about their work names no person and repeats no word."""

from __future__ import annotations

import base64
import http.client
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import psycopg
import pytest
from conftest import FOLDER
from django.core.exceptions import DisallowedHost
from django.utils import timezone
from served import ROOT, served
from town import GRID, Town, settled

from lianxin.cli.run import worker
from lianxin.logbook import told
from lianxin.registry.actions import Stamp, accept, invite

pytestmark = pytest.mark.timeout(240)
# Each stands where somebody would type it, and nowhere else in the whole house.
NAME, PHONE, WORDS = "阿不都克里木独一", "13987650123", "独一无二的话五百二十七"
USERNAME, PASSWORD, CODE = "uniqueuser527", "uniquepass-527-lamp", "527527"
SECRET, QUERY, FILE, AGENT = "uniquesecret527" * 2, "uniquequery527", "uniquefile527", "agent-527"
MARKS = (NAME, PHONE, WORDS, USERNAME, PASSWORD, CODE, SECRET, QUERY, FILE, AGENT)
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def town(request: pytest.FixtureRequest, fresh: str) -> Iterator[Town]:
    with settled(request) as town:
        yield town


class Caller:
    """One browser: its cookies, and a mark in its name."""

    def __init__(self, port: int) -> None:
        self.port, self.jar = port, dict[str, str]()

    def ask(
        self, method: str, address: str, body: bytes = b"", kind: str = FORM, **more: str
    ) -> Any:
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        cookie = "; ".join(f"{k}={v}" for k, v in self.jar.items())
        headers = {"Cookie": cookie, "User-Agent": AGENT, "Content-Type": kind, **more}
        link.request(method, quote(address, safe="/?=&%"), body, headers)
        answer = link.getresponse()
        html = answer.read().decode(errors="replace")
        for line in answer.headers.get_all("Set-Cookie", []):
            name, _, value = line.partition(";")[0].partition("=")
            self.jar[name] = value
        link.close()
        return answer.status, html

    def form(self, page: str, address: str, **typed: str) -> int:
        _, html = self.ask("GET", page)
        token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', html)
        hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', html))
        sent = hidden | typed | ({"csrfmiddlewaretoken": token[1]} if token else {})
        return int(self.ask("POST", address, urlencode(sent).encode())[0])


def asked(port: int, secret: str) -> list[int]:
    """Filing, signing in, refusals, nonsense and attacks, each with words that are marked."""
    one = Caller(port)
    order = {"flow": "five-orders", "place": {"path": GRID},
             "answers": {"text": WORDS, "phone": PHONE}}  # fmt: skip
    unknown = order | {"answers": order["answers"] | {NAME: WORDS}}
    kind, key = "application/json", {"Idempotency-Key": SECRET}
    found = [
        one.ask("POST", "/api/v1/orders", json.dumps(body).encode(), kind, **key)[0]
        for body in (order, unknown, {"flow": WORDS}, [NAME])
    ]
    found.append(one.ask("POST", "/api/v1/orders", WORDS.encode(), kind)[0])
    found.append(one.ask("GET", "/api/v1/orders", Authorization=f"Bearer lx_{SECRET}")[0])
    found.append(one.form("/file", "/file", text=WORDS, go="next"))
    found.append(one.form("/track", "/track", number=QUERY, code=CODE, link=SECRET))
    for address in (f"/o/{SECRET}", f"/join/{SECRET}", f"/d/{SECRET}", f"/{WORDS}?q={QUERY}",
                    f"/orders?q={NAME}", f"/o/{SECRET}/photos/{QUERY}"):  # fmt: skip
        found.append(one.ask("GET", address)[0])
    found.append(one.form("/login", "/login", username=USERNAME, password=PASSWORD))
    found.append(one.form("/login", f"/login?next=/{QUERY}", username=NAME, password=WORDS))
    found.append(one.form(f"/join/{secret}", f"/join/{secret}", password=PASSWORD, again=WORDS))
    found.append(one.ask("POST", "/login", urlencode({"username": USERNAME}).encode())[0])
    found.append(one.ask("POST", "/file", upload(), "multipart/form-data; boundary=b")[0])
    found.append(one.ask("GET", "/", Host=f"{QUERY}.example")[0])
    found.append(one.ask("POST", "/login/code", urlencode({"code": CODE}).encode())[0])
    return found


def upload() -> bytes:
    head = f'--b\r\nContent-Disposition: form-data; name="photo"; filename="{FILE}.jpg"\r\n\r\n'
    return head.encode() + base64.b64decode("aGVsbG8=") + WORDS.encode() + b"\r\n--b--\r\n"


def staff(port: int, person: str) -> list[int]:
    """Somebody who works here signs in, searches and mistypes their code."""
    one = Caller(port)
    found = [one.form("/login", "/login", username=person, password=PASSWORD)]
    found += [one.ask("GET", address)[0] for address in (
        f"/orders?q={NAME}", f"/accounts?q={PHONE}", f"/orders/{QUERY}", "/account")]  # fmt: skip
    found.append(one.form("/account", "/account/password", old=WORDS, password="x", again=NAME))
    return found


def everything_else(dsn: str, var: Path, told: Any) -> None:
    """The worker's jobs and a look of the clock; afterwards tables are gone, so that what comes
    next breaks in the middle of somebody's words."""
    around = os.environ | {"DATABASE_URL": dsn, "LIANXIN_VAR": str(var)}
    once = [*worker(), "--one-shot"]
    clock = [sys.executable, "-m", "lianxin", "clock", "--once"]
    for command in (once, clock):
        done = subprocess.run(command, env=around, cwd=ROOT, stdout=told, stderr=told, check=False)
        assert done.returncode == 0
    with psycopg.connect(dsn, autocommit=True) as db:
        db.execute("ALTER TABLE orders_content RENAME TO gone")
        db.execute("ALTER TABLE axes_accessattempt RENAME TO gone_too")


def test_the_log_says_nothing_about_anybody(
    fresh: str, town: Town, tmp_path: Path, settings: Any
) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    var, log = tmp_path / "var", tmp_path / "told"
    stamp, desk = Stamp(None, timezone.now()), town.people["desk"]
    desk.name, desk.phone = NAME, PHONE
    desk.save()
    accept(stamp, invite(stamp, desk)[0], PASSWORD)
    secret, _ = invite(stamp, town.people["worker"])
    around = os.environ | {"DATABASE_URL": fresh, "LIANXIN_VAR": str(var)}
    setup = [sys.executable, "-m", "lianxin", "setup", "--no-demo"]
    subprocess.run(setup, env=around, cwd=ROOT, check=True, capture_output=True)
    with log.open("wb") as kept, served(fresh, var, kept) as port:
        codes = [*asked(port, secret), *staff(port, "desk")]
        everything_else(fresh, var, kept)
        broken = [*asked(port, secret), *staff(port, "desk")]
    assert {201, 302, 403, 404, 410, 422} <= set(codes), codes
    assert 500 not in codes
    assert 500 in broken, "nothing broke, so nothing was said about it"
    said = log.read_text(errors="replace")
    assert "Error" in said, "it says what broke"
    assert [mark for mark in (*MARKS, secret, quote(WORDS), quote(NAME)) if mark in said] == []
    database = (FOLDER / "pg" / "log").read_text(errors="replace")
    assert [mark for mark in (*MARKS, secret) if mark in database] == []


@pytest.mark.parametrize("break_", [
    lambda: int(WORDS), lambda: {}[WORDS], lambda: [].index(WORDS), lambda: WORDS.encode("ascii"),
    lambda: json.loads(WORDS), lambda: (_ for _ in ()).throw(DisallowedHost(WORDS)),
])  # fmt: skip
def test_what_is_wrong_with_a_value_does_not_quote_it(break_: Any) -> None:
    try:
        next(break_())
    except Exception as wrong:
        said = "".join(told(wrong))
        assert WORDS not in said
        assert type(wrong).__name__ in said
        assert "test_quiet_log.py" in said, "where it was"
    else:
        pytest.fail("it did not break")
