"""The asker's phone: in nobody's page until it is asked for, each look kept, gone after the end."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from api_client import Caller
from django.utils import timezone
from town import CAST, Town, settled
from web_town import as_

from lianxin.core.step.refused import Refused
from lianxin.orders import actions, looks, phones
from lianxin.orders.models import Look, Order

PHONE, HOME = "139 4471 8026", "3栋2单元501"
DIALLED = "13944718026"
# Long enough that no moment, mark or number holds it by chance, spaced or not.
TAIL = re.compile(r"139 ?4471|4471 ?8026")


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with settled(request) as town:
        yield town


def filed(town: Town, **more: Any) -> str:
    given = {"text": "水管漏水", "phone": PHONE, "address": HOME, "point": [108.5, 25.9]}
    return actions.file(
        "five-orders", "file", town["resident"], given, area=town.grid, **more
    ).number


WAY = (
    ("dispatch", "desk", {"unit": "U"}), ("accept", "clerk", {"seats": 1}), ("grab", "m1", {}),
    ("handle", "m1", {"outcome": "solved", "text": "换了"}), ("rate", "resident", {"rating": 5}),
    ("call_back", "desk", {"callback": "solved"}), ("strike_off", "desk", {}),
)  # fmt: skip


def walk(town: Town, number: str, last: str) -> None:
    """On from where it stands, as far as this step."""
    state = Order.objects.get(number=number).state
    verbs = [verb for verb, *_ in WAY]
    done = {"filed": 0, "dispatched": 1, "accepted": 2, "grabbed": 3, "done": 4}[state]
    for verb, name, given in WAY[done : verbs.index(last) + 1]:
        answers = {k: str(town.unit.pk) if v == "U" else v for k, v in given.items()}
        actions.step(number, verb, town[name], answers)


def ask(town: Town, name: str, number: str) -> str:
    """The phone, or the code of the no."""
    try:
        return phones.phone_of(number, town[name], timezone.now())
    except Refused as no:
        return no.code


def pages(number: str) -> list[str]:
    lists = ["/desk", "/unit", "/today", "/pool", "/orders", "/orders.csv", "/board", "/calls"]
    one = f"/orders/{number}"
    steps = ["comment", "handle", "dispatch", "release", "remark"]
    return [*lists, one, f"{one}/paper", f"{one}/phone", f"/desk?order={number}", f"{one}/code",
            *(f"{one}/{step}" for step in steps)]  # fmt: skip


@pytest.mark.parametrize("last", ["file", "accept", "grab", "handle", "strike_off"])
def test_no_page_of_anybody_but_the_asker_holds_a_phone(town: Town, last: str) -> None:
    number = filed(town)
    if last != "file":
        walk(town, number, last)
    for name in sorted(CAST.keys() - {"resident"}):
        client = as_(town, name)
        for address in pages(number):
            page = client.get(address, follow=True).content.decode(errors="ignore")
            assert not TAIL.search(page), (name, address)
    assert TAIL.search(as_(town, "resident").get(f"/orders/{number}").content.decode())
    assert not Look.objects.filter(what=looks.ASKER).exists()


@pytest.mark.parametrize("last", ["file", "grab", "strike_off"])
def test_no_answer_of_the_api_holds_a_phone_but_one(town: Town, last: str) -> None:
    number = filed(town)
    if last != "file":
        walk(town, number, last)
    for name in ("desk", "worker", "supervisor", "clerk", "m1", "leader"):
        caller = Caller(town.token(name))
        for address in (f"/orders/{number}", f"/orders/{number}/events", "/orders", "/me"):
            assert not TAIL.search(caller.get(address).content.decode()), (name, address)
    own = Caller(town.token("resident")).get(f"/orders/{number}").json()
    assert own["phone"] is False, "nothing to ask for: it stands there"
    assert PHONE in [line["value"] for line in own["fields"]]


def test_who_may_ask_when(town: Town) -> None:
    number, told = filed(town), {}
    asking = ("resident", "desk", "worker", "supervisor", "clerk", "m1", "m2", "stranger")
    for last in ("file", "dispatch", "grab", "strike_off"):
        if last != "file":
            walk(town, number, last)
        told[last] = {name: ask(town, name, number) for name in asking}
    shut = {"supervisor": "phone_closed", "stranger": "not_found"}
    open_ = dict.fromkeys(("resident", "desk", "worker"), PHONE)
    not_yet = dict.fromkeys(("clerk", "m1", "m2"), "not_found")
    assert told["file"] == {**open_, **shut, **not_yet}
    assert told["dispatch"] == {**open_, **shut, **not_yet, "clerk": PHONE}
    assert told["grab"] == {**open_, **shut, "clerk": PHONE, "m1": PHONE, "m2": "not_found"}
    gone = dict.fromkeys(("clerk", "m1"), "phone_gone")
    assert told["strike_off"] == {**open_, **shut, **gone, "m2": "not_found"}


def test_a_member_sees_what_is_open_and_not_the_phone(town: Town) -> None:
    number = filed(town)
    walk(town, number, "accept")
    assert ask(town, "m2", number) == "phone_closed"
    page = as_(town, "m2").get(f"/orders/{number}").content.decode()
    assert HOME not in page and f"/orders/{number}/phone" not in page


def test_address_and_point_go_with_the_phone(town: Town) -> None:
    number = filed(town)
    walk(town, number, "grab")
    for name in ("m1", "clerk"):
        assert HOME in as_(town, name).get(f"/orders/{number}").content.decode()
    walk(town, number, "strike_off")
    for name, still in (("m1", False), ("clerk", False), ("desk", True), ("worker", True)):
        page = as_(town, name).get(f"/orders/{number}").content.decode()
        assert (HOME in page, "108.5" in page) == (still, still), name
        assert "522601001001001001" in page, "its grid stays"
        fields = Caller(town.token(name)).get(f"/orders/{number}").json()["fields"]
        assert ({"address", "point"} <= {f["name"] for f in fields}) == still
    found = as_(town, "clerk").get("/unit", {"q": HOME, "open": ""}).content.decode()
    assert number not in found, "nor is it found by the address"


def test_an_order_opened_again_shows_it_again_to_whoever_takes_it_again(town: Town) -> None:
    number = filed(town)
    walk(town, number, "strike_off")
    actions.step(number, "again", town["resident"], {"reason": "又漏了"})
    assert ask(town, "m1", number) == "not_found"
    walk(town, number, "grab")
    assert ask(town, "m1", number) == PHONE


def test_each_look_is_kept_before_it_is_answered(town: Town) -> None:
    number = filed(town)
    answer = as_(town, "worker").post(f"/orders/{number}/phone")
    assert f'href="tel:{DIALLED}"' in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    look = Look.objects.get()
    assert (look.who, look.what, look.order.number, look.path) == (
        town.people["worker"], "asker", number, town.grid.path,
    )  # fmt: skip
    assert ask(town, "resident", number) == PHONE
    assert Look.objects.count() == 1, "an asker's own is no look"
    page = as_(town, "auditor").get("/looks").content.decode()
    assert number in page and "查看一单的联系电话" in page and not TAIL.search(page)
    piece = as_(town, "desk").post(f"/orders/{number}/phone", headers={"HX-Request": "true"})
    assert "<html" not in piece.content.decode() and DIALLED in piece.content.decode()


def test_an_address_that_is_opened_looks_at_nothing(town: Town) -> None:
    number = filed(town)
    answer = as_(town, "desk").get(f"/orders/{number}/phone")
    assert (answer.status_code, answer["Location"]) == (302, f"/orders/{number}")
    assert not Look.objects.exists()


def test_so_many_orders_a_day_and_the_same_one_again(town: Town, monkeypatch: Any) -> None:
    monkeypatch.setattr(phones, "bounds", lambda what: {"a_day": 2, "days": 90})
    one, two, three = (filed(town) for _ in range(3))
    assert [ask(town, "desk", n) for n in (one, two, one, three, two)] == [
        PHONE, PHONE, PHONE, "too_many_phones", PHONE,
    ]  # fmt: skip
    assert Look.objects.filter(what="asker").count() == 4
    answer = as_(town, "desk").post(f"/orders/{three}/phone")
    assert answer.status_code == 429
    assert "今天看的电话够多了" in answer.content.decode() and not TAIL.search(
        answer.content.decode()
    )
    piece = as_(town, "desk").post(f"/orders/{three}/phone", headers={"HX-Request": "true"})
    assert "今天看的电话够多了" in piece.content.decode()
    no = Caller(town.token("desk")).post(f"/orders/{three}/phone")
    assert (no.status_code, no.json()["code"]) == (429, "too_many_phones")
    assert 0 < int(no["Retry-After"]) <= 86400
    assert ask(town, "worker", three) == PHONE, "others go on"


def test_posts_lose_it_ninety_days_after_the_end(town: Town) -> None:
    number = filed(town)
    walk(town, number, "strike_off")
    later = timezone.now() + timedelta(days=91)
    for name in ("desk", "worker", "m1"):
        with pytest.raises(Refused, match="phone_gone"):
            phones.phone_of(number, town[name], later)
    assert phones.phone_of(number, town["resident"], later) == PHONE


def test_programs_ask_by_a_press(town: Town) -> None:
    number = filed(town)
    desk = Caller(town.token("desk"))
    assert desk.get(f"/orders/{number}").json()["phone"] is True
    assert desk.post(f"/orders/{number}/phone").json() == {"number": number, "phone": PHONE}
    assert Look.objects.get().who == town.people["desk"]
    for name, code in (("supervisor", "phone_closed"), ("stranger", "not_found")):
        assert Caller(town.token(name)).post(f"/orders/{number}/phone").json()["code"] == code
    bare = town.file().number
    assert desk.get(f"/orders/{bare}").json()["phone"] is False
    assert desk.post(f"/orders/{bare}/phone").json()["code"] == "no_phone"


def test_a_phone_taken_out_is_asked_for_in_vain(town: Town) -> None:
    number = filed(town)
    actions.step(number, "redact", town["resident"], {"entry": 1, "reason": "不想留"})
    assert ask(town, "desk", number) == "no_phone"
    assert (
        f"/orders/{number}/phone" not in as_(town, "desk").get(f"/orders/{number}").content.decode()
    )
