"""When it would suit the asker: asked for, kept, narrowed to, told; old orders as they were."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from api_client import Caller
from django.utils import timezone
from town import Town, settled
from web_town import as_, see

from lianxin.orders import actions
from lianxin.orders.wished import Wish, meant, weekend, wish_of
from lianxin.web.asking import wishes

MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("today", "found"),
    [(MONDAY, (28, 29)), (date(2026, 11, 27), (28, 29)), (date(2026, 11, 28), (28, 29)),
     (date(2026, 11, 29), (29, 29))],
)  # fmt: skip
def test_the_weekend_is_what_is_left_of_it(today: date, found: tuple[int, int]) -> None:
    assert tuple(d.day for d in weekend(today)) == found


def test_what_was_pressed_is_kept_as_days() -> None:
    evening = wishes.chosen("evening", "", (), MONDAY).given
    assert evening == {"wanted_day": "2026-11-23", "wanted_part": ["evening"]}
    two = wishes.chosen("weekend", "", ("morning",), MONDAY).given
    assert two == {
        "wanted_day": "2026-11-28", "wanted_until": "2026-11-29", "wanted_part": ["morning"],
    }  # fmt: skip
    assert wishes.chosen("", "", (), MONDAY).given == {}
    assert wishes.chosen("", "2026-12-01", (), MONDAY).first == date(2026, 12, 1)
    assert wishes.chosen("周六上午", "", (), MONDAY) == Wish(), "what nobody offers means nothing"


@pytest.mark.parametrize("day", ["abc", "2026-13-45", "2026-02-30", "\x00", "9" * 400])
def test_a_draft_with_half_a_day_in_it_is_told_like_one_without(day: str) -> None:
    assert wishes.chosen("day", day, (), MONDAY) == Wish()
    assert wishes.chosen("evening", day, (), MONDAY) == meant("evening", MONDAY)


def test_what_is_kept_is_read_again_and_told() -> None:
    for when in ("evening", "tomorrow", "weekend"):
        wish = meant(when, MONDAY)
        assert wish_of(wish.given) == wish
    told = wishes.told(meant("weekend", MONDAY))
    assert "11月28日（周六）" in told and "到" in told
    assert wish_of({"wanted_day": "2026-11-28", "wanted_until": "2026-11-20"}).last.day == 28


def test_old_orders_say_it_in_a_line() -> None:
    assert wishes.wished("漏水\n方便的时间：周六") == ("漏水", "周六")
    assert wishes.wished("方便的时间：周六") == ("方便的时间：周六", "")


# ── the lists ────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with settled(request) as town:
        yield town


def opened(town: Town, text: str, **given: Any) -> str:
    answers = {"text": text, **given}
    number = actions.file("five-orders", "file", town["resident"], answers, area=town.grid).number
    actions.step(number, "dispatch", town["desk"], {"unit": str(town.unit.pk)})
    actions.step(number, "accept", town["clerk"], {"seats": 2})
    return number


def kinds(town: Town) -> dict[str, str]:
    today = timezone.localdate()
    first, last = weekend(today)
    one = timedelta(days=1)
    return {
        "any": opened(town, "都行"),
        "evening": opened(town, "今晚", **meant("evening", today).given),
        "evenings": opened(town, "哪天晚上都行", wanted_part=["evening"]),
        "morning": opened(town, "上午", wanted_part=["morning"]),
        "tomorrow": opened(town, "明天", **meant("tomorrow", today).given),
        "weekend": opened(town, "周末", **Wish(first, last).given),
        "over": opened(town, "昨天", wanted_day=(today - one).isoformat()),
        "far": opened(town, "下个月", wanted_day=(today + 40 * one).isoformat()),
        "all week": opened(
            town, "这几天", wanted_day=(today - one).isoformat(),
            wanted_until=(today + 8 * one).isoformat(),
        ),
    }  # fmt: skip


def fitting(when: str) -> set[str]:
    """What suits then, whichever day of the week the test runs on."""
    today = timezone.localdate()
    wanted, made = meant(when, today), {"tomorrow": meant("tomorrow", today)}
    made |= {"weekend": Wish(*weekend(today)), "evening": meant("evening", today)}
    found = {"any", "evenings", "all week"} | ({"morning"} if not wanted.parts else set())
    for name, wish in made.items():
        if wish.first <= wanted.last and wanted.first <= wish.last:
            found.add(name)
    return found


@pytest.mark.parametrize("when", ["", "evening", "tomorrow", "weekend", "nonsense"])
def test_the_pool_is_narrowed_to_what_can_be_done_then(town: Town, when: str) -> None:
    made = kinds(town)
    wanted = fitting(when) if when in ("evening", "tomorrow", "weekend") else set(made)
    page = see(town, "m1", f"/pool?when={when}")
    assert {name for name, number in made.items() if number in page} == wanted
    caller = Caller(town.token("m1"))
    if when == "nonsense":
        assert caller.get("/orders", when=when).status_code == 422
        return
    rows = caller.get("/orders", **({"when": when} if when else {})).json()["items"]
    assert {r["number"] for r in rows} == {made[name] for name in wanted}


def test_it_is_told_wherever_the_order_stands(town: Town) -> None:
    today = timezone.localdate()
    number = opened(town, "今晚有空", **meant("evening", today).given)
    said = f"{today.month}月{today.day}日"
    for name, address in (
        ("m1", "/pool"), ("worker", "/today"), ("desk", f"/orders/{number}"),
        ("desk", f"/orders/{number}/paper"), ("resident", f"/orders/{number}"),
    ):  # fmt: skip
        page = see(town, name, address)
        assert f"{said}（" in page and "晚上" in page, (name, address)
    assert "约了时间的" in see(town, "worker", "/today")
    english = as_(town, "m1", "en").get("/pool").content.decode()
    assert "evening" in english


def test_a_time_that_nothing_suits_says_so(town: Town) -> None:
    day = (timezone.localdate() + timedelta(days=40)).isoformat()
    opened(town, "下个月", wanted_day=day)
    page = see(town, "m1", "/pool?when=evening")
    assert "这个时间没有可抢的" in page
    assert 'aria-current="true">今晚' in page
