"""An order that was divided: whoever asked for the whole is told of each part, and opens each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from carriers import gateway
from django.test import Client
from filing import html
from notice_town import NOON, PHONE, at_noon, carry_all, done, nobodys, press, say_all, ways
from town import Town
from web_town import as_

from lianxin.orders import links
from lianxin.orders.models import Content, Delivery, Event, Link, Order

PARTS = ["路灯不亮", "旁边的井盖松动"]


@pytest.fixture
def town(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    with at_noon(request, monkeypatch) as town:
        yield town


def divided(town: Town, phone: str = PHONE) -> tuple[Order, list[Order]]:
    number = nobodys(town, phone=phone)
    press(town, number, "split", "desk", parts=PARTS)
    whole = Order.objects.get(number=number)
    return whole, list(Order.objects.filter(parent=whole).order_by("pk"))


def link(order: Order) -> str:
    return links.make(order.pk.hex, "filer", NOON)


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("tracking.opening", "desk.calls"):
        monkeypatch.setattr(f"lianxin.web.{module}.timezone.now", lambda: NOON)


def test_each_part_is_told_to_the_phone_left_with_the_whole(town: Town, settings: Any) -> None:
    _, parts = divided(town)
    with gateway() as there:
        settings.SMS_URL, settings.PUBLIC_URL = there.url, "https://lianxin.example.org"
        for part in parts:
            done(town, part.number)
            say_all(part.number)
        carry_all()
        assert [m["to"] for m in there.sent] == [PHONE, PHONE]
        for part, message in zip(parts, there.sent, strict=True):
            assert message["text"].startswith(f"您的{part.number}说是办完了")
            secret = message["text"].rpartition("/o/")[2]
            assert links.bearer(secret, NOON).party == (part.pk.hex, "filer")


def test_without_a_gateway_each_part_is_a_line_on_the_call_list(town: Town) -> None:
    _, parts = divided(town)
    done(town, parts[0].number)
    say_all(parts[0].number)
    assert ways(parts[0].number) == [("call", "queued", "")]
    page = html(as_(town, "desk").get(f"/calls/{Delivery.objects.latest('pk').pk}"))
    assert f"tel:{PHONE}" in page


def test_a_phone_taken_out_or_never_left_reaches_nobody(town: Town) -> None:
    _, parts = divided(town, phone="")
    done(town, parts[0].number)
    say_all(parts[0].number)
    assert ways(parts[0].number)[-1] == ("call", "dropped", "no_way")
    other, (first, _) = divided(town)
    Content.objects.filter(order=other, name="phone").update(value=None, salt=None, erased=NOON)
    done(town, first.number)
    say_all(first.number)
    assert ways(first.number)[-1] == ("call", "dropped", "no_way")


def test_a_wrong_number_is_wrong_for_all_parts(town: Town) -> None:
    _, parts = divided(town)
    for part in parts:
        done(town, part.number)
        say_all(part.number)
    call = Delivery.objects.get(notice__order=parts[0], state="queued")
    as_(town, "desk").post(f"/calls/{call.pk}/answer", {"said": "wrong_number", "tries": 0})
    assert ways(parts[1].number)[-1] == ("call", "dropped", "wrong_number")


def test_the_asker_sees_the_parts_and_opens_each(town: Town) -> None:
    whole, parts = divided(town)
    press(town, parts[0].number, "dispatch", "desk", unit=str(town.unit.pk))
    secret, client = link(whole), Client()
    page = html(client.get(f"/o/{secret}"))
    for told in (*PARTS, parts[0].number, "分成了 2 件", "已经交出去", "收到了，正在安排人"):
        assert told in page
    before = Link.objects.count()
    way = client.get(f"/o/{secret}/parts/{parts[0].number}")
    assert client.get(f"/o/{secret}/parts/{parts[0].number}")["Location"] == way["Location"]
    assert Link.objects.count() == before + 1
    part = html(client.get(way["Location"]))
    assert PARTS[0] in part and "撤回" in part
    own = Link.objects.latest("pk")
    assert own.until == Link.objects.get(secret=links.digest(secret)).until


def test_the_asker_rates_a_part(town: Town) -> None:
    whole, parts = divided(town)
    done(town, parts[0].number)
    client = Client()
    here = client.get(f"/o/{link(whole)}/parts/{parts[0].number}")["Location"]
    form = html(client.get(here))
    own = dict(re.findall(r'name="(_\w+)" value="([^"]*)"', form))
    assert client.post(f"{here}/rate", own | {"rating": 5}).status_code == 302
    assert Event.objects.get(order=parts[0], verb="rate").capacity == "filer"


def test_the_number_of_a_part_opens_the_whole_with_its_code(town: Town) -> None:
    whole, parts = divided(town)
    code = links.code_of(link(whole))
    found = links.opened(parts[0].number, code, NOON)
    assert links.bearer(found, NOON).party == (whole.pk.hex, "filer")
    stranger = nobodys(town)
    assert links.opened(stranger, code, NOON) is None


@pytest.mark.parametrize("number", ["LX-999999", "x", "paper"])
def test_only_parts_open(town: Town, number: str) -> None:
    """Not an order of somebody else's, nor a paper that hangs on one's own."""
    whole, _ = divided(town)
    other = nobodys(town)
    press(town, other, "dispatch", "desk", unit=str(town.unit.pk))
    press(town, other, "keep", "clerk")
    press(town, other, "ask_extend", "clerk", reason="等备件")
    mine, named = whole, number
    if number == "paper":
        mine, named = Order.objects.get(number=other), f"{other}-1"
    secret, before = link(mine), Link.objects.count()
    assert Client().get(f"/o/{secret}/parts/{named}")["Location"] == f"/o/{secret}"
    assert Client().get(f"/o/{link(whole)}/parts/{other}").status_code == 302
    assert Link.objects.count() == before + 1, "the link made for this test, and no other"
