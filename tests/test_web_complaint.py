"""Complaints at the pages: said in words by residents, named from the register by staff."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.test import Client
from filing import Filing, at_a_door, html, said
from town import COMMUNITY, GRID, STREET, Town
from web_town import as_, hidden, see

from lianxin.orders import actions, world
from lianxin.orders.models import Content, Hand, Order
from lianxin.registry.models import Area, Post, Unit

WORDS = "物业不让进门"


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with at_a_door(request) as town:
        yield town


def complained(**more: Any) -> Order:
    way = Filing()
    way.what(WORDS, **more)
    way.where()
    way.send()
    return Order.objects.get()


# --- the resident's form


def test_it_is_one_folded_line_and_nobody_has_to_touch_it(town: Town) -> None:
    page = html(Client().get("/file?d=door23456789"))
    assert '<details class="kinds"><summary>要投诉或举报谁' in page
    order = complained()
    assert set(Content.objects.filter(order=order).values_list("name", flat=True)) == {
        "text", "address",
    }  # fmt: skip
    assert "matter" not in order.facts["fields"]


@pytest.mark.parametrize(
    ("more", "matter"),
    [
        ({"matter": "complain"}, "complain"),
        ({"matter": "report", "whom": "小区物业"}, "report"),
        ({"whom": "小区物业"}, "complain"),
    ],
)
def test_whom_it_is_about_is_said_in_words_or_not_at_all(
    town: Town, more: dict[str, str], matter: str
) -> None:
    order = complained(**more)
    assert order.facts["fields"]["matter"] == matter
    assert order.path == GRID
    if "whom" in more:
        assert said(order, "whom") == "小区物业"
        assert "小区物业" in see(town, "desk", f"/orders/{order.number}")
        assert "小区物业" not in see(town, "worker", f"/orders/{order.number}")


def test_what_will_happen_is_read_before_it_is_sent(town: Town) -> None:
    way = Filing()
    way.what(WORDS, matter="report", whom="小区物业")
    page = html(way.where())
    for shown in ("举报", "小区物业", "这件事不会交给它和它的上下级单位"):
        assert shown in page
    assert "街道" not in page
    way.send("what")
    way.what(WORDS, matter="", whom="", staff="on")
    page = html(way.where())
    for shown in ("投诉", "交街道受理", "社区和网格员：看不到"):
        assert shown in page
    assert "您的网格员和接手" not in page


def test_about_the_communitys_own_people_it_goes_to_the_street(town: Town) -> None:
    order = complained(staff="on")
    assert (order.path, order.desk, order.state) == (STREET, STREET, "filed")
    assert COMMUNITY in said(order, "address") and "韶山路12号" in said(order, "address")
    assert order.facts["fields"]["matter"] == "complain"
    for name in ("desk", "worker"):
        assert as_(town, name).get(f"/orders/{order.number}").status_code == 404
        assert order.number not in html(as_(town, name).get("/orders"))
    assert order.number in see(town, "street_desk", "/desk")


def test_a_tick_taken_out_again_is_out(town: Town) -> None:
    way = Filing()
    way.what("", staff="on")  # a mistake: the words are missing, the tick stays
    assert re.search(r'name="staff"[^>]*checked', html(way.last))
    assert '<details class="kinds" open><summary>要投诉' in html(way.last)
    way.what(WORDS)
    way.where()
    way.send()
    assert Order.objects.get().path == GRID


def test_its_asker_reads_where_it_is(town: Town) -> None:
    way = Filing()
    way.what(WORDS, staff="on")
    way.where()
    sent = html(way.client.get(way.send()["Location"]))
    secret = re.search(r'/o/([\w-]{20,})"', sent)[1]
    page = html(Client().get(f"/o/{secret}"))
    assert "告诉了街道，社区看不到" in page
    assert "社区收到" not in sent + page


def test_where_no_street_is_above_it_is_not_sent_to_those_it_is_about(town: Town) -> None:
    Area.objects.filter(path=STREET).update(until=date(2021, 1, 1))
    way = Filing()
    way.what(WORDS, staff="on")
    way.where()
    told = way.send()
    assert told.status_code == 409
    assert "上面没有街道可以受理" in html(told)
    assert WORDS in html(told) and not Order.objects.exists()


def test_a_service_is_nobodys_complaint(town: Town) -> None:
    page = html(Client().get("/file?c=0101&s=1&d=door23456789"))
    assert 'name="whom"' not in page


@pytest.mark.parametrize("typed", ["<b>谁</b>", "谁" * 101])
def test_hostile_words_are_words(town: Town, typed: str) -> None:
    way = Filing()
    answer = way.what(WORDS, whom=typed)
    assert "<b>谁" not in html(answer)
    assert answer.status_code == (422 if len(typed) > 100 else 200)
    assert not Order.objects.exists()


# --- staff


def send(client: Client, **more: Any) -> Any:
    page = html(client.get("/new/file_for"))
    chosen = re.search(r'<option value="(area:\w+)"', page)
    return client.post(
        "/new/file_for", {**hidden(page), "_place": chosen[1], "text": WORDS, **more}
    )


def test_staff_find_the_unit_in_the_register_by_its_name(town: Town) -> None:
    worker = as_(town, "worker")
    page = html(worker.get("/new/file_for"))
    assert 'name="_q_against"' in page and 'name="against"' not in page  # nobody is suggested
    sought = {**hidden(page), "text": WORDS, "_find": "against", "_q_against": "供电"}
    page = html(worker.post("/new/file_for", sought))
    assert f'name="against" value="{town.unit.pk}"' in page and WORDS in page
    send(worker, against=str(town.unit.pk), matter="complain")
    assert Hand.objects.get(name="against").who == town.unit.pk


def test_who_takes_down_a_complaint_against_their_own_house_is_led_home(town: Town) -> None:
    Post.objects.create(
        person=town.people["worker"], role="member", unit=town.unit, since=date(2020, 1, 1)
    )
    worker = as_(town, "worker")
    answer = send(worker, against=str(town.unit.pk))
    assert (answer.status_code, answer["Location"]) == (302, "/")
    number = Order.objects.get().number
    assert f"代点单已记下，编号 {number}。" in html(worker.get("/today"))
    assert number not in html(worker.get("/today"))
    assert worker.get(f"/orders/{number}").status_code == 404


def test_the_desk_names_it_and_then_is_not_offered_that_house(town: Town) -> None:
    squad = Unit.objects.create(code="S", name="供电二班", since=date(2020, 1, 1), parent=town.unit)
    world.forget()
    number = complained(whom="供电的").number
    desk = as_(town, "desk")
    page = html(desk.get(f"/orders/{number}/establish"))
    sought = {**hidden(page), "_find": "against", "_q_against": "二班"}
    page = html(desk.post(f"/orders/{number}/establish", sought))
    assert f'name="against" value="{squad.pk}"' in page and "负责" not in page
    desk.post(f"/orders/{number}/establish", {**hidden(page), "against": str(squad.pk), "_go": "1"})
    told = see(town, "desk", f"/orders/{number}")
    assert "认定被投诉单位" in told and "供电二班" in told
    page = html(desk.get(f"/orders/{number}/dispatch"))
    for unit in (squad, town.unit):
        assert f'name="unit" value="{unit.pk}"' not in page
    forced = desk.post(f"/orders/{number}/dispatch", {"unit": str(town.unit.pk), "_go": "1"})
    assert forced.status_code == 409
    assert "请改选别的单位；没有合适的，请上报" in html(forced)
    assert f'name="unit" value="{town.units["V"].pk}"' in page


def test_who_sits_at_the_desk_and_is_of_that_house_is_told_it_left_them(town: Town) -> None:
    Post.objects.create(
        person=town.people["desk"], role="member", unit=town.unit, since=date(2020, 1, 1)
    )
    world.forget()
    number = complained().number
    desk = as_(town, "desk")
    page = html(desk.get(f"/orders/{number}/establish"))
    sent = {**hidden(page), "against": str(town.unit.pk), "_go": "1"}
    answer = desk.post(f"/orders/{number}/establish", sent)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    order = Order.objects.get()
    assert order.desk == STREET != COMMUNITY
    story = see(town, "street_desk", f"/orders/{number}")
    assert "本级经办的人都要回避" in story


def test_english_tells_it_too(town: Town) -> None:
    number = complained(whom="caretakers").number
    given = {"against": [str(town.unit.pk)]}
    actions.step(number, "establish", town["desk"], given)
    page = see(town, "supervisor", f"/orders/{number}", "en")
    assert "established whom it is against" in page
    assert "Take a name back" in page
