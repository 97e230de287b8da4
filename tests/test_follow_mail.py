"""Who follows without account is written to: at an address they have confirmed, until it ends."""

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
from notice_town import NOON, TEXT, at_noon, carry_all, done, nobodys, press, say_all
from outside import HOUSE, body
from procrastinate.contrib.django.models import ProcrastinateJob
from town import Town

from lianxin.orders import follow_mail, follows
from lianxin.orders.models import Delivery, Follow, FollowMail, Order
from lianxin.orders.notices import proofs

MINE = "wang@example.org"
PHONE = "13912345678"


@pytest.fixture
def town(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    with at_noon(request, monkeypatch) as town:
        yield town


@pytest.fixture
def number(town: Town) -> str:
    return nobodys(town, phone="")


@pytest.fixture
def secret(number: str) -> str:
    return followed(number)


def followed(number: str, person: str = "") -> str:
    order = Order.objects.get(number=number).pk.hex
    return follows.follow(order, f"draft {person}", person, NOON)


def leave(secret: str, mail: str = MINE, client: Client | None = None, **more: str) -> Any:
    return (client or Client()).post(f"/f/{secret}/mail", {"mail": mail, **more})


def sent() -> None:
    for row in FollowMail.objects.filter(sent=None):
        proofs.send_follower(row.pk, timezone.now())


def link(letters: Post) -> str:
    return re.search(r"/follows/mail/\S+", body(letters.letters[-1]))[0]


def confirmed(secret: str, letters: Post) -> None:
    leave(secret)
    sent()
    Client().post(link(letters))
    letters.letters.clear()


def kept(secret: str) -> str:
    return follow_mail.mail_of(follows.found(secret))


def test_an_address_counts_once_its_link_was_opened(
    town: Town, number: str, secret: str, letters: Post
) -> None:
    assert f'href="/f/{secret}/mail"' in html(Client().get(f"/f/{secret}"))
    assert leave(secret)["Location"] == f"/f/{secret}"
    assert ProcrastinateJob.objects.filter(task_name="orders.send_follow_proof").count() == 1
    sent()
    [letter] = letters.letters
    assert letter.rcpt_tos == [MINE]
    for word in (secret, number, TEXT):
        assert word not in body(letter)
    page = html(Client().get(f"/f/{secret}"))
    assert "确认信已经发到 w…@example.org" in page and MINE not in page
    press(town, number, "refuse", "desk", reason="由市里统一安排")
    say_all(number)
    carry_all()
    assert letters.letters == [letter], "nothing goes there but this one link"


def test_it_takes_the_button(town: Town, secret: str, letters: Post) -> None:
    leave(secret)
    sent()
    assert "是我的邮箱" in html(Client().get(link(letters)))
    assert kept(secret) == "", "a mail program that looks ahead confirms nothing"
    onward = Client().post(link(letters))["Location"]
    assert follows.found(onward.rpartition("/")[2]) == follows.found(secret)
    assert kept(secret) == MINE
    page = html(Client().get(onward))
    assert "有进展会发邮件到 w…@example.org" in page and MINE not in page
    assert Client().post(link(letters)).status_code == 404
    assert Client().get(link(letters)).status_code == 404
    assert not FollowMail.objects.exists()


def test_who_confirmed_is_written_to_with_their_own_link(
    town: Town, number: str, secret: str, letters: Post
) -> None:
    confirmed(secret, letters)
    done(town, number)
    say_all(number)
    carry_all()
    [letter] = letters.letters
    assert letter.rcpt_tos == [MINE]
    assert body(letter).startswith("您跟着看的那件事，说是办完了。")
    assert "不看了" in body(letter) and number not in body(letter) and TEXT not in body(letter)
    page = html(Client().get(re.search(rf"{HOUSE}(/f/\S+)", body(letter))[1]))
    assert "说是办完了" in page


def test_with_a_phone_as_well_the_message_goes_first(
    town: Town, number: str, secret: str, letters: Post, there: Gateway
) -> None:
    confirmed(secret, letters)
    follows.leave_phone(follows.found(secret), PHONE)
    page = html(Client().get(f"/f/{secret}"))
    assert "尾号 5678" in page and "w…@example.org" in page
    there.mood = 400
    done(town, number)
    say_all(number)
    carry_all()
    assert letters.letters == []
    carry_all()
    assert [letter.rcpt_tos for letter in letters.letters] == [[MINE]], "it could not be taken"


def test_another_address_counts_when_it_is_confirmed_and_ends_the_link_before(
    town: Town, secret: str, letters: Post
) -> None:
    confirmed(secret, letters)
    leave(secret, "first@example.org")
    sent()
    first = link(letters)
    leave(secret, "second@example.org")
    sent()
    assert Client().get(first).status_code == 404
    assert kept(secret) == MINE, "the old one is written to until then"
    Client().post(link(letters))
    assert kept(secret) == "second@example.org"


@pytest.mark.parametrize("end", ["drop", "let_go"])
def test_it_is_given_up(town: Town, number: str, secret: str, letters: Post, end: str) -> None:
    confirmed(secret, letters)
    leave(secret, "other@example.org")
    sent()
    waiting = link(letters)
    letters.letters.clear()
    if end == "drop":
        assert leave(secret, "", do="drop")["Location"] == f"/f/{secret}"
    else:
        Client().post(f"/f/{secret}")
    assert kept(secret) == "" and not FollowMail.objects.exists()
    assert Client().post(waiting).status_code == 404
    done(town, number)
    say_all(number)
    carry_all()
    assert letters.letters == [] and not Delivery.objects.filter(channel="mail").exists()


def test_it_goes_when_the_order_has_ended(
    town: Town, number: str, secret: str, letters: Post
) -> None:
    confirmed(secret, letters)
    leave(secret, "other@example.org")
    assert follows.forget_contacts() == 0
    press(town, number, "refuse", "desk", reason="由市里统一安排")
    say_all(number)
    assert follows.forget_contacts() == 0, "the last word is still to be said"
    assert not FollowMail.objects.exists(), "but nothing more is confirmed"
    carry_all()
    assert len(letters.letters) == 1
    assert follows.forget_contacts() == 1
    assert kept(secret) == ""


def test_what_was_not_confirmed_is_over_after_a_day(town: Town, secret: str, letters: Post) -> None:
    leave(secret)
    sent()
    FollowMail.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert Client().post(link(letters)).status_code == 404
    assert follow_mail.clear(timezone.now()) == 1
    assert "确认信" not in html(Client().get(f"/f/{secret}"))


def test_the_link_is_sent_once_whatever_becomes_of_it(
    town: Town, secret: str, letters: Post
) -> None:
    leave(secret)
    row = FollowMail.objects.get()
    letters.busy = True
    assert proofs.send_follower(row.pk, timezone.now()) is False
    letters.busy = False
    assert proofs.send_follower(row.pk, timezone.now()) is False
    assert letters.letters == []


def test_the_rows_tell_neither_address_nor_link(town: Town, secret: str, letters: Post) -> None:
    leave(secret)
    sent()
    told = [*FollowMail.objects.values(), *ProcrastinateJob.objects.values("args")]
    Client().post(link(letters))
    told += Follow.objects.values()
    rows = " ".join(
        str(bytes(v) if isinstance(v, memoryview) else v) for row in told for v in row.values()
    )
    assert MINE not in rows and link(letters).rpartition("/")[2] not in rows


@pytest.mark.parametrize(
    "mail", ["", "wang", "a@b", "wang@example.org\nBcc: all@example.org", "a@b.c" * 99]
)
def test_what_is_no_address_is_said_on_the_page(
    town: Town, secret: str, letters: Post, mail: str
) -> None:
    answer = leave(secret, mail)
    assert answer.status_code == 422 and 'role="alert"' in html(answer)
    assert not FollowMail.objects.exists()


def test_nobody_makes_this_house_write_to_a_stranger_again_and_again(
    town: Town, number: str, secret: str, letters: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert leave(secret).status_code == 302
    again = leave(secret, MINE.upper())
    assert again.status_code == 429 and "刚往这个邮箱发过一封" in html(again)
    monkeypatch.setattr(proofs, "bound", lambda name: 0)
    sent()
    assert letters.letters == [], "the house has a bound of its own"


def test_only_for_whom_there_will_be_something_to_tell(
    town: Town, number: str, secret: str, letters: Post
) -> None:
    signed_in = followed(number, str(town.people["neighbour"].pk))
    assert "/mail" not in html(Client().get(f"/f/{signed_in}")), "the bell has it"
    assert leave(signed_in)["Location"] == f"/f/{signed_in}"
    press(town, number, "refuse", "desk", reason="不归我们")
    assert "/mail" not in html(Client().get(f"/f/{secret}"))
    assert leave(secret).status_code == 302
    assert leave("nothing-of-that-name").status_code == 302
    assert not FollowMail.objects.exists()


def test_without_a_server_for_mail_no_address_is_asked_for(town: Town, secret: str) -> None:
    assert "/mail" not in html(Client().get(f"/f/{secret}"))
    assert Client().get(f"/f/{secret}/mail").status_code == 404
    assert leave(secret, do="drop").status_code == 302, "what is there can still be taken out"
