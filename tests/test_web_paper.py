"""The work order on paper: what its reader may see and no more, and that it was printed is kept."""

import re
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from town import GRID, Town, settled
from web_town import as_, busy, see

from lianxin.orders import actions
from lianxin.orders.models import Look

pytestmark = pytest.mark.django_db
PHONE, ADDRESS = "13800138000", "3栋2单元501"


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with settled(request) as town:
        yield town


def filed(town: Town, text: str = "路灯不亮。晚上看不见路。") -> str:
    given = {"text": text, "phone": PHONE, "address": ADDRESS, "category": "0101"}
    return actions.file("five-orders", "file", town["resident"], given, area=town.grid).number


def test_it_says_what_where_whom_until_when_and_why(town: Town) -> None:
    number = filed(town)
    page = see(town, "desk", f"/orders/{number}/paper")
    for said in (number, "路灯不亮", ADDRESS, "路灯照明", "最迟", "处理人签名", "desk"):
        assert said in page
    assert PHONE not in page and "没有印上" in page
    asked = as_(town, "desk").post(f"/orders/{number}/paper")
    assert PHONE in asked.content.decode()
    kept = Look.objects.filter(who=town.people["desk"]).order_by("pk")
    assert list(kept.values_list("what", flat=True)) == ["paper", "asker", "paper"]
    assert f'alt="http://testserver/orders/{number}"' in page or f"/orders/{number}" in page
    assert "data:image/svg+xml" in page
    assert f"/orders/{number}/paper" in see(town, "desk", f"/orders/{number}")


def test_it_shows_no_more_than_its_reader_sees(town: Town) -> None:
    number = filed(town)
    for name, phone, address in (
        ("desk", True, True), ("worker", True, True), ("supervisor", False, True),
        ("leader", False, False), ("auditor", False, False), ("resident", True, True),
    ):  # fmt: skip
        page = as_(town, name).post(f"/orders/{number}/paper").content.decode()
        assert (PHONE in page, ADDRESS in page) == (phone, address), name
    for name in ("stranger", "clerk", "m1", "neighbour"):
        assert as_(town, name).get(f"/orders/{number}/paper").status_code == 404


def test_that_it_was_printed_is_kept(town: Town) -> None:
    number = filed(town)
    see(town, "worker", f"/orders/{number}/paper")
    assert as_(town, "stranger").get(f"/orders/{number}/paper").status_code == 404
    look = Look.objects.get()
    assert (look.who, look.what, look.order.number, look.path) == (
        town.people["worker"], "paper", number, GRID,
    )  # fmt: skip
    page = see(town, "auditor", "/looks")
    assert "打印工单" in page
    assert number in page


def test_a_long_request_leaves_room_to_write(town: Town) -> None:
    number = filed(town, "长\n" * 3000)
    page = see(town, "desk", f"/orders/{number}/paper")
    words = re.search(r"<blockquote>(.*?)</blockquote>", page, re.DOTALL)[1]
    assert words.count("长") == 225, "450 signs, a line break being one"
    assert "后面的内容请扫码看" in words


def test_in_the_middle_of_its_life_in_both_languages(town: Town) -> None:
    number = busy(town)
    for name in ("clerk", "desk", "m1"):
        for language in ("zh", "en"):
            see(town, name, f"/orders/{number}/paper", language)
    clerk = as_(town, "clerk")
    with CaptureQueriesContext(connection) as asked:
        clerk.get(f"/orders/{number}/paper")
    assert len(asked) <= 16, "the order's page, and the line for the auditor"


def test_who_has_no_account_is_asked_to_sign_in(town: Town, client) -> None:
    number = filed(town)
    assert client.get(f"/orders/{number}/paper").headers["Location"].startswith("/login?")
    assert not Look.objects.exists()
