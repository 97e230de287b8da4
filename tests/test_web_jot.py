"""The worker's app as the house serves it: who is given which page, the key, and what is sent."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client
from django.utils import timezone
from PIL import Image
from town import COMMUNITY, DAY, GRID, QUARTER, Town, settled
from web_town import as_, see

from lianxin.core.step.refused import Refused
from lianxin.orders import actions
from lianxin.orders.models import Order, Photo
from lianxin.registry.models import Area, Post
from lianxin.web import installed

pytestmark = pytest.mark.django_db
SAID = {"text": "路灯不亮"}


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with settled(request) as town:
        yield town


def me(client: Client) -> dict[str, Any]:
    answer = client.get("/jot/me")
    assert answer.status_code == 200
    return answer.json()


def test_each_has_a_seal_of_their_own_and_always_the_same(town: Town) -> None:
    first, again, other = (me(as_(town, n)) for n in ("worker", "worker", "desk"))
    assert first["seal"] == again["seal"] != other["seal"]
    assert first["id"] == str(town.people["worker"].pk)
    assert me(Client()).keys() == {"id", "now"}, "nobody is given no key"


def test_the_places_are_those_of_ones_own_posts_first(town: Town) -> None:
    quarter = Area.objects.create(kind_id="grid", path=QUARTER + "002", name="第二网格", since=DAY)
    assert [p["id"] for p in me(as_(town, "worker"))["places"]] == [town.grid.pk]
    worker = town.people["worker"]
    Post.objects.create(person=worker, role="grid_worker", since=DAY, area=quarter)
    assert [p["name"] for p in me(as_(town, "worker"))["places"]] == [GRID, "第二网格"]
    assert me(as_(town, "desk"))["places"] == []
    community = town.areas[COMMUNITY]
    Post.objects.filter(person=worker, area=town.grid).update(area=community)
    assert len(me(as_(town, "worker"))["places"]) == 2, "whoever stands higher has all beneath"


@pytest.mark.parametrize(
    ("name", "status"), [("worker", 200), ("desk", 403), ("resident", 403), (None, 302)]
)
def test_who_may_write_here(town: Town, name: str | None, status: int) -> None:
    client = as_(town, name) if name else Client()
    assert client.get("/jot").status_code == status
    assert client.post("/jot").status_code in (403, 405, 302)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_kept_page_tells_nothing_of_anybody(town: Town, language: str) -> None:
    town.people["worker"].name = "李雪梅"
    town.people["worker"].save()
    page = see(town, "worker", "/jot", language)
    assert "李雪梅" not in page
    assert GRID not in page
    assert "csrfmiddlewaretoken" not in page
    assert "<noscript>" in page and 'href="/new/log"' in page
    words = json.loads(re.search(r'id="jot-words"[^>]*>(.*?)</script>', page, re.S)[1])
    assert "{n}" in words["waiting"] and "{number}" in words["was_sent"]


def test_the_script_names_files_that_are_there(town: Town) -> None:
    answer = Client().get("/sw.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert (answer["Cache-Control"], answer["Content-Security-Policy"]) == (
        "no-cache", installed.POLICY,
    )  # fmt: skip
    text = answer.content.decode()
    named = re.findall(r'"/static/([^"]+)"', text)
    assert len(named) == len(installed.SHELL) + len(installed.PARTS)
    assert [name for name in named if not finders.find(name)] == []
    page = see(town, "worker", "/jot")
    used = {*re.findall(r'(?:href|src)="/static/([^"#]+)', page)}
    assert {name for name in used if not name.startswith("icon-")} <= set(named)


def test_another_file_is_another_version(tmp_path: Path, monkeypatch: Any) -> None:
    before = installed.version()
    other = tmp_path / "jot.css"
    other.write_text("p { color: red }")
    found = finders.find
    monkeypatch.setattr(
        finders, "find", lambda name: str(other) if name == "jot.css" else found(name)
    )
    assert installed.version.__wrapped__() != before


@pytest.mark.parametrize(("lang", "name"), [("zh", "连心"), ("en", "Lianxin"), ("fr", "连心")])
def test_the_phone_is_told_what_to_call_it(lang: str, name: str) -> None:
    answer = Client().get(f"/manifest.webmanifest?lang={lang}")
    assert answer["Content-Type"] == "application/manifest+json"
    told = answer.json()
    assert (told["name"], told["start_url"], told["display"]) == (name, "/today", "standalone")
    for icon in told["icons"]:
        path = finders.find(icon["src"].removeprefix(settings.STATIC_URL))
        if path.endswith(".png"):
            assert "x".join(map(str, Image.open(path).size)) == icon["sizes"]


def test_the_day_leads_to_it_and_is_an_app(town: Town) -> None:
    page = see(town, "worker", "/today", "en")
    assert 'href="/jot"' in page
    assert 'rel="manifest" href="/manifest.webmanifest?lang=en"' in page


@pytest.mark.parametrize(("n", "says"), [("3", "还有 3 件"), ("0", None), ("x", None)])
def test_after_signing_out(n: str, says: str | None) -> None:
    page = Client().get(f"/jot/left?n={n}").content.decode()
    assert (says in page) if says else ("没有发出" not in page)
    assert "没有留下您的清单" in page


def test_a_page_for_no_network_is_about_nobody(town: Town) -> None:
    page = see(town, "worker", "/offline")
    assert all(words in page for words in ("这一页没有存在手机里", "可能没有送到", "还没有退出"))
    assert "worker" not in page


# ── what is sent as somebody's ───────────────────────────────────────────────────────────────────


def post(client: Client, meant: str | None, key: str = "k" * 20) -> Any:
    body = {"door": "log", "answers": SAID, "place": {"path": GRID}, "at": timezone.now()}
    headers = {"Idempotency-Key": key} | ({"Lianxin-For": meant} if meant else {})
    return client.post("/api/v1/orders", body, content_type="application/json", headers=headers)


def test_words_meant_as_anothers_are_not_taken(town: Town) -> None:
    worker, own = as_(town, "worker"), str(town.people["worker"].pk)
    for client, meant in ((worker, "999999"), (Client(), own), (as_(town, "desk"), own)):
        answer = post(client, meant)
        assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")
        photo = client.post("/api/v1/photos", headers={"Lianxin-For": meant})
        assert photo.status_code == 401
    assert (Order.objects.count(), Photo.objects.count()) == (0, 0)
    assert post(worker, own).status_code == 201


def test_an_answer_lost_for_weeks_is_given_again(town: Town) -> None:
    """The phone lay in a drawer: by now it would be too late, but it has long been filed."""
    now, who = timezone.now(), town["worker"]
    more = {"area": town.grid, "at": now - timedelta(days=1), "key": "drawer"}
    first = actions.file("five-orders", "log", who, SAID, **more, now=now)
    weeks = now + timedelta(days=20)
    again = actions.file("five-orders", "log", who, SAID, **more, now=weeks)
    assert (again.number, again.again) == (first.number, True)
    with pytest.raises(Refused, match="too_long_ago"):
        actions.file("five-orders", "log", who, SAID, **(more | {"key": "other"}), now=weeks)
    town.leave("worker")
    assert actions.file("five-orders", "log", town["worker"], SAID, **more, now=now).again
