"""Number and code: another key to one's own request, to be copied by hand or read out."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from filing import Filing, at_a_door, html
from town import Town
from web_town import as_, see

from lianxin.orders import actions, links
from lianxin.orders.models import Event, Link, Order
from lianxin.web.api.pace import Pace
from lianxin.web.tracking import find

WRONG = "编号和查询码对不上"


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with at_a_door(request) as town:
        yield town


def sent() -> tuple[Order, str, str]:
    """Somebody files by a door: the order, the code they are told, the page that told them."""
    way = Filing()
    way.what()
    way.where()
    address = way.send()["Location"]
    page = html(way.client.get(address))
    code = re.search(r'class="kept">([0-9A-Z]{4} [0-9A-Z]{4})<', page)[1]
    return Order.objects.latest("pk"), code, address


def wide(sign: str) -> str:
    """The full-width sign, as Chinese keyboards write it."""
    return chr(ord(sign) + 0xFEE0)


def look(number: str, code: str, **more: str) -> Any:
    return Client().post("/track", {"number": number, "code": code, **more})


def test_number_and_code_open_what_the_link_opens(town: Town) -> None:
    order, code, _ = sent()
    found = look(order.number, code)
    assert found.status_code == 302
    page = Client().get(found["Location"]).content.decode()
    assert "收到了，正在安排人" in page
    assert order.number in page


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (lambda n: n.lower(), lambda c: c.lower().replace(" ", "")),
        (lambda n: str(int(n.rpartition("-")[2])), lambda c: c.replace(" ", "－")),
        (lambda n: f"  {n[:4]} {n[4:]} ", lambda c: "".join(map(wide, c.replace(" ", "")))),
    ],
)  # fmt: skip
def test_it_may_be_copied_as_people_copy(town: Town, number: Any, code: Any) -> None:
    order, told, _ = sent()
    assert look(number(order.number), code(told)).status_code == 302


def test_a_wrong_code_and_a_wrong_number_are_answered_alike(town: Town) -> None:
    order, code, _ = sent()
    other, its_code, _ = sent()
    tries = [
        (order.number, "AAAAAAAA"), (order.number, its_code), ("LX-999999", code), ("", ""),
        (order.number, ""), ("<script>", "\0"), ("9" * 40, "A" * 40), (order.number, "ÄÖÜ"),
    ]  # fmt: skip
    answers = [look(number, typed) for number, typed in tries]
    assert {a.status_code for a in answers} == {422}
    same = {re.sub(r'(value=|Token": )"[^"]*"', "", html(a)) for a in answers}
    assert len(same) == 1
    assert WRONG in same.pop()
    assert look(other.number, its_code).status_code == 302


def test_wrong_number_and_wrong_code_cost_the_same_queries(
    town: Town, django_assert_num_queries: Any
) -> None:
    order, code, _ = sent()
    now = timezone.now()
    for number, typed in ((order.number, "AAAAAAAA"), ("LX-999999", code)):
        with django_assert_num_queries(1):
            assert links.opened(number, typed, now) is None


def test_the_rows_do_not_tell_the_code(town: Town) -> None:
    order, code, _ = sent()
    rows = Link.objects.filter(order=order).values()
    kept = [str(value) for row in rows for value in row.values()]
    assert not any(code.replace(" ", "") in value for value in kept)


def test_guessing_is_slowed(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(find, "tries", Pace("codes", most=2, per_s=600))
    order, code, _ = sent()
    assert [look(order.number, "AAAAAAAA").status_code for _ in range(3)] == [422, 422, 429]
    late = look(order.number, code)
    assert late.status_code == 429
    assert "请过 10 分钟" in html(late)


def test_what_a_code_opens_is_over_the_next_day_and_the_code_is_not(town: Town) -> None:
    order, code, _ = sent()
    first = look(order.number, code)["Location"]
    tomorrow = timezone.now() + links.A_VISIT
    assert links.bearer(first.rpartition("/")[2], tomorrow) is None
    assert links.opened(order.number, code, tomorrow) is not None
    assert links.opened(order.number, code, timezone.now() + links.LIFE) is None


def test_a_visit_has_no_code_of_its_own(town: Town) -> None:
    order, code, _ = sent()
    slip = Client().get(look(order.number, code)["Location"] + "/slip").content.decode()
    assert order.number in slip
    assert 'class="kept">' in slip
    assert not re.search(r'class="kept">[0-9A-Z]{4} [0-9A-Z]{4}<', slip)


def test_links_of_former_days_still_open(town: Town) -> None:
    order, _, address = sent()
    Link.objects.update(code=None)
    here = address.removesuffix("/sent")
    assert Client().get(here).status_code == 200
    assert order.number in html(Client().get(f"{here}/slip"))


def test_the_slip_says_all_that_is_needed(town: Town) -> None:
    order, code, address = sent()
    slip = html(Client().get(address.removesuffix("/sent") + "/slip"))
    for needed in (order.number, code, "/track", "data:image/svg+xml", "data-print"):
        assert needed in slip
    assert "noindex" in Client().get(address)["X-Robots-Tag"]


def test_not_solved_reopens_with_all_that_went_before(town: Town) -> None:
    """By number and code, without account: the second round stands over the first."""
    order, code, _ = sent()
    for verb, name, given in (
        ("dispatch", "desk", {"unit": str(town.unit.pk)}), ("keep", "clerk", {}),
        ("handle", "clerk", {"outcome": "solved", "text": "换了灯泡"}),
    ):  # fmt: skip
        actions.step(order.number, verb, town[name], given)
    client, here = Client(), look(order.number, code)["Location"]
    form = html(client.get(f"{here}/reopen"))
    own = dict(re.findall(r'name="(_\w+)" value="([^"]*)"', form))
    assert client.post(f"{here}/reopen", own | {"reason": "晚上又灭了"}).status_code == 302
    order.refresh_from_db()
    assert (order.state, order.round) == ("dispatched", 2)
    page = html(client.get(here))
    for told in ("晚上又灭了", "换了灯泡", "楼道灯坏了三天", "您说没办好，重新办"):
        assert told in page


# --- a code that was lost


def test_the_desk_gives_a_new_code_and_the_old_one_is_over(town: Town) -> None:
    order, old, address = sent()
    given = as_(town, "desk").post(f"/orders/{order.number}/code", {"_key": "k1"})
    assert given.status_code == 200
    new = re.search(r'class="kept">([0-9A-Z]{4} [0-9A-Z]{4})<', html(given))[1]
    assert "先核对" in html(given)
    assert look(order.number, old).status_code == 422
    assert look(order.number, new).status_code == 302
    here = address.removesuffix("/sent")
    assert "给出了一个新的查询码" in html(Client().get(here))  # the link still opens, and says so
    assert Link.objects.get(order=order, by=town.people["desk"])
    assert "给查询码" in see(town, "desk", f"/orders/{order.number}")


def test_pressed_twice_it_is_one_step_and_the_last_code_opens(town: Town) -> None:
    order, _, _ = sent()
    desk = as_(town, "desk")
    pages = [html(desk.post(f"/orders/{order.number}/code", {"_key": "k1"})) for _ in range(2)]
    codes = [re.search(r'class="kept">([0-9A-Z]{4} [0-9A-Z]{4})<', page)[1] for page in pages]
    assert [look(order.number, code).status_code for code in codes] == [422, 302]
    assert Event.objects.filter(order=order, verb="code").count() == 1


@pytest.mark.parametrize(
    ("name", "status"), [("clerk", 403), ("m1", 403), ("resident", 403), ("stranger", 404)]
)
def test_nobody_else_gives_codes(town: Town, name: str, status: int) -> None:
    order, code, _ = sent()
    assert as_(town, name).post(f"/orders/{order.number}/code").status_code == status
    assert look(order.number, code).status_code == 302
    assert Client().post(f"/orders/{order.number}/code").status_code == 302  # to the login
    assert not Event.objects.filter(order=order, verb="code").exists()


def test_a_link_gives_itself_no_code(town: Town) -> None:
    _, _, address = sent()
    assert Client().get(address.removesuffix("/sent") + "/code").status_code in (403, 404)


def test_a_code_lives_no_longer_than_its_link(town: Town) -> None:
    order, code, _ = sent()
    Link.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert look(order.number, code).status_code == 422
