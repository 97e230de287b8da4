"""An order goes up to the county and comes back: what each desk and its asker read on the way."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from notice_town import say_all
from town import COMMUNITY, COUNTY, DAY, STREET, Town, settled
from web_town import as_, hidden, see

from lianxin.orders import clockwork, links, world
from lianxin.orders.models import Notice, Order
from lianxin.registry.models import Area, Person, Post

pytestmark = pytest.mark.django_db
NAMES = {COMMUNITY: "幸福社区", STREET: "南街街道", COUNTY: "云溪县"}


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with settled(request) as town:
        for path, name in NAMES.items():
            Area.objects.filter(path=path).update(name=name)
        person = Person.objects.create(username="county_desk", name="county_desk", password="!")
        Post.objects.create(person=person, role="desk", area=town.areas[COUNTY], since=DAY)
        town.people["county_desk"] = person
        world.forget()
        yield town


def pass_on(town: Town, name: str, number: str, verb: str, reason: str) -> None:
    """By the form, as the desk does."""
    desk, address = as_(town, name), f"/orders/{number}/{verb}"
    form = desk.get(address).content.decode()
    answer = desk.post(address, {**hidden(form), "reason": reason, "_go": "1"})
    assert answer.status_code == 302, answer.content.decode()


def asked(number: str) -> str:
    order = Order.objects.get(number=number)
    return Client().get(f"/o/{links.make(order.pk.hex, 'filer', timezone.now())}").content.decode()


def test_up_to_the_county_and_back(town: Town) -> None:
    number = town.file().number
    pass_on(town, "desk", number, "pass_up", "社区管不了桥")
    assert "从幸福社区转到南街街道。" in see(town, "desk", f"/orders/{number}")
    assert "社区管不了桥" in see(town, "street_desk", f"/orders/{number}")
    told = asked(number)
    assert "报到了南街街道" in told
    assert "现在是南街街道在办" in told
    pass_on(town, "street_desk", number, "pass_up", "要住建局看")
    assert "从南街街道转到云溪县。" in see(town, "desk", f"/orders/{number}")
    assert number in see(town, "desk", "/orders"), "who passed it up has it in the register"
    pass_on(town, "county_desk", number, "pass_down", "桥归街道管")
    pass_on(town, "street_desk", number, "pass_down", "先由社区围起来")
    page = see(town, "desk", f"/orders/{number}")
    assert "从云溪县转到南街街道。" in page
    assert "先由社区围起来" in page
    assert "From 南街街道 to 幸福社区." in plain(see(town, "desk", f"/orders/{number}", "en"))
    assert "交回了幸福社区" in asked(number)


def plain(html: str) -> str:
    """Without the marks of foreign words."""
    return html.replace('<span lang="zh-CN">', "").replace("</span>", "")


def test_each_desk_it_comes_to_is_told(town: Town) -> None:
    number = town.file().number
    pass_on(town, "desk", number, "pass_up", "x")
    say_all(number)
    assert told_desks(number) == [STREET]
    pass_on(town, "street_desk", number, "pass_down", "回社区")
    say_all(number)
    assert told_desks(number)[-1] == COMMUNITY
    assert number in see(town, "desk", "/notices")


def told_desks(number: str) -> list[str]:
    found = Notice.objects.filter(order__number=number, role="desk").order_by("nth", "pk")
    return list(found.values_list("desk", flat=True))


def test_who_passed_it_up_sees_it_and_presses_nothing(town: Town) -> None:
    number = town.file().number
    pass_on(town, "desk", number, "pass_up", "社区管不了")
    page = see(town, "desk", f"/orders/{number}")
    assert f"/orders/{number}/dispatch" not in page
    assert as_(town, "desk").post(f"/orders/{number}/dispatch", {"unit": "1"}).status_code in (
        403, 422,
    )  # fmt: skip


def test_a_pass_down_without_a_reason_says_so(town: Town) -> None:
    number = town.file().number
    pass_on(town, "desk", number, "pass_up", "")
    desk = as_(town, "street_desk")
    form = hidden(desk.get(f"/orders/{number}/pass_down").content.decode())
    answer = desk.post(f"/orders/{number}/pass_down", {**form, "reason": "", "_go": "1"})
    assert answer.status_code == 422
    assert "理由" in answer.content.decode()


def test_time_says_from_where_to_where_as_well(town: Town) -> None:
    number = town.file().number
    clockwork.sweep(timezone.now() + timedelta(hours=3))
    page = see(town, "street_desk", f"/orders/{number}")
    assert "从幸福社区转到南街街道。" in page
