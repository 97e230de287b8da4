"""What the house will not do, line by line, through every address there is.

Each test says the line it keeps. `outlets` asks for all that a reader can be told by page, API,
sheet, search, notice, map and feed; who may read a thing is asked as well, so that a walk which
finds nothing because it looks nowhere is noticed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from api_client import Caller
from django.apps import apps
from django.utils import timezone
from notice_town import say_all
from outlets import CHANNELS, leaks, outlets
from town import Town, settled
from web_town import as_, picture

from lianxin.core.step.refused import Refused
from lianxin.orders import actions, bulk, follows, world
from lianxin.orders.book import book, categories, texts
from lianxin.orders.models import Look, Notice, Order
from lianxin.registry.actions import Stamp, vet
from lianxin.registry.models import Post, Unit
from lianxin.web import demo_flag

WORDS, HOME, PHONE = "楼上漏水漏到我家灶台", "韶山路12号3单元501", "13800138321"
ASKER = "郑小七"


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with settled(request) as town:
        town.people["resident"].name = ASKER
        town.people["resident"].save()
        yield town


@dataclass(frozen=True)
class Said:
    """An order with everything about its asker that may leak."""

    number: str
    secrets: tuple[str, ...] = (WORDS, HOME, PHONE, ASKER)


def filed(town: Town, **more: Any) -> Said:
    given = {
        "text": WORDS, "address": HOME, "phone": PHONE, "category": "0101",
        "photo": [picture(town.people["resident"])], **more,
    }  # fmt: skip
    return Said(actions.file("five-orders", "file", town["resident"], given, area=town.grid).number)


def told_to(town: Town, name: str | None, said: Said, *words: str) -> list[Any]:
    person = town.people[name] if name else None
    return outlets(person, said.number, words or (WORDS[:4], HOME[:6], PHONE[-4:], said.number))


def walked(found: list[Any]) -> set[str]:
    return {one.channel for one in found}


def at_work(town: Town) -> Said:
    """Two members of the unit have it; a third of the same unit has not."""
    said = filed(town)
    for verb, name, given in (
        ("dispatch", "desk", {"unit": str(town.unit.pk)}), ("accept", "clerk", {"seats": 2}),
        ("grab", "m1", {}), ("grab", "m2", {}),
    ):  # fmt: skip
        actions.step(said.number, verb, town[name], given)
    say_all(said.number)
    return said


# --- the walk itself


def test_the_walk_sees_what_may_be_seen(town: Town) -> None:
    """The desk is told by every channel it has, and the words are found in most of them."""
    said = filed(town)
    found = told_to(town, "desk", said)
    assert walked(found) == set(CHANNELS)
    where = {leak.split()[0] for leak in leaks(found, WORDS)}
    assert {"page", "api", "sheet", "search", "feed"} <= where


# --- no page gathers one resident's requests except for that resident


@pytest.mark.database  # each of these readers walks every address: all statements behind pages
@pytest.mark.parametrize("name", ["desk", "worker", "leader", "supervisor", "auditor", "clerk"])
def test_no_page_of_one_request_tells_of_another_by_the_same_person(town: Town, name: str) -> None:
    one, other = filed(town), filed(town, text="另一件毫不相干的事", address="", category="0501")
    about_one = [
        t for t in told_to(town, name, one) if one.number in t.address and "q=" not in t.address
    ]
    assert leaks(about_one, other.number, "另一件毫不相干") == []


def test_nobody_is_looked_up_as_a_person(town: Town) -> None:
    """Accounts are of those who work here; a resident has none that anybody could open."""
    filed(town)
    key = town.people["resident"].pk
    for name in ("desk", "leader", "auditor", "supervisor"):
        assert as_(town, name).get(f"/accounts/{key}").status_code in (403, 404)
    for address in (f"/orders?filer={key}", f"/api/v1/orders?filer={key}", f"/orders?who={key}"):
        mine = as_(town, "desk").get(address).content
        every = as_(town, "desk").get(address.partition("?")[0]).content
        assert (WORDS.encode() in mine) == (WORDS.encode() in every), address


@pytest.mark.database
def test_the_resident_finds_their_own(town: Town) -> None:
    one, other = filed(town), filed(town, text="另一件毫不相干的事")
    found = told_to(town, "resident", one, "无")
    assert {one.number, other.number} <= {
        n for n in (one.number, other.number) if leaks(found, n)
    }  # fmt: skip


def test_a_phone_is_looked_for_in_ones_own_area_and_the_look_is_kept(town: Town) -> None:
    said = filed(town)
    before = Look.objects.count()
    assert leaks(told_to(town, "desk", said, PHONE[-4:]), said.number)
    assert Look.objects.count() > before
    assert leaks(told_to(town, "stranger", said, PHONE[-4:]), said.number, *said.secrets) == []


# --- a complaint or report is never dispatched to the unit complained of, nor its asker shown there


@pytest.fixture
def complaint(town: Town) -> Said:
    return filed(town, matter="complain", against=[str(town.units["V"].pk)])


@pytest.mark.parametrize("name", ["other_clerk", "m5"])
def test_whom_a_complaint_is_against_is_told_nothing_of_it(
    town: Town, complaint: Said, name: str
) -> None:
    Post.objects.create(
        person=town.people["m5"], role="member", unit=town.units["V"], since="2020-01-01"
    )
    say_all(complaint.number)
    found = told_to(town, name, complaint)
    assert leaks(found, complaint.number, *complaint.secrets) == []
    assert {"page", "api", "search", "notice"} <= walked(found)


def by_page(town: Town, said: Said, unit: str) -> bool:
    as_(town, "desk").post(f"/orders/{said.number}/dispatch", {"unit": unit, "_go": "1"})
    return Order.objects.get(number=said.number).state == "dispatched"


def by_program(town: Town, said: Said, unit: str) -> bool:
    code = Unit.objects.get(pk=unit).code  # programs name units by their codes
    answer = Caller(town.token("desk")).step(said.number, "dispatch", unit=code)
    return bool(answer.status_code == 200)


def by_many(town: Town, said: Said, unit: str) -> bool:
    pressed = bulk.Press(town["desk"], "dispatch", {"unit": unit}, number=said.number)
    return not isinstance(next(iter(bulk.take_many([pressed]))), Refused)


@pytest.mark.parametrize("way", [by_page, by_program, by_many])
def test_a_complaint_is_given_to_everybody_but_them(town: Town, complaint: Said, way: Any) -> None:
    assert not way(town, complaint, str(town.units["V"].pk))
    assert Order.objects.get(number=complaint.number).state == "filed"
    assert way(town, complaint, str(town.units["U"].pk))


# --- a duplicate hint gives distance and kind only; orders are private until a clerk publishes them


@pytest.mark.parametrize("name", [None, "neighbour", "stranger", "other_clerk"])
def test_an_order_is_private(town: Town, name: str | None) -> None:
    said = at_work(town)
    found = told_to(town, name, said)
    assert leaks(found, *said.secrets) == []
    assert {"page", "api"} <= walked(found)


def test_whoever_follows_is_told_its_state_alone(town: Town) -> None:
    said = filed(town)
    order = Order.objects.get(number=said.number)
    secret = follows.follow(
        order.pk.hex, "k" * 24, str(town.people["neighbour"].pk), timezone.now()
    )
    page = as_(town, "neighbour").get(f"/f/{secret}").content.decode()
    found = told_to(town, "neighbour", said)
    assert leaks(found, *said.secrets, said.number) == []
    assert not [word for word in (*said.secrets, said.number) if word in page]


@pytest.mark.parametrize("name", ["desk", "leader", "supervisor", "auditor"])
def test_no_home_is_a_dot_on_a_map(town: Town, name: str) -> None:
    """Maps are drawn of areas: no outline of a place holds a point, an address or a number."""
    said = filed(town, point=[107.98765, 26.54321])
    maps = [t for t in told_to(town, name, said) if t.channel == "map" or "data-map" in t.text]
    assert maps
    assert leaks(maps, "107.98765", "26.54321", HOME, '"Point"') == []


# --- the handler may not make the callback, see who rated low, or ask for a better mark


@pytest.fixture
def rated(town: Town) -> Said:
    said = at_work(town)
    actions.step(said.number, "handle", town["m1"], {"outcome": "solved", "text": "换好了"})
    actions.step(
        said.number, "rate", town["resident"], {"rating": 1, "text": "师傅态度很差劲"}
    )  # fmt: skip
    say_all(said.number)
    return said


@pytest.mark.parametrize("name", ["m1", "m2", "clerk"])
def test_who_did_it_is_not_told_who_rated_low(town: Town, rated: Said, name: str) -> None:
    found = told_to(town, name, rated, "差劲", rated.number)
    assert leaks(found, "态度很差劲") == []
    about = [t for t in found if "/flows" not in t.address]  # what a rating is, not who gave it
    assert [t.address for t in about if re.search(r'"rating"|★|评分[:：]\s*1', t.text)] == []


def test_the_desk_is_told(town: Town, rated: Said) -> None:
    assert leaks(told_to(town, "desk", rated), "态度很差劲")


@pytest.mark.parametrize("name", ["m1", "m2", "clerk"])
def test_who_did_it_does_not_make_the_callback(town: Town, rated: Said, name: str) -> None:
    with pytest.raises(Refused):
        actions.step(rated.number, "call_back", town[name], {"callback": "solved"})
    answer = as_(town, name).post(f"/orders/{rated.number}/call_back", {"callback": "solved"})
    assert answer.status_code >= 400
    assert Order.objects.get(number=rated.number).state == "rated"


def test_nor_does_a_clerk_of_the_desk_who_did_it(town: Town) -> None:
    Post.objects.create(
        person=town.people["m1"], role="desk", area=town.areas["522601001001"], since="2020-01-01"
    )
    world.forget()
    said = at_work(town)
    actions.step(said.number, "handle", town["m1"], {"outcome": "solved", "text": "换好了"})
    actions.step(said.number, "rate", town["resident"], {"rating": 1})
    with pytest.raises(Refused):
        actions.step(said.number, "call_back", town["m1"], {"callback": "solved"})


# --- no tracked positions, no daily sign-in, no compulsory photo, no ranking of persons


def all_pages() -> list[Any]:
    return [page for dated in book().pages.values() for page in dated.values()]


def test_nothing_forces_a_photo_or_a_position() -> None:
    asked = [
        f"{page.flow}.{step.name}: {ask.name}"
        for page in all_pages() for step in page.steps.values() for ask in step.asks
        if step.to and not ask.optional and page.field(ask.name).type in ("photo", "point")
    ]  # fmt: skip
    assert asked == []  # a note that is nothing but a photo moves nothing and forces nobody


def test_no_position_is_kept_but_of_what_is_reported() -> None:
    """A point is an answer about an order or a building: no row of a person has one."""
    kept = [
        f"{model.__name__}.{field.name}"
        for model in apps.get_models() for field in model._meta.get_fields()
        if re.search(r"^(lon|lat|point|position|track)", field.name)
    ]  # fmt: skip
    assert set(kept) == {"Building.lon", "Building.lat"}


@pytest.mark.parametrize("name", ["leader", "supervisor", "auditor"])
def test_no_board_names_a_person(town: Town, name: str) -> None:
    names = {"m1": "贺兰一", "m2": "贺兰二", "worker": "贺兰三", "clerk": "贺兰四"}
    for who, called in names.items():
        town.people[who].name = called
        town.people[who].save()
    boards = [t for t in told_to(town, name, at_work(town)) if t.channel == "map"]
    assert boards
    assert leaks(boards, *names.values(), ASKER) == []


# --- identity numbers only where hiring needs them; no ethnicity anywhere; no marks on people

MARKS = (
    r"ethnic|民族|\brace\b|religio|宗教|blacklist|黑名单|重点人员|face_?id|人脸|credit_score|信用分"
)
IDENTITY = r"identity_?number|id_card|身份证号"


def test_nothing_is_kept_that_marks_a_person() -> None:
    kept = [f"{m.__name__}.{f.name}" for m in apps.get_models() for f in m._meta.get_fields()]
    asked = [f"{p.flow}.{n} {f.words.zh}" for p in all_pages() for n, f in p.fields.items()]
    assert [name for name in kept + asked if re.search(MARKS, name, re.I)] == []
    assert [name for name in kept + asked if re.search(IDENTITY, name, re.I)] == []


def test_no_sheet_has_a_column_for_it() -> None:
    columns = texts("sheets.toml")["sheets.toml"]
    assert not re.search(f"{MARKS}|{IDENTITY}", columns, re.I)


# --- no blacklist of people; a service never depends on membership of anything


def test_limits_are_on_sources_and_never_on_people() -> None:
    kept = [f"{m.__name__}.{f.name}" for m in apps.get_models() for f in m._meta.get_fields()]
    assert [n for n in kept if re.search(r"block|banned|suspect|trust_?score", n, re.I)] == []


def test_a_service_is_open_to_whoever_asks() -> None:
    page = next(p for p in all_pages() if p.flow == "five-orders")
    assert "file" in [step.name for step in page.doors if "anyone" in step.by]
    for row in categories().on(date.today()).categories.values():
        assert not re.search("党员|会员|member", row.words.zh + row.words.en), row.code


# --- demo pages and exports say 演示数据


def test_everything_a_demo_shows_says_so(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    said = at_work(town)
    mark_demo(monkeypatch)
    for name in ("desk", "leader", "resident", None):
        for one in told_to(town, name, said, "路灯"):
            if one.channel in ("api", "feed") or re.search(
                r"geojson|^/photos|^/sw.js|webmanifest|^/jot/me", one.address
            ):
                continue  # of programs' answers a header says it; a fragment stands in a page
            assert "演示数据" in one.text, one.address


def mark_demo(monkeypatch: pytest.MonkeyPatch) -> None:
    """The mark that a demo leaves beside its data is there, whoever looks for it."""
    there, mark = os.path.exists, f"/{demo_flag.MARK}"
    monkeypatch.setattr(os.path, "exists", lambda path: str(path).endswith(mark) or there(path))


def test_who_is_told_is_told_of_notices_too(town: Town) -> None:
    """The walk of notices is not empty: the unit has been told, and not who asked or where."""
    said = at_work(town)
    assert Notice.objects.filter(order__number=said.number, unit=town.unit).exists()
    found = [t for t in told_to(town, "clerk", said) if t.channel == "notice"]
    assert leaks(found, said.number)
    assert leaks(found, PHONE, ASKER, HOME) == []


# --- with minors, or in a home: two vetted people


def grab_by_page(town: Town, number: str, name: str) -> int:
    return int(as_(town, name).post(f"/orders/{number}/grab", {}).status_code)


def grab_by_program(town: Town, number: str, name: str) -> int:
    return int(Caller(town.token(name)).step(number, "grab").status_code)


def grab_by_many(town: Town, number: str, name: str) -> int:
    pressed = bulk.Press(town[name], "grab", {}, number=number)
    no = next(iter(bulk.take_many([pressed])))
    return 409 if isinstance(no, Refused) else 200


@pytest.mark.parametrize("way", [grab_by_page, grab_by_program, grab_by_many])
def test_in_a_home_two_vetted_people(town: Town, way: Any) -> None:
    said = filed(town, category="0603")
    unit = {"unit": str(town.unit.pk)}
    actions.step(said.number, "dispatch", town["desk"], unit)
    with pytest.raises(Refused, match="pair_seats"):
        actions.step(said.number, "accept", town["clerk"], {"seats": 1})
    with pytest.raises(Refused, match="pair_short"):
        actions.step(said.number, "keep", town["clerk"], {})
    actions.step(said.number, "accept", town["clerk"], {"seats": 2})
    for name in ("m1", "m2"):
        vet(Stamp(town.people["desk"], timezone.now()), town.people[name], date(2020, 1, 1))
    assert way(town, said.number, "m3") >= 400
    assert way(town, said.number, "m1") < 400
    assert Order.objects.get(number=said.number).state == "accepted", "one alone does not begin"
    assert way(town, said.number, "m2") < 400
    assert Order.objects.get(number=said.number).state == "grabbed"
