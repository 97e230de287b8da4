"""What somebody with a free afternoon would try, each as one short story that ends with nothing."""

import io
import logging
import os
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from api_client import Caller, code
from django.conf import settings as conf
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone
from town import COMMUNITY, DAY, GRID, Town, settled
from web_town import as_, busy, see

from lianxin.core.step.refused import Refused
from lianxin.core.step.who import Who
from lianxin.orders import actions, links
from lianxin.orders.models import Event, Order
from lianxin.registry.models import Person, Post
from lianxin.web.api import pace

PLACE = {"path": GRID}


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with settled(request) as town:
        yield town


def bearer(town: Town, text: str = "路灯不亮") -> tuple[str, Caller]:
    """The number of a passer-by's order, and the passer-by with its link."""
    done = actions.file("five-orders", "file", Who(""), {"text": text}, area=town.grid)
    return done.number, Caller(links.make(done.id, "filer", timezone.now()))


# ── names ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("who", [None, "resident", "m1", "clerk"])
def test_no_key_of_the_registry_is_turned_into_a_residents_name(
    town: Town, who: str | None
) -> None:
    """“Mediate between me and person 2”, “… and 3”: the story would tell all their names."""
    caller = Caller(town.token(who) if who else None)
    for name in ("neighbour", "resident"):
        other = str(town.people[name].pk)
        answers = {"second": other, "text": "漏水"}
        said = caller.post(
            "/orders", {"flow": "mediation", "answers": answers, "place": PLACE}, "k" * 20 + name
        )
        own = who == "resident" and name == who
        assert code(said) == ("interested" if own else "unknown")


def test_a_search_for_names_is_closed_to_who_may_not_take_the_step(town: Town) -> None:
    number = town.dispatched()
    actions.step(number, "accept", town["clerk"], {"seats": 2})
    keys = [p.pk for p in Person.objects.all()]
    page = as_(town, "m1").post(f"/orders/{number}/assign", {"_find": "holder", "holder": keys})
    assert page.status_code == 403
    assert "neighbour" not in page.content.decode()
    page = as_(town, "clerk").post(f"/orders/{number}/assign", {"_find": "holder", "holder": keys})
    assert page.status_code == 200
    assert ">m1<" in page.content.decode()
    assert "neighbour" not in page.content.decode()


def test_who_is_stood_in_for_stays_behind_the_veil(town: Town) -> None:
    for name, role in (("steward", "steward"), ("standin", None)):
        town.people[name] = Person.objects.create(username=name, name=name)
        if role:
            Post.objects.create(
                person=town.people[name], role=role, area=town.areas[COMMUNITY], since=DAY
            )
    held = Post.objects.get(person=town.people["other_clerk"])
    Post.objects.create(
        person=town.people["standin"], role="clerk", unit=held.unit, since=DAY, behalf_of=held
    )
    sides = {"supplier": str(town.units["U"].pk), "buyer": str(town.units["V"].pk)}
    number = actions.file("talk", "match", town["steward"], sides).number
    actions.step(number, "agree", town["standin"], {})
    told = Caller(town.token("clerk")).get(f"/orders/{number}/events").json()
    assert [e["behalf"] for e in told] == [None, None]


# ── marks ────────────────────────────────────────────────────────────────────────────────────────


def test_what_is_said_with_a_mark_is_for_the_same_eyes(town: Town) -> None:
    number = busy(town)
    actions.step(number, "handle", town["m1"], {"outcome": "solved", "text": "好了"})
    actions.step(number, "rate", town["resident"], {"rating": 1, "text": "态度很差"})
    for name, tells in (("desk", True), ("resident", True), ("clerk", False), ("m1", False)):
        said = Caller(town.token(name)).get(f"/orders/{number}/events").json()
        assert ("态度很差" in str(said)) is tells, name
        assert ("态度很差" in see(town, name, f"/orders/{number}")) is tells, name
    assert number not in see(town, "clerk", "/orders?q=态度很差")


@pytest.mark.parametrize("flow", ["closed-loop", "score", "five-orders"])
def test_no_unit_reads_the_mark_it_was_given(flow: str) -> None:
    from lianxin.orders.book import book

    page = book().page(flow, timezone.localdate())
    assert "unit" not in (page.fields["rating"].seen or ("unit",))


# ── links ────────────────────────────────────────────────────────────────────────────────────────


