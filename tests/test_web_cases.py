"""`/cases`: each post finds the loops it may begin, each as its page asks, and no other."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from town import COMMUNITY, DAY, GRID, Town, settled
from web_town import as_, hidden, see

from lianxin.growth.models import Fact
from lianxin.orders.models import Order
from lianxin.registry.models import Post

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with settled(request) as town:
        Post.objects.create(
            person=town.people["neighbour"], role="secretary", area=town.areas[COMMUNITY], since=DAY
        )
        yield town


def doors(page: str) -> set[str]:
    return set(re.findall(r'href="/cases/([\w-]+/\w+)"', page))


def send(client: Client, flow: str, door: str, **said: Any) -> Any:
    address = f"/cases/{flow}/{door}"
    page = client.get(address).content.decode()
    return client.post(address, {**hidden(page), "_go": "1", "_place": COMMUNITY, **said})


def test_each_post_finds_what_it_may_begin(town: Town) -> None:
    desk, secretary = doors(see(town, "desk", "/cases")), doors(see(town, "neighbour", "/cases"))
    assert {"reserve/select", "vacancy/notice", "assessment/begin", "duty/give"} <= desk
    assert "reserve/recommend" not in desk
    assert {"reserve/recommend", "duty/give", "breakthrough/start"} <= secretary
    assert "reserve/select" not in secretary
    assert doors(see(town, "worker", "/cases")) == {"certificate/hand_in"}
    assert not doors(see(town, "leader", "/cases"))
    assert "可以发起的事项" in see(town, "leader", "/cases")


def test_what_may_not_be_begun_is_not_there(town: Town) -> None:
    for name, address in (
        ("worker", "reserve/select"), ("desk", "reserve/recommend"), ("desk", "reserve/vet"),
        ("desk", "nothing/file"), ("desk", "five-orders/file_for"), ("desk", "application/apply"),
        ("leader", "vacancy/notice"), ("desk", "approval/open"),
    ):  # fmt: skip
        assert as_(town, name).get(f"/cases/{address}").status_code == 404, (name, address)
        assert as_(town, name).post(f"/cases/{address}").status_code == 404, (name, address)
    assert Client().get("/cases").status_code == 302


def test_a_case_about_a_person_is_begun_once(town: Town) -> None:
    Fact.objects.create(
        person=town.people["worker"], kind="worked", area=town.areas[COMMUNITY], since=DAY
    )
    worker, year = str(town.people["worker"].pk), timezone.localdate().year - 1
    client = as_(town, "desk")
    page = client.get("/cases/assessment/begin").content.decode()
    sent = {**hidden(page), "_go": "1", "_place": COMMUNITY, "worker": worker, "year": str(year)}
    answer = client.post("/cases/assessment/begin", sent)
    order = Order.objects.get()
    assert answer.headers["Location"] == f"/orders/{order.number}"
    assert (order.flow, order.subject, order.path) == ("assessment", worker, COMMUNITY)
    assert (
        client.post("/cases/assessment/begin", sent).headers["Location"]
        == f"/orders/{order.number}"
    )
    assert Order.objects.count() == 1
    assert "年度考核" in see(town, "desk", f"/orders/{order.number}")


def test_what_is_wrong_is_said_at_the_form_and_nothing_is_lost(town: Town) -> None:
    client = as_(town, "desk")
    worker = str(town.people["worker"].pk)
    answer = send(client, "assessment", "begin", worker=worker, year="2025")
    assert answer.status_code == 409
    said = answer.content.decode()
    assert "现在不是社区工作者" in said
    assert 'value="2025"' in said
    assert send(client, "assessment", "begin", worker=worker, year="").status_code == 422
    elsewhere = send(
        client, "assessment", "begin", worker=worker, year="2025", _place="522602001001"
    )
    assert elsewhere.status_code == 422
    assert "请从您负责的地方里选一个" in elsewhere.content.decode()
    assert not Order.objects.exists()


def test_the_places_are_ones_own_and_what_lies_in_them(town: Town) -> None:
    page = see(town, "street_desk", "/cases/vacancy/notice")
    assert COMMUNITY in page
    assert "522602001001" not in page
    assert GRID in see(town, "worker", "/cases/certificate/hand_in")


def test_somebody_is_found_by_name(town: Town) -> None:
    client = as_(town, "desk")
    page = client.get("/cases/duty/give").content.decode()
    found = client.post(
        "/cases/duty/give", {**hidden(page), "_q_worker": "worker", "_find": "worker"}
    ).content.decode()
    assert f'value="{town.people["worker"].pk}"' in found
    assert "必须" not in found and not Order.objects.exists()
