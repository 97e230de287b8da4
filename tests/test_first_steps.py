"""An empty place says on every page what comes first, and stops saying so once it is there."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from lianxin.cli.init import found
from lianxin.orders.models import Order
from lianxin.registry.actions import Stamp, add_person, add_unit, appoint, open_area
from lianxin.registry.models import Area, Person
from lianxin.web.first_steps import first_steps

pytestmark = pytest.mark.django_db
PAGES = (
    "/desk", "/desk?all=", "/calls", "/notices", "/orders", "/operator", "/accounts",
    "/accounts/new", "/account", "/standins", "/hotline", "/new/file_for", "/clock",
    "/file", "/services", "/track", "/healthz", "/api/v1/orders", "/api/v1/me",
)  # fmt: skip


@pytest.fixture
def boss() -> Client:
    settings.VAR.mkdir(parents=True, exist_ok=True)
    found("青石镇", "Z000000001", "boss", "王芳")
    person = Person.objects.get(username="boss")
    person.set_password("lantern-rain-42")
    person.save()
    client = Client()
    client.force_login(person)
    return client


def see(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_every_page_of_an_empty_place_opens_and_says_what_comes_first(boss: Client) -> None:
    for address in PAGES:
        assert boss.get(address).status_code == 200, address
    told = see(boss, "/operator")
    assert "lianxin import areas FILE --check" in told and "lianxin import posts" in told
    assert 'href="/operator"' in see(boss, "/desk").split("没有等您办的事")[1]
    assert "还没有别的人" in see(boss, "/accounts")
    assert "没有找到人" in see(boss, "/accounts?q=李")
    assert "还没有工单" in see(boss, "/orders")
    assert "没有符合的工单" in see(boss, "/orders?open=late")


def test_a_place_in_which_nothing_is_drawn_is_chosen_as_a_whole(boss: Client) -> None:
    page = see(boss, "/new/file_for")
    area = Area.objects.get()
    assert f'<option value="area:{area.pk}">青石镇</option>' in page
    typed = {"text": "路口的灯坏了", "_place": f"area:{area.pk}", "_key": "0" * 32}
    assert boss.post("/new/file_for", typed).status_code == 302
    assert Order.objects.get().path == area.path


def test_once_all_is_there_nothing_is_said(boss: Client) -> None:
    stamp, top = Stamp(None, timezone.now()), Area.objects.get()
    assert [step.there for step in first_steps()] == [False] * 5
    below = open_area(stamp, "zone", f"{top.path}001", "一片", stamp.day)
    add_unit(stamp, "GD", "青石供电所", stamp.day)
    worker = add_person(stamp, "李梅", "limei")
    appoint(stamp, worker, "grid_worker", stamp.day, area=below)
    assert [step.name for step in first_steps() if not step.there] == ["invite"]
    worker.set_password("rain-lantern-24")
    worker.save()
    assert first_steps() == []
    assert "lianxin import" not in see(boss, "/operator")
    assert 'href="/operator"' not in see(boss, "/desk").split("没有等您办的事")[1]
