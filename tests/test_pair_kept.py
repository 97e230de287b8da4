"""Where two vetted people were to go, another kind of service does not lose them on the way."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.utils import timezone
from stage import DESK, HERE, RESIDENT, STREET_DESK, SUPERVISOR, Stage, U, V, clerk
from town import Town, settled
from web_town import as_

from lianxin.core.step.order import Order as Kernel
from lianxin.core.step.refused import Refused
from lianxin.orders import actions
from lianxin.orders.models import Event, Order
from lianxin.registry.actions import Stamp, vet

WIDE = {"viewport": {"width": 1440, "height": 900}}
WHY = {"reason": "点单人点错了，修的是路灯"}
TOGETHER = "须两名审核过的人同去"


def guarded(order: Kernel) -> bool:
    return order.fields.get("category") == "0604" or bool(order.fields.get("care"))


@pytest.fixture
def paired() -> Stage:
    return Stage(pair=guarded, vetted=lambda people: frozenset())


def filed(stage: Stage, **more: object) -> str:
    return stage.file("five-orders", RESIDENT, place=HERE, text="接孩子", **more)


def test_another_category_keeps_the_pair(paired: Stage) -> None:
    id = filed(paired, category="0604")
    paired.step(id, "dispatch", DESK, unit=U, category="0101")
    paired.no("pair_seats", id, "accept", clerk(U), seats=1)
    paired.no("pair_short", id, "keep", clerk(U))
    paired.step(id, "return", clerk(U), reason="没有审核过的人")
    paired.step(id, "dispatch", DESK, unit=V, category="0102")
    paired.no("pair_short", id, "keep", clerk(V))


def test_the_desk_says_why_one_may_go(paired: Stage) -> None:
    id = filed(paired, category="0604")
    paired.step(id, "dispatch", DESK, unit=U, category="0101")
    paired.no("missing", id, "one_goes", DESK)
    for who in (clerk(U), RESIDENT, SUPERVISOR):
        paired.no("not_yours", id, "one_goes", who, **WHY)
    paired.step(id, "one_goes", DESK, **WHY)
    assert paired.verbs(id)[-1] == "one_goes"
    paired.no("no_pair", id, "one_goes", STREET_DESK, **WHY)
    paired.step(id, "keep", clerk(U))


def test_what_asks_for_two_now_is_not_lifted(paired: Stage) -> None:
    id = filed(paired, category="0604")
    paired.no("pair_stands", id, "one_goes", DESK, **WHY)
    said = filed(paired, care=["minor"])
    paired.step(said, "dispatch", DESK, unit=U, category="0101")
    paired.no("pair_stands", said, "one_goes", DESK, **WHY)
    plain = filed(paired)
    paired.no("no_pair", plain, "one_goes", DESK, **WHY)
    assert paired.buttons(plain, DESK)["one_goes"] == "no_pair"


def test_the_guarded_kind_again_asks_for_two_again(paired: Stage) -> None:
    id = filed(paired, category="0604")
    paired.step(id, "dispatch", DESK, unit=U, category="0101")
    paired.step(id, "one_goes", DESK, **WHY)
    for category in ("0604", "0101"):
        paired.step(id, "return", clerk(U), reason="不归我们")
        paired.step(id, "dispatch", DESK, unit=U, category=category)
        paired.no("pair_short", id, "keep", clerk(U))


def test_undo_brings_either_back(paired: Stage) -> None:
    id = filed(paired, category="0604")
    paired.step(id, "dispatch", DESK, unit=U, category="0101")
    paired.step(id, "one_goes", DESK, **WHY)
    paired.undo(id, DESK)
    assert paired.order(id).paired
    paired.no("pair_short", id, "keep", clerk(U))
    other = filed(paired, category="0604")
    paired.step(other, "dispatch", DESK, unit=U, category="0101")
    paired.undo(other, DESK)
    assert not paired.order(other).paired, "its kind says so again by itself"


def test_a_part_is_as_what_it_was_split_from(paired: Stage) -> None:
    id = filed(paired, category="0604")
    paired.step(id, "dispatch", DESK, unit=U, category="0101")
    paired.step(id, "return", clerk(U), reason="两件事")
    other = filed(paired)
    paired.no("pair_into", id, "merge", DESK, into=other)
    paired.step(other, "merge", DESK, into=id)


# ── on PostgreSQL and the page ───────────────────────────────────────────────────────────────────


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    if "live" in request.fixturenames:
        request.getfixturevalue("live")  # a browser asks a house whose commits are real
    with settled(request) as town:
        now = timezone.now()
        for name in ("m1", "m2"):
            vet(Stamp(None, now), town.people[name], timezone.localdate(now))
        yield town


def plain(page: str) -> str:
    return "".join(re.sub(r"<[^>]*>", "", page).split())


def changed(town: Town) -> str:
    given = {"text": "孩子放学没人接", "category": "0604"}
    number = actions.file("five-orders", "file", town["resident"], given, area=town.grid).number
    sent = {"unit": str(town.unit.pk), "category": "0101"}
    actions.step(number, "dispatch", town["desk"], sent)
    return number


def test_the_page_goes_on_saying_so_until_the_desk_says_why(town: Town) -> None:
    number = changed(town)
    with pytest.raises(Refused, match="pair_seats"):
        actions.step(number, "accept", town["clerk"], {"seats": 1})
    assert TOGETHER in as_(town, "clerk").get(f"/orders/{number}").content.decode()
    desk = as_(town, "desk")
    assert f"/orders/{number}/one_goes" in desk.get(f"/orders/{number}").content.decode()
    empty = desk.post(f"/orders/{number}/one_goes", {"reason": ""})
    assert empty.status_code == 422
    done = desk.post(f"/orders/{number}/one_goes", WHY, follow=True).content.decode()
    assert TOGETHER not in done and f"不必两人同去，理由：{WHY['reason']}" in plain(done)
    assert f"/orders/{number}/one_goes" not in done
    actions.step(number, "accept", town["clerk"], {"seats": 1})


def test_it_stands_in_the_row_and_in_the_log(town: Town) -> None:
    number = changed(town)
    assert Order.objects.get(number=number).facts["paired"] is True
    event = Event.objects.get(order__number=number, verb="dispatch")
    assert (event.was["paired"], event.now["paired"]) == (False, True)


def test_the_pool_says_it_too(town: Town) -> None:
    number = changed(town)
    actions.step(number, "accept", town["clerk"], {"seats": 2})
    page = as_(town, "m1").get("/pool").content.decode()
    assert number in page and TOGETHER in page


def test_the_pool_says_it_for_the_parts_of_what_needs_two(town: Town) -> None:
    given = {"text": "孩子没人接，灯也坏了", "care": ["minor"]}
    number = actions.file("five-orders", "file", town["resident"], given, area=town.grid).number
    actions.step(number, "split", town["desk"], {"parts": ["接孩子", "修灯"]})
    for part in Order.objects.filter(parent__number=number):
        actions.step(part.number, "dispatch", town["desk"], {"unit": str(town.unit.pk)})
        actions.step(part.number, "accept", town["clerk"], {"seats": 2})
    assert as_(town, "m1").get("/pool").content.decode().count(TOGETHER) == 2


# ── in the browser ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("size", [WIDE, {}], ids=["desktop", "phone"])
def test_a_desk_lifts_it_with_its_reason_and_not_without(
    town: Town, open_as: Callable[..., Any], size: dict[str, Any]
) -> None:
    number = changed(town)
    unit = open_as("clerk", **size)
    unit.goto(f"/orders/{number}")
    assert TOGETHER in unit.locator("main").inner_text()
    assert unit.locator(f"[href$='{number}/one_goes']").count() == 0
    desk = open_as("desk", **size)
    desk.goto(f"/orders/{number}")
    desk.locator("summary", has_text="更多").first.click()
    desk.locator(f"[href$='{number}/one_goes']").first.click()
    desk.click("#step .verbs .main")  # without a reason it says what is missing
    desk.wait_for_selector(".errors")
    desk.fill("#step textarea", WHY["reason"])
    desk.click("#step .verbs .main")
    desk.wait_for_url(f"**/orders/{number}")
    assert WHY["reason"] in desk.locator("main").inner_text()
    unit.reload()
    assert TOGETHER not in unit.locator("main").inner_text()
