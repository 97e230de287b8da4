"""Who follows is told how it goes and nothing else: by the bell, or by a phone they have proven."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from carriers import Gateway
from django.test import Client
from filing import html
from notice_town import NOON, TEXT, at_noon, carry_all, done, nobodys, press, say_all
from town import Town
from web_town import as_, see

from lianxin.orders import actions, follows
from lianxin.orders.book import book
from lianxin.orders.models import Delivery, Follow, Notice, Order
from lianxin.orders.notices import codes
from lianxin.orders.notices.own import unread
from lianxin.orders.notices.rules import rules
from lianxin.registry.models import PhoneCode

PHONE = "13912345678"


@pytest.fixture
def town(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    with at_noon(request, monkeypatch) as town:
        yield town


def followed(number: str, person: str = "", phone: str = "", key: str = "draft") -> str:
    secret = follows.follow(Order.objects.get(number=number).pk.hex, key, person, NOON)
    if phone:
        follows.leave_phone(follows.found(secret), phone)
    return secret


def told(row: str) -> list[Notice]:
    return list(Notice.objects.filter(follow=follows.found(row)).order_by("pk"))


def test_the_bell_of_a_signed_in_follower(town: Town) -> None:
    number = nobodys(town)
    neighbour = town.people["neighbour"]
    secret = followed(number, str(neighbour.pk))
    done(town, number)
    say_all(number)
    assert len(unread(town["neighbour"])) == len(told(secret)) > 0
    page = see(town, "neighbour", "/notices")
    assert "您跟着看的那件事，说是办完了。" in page
    for kept in (TEXT, number, "请您评一评"):
        assert kept not in page
    client = as_(town, "neighbour")
    there = client.get(f"/notices/{told(secret)[-1].pk}")
    assert there["Location"].startswith("/f/")
    assert "说是办完了，等提的人看过" in html(client.get(there["Location"]))
    assert unread(town["neighbour"]) == [], "having looked is having read"
    assert client.get(f"/orders/{number}").status_code == 404


def test_who_follows_without_a_way_is_not_told_and_not_called(town: Town) -> None:
    number = nobodys(town)
    secret = followed(number)
    done(town, number)
    say_all(number)
    assert told(secret) == []
    assert not Delivery.objects.filter(notice__follow__isnull=False).exists()


def test_a_proven_phone_gets_a_short_message_with_its_own_link(town: Town, there: Gateway) -> None:
    number = nobodys(town, phone="")
    secret = followed(number, phone=PHONE)
    done(town, number)
    say_all(number)
    carry_all()
    [message] = there.sent
    assert message["to"] == PHONE and len(message["text"]) <= 70
    said, _, link = message["text"].partition("https://lianxin.example.org")
    assert said == "您跟着看的那件事，说是办完了。"
    page = html(Client().get(link))
    assert "尾号 5678" in page and TEXT not in page and number not in page
    assert follows.found(link.rpartition("/")[2]) == follows.found(secret)


def test_two_who_follow_are_told_each_for_themselves(town: Town, there: Gateway) -> None:
    number = nobodys(town, phone="")
    for n in range(2):
        followed(number, phone=f"1391234567{n}", key=f"draft {n}")
    done(town, number)
    say_all(number)
    carry_all()
    assert sorted(m["to"] for m in there.sent) == ["13912345670", "13912345671"]


def test_a_merge_is_told_and_what_comes_of_it(town: Town) -> None:
    """Who follows the merged order hears how the other one goes; who follows the other, too."""
    first, second = nobodys(town), nobodys(town, text="同一盏灯不亮", phone="")
    mine = followed(second, str(town.people["neighbour"].pk), key="a")
    press(town, second, "merge", "desk", into=first)
    say_all(second)
    assert len(told(mine)) == 1
    assert "正在安排人" in see(town, "neighbour", "/notices")
    done(town, first)
    say_all(first)
    assert len(told(mine)) > 1
    page = see(town, "neighbour", "/notices")
    assert "说是办完了" in page and TEXT not in page
    press(town, second, "unmerge", "desk", reason="不是同一盏")
    before = len(told(mine))
    say_all(first)
    assert len(told(mine)) == before


def test_letting_go_ends_it_and_forgets_the_phone(town: Town, there: Gateway) -> None:
    number = nobodys(town, phone="")
    secret = followed(number, phone=PHONE)
    done(town, number)
    say_all(number)
    Client().post(f"/f/{secret}")
    carry_all()
    assert there.sent == []
    waited = Delivery.objects.filter(notice__follow__isnull=False)
    assert set(waited.values_list("state", "why")) == {
        ("dropped", "overtaken"), ("dropped", "let_go"),
    }  # fmt: skip
    assert follows.found(secret).phone_sealed is None
    press(town, number, "reopen", "desk", reason="没好")
    say_all(number)
    assert all(n.dropped for n in told(secret))


def test_the_phone_goes_when_it_has_ended(town: Town, there: Gateway) -> None:
    number = nobodys(town, phone="")
    secret = followed(number, phone=PHONE)
    assert follows.forget_contacts() == 0
    press(town, number, "refuse", "desk", reason="由市里统一安排")
    say_all(number)
    assert follows.forget_contacts() == 0, "the last word is still to be said"
    carry_all()
    assert len(there.sent) == 1
    assert follows.forget_contacts() == 1
    assert follows.found(secret).phone_sealed is None


def leaving(secret: str, client: Client, phone: str = PHONE) -> Any:
    answer = client.post(f"/f/{secret}/phone", {"phone": phone})
    for row in PhoneCode.objects.filter(sent=None):
        codes.send(row.pk, row.since)
    return answer


def test_a_phone_is_left_by_a_code_sent_there(town: Town, there: Gateway) -> None:
    secret = followed(nobodys(town))
    client = Client()
    assert f'href="/f/{secret}/phone"' in html(client.get(f"/f/{secret}"))
    assert leaving(secret, client)["Location"] == f"/f/{secret}/code"
    [message] = there.sent
    assert message["to"] == PHONE and "不是您要的就不用管" in message["text"]
    assert len(message["text"]) <= 70
    code = re.search(r"\d{6}", message["text"])[0]
    wrong = client.post(f"/f/{secret}/code", {"code": f"{(int(code) + 1) % 10**6:06d}"})
    assert wrong.status_code == 422 and follows.found(secret).phone_sealed is None
    assert client.post("/login/sms/code", {"code": code})["Location"] == "/login/sms"
    client.post(f"/f/{secret}/code", {"code": code})
    assert follows.phone_of(follows.found(secret)) == PHONE
    page = html(client.get(f"/f/{secret}"))
    assert "尾号 5678" in page and PHONE not in page
    client.post(f"/f/{secret}/phone", {"do": "drop"})
    assert follows.found(secret).phone_sealed is None
    assert PHONE not in str(Follow.objects.values())


def test_nothing_is_left_for_what_is_let_go_or_over(town: Town, there: Gateway) -> None:
    number = nobodys(town)
    secret = followed(number)
    Client().post(f"/f/{secret}")
    assert leaving(secret, Client())["Location"] == f"/f/{secret}"
    Client().post(f"/f/{secret}")
    actions.step(number, "refuse", town["desk"], {"reason": "不归我们"}, now=NOON)
    assert leaving(secret, Client())["Location"] == f"/f/{secret}"
    assert leaving("nothing-of-that-name", Client()).status_code == 302
    assert there.sent == [] and not PhoneCode.objects.exists()


def test_without_a_gateway_no_phone_is_asked_for(town: Town) -> None:
    secret = followed(nobodys(town))
    assert "/phone" not in html(Client().get(f"/f/{secret}"))
    assert Client().get(f"/f/{secret}/phone").status_code == 404


def test_each_open_state_has_words_of_one_message() -> None:
    states = book().page("five-orders", NOON.date()).states
    words = rules().followed["five-orders"]
    assert set(words) == set(states) - {"merged"}
    assert all(len(row.zh) <= 70 - 46 for row in words.values())
    assert all("{" not in row.zh + row.en for row in words.values())
