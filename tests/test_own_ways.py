"""One's own address for mail, how one is told of what, and the mailbox of a unit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from carriers import Gateway, Post
from django.test import Client
from django.utils import timezone
from filing import html
from notice_town import NOON, at_noon, carry_all, later, nobodys, press, reach, say_all
from outside import body
from town import Town
from web_town import as_, see

from lianxin.orders.models import Delivery, Notice
from lianxin.orders.notices import own, proofs
from lianxin.orders.notices.rules import rules
from lianxin.registry.models import Entry, MailProof, Person
from lianxin.web.account import own_ways
from lianxin.web.api.pace import Pace

MINE = "li@example.org"
PASSWORD = "four quiet words"


@pytest.fixture
def town(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    with at_noon(request, monkeypatch) as town:
        clerk = town.people["clerk"]
        clerk.set_password(PASSWORD)
        clerk.save()
        yield town


# ── one's own address ────────────────────────────────────────────────────────────────────────────


def give(town: Town, mail: str = MINE, old: str = PASSWORD, **more: str) -> Any:
    given = {"mail": mail, "old": old, "do": "set", **more}
    return as_(town, "clerk").post("/account/mail", given)


def sent(town: Town) -> None:
    for row in MailProof.objects.filter(sent=None):
        proofs.send(row.pk, timezone.now())


def link(letters: Post) -> str:
    return re.search(r"/account/mail/\S+", body(letters.letters[-1]))[0]


def test_an_address_counts_once_its_link_was_opened(town: Town, letters: Post) -> None:
    assert give(town).status_code == 302
    sent(town)
    [letter] = letters.letters
    assert letter.rcpt_tos == [MINE]
    assert town.people["clerk"].name not in body(letter).replace("lianxin", "")
    assert "确认信已经发到" in see(town, "clerk", "/account")
    clerk = Person.objects.get(pk=town.people["clerk"].pk)
    assert clerk.mail == "", "nothing goes there yet"
    page = Client().get(link(letters))
    assert "是我的邮箱" in html(page)
    clerk.refresh_from_db()
    assert clerk.mail == "", "a mail program that looks ahead confirms nothing"
    assert "邮箱确认好了" in html(Client().post(link(letters)))
    clerk.refresh_from_db()
    assert clerk.mail == MINE
    assert Client().post(link(letters)).status_code == 404
    entry = Entry.objects.filter(model="registry.person", key=clerk.pk).latest("pk")
    assert entry.after == {"fields": ["mail_sealed"]}


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"old": "wrong"}, 422), ({"old": ""}, 422), ({"mail": ""}, 422), ({"mail": "li"}, 422),
        ({"mail": "li@example.org\nBcc: all@example.org"}, 422), ({"mail": "a@b.c" * 99}, 422),
    ],
)  # fmt: skip
def test_what_is_refused_sends_nothing(
    town: Town, letters: Post, given: dict[str, str], status: int
) -> None:
    assert give(town, **given).status_code == status
    assert not MailProof.objects.exists()


def test_a_later_address_ends_the_earlier_link_and_a_day_ends_both(
    town: Town, letters: Post
) -> None:
    give(town)
    sent(town)
    first = link(letters)
    assert give(town, "other@example.org").status_code == 302
    sent(town)
    assert link(letters) != first
    assert Client().get(first).status_code == 404
    MailProof.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert Client().post(link(letters)).status_code == 404
    assert Person.objects.get(pk=town.people["clerk"].pk).mail == ""


def test_it_is_sent_once_whatever_becomes_of_it(town: Town, letters: Post) -> None:
    give(town)
    row = MailProof.objects.get()
    letters.busy = True
    assert proofs.send(row.pk, timezone.now()) is False
    letters.busy = False
    assert proofs.send(row.pk, timezone.now()) is False
    assert letters.letters == []


def test_the_rows_tell_neither_address_nor_link(town: Town, letters: Post) -> None:
    give(town)
    sent(town)
    [row] = MailProof.objects.values()
    kept = " ".join(str(bytes(v) if isinstance(v, memoryview) else v) for v in row.values())
    assert MINE not in kept and link(letters).rpartition("/")[2] not in kept


def test_not_for_strangers_and_not_without_end(
    town: Town, letters: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert Client().post("/account/mail", {"mail": MINE})["Location"].startswith("/login")
    monkeypatch.setattr(own_ways, "asked", Pace("proofs", most=1, per_s=3600))
    assert [give(town).status_code for _ in range(2)] == [302, 429]


def test_an_address_is_given_up(town: Town, letters: Post) -> None:
    reach(town, "clerk", mail=MINE)
    assert MINE in see(town, "clerk", "/account")
    assert give(town, mail="", do="drop").status_code == 302
    assert Person.objects.get(pk=town.people["clerk"].pk).mail == ""


def test_where_no_mail_can_be_sent_none_is_asked_for(town: Town) -> None:
    assert 'id="mail"' not in see(town, "clerk", "/account")
    assert give(town).status_code == 404


# ── how one is told ──────────────────────────────────────────────────────────────────────────────


def wish(town: Town, **ways: str) -> Any:
    return as_(town, "clerk").post("/account/ways", dict.fromkeys(rules().choices, "usual") | ways)


def told(town: Town) -> list[str]:
    """By which ways the clerk is told that it is their turn."""
    number = nobodys(town, phone="")
    press(town, number, "dispatch", "desk", unit=str(town.unit.pk))
    say_all(number)
    carry_all()
    rows = Delivery.objects.filter(notice__order__number=number, person=town.people["clerk"])
    assert own.unread(town["clerk"]), "the bell has it whatever was chosen"
    return [f"{row.channel} {row.state}" for row in rows.order_by("pk")]


@pytest.mark.parametrize(
    ("wished", "ways"),
    [
        ({}, ["mail sent"]), ({"staff": "sms"}, ["sms sent"]), ({"staff": "mail"}, ["mail sent"]),
        ({"staff": "bell"}, []), ({"follower": "bell"}, ["mail sent"]),
    ],
)  # fmt: skip
def test_one_chooses_ones_way(
    town: Town, letters: Post, there: Gateway, wished: dict[str, str], ways: list[str]
) -> None:
    reach(town, "clerk", "13800138000", MINE)
    assert wish(town, **wished).status_code == 302
    assert told(town) == ways


def test_a_way_that_fails_is_followed_by_another(town: Town, letters: Post, there: Gateway) -> None:
    reach(town, "clerk", "13800138000", MINE)
    wish(town, staff="sms")
    there.mood = 400
    assert told(town) == ["sms refused", "mail queued"]


def test_what_must_be_acted_on_in_time_is_not_made_silent(town: Town) -> None:
    assert "bell" not in rules().choices["urgent"]
    assert wish(town, urgent="bell").status_code == 422
    Person.objects.filter(username="clerk").update(ways="urgent=bell staff=carrier-pigeon")
    page = see(town, "clerk", "/account")
    assert page.count("selected") == len(rules().choices), "what is no choice today is as usual"


# ── a unit's mailbox ─────────────────────────────────────────────────────────────────────────────


def dispatched(town: Town) -> str:
    number = nobodys(town, phone="")
    press(town, number, "dispatch", "desk", unit=str(town.unit.pk))
    say_all(number)
    return number


def office(number: str) -> Delivery | None:
    return Delivery.objects.filter(notice__order__number=number, person=None).first()


def test_a_unit_is_written_to_when_nobody_has_read_it(town: Town, letters: Post) -> None:
    town.unit.mail = "office@example.org"
    town.unit.save()
    number = dispatched(town)
    row = office(number)
    assert row.channel == "mail" and row.next_at == NOON + rules().office_waits
    carry_all()
    assert letters.letters == []
    carry_all(later(1))
    [letter] = letters.letters
    assert letter.rcpt_tos == ["office@example.org"]
    assert f"https://lianxin.example.org/orders/{number}" in body(letter)


def test_not_once_somebody_has_read_it_nor_when_it_has_left(town: Town, letters: Post) -> None:
    town.unit.mail = "office@example.org"
    town.unit.save()
    read, left = dispatched(town), dispatched(town)
    own.settle([Notice.objects.get(order__number=read).pk], NOON)
    press(town, left, "return", "clerk", reason="不归我们")
    carry_all(later(1))
    assert letters.letters == []
    assert (office(read).why, office(left).why) == ("read", "unseen")


def test_its_clerk_keeps_its_address(town: Town) -> None:
    address = f"/account/unit/{town.unit.pk}"
    assert f'href="{address}"' in see(town, "clerk", "/account")
    client = as_(town, "clerk")
    assert client.post(address, {"mail": "office", "phone": ""}).status_code == 422
    assert client.post(address, {"mail": "", "phone": "<script>"}).status_code == 422
    given = {"mail": "office＠example.org", "phone": "0855-123 4567"}
    assert client.post(address, given).status_code == 302
    town.unit.refresh_from_db()
    assert (town.unit.mail, town.unit.phone) == ("office@example.org", "0855-123 4567")
    assert Entry.objects.filter(model="registry.unit", who=town.people["clerk"]).exists()


@pytest.mark.parametrize(("name", "status"), [("other_clerk", 404), ("m1", 403), ("desk", 403)])
def test_and_nobody_else(town: Town, name: str, status: int) -> None:
    assert as_(town, name).get(f"/account/unit/{town.unit.pk}").status_code == status
