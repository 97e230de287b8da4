"""The desk's calls: whom no message reaches is told by somebody, who reads out the words."""

import re
from collections.abc import Iterator

import pytest
from carriers import gateway
from notice_town import HOME, NOON, PHONE, TEXT, done, later, nobodys, say_all, ways, with_accounts
from town import COMMUNITY, Town, settled
from web_town import as_, see

from lianxin.orders import actions, links
from lianxin.orders.jobs import look_again
from lianxin.orders.models import Delivery, Hand, Link, Look, Notice, Order
from lianxin.orders.notices import carry as carrying
from lianxin.orders.notices import rules as table
from lianxin.registry.models import Entry, Post
from lianxin.web.desk import calls as pages


class Clock:
    """Noon, until a test moves it."""

    def __init__(self) -> None:
        self.at = NOON

    def now(self):
        return self.at

    @staticmethod
    def localdate(*given):
        from django.utils import timezone

        return timezone.localdate(*(given or (NOON,)))


@pytest.fixture
def clock(monkeypatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(pages, "timezone", clock)
    monkeypatch.setattr("lianxin.orders.words.timezone.now", clock.now)
    return clock


@pytest.fixture
def town(request: pytest.FixtureRequest, clock: Clock) -> Iterator[Town]:
    with settled(request) as town:
        with_accounts(town)
        yield town


@pytest.fixture
def number(town: Town) -> str:
    """An order that is done, and whose asker has nothing but a telephone."""
    number = nobodys(town)
    done(town, number)
    say_all(number)
    return number


def the_call() -> Delivery:
    return Delivery.objects.get(channel="call", state="queued")


def press(town: Town, name: str, said: str, tries: int = 0, pk: int | None = None):
    address = f"/calls/{pk or the_call().pk}/answer"
    return as_(town, name).post(address, {"said": said, "tries": tries}, follow=True)


def test_the_list_shows_what_to_say_and_no_phone(town, number):
    html = see(town, "desk", "/calls")
    assert f"您的{number}说是办完了，请您评一评。" in html
    assert PHONE not in html and HOME not in html
    assert "请您评一评" not in see(town, "stranger", "/calls")
    assert "请您评一评" not in see(town, "street_desk", "/calls")


@pytest.mark.parametrize(("name", "status"), [("clerk", 403), ("resident", 403), ("leader", 403)])
def test_the_door_is_the_desks(town, number, name, status):
    for address in ("/calls", f"/calls/{the_call().pk}"):
        assert as_(town, name).get(address).status_code == status


def test_each_look_at_a_phone_is_kept_in_the_log(town, number):
    html = see(town, "desk", f"/calls/{the_call().pk}")
    assert f'href="tel:{PHONE}"' in html
    assert "我是522601001001的工作人员" in html, "who calls says where from"
    assert "评分要您自己来" in html
    assert TEXT not in html, "whoever picks up the phone is not told what was asked"
    see(town, "desk", f"/calls/{the_call().pk}")
    looks = list(Look.objects.filter(what="call"))
    assert [(look.who, look.order.number) for look in looks] == [(town.people["desk"], number)] * 2
    assert looks[0].path == COMMUNITY


def test_another_desk_learns_nothing_by_the_number_of_a_call(town, number):
    answer = as_(town, "stranger").get(f"/calls/{the_call().pk}", follow=True)
    assert PHONE not in answer.content.decode()
    assert "这个电话不用打了" in answer.content.decode()
    assert not Look.objects.exists()
    press(town, "stranger", "reached")
    assert the_call().tries == 0


def test_reached(town, number):
    answer = press(town, "desk", "reached")
    assert f"{number} 已告诉对方" in answer.content.decode()
    assert ways(number) == [("call", "sent", "")]
    assert "没有要打的电话" in answer.content.decode()
    assert Entry.objects.get(verb="reached").who == town.people["desk"]


def test_nobody_answers_three_times(town, number, clock):
    pk = the_call().pk
    for n in (0, 1):
        html = press(town, "desk", "no_answer", n).content.decode()
        assert "过后再打" in html
        assert the_call().next_at == clock.at + table.rules().again
        clock.at = the_call().next_at
    assert "打过 2 次没接通" in see(town, "desk", "/calls")
    html = press(town, "desk", "no_answer", 2, pk).content.decode()
    assert "打了 3 次都没人接，不再打了" in html
    assert ways(number) == [("call", "failed", "no_answer")]


def test_a_call_in_vain_late_in_the_day_is_made_again_in_the_morning(town, number, clock):
    clock.at = later(7.5)  # 19:30; two hours later it is quiet
    press(town, "desk", "no_answer")
    local = the_call().next_at.astimezone(NOON.tzinfo)
    assert (local.day, local.hour) == (21, 8)


def test_two_clerks_ring_at_once_and_one_counts(town, number):
    press(town, "desk", "no_answer", 0)
    html = press(town, "desk", "no_answer", 0).content.decode()
    assert "这个电话不用打了" in html
    assert the_call().tries == 1


def test_a_wrong_number_is_not_used_again_and_its_links_are_shut(town, number):
    sent = Delivery.objects.create(
        notice=the_call().notice, channel="sms", state="sent", desk="", at=NOON
    )
    order = Order.objects.get(number=number)
    own = carrying.links.digest(carrying.secret_of(sent))
    Link.objects.create(order=order, party="filer", secret=own, made=NOON, until=later(99))
    press(town, "desk", "wrong_number")
    assert Link.objects.get(secret=own).until < later(1)
    actions.step(number, "reopen", town["desk"], {"reason": "不亮"}, now=NOON)
    actions.step(number, "keep", town["clerk"], {}, now=NOON)
    actions.step(number, "handle", town["clerk"], {"outcome": "solved", "text": "好"}, now=NOON)
    say_all(number)
    assert not Delivery.objects.filter(channel="call", state="queued").exists()
    assert ways(number)[-1] == ("call", "dropped", "no_way")


@pytest.mark.parametrize(
    ("said", "tries"),
    [("", ""), ("shout", "0"), ("reached", ""), ("reached", "²"), ("reached", "-1")],
)
def test_what_is_no_answer_changes_nothing(town, number, said, tries):
    sent = {"said": said, "tries": tries}
    answer = as_(town, "desk").post(f"/calls/{the_call().pk}/answer", sent, follow=True)
    assert answer.status_code == 200
    assert the_call().tries == 0


def test_who_did_it_does_not_ring_up_who_is_to_rate_it(town, number):
    """Somebody at the desk who is clerk of the unit too."""
    Post.objects.create(
        person=town.people["desk"], role="clerk", unit=town.unit, since="2020-01-01"
    )
    assert "请您评一评" not in see(town, "desk", "/calls")
    assert (
        PHONE not in as_(town, "desk").get(f"/calls/{the_call().pk}", follow=True).content.decode()
    )


def test_an_order_that_went_up_takes_its_call_along(town, number):
    Order.objects.filter(number=number).update(desk="522601001")
    assert "请您评一评" not in see(town, "street_desk", "/calls")
    look_again(0)
    assert "请您评一评" in see(town, "street_desk", "/calls")
    assert "请您评一评" not in see(town, "desk", "/calls")


def test_what_the_desk_may_not_see_is_not_rung_about(town):
    """A complaint that stands with the street is the street's to ring about."""
    given = {"text": TEXT, "phone": PHONE, "matter": "complain"}
    who = actions.Who("")
    number = actions.file("five-orders", "file_up", who, given, area=town.grid, now=NOON).number
    actions.step(number, "refuse", town["street_desk"], {"reason": "无"}, now=NOON)
    say_all(number)
    assert ways(number) == [("call", "queued", "")]
    assert number not in see(town, "desk", "/calls")
    assert number in see(town, "street_desk", "/calls")


def test_an_asker_who_has_read_it_in_the_web_needs_no_call(town, clock):
    number = filed_signed_in(town)
    done(town, number)
    say_all(number)
    assert ways(number) == [("call", "queued", "")]
    html = see(town, "resident", "/notices")
    assert "有单位接下了，正在办。" in html and "说是办完了" in html
    href = re.findall(r'href="(/notices/\d+)"', html)[0]
    assert as_(town, "resident").get(href).url == f"/orders/{number}"
    assert ways(number) == [("call", "dropped", "read")]
    assert "没有要打的电话" in see(town, "desk", "/calls")


def filed_signed_in(town: Town) -> str:
    given = {"text": TEXT, "phone": PHONE}
    who = town["resident"]
    return actions.file("five-orders", "file", who, given, area=town.grid, now=NOON).number


def test_english_words_too(town, number):
    html = see(town, "desk", f"/calls/{the_call().pk}", "en")
    assert "The mark is yours to give" in html and "Wrong number" in html
    assert Hand.objects.filter(order__number=number, name="filer").count() == 0


# ── taken back ───────────────────────────────────────────────────────────────────────────────────


def taken_back(town: Town, name: str, pk: int) -> str:
    return as_(town, name).post(f"/calls/{pk}/right", follow=True).content.decode()


def test_a_slip_of_the_thumb_is_taken_back(town, number):
    pk = the_call().pk
    html = press(town, "desk", "wrong_number").content.decode()
    assert "您今天按过“号码不对”的" in html and f"/calls/{pk}/right" in html
    html = taken_back(town, "desk", pk)
    assert f"{number} 的号码没错，已恢复" in html
    assert the_call().pk == pk
    assert PHONE in see(town, "desk", f"/calls/{pk}")
    assert [e.verb for e in Entry.objects.filter(key=pk).order_by("pk")] == [
        "wrong_number", "wrong_undone",
    ]  # fmt: skip
    assert "撤不回了" in taken_back(town, "desk", pk)
    press(town, "desk", "wrong_number", the_call().tries)
    assert ways(number)[-1][2] == "wrong_number", "and may be said again"


def test_what_came_meanwhile_is_said_and_nothing_twice(town, number):
    pk = the_call().pk
    press(town, "desk", "wrong_number")
    actions.step(number, "reopen", town["desk"], {"reason": "没好"}, now=NOON)
    done_again(town, number)
    say_all(number)
    assert ways(number)[-1] == ("call", "dropped", "no_way")
    taken_back(town, "desk", pk)
    [call] = Delivery.objects.filter(channel="call", state="queued")
    assert call.notice.nth == Notice.objects.order_by("nth").last().nth


def done_again(town: Town, number: str) -> None:
    for verb, given in (("keep", {}), ("handle", {"outcome": "solved", "text": "换了灯泡"})):
        actions.step(number, verb, town["clerk"], given, now=NOON)


def test_links_that_were_shut_open_again(town, number, settings):
    with gateway() as there:
        settings.SMS_URL = there.url
        other = nobodys(town)
        done(town, other)
        say_all(other)
        sent = Delivery.objects.get(channel="sms", state="queued")
        carrying.carry(sent.pk, NOON)
    secret = there.sent[0]["text"].rpartition("/o/")[2]
    press_wrong(town, other, sent)
    assert links.bearer(secret, later(1)) is None
    taken_back(town, "desk", Delivery.objects.get(channel="call", notice=sent.notice).pk)
    assert links.bearer(secret, later(1)) is not None
    assert links.bearer(secret, later(30 * 24)) is None


def press_wrong(town: Town, number: str, sent: Delivery) -> None:
    """A call about the same, after the message went out."""
    call = Delivery.objects.create(
        notice=sent.notice, channel="call", desk=sent.desk, at=NOON, next_at=NOON
    )
    press(town, "desk", "wrong_number", 0, call.pk)


@pytest.mark.parametrize("name", ["stranger", "street_desk"])
def test_nobody_else_takes_it_back(town, number, name):
    pk = the_call().pk
    press(town, "desk", "wrong_number")
    assert "撤不回了" in taken_back(town, name, pk)
    assert ways(number)[-1][2] == "wrong_number"
    assert as_(town, "clerk").post(f"/calls/{pk}/right").status_code == 403
    assert "号码不对”的" not in see(town, name, "/calls")


def test_nor_the_next_day(town, number, clock):
    pk = the_call().pk
    press(town, "desk", "wrong_number")
    clock.at = later(12)
    assert "撤不回了" in taken_back(town, "desk", pk)
    assert "号码不对”的" not in see(town, "desk", "/calls")