def test_a_link_is_no_way_around_the_limits(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    number, link = bearer(town)
    monkeypatch.setattr(pace.filings, "most", 2)
    monkeypatch.setattr(pace.pictures, "most", 2)
    body = {"answers": {"text": "x"}, "place": PLACE}
    assert [code(link.post("/orders", body)) for _ in range(3)] == ["201", "201", "slow_down"]
    pace.filings.forget()
    said = [code(link.step(number, "comment", text="x")) for _ in range(3)]
    assert said == ["200", "200", "slow_down"]
    sent = [link.client.post("/api/v1/photos", {"photo": io.BytesIO(b"x")}) for _ in range(3)]
    assert [code(answer) for answer in sent] == ["not_a_photo", "not_a_photo", "slow_down"]


def test_photos_are_counted_before_they_are_taken_in(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A form that the asker may not send would take in nine a time."""
    done = town.file("resident")
    secret = links.make(done.id, "filer", timezone.now())
    monkeypatch.setattr(pace.pictures, "most", 2)
    files = [io.BytesIO(b"x") for _ in range(9)]
    for _ in range(3):
        said = Client().post(f"/o/{secret}/photo", {"photo": files, "_go": "1"})
    assert "发得太快了" in said.content.decode()


def test_the_keys_of_one_link_say_nothing_to_another(town: Town) -> None:
    (mine, one), (yours, other) = bearer(town), bearer(town, "水管漏水")
    assert code(one.step(mine, "comment", "1", text="在家")) == "200"
    assert code(other.step(yours, "comment", "1", text="在家")) == "200"


def test_a_link_takes_no_seat_and_leaves_no_trace_elsewhere(town: Town) -> None:
    number = actions.file("activity", "plan", town["desk"], {"text": "包粽子"}).number
    starts = (timezone.now() + timedelta(days=3)).isoformat()
    given = {"seats": 2, "starts": starts, "place": str(town.grid.pk)}
    actions.step(number, "announce", town["desk"], given)
    _, link = bearer(town)
    assert code(link.step(number, "sign_up")) == "no_account"
    assert code(link.step(number, "wait")) == "no_account"
    assert Event.objects.filter(order__number=number).count() == 2


def test_what_nobody_said_nobody_takes_back(town: Town) -> None:
    """An objection without an account is not undone by the next passer-by with a link."""
    closes = (timezone.now() + timedelta(days=3)).isoformat()
    given = {"post": "worker", "places": 1, "date": closes, "text": "招网格员"}
    number = actions.file("vacancy", "notice", town["desk"], given).number
    Order.objects.filter(number=number).update(state="publicity")
    (_, one), (_, other) = bearer(town), bearer(town)
    assert code(one.step(number, "object", objection="程序不对")) == "200"
    Order.objects.filter(number=number).update(state="publicity")
    assert code(other.post(f"/orders/{number}/undo")) == "not_yours"


# ── answers without end ──────────────────────────────────────────────────────────────────────────


def test_no_answer_has_more_rows_than_anybody_reads(town: Town) -> None:
    """A hundred thousand ids, each compared with all before it, would hold a worker for an hour."""
    answers = {"text": "x", "photo": [str(n) for n in range(100_000)]}
    body = {"answers": answers, "place": PLACE}
    assert code(Caller().post("/orders", body, "k" * 20)) == "too_many"


@pytest.mark.parametrize("starts", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_moment_that_no_calendar_has_breaks_no_page(town: Town, starts: str) -> None:
    number = actions.file("activity", "plan", town["desk"], {"text": "包粽子"}).number
    given = {"seats": 2, "starts": starts, "place": str(town.grid.pk)}
    with pytest.raises(Refused, match="not_a_moment"):
        actions.step(number, "announce", town["desk"], given)
    at = {"at": starts, "answers": {"text": "x"}, "place": PLACE}
    assert code(Caller(town.token("desk")).post("/orders", at)) in ("in_future", "bad_request")


@pytest.mark.parametrize(
    "address",
    ["/orders/%00", "/orders/%00/comment", "/desk/card/%00", "/orders?as=00009",
     "/orders?as=0000" + "9" * 5000, "/desk/fresh?since=0001-01-01T00:00:00%2B14:00"],
)  # fmt: skip
def test_no_address_breaks_the_house(town: Town, address: str) -> None:
    assert as_(town, "desk").get(address).status_code < 500
    assert as_(town, "desk").post(address + "/undo").status_code < 500


def test_what_is_too_large_is_not_read(town: Town) -> None:
    for address in ("/file", "/login", "/new/log"):
        said = as_(town, "worker").generic(
            "POST", address, b"", CONTENT_LENGTH=str(10 * 2**30), HTTP_ACCEPT="text/html"
        )
        assert said.status_code == 413
        assert "太大" in said.content.decode()


# ── taking back, looking up, coming in ───────────────────────────────────────────────────────────


def test_undo_takes_back_what_was_seen_and_nothing_newer(town: Town) -> None:
    number = town.dispatched()
    seen = Order.objects.get(number=number).nth
    given = {"unit": str(town.units["V"].pk), "reason": "属水务"}
    actions.step(number, "redispatch", town["desk"], given)
    late = as_(town, "desk").post(f"/orders/{number}/undo", {"_nth": str(seen)})
    assert late.status_code == 409
    assert Order.objects.get(number=number).nth == seen + 1


def test_a_phone_number_finds_nobody_in_the_register(town: Town) -> None:
    number = town.file(text="请打 138-0013 8000").number
    for q in ("13800138000", "138-0013 8000", "1380013"):
        assert number not in see(town, "leader", f"/orders?q={q}")
    assert number in see(town, "leader", "/orders?q=请打")
    assert number in see(town, "leader", f"/orders?q={number}")


def test_a_guesser_behind_the_proxy_locks_nobody_out(town: Town, settings: Any) -> None:
    settings.HTTPS = True
    town.people["desk"].set_password("longenough")
    town.people["desk"].save()

    def come(password: str, source: str) -> int:
        form = {"username": "desk", "password": password}
        return Client().post("/login", form, headers={"X-Forwarded-For": source}).status_code

    assert [come("wrong", "203.0.113.9") for _ in range(9)][-1] == 429
    assert come("longenough", "198.51.100.7") == 302


def test_pages_of_who_is_signed_in_are_not_kept_by_a_shared_machine(town: Town) -> None:
    for name, address in (("desk", "/desk"), ("leader", "/board"), ("worker", "/today")):
        assert "no-store" in as_(town, name).get(address)["Cache-Control"]
    assert "no-store" not in Client().get("/clock").headers.get("Cache-Control", "")


# ── what the log keeps ───────────────────────────────────────────────────────────────────────────


def logged(record: logging.LogRecord) -> str:
    from logging.config import dictConfig

    dictConfig(conf.LOGGING)
    handler = logging.getLogger("django").handlers[0]
    return handler.format(record)


def test_the_log_keeps_no_link_and_no_words(town: Town) -> None:
    from django.db import IntegrityError, connection, transaction
    from django.utils.log import log_response

    words = "1380013" + "8000"
    request = RequestFactory().get("/o/s3cr3t-s3cr3t-s3cr3t/rate?x=1")
    kept: list[logging.LogRecord] = []
    log = logging.getLogger("django.request")
    log.addFilter(lambda record: kept.append(record) or False)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("INSERT INTO registry_person (name) VALUES (%s)", [words])
    except IntegrityError as wrong:
        broken = HttpResponse(status=500)
        said = ("%s: %s", "Internal Server Error", request.path)
        log_response(*said, request=request, response=broken, exception=wrong)
    finally:
        log.filters.clear()
    text = logged(kept[0])
    assert "s3cr3t" not in text
    assert words not in text
    assert "IntegrityError" in text
    assert "test_attack" in text


def test_the_database_writes_no_rows_into_its_log() -> None:
    from lianxin.embedded import SAFE

    assert SAFE["log_error_verbosity"] == "terse"  # else “Failing row contains (…)”


def test_a_sign_of_somebody_else_leads_the_database_nowhere(tmp_path: Any) -> None:
    """/tmp is everybody's: a link waiting there would have root give its target away."""
    from lianxin import postmaster
    from lianxin.trouble import Trouble

    if os.geteuid() != 0:
        pytest.skip("only root can make a link that belongs to another user")
    (ours := tmp_path / "ours").mkdir()
    (sign := tmp_path / "sign").symlink_to(ours)
    os.lchown(sign, 12345, 12345)
    with pytest.raises(Trouble, match="belongs to somebody else"):
        postmaster.prepare_folder(sign)
    assert ours.stat().st_uid == 0
