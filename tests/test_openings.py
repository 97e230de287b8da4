"""Open hiring for everybody: the list, applying with or without account, being shown, objecting."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from notice_town import with_accounts
from town import COMMUNITY, STREET, Town, settled
from web_town import as_, see

from lianxin.core.step.refused import Refused
from lianxin.core.step.who import Who
from lianxin.growth.models import Fact, ReservedPost
from lianxin.orders import actions, clockwork
from lianxin.orders.models import Hand, Notice, Order
from lianxin.orders.words import perform
from lianxin.web.api.pace import filings

pytestmark = pytest.mark.django_db
NAME, PHONE, ABOUT = "欧阳静", "13900139000", "在社区做过两年志愿者"
SAID = {"applicant": NAME, "phone": PHONE, "about_me": ABOUT}
ASKED = "大专以上，会用电脑"
WRONG = "他是经办人的外甥"


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with settled(request) as town:
        filings.forget()
        yield town


def noticed(town: Town, flow: str = "vacancy", published: bool = True, **more: Any) -> str:
    closes = (timezone.now() + timedelta(days=1)).isoformat()
    asked = {"places": 1, "date": closes, "text": ASKED, **(more or {"post": "worker"})}
    by, path = ("desk", COMMUNITY) if flow == "vacancy" else ("street_desk", STREET)
    done = actions.file(flow, "notice", town[by], asked, area=town.areas[path])
    if published:
        perform(Order.objects.get(number=done.number).pk, 1, "publish")
    return done.number


def page(number: str = "", language: str = "zh") -> str:
    client = Client()
    client.cookies["language"] = language
    return client.get(f"/openings/{number}" if number else "/openings").content.decode()


def send(number: str, client: Client | None = None, do: str = "apply", **said: str) -> Any:
    return (client or Client()).post(f"/openings/{number}/{do}", said)


def applied(number: str) -> Order:
    return Order.objects.get(parent__number=number)


def state(number: str) -> str:
    return str(Order.objects.get(number=number).state)


def shown(town: Town, number: str, chosen: str) -> datetime:
    """Applications are vetted, examined and chosen from, and publicity has begun."""
    now = timezone.now() + timedelta(days=2)
    clockwork.sweep(now)
    for child in Order.objects.filter(parent__number=number):
        for reviewer in ("r1", "r2"):
            actions.step(child.number, "vet", town[reviewer], {}, now=now)
        actions.step(child.number, "mark", town["desk"], {"number": 80}, now=now)
        person = str(town.people[chosen].pk)
        actions.step(child.number, "choose", town["desk"], {"chosen": person}, now=now)
    actions.step(number, "show", town["desk"], {}, now=now)
    return now


def test_everybody_reads_what_is_noticed_and_nothing_before(town: Town) -> None:
    number, hidden = noticed(town), noticed(town, published=False)
    found = page()
    assert f"/openings/{number}" in found and "专职工作者" in found and COMMUNITY in found
    assert hidden not in found and Client().get(f"/openings/{hidden}").status_code == 404
    one = page(number)
    assert ASKED in one and "报名截止" in one and "名额" in one
    assert "Apply until" in page(number, "en") and "Worker" in page(number, "en")
    assert Client().get("/openings/LX-999999").status_code == 404
    assert '"/openings"' in Client().get("/").content.decode()


def test_who_has_no_account_applies_by_name_and_phone_and_follows_by_the_link(town: Town) -> None:
    number = noticed(town)
    answer = send(number, **SAID)
    assert answer.status_code == 302 and re.match(r"/o/[\w-]+/sent", answer["Location"])
    child = applied(number)
    assert not Hand.objects.filter(order=child, name="candidate").exists()
    link = answer["Location"].removesuffix("/sent")
    own = Client().get(link).content.decode()
    assert "待资格审查" in own and NAME in own and ABOUT in own
    for reviewer in ("r1", "r2"):
        actions.step(child.number, "reject", town[reviewer], {"reason": "学历不够"})
    own = Client().get(link).content.decode()
    assert "未录用" in own and "学历不够" in own
    perform(child.pk, Order.objects.get(pk=child.pk).nth, "notify candidate")
    assert Notice.objects.filter(order=child, party="candidate").exists()


def test_an_application_is_read_by_those_who_vet_and_by_nobody_else(town: Town) -> None:
    number = noticed(town)
    send(number, **SAID)
    child = applied(number)
    for name in ("worker", "leader", "neighbour", "clerk", "stranger", "inspector"):
        assert not Order.objects.visible_to(town[name]).filter(pk=child.pk).exists(), name
    for name in ("leader", "auditor", "inspector"):
        story = see(town, name, f"/orders/{number}")
        assert NAME not in story and ABOUT not in story and PHONE not in story, name
    desk = see(town, "desk", f"/orders/{number}")
    assert NAME in desk and PHONE not in desk
    assert NAME in see(town, "r1", f"/orders/{child.number}")
    assert NAME not in page(number)


def test_with_an_account_once_and_a_press_sent_twice_counts_once(town: Town) -> None:
    number = noticed(town)
    form = {"about_me": ABOUT, "_key": "k" * 30}
    first = send(number, as_(town, "resident"), **form)
    assert first.status_code == 302
    assert send(number, as_(town, "resident"), **form).status_code == 302
    again = send(number, as_(town, "resident"), about_me="再报一次")
    assert again.status_code == 409 and "您已经报过名了" in again.content.decode()
    child = applied(number)
    assert Hand.objects.get(order=child, name="candidate").who == town.people["resident"].pk
    assert child.number in see(town, "resident", f"/openings/{number}")
    assert child.number not in see(town, "neighbour", f"/openings/{number}")
    assert 'name="applicant"' not in see(town, "neighbour", f"/openings/{number}"), (
        "an account says who"
    )
    assert send(number, as_(town, "neighbour")).status_code == 302
    assert Order.objects.filter(parent__number=number).count() == 2


@pytest.mark.parametrize(
    "said", [{}, {"applicant": NAME}, {**SAID, "phone": "x"}, {**SAID, "about_me": "长" * 1001}]
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(
    town: Town, said: dict[str, str]
) -> None:
    number = noticed(town)
    answer = send(number, **said)
    assert answer.status_code == 422
    if "applicant" in said:
        assert NAME in answer.content.decode()
    assert not Order.objects.filter(parent__number=number).exists()
    with pytest.raises(Refused, match="missing"):  # nor by a program
        actions.step(number, "apply", Who(""), {"about_me": ABOUT})


def test_a_trap_and_a_pace_hold_machines_back(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    number = noticed(town)
    assert send(number, **SAID, homepage="x").status_code == 422
    monkeypatch.setattr(filings, "most", 1)
    assert send(number, **SAID).status_code == 302
    slow = send(number, **SAID)
    assert slow.status_code == 429 and ABOUT in slow.content.decode()
    assert Order.objects.filter(parent__number=number).count() == 1


def test_who_is_chosen_is_shown_objected_to_and_hired_when_that_is_answered(town: Town) -> None:
    number = noticed(town)
    send(number, **SAID)
    now = shown(town, number, "neighbour")
    found = page(number)
    assert "neighbour" in found and "拟录用" in found and PHONE not in found and NAME not in found
    assert "公示到" in page() and send(number, **SAID).status_code == 409, "too late to apply"
    assert send(number, do="object", objection=WRONG).status_code == 302
    assert state(number) == "doubted" and "公示暂停" in page(number)
    clockwork.sweep(now + timedelta(days=60))
    assert state(number) == "doubted" and not Fact.objects.exists(), "nobody is hired meanwhile"
    assert send(number, do="object", objection="还有一件").status_code == 302
    for name, reads in (("desk", True), ("supervisor", True), ("leader", False)):
        assert (WRONG in see(town, name, f"/orders/{number}")) is reads, name
    assert WRONG not in page(number)
    later = now + timedelta(days=61)
    actions.step(number, "dismiss", town["desk"], {"reason": "查无此事"}, now=later)
    assert state(number) == "publicity"
    clockwork.sweep(later + timedelta(days=30))
    assert state(number) == "hired"
    assert Fact.objects.filter(person=town.people["neighbour"], kind="worked").exists()
    gone = Client().get(f"/openings/{number}")
    assert gone.status_code == 410 and "neighbour" not in gone.content.decode()
    assert number not in page()


def test_an_objection_that_holds_takes_it_back_to_the_examination(town: Town) -> None:
    number = noticed(town)
    send(number, **SAID)
    now = shown(town, number, "neighbour")
    assert send(number, do="object", objection="").status_code == 422
    assert send(number, do="object", objection=WRONG).status_code == 302
    actions.step(number, "uphold", town["desk"], {"reason": "属实"}, now=now)
    found = page(number)
    assert "正在考察" in found and "neighbour" not in found
    late = send(number, do="object", objection=WRONG)
    assert late.status_code == 409 and "来不及了" in late.content.decode()


def test_nobody_else_is_chosen_than_who_applied(town: Town) -> None:
    number = noticed(town)
    send(number, as_(town, "resident"))
    with pytest.raises(Refused, match="not_among"):
        shown(town, number, "neighbour")
    child, now = applied(number), timezone.now() + timedelta(days=3)
    resident = str(town.people["resident"].pk)
    actions.step(child.number, "choose", town["desk"], {"chosen": resident}, now=now)
    assert Order.objects.get(pk=child.pk).state == "hired"


def test_reserved_posts_are_shown_to_all_and_applied_for_by_those_in_the_register(
    town: Town,
) -> None:
    year = timezone.localdate().year
    ReservedPost.objects.create(year=year, kind="civil", area=town.areas[STREET], name="办事员")
    number = noticed(town, "selection", of_kind="civil", year=year)
    found = page(number)
    assert "公务员" in found and f"/login?next=/openings/{number}" in found
    assert send(number, **SAID)["Location"].startswith("/login")
    with_accounts(town)
    answer = send(number, as_(town, "resident"), about_me=ABOUT)
    assert answer.status_code == 409 and "履历" in answer.content.decode()
    assert not Order.objects.filter(parent__number=number).exists()
