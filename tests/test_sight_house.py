"""No list, link, photo, search or sheet shows an order to anybody of the house it is kept from."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from api_client import Caller, code
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from roads import ROADS, drive
from town import Town, settled
from web_town import as_, picture

from lianxin.core.step.refused import Refused
from lianxin.core.step.who import Who
from lianxin.orders import actions, bulk, world
from lianxin.orders.models import Hand, Order
from lianxin.orders.queries import all_of, inbox, mine, pool
from lianxin.orders.queries.photo import visible_photo
from lianxin.orders.reach import reached
from lianxin.orders.registry_use import in_use
from lianxin.registry.models import Batch, BatchRow, Post, Unit

DAY = date(2020, 1, 1)
STAFF = ("desk", "street_desk", "worker", "supervisor", "inspector", "leader", "auditor")
WORDS = "执法粗暴"


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    """With a bureau over V, a squad under it, and another squad of the same bureau."""
    with settled(request) as town:
        over = Unit.objects.create(code="B", name="执法局", since=DAY)
        Unit.objects.filter(pk=town.units["V"].pk).update(parent=over)
        town.units |= {
            "B": over,
            "S": Unit.objects.create(code="S", name="一中队", since=DAY, parent=town.units["V"]),
            "T": Unit.objects.create(code="T", name="二中队", since=DAY, parent=over),
        }
        yield town


def belongs(town: Town, name: str, unit: str, role: str = "member") -> Who:
    Post.objects.create(
        person=town.people[name], role=role, unit=town.units[unit], since=DAY
    )  # fmt: skip
    world.forget()
    return town[name]


def complaint(town: Town, **more: Any) -> Order:
    said = {"text": WORDS, "against": [str(town.units["V"].pk)], **more}
    done = actions.file("five-orders", "file", town["resident"], said, area=town.grid)
    return Order.objects.get(number=done.number)


def ways(who: Who) -> dict[str, Any]:
    """Every door to rows, as pages and programs use them."""
    found: dict[str, Any] = {
        "visible": Order.objects.visible_to(who),
        "reach": Order.objects.within_reach(who),
        "mine": mine(who),
    }
    for grant in who.grants:
        name = f"{grant.role} {grant.unit or grant.path}"
        found |= {
            f"all {name}": all_of(grant), f"inbox {name}": inbox(grant),
            f"open {name}": Order.objects.open_under(grant),
        }  # fmt: skip
        if grant.unit:
            found[f"pool {name}"] = pool(grant, who)
    return found


def shown(who: Who, order: Order) -> set[str]:
    return {way for way, rows in ways(who).items() if rows.filter(pk=order.pk).exists()}


@pytest.mark.parametrize("unit", ["V", "B", "S"])
@pytest.mark.parametrize("role", ["member", "clerk"])
def test_no_post_shows_it_to_anybody_of_the_house(town: Town, unit: str, role: str) -> None:
    order = complaint(town)
    for name in STAFF:
        assert shown(town[name], order), name
        assert not shown(belongs(town, name, unit, role), order), name
    assert not any(shown(town[name], order) for name in ("clerk", "other_clerk", "m1"))


def test_another_house_under_the_same_roof_sees_on(town: Town) -> None:
    order = complaint(town)
    before = shown(town["desk"], order)
    assert shown(belongs(town, "desk", "T"), order) == before
    assert shown(belongs(town, "worker", "U"), order)


@pytest.mark.parametrize("state", ROADS)
def test_in_no_state(town: Town, state: str) -> None:
    number = drive(town, state, against=[str(town.units["V"].pk)])
    family = Order.objects.filter(root=Order.objects.get(number=number).root_id)
    for name in ("desk", "supervisor", "m1"):
        who = belongs(town, name, "S")
        for order in family:
            own = order.hand_rows.filter(holds="person", who=int(who.id), until=None).exists()
            assert bool(shown(who, order)) is own, (name, order.number)


def test_a_seat_taken_before_it_was_known_is_kept(town: Town) -> None:
    """What one holds oneself is not taken away by a post: the desk takes it away if it must be."""
    number = drive(town, "grabbed")
    who = belongs(town, "m1", "S")
    given = {"unit": str(town.unit.pk), "reason": "x", "against": [str(town.units["V"].pk)]}
    actions.step(number, "redispatch", town["desk"], given)
    assert not shown(who, Order.objects.get(number=number))  # the seats were cleared


def test_the_asker_sees_what_they_said_of_their_own_house(town: Town) -> None:
    order = complaint(town)
    assert shown(belongs(town, "resident", "V"), order) == {"visible", "reach", "mine"}


def test_it_ends_with_the_name(town: Town) -> None:
    order = complaint(town)
    desk = belongs(town, "desk", "V")
    assert not shown(desk, order)
    given = {"against": [str(town.units["V"].pk)], "reason": "查错了"}
    actions.step(order.number, "retract", town["supervisor"], given)
    assert shown(desk, order)
    assert Hand.objects.get(order=order, name="against").until == 2


def test_it_ends_with_the_post(town: Town) -> None:
    order = complaint(town)
    assert not shown(belongs(town, "desk", "V"), order)
    Post.objects.filter(person=town.people["desk"], unit=town.units["V"]).delete()
    assert shown(town["desk"], order)


def test_the_only_one_at_the_desk_leaves_the_order_to_the_street(town: Town) -> None:
    belongs(town, "desk", "V")
    order = complaint(town)
    assert order.desk == town["street_desk"].grants[0].path
    assert inbox(town["street_desk"].grants[0]).filter(pk=order.pk).exists()
    story = as_(town, "street_desk").get(f"/orders/{order.number}").content.decode()
    assert "本级经办的人都要回避，转由上一级处理" in story


# --- whoever presses, and how


def test_what_is_not_shown_cannot_be_reached_or_pressed(town: Town) -> None:
    order = complaint(town)
    desk = belongs(town, "desk", "S")
    given = {"unit": str(town.unit.pk)}
    for press in (
        lambda: reached(order.number, desk),
        lambda: actions.step(order.number, "dispatch", desk, given),
        lambda: actions.undo(order.number, desk),
    ):
        with pytest.raises(Refused, match="not_found"):
            press()
    pressed = bulk.Press(desk, "dispatch", given, number=order.number)
    (no,) = bulk.take_many([pressed])
    assert isinstance(no, Refused) and no.code == "not_found"
    assert reached(order.number, town["street_desk"]).id == order.pk.hex


def test_one_statement_serves_all_of_a_kind_whatever_their_house(town: Town) -> None:
    """`reach` keeps a statement for each kind of people; a house fills it in like a place."""
    order = complaint(town)
    kin = [belongs(town, "desk", "S"), belongs(town, "street_desk", "T")]
    with pytest.raises(Refused):
        reached(order.number, kin[0])
    assert reached(order.number, kin[1]).id == order.pk.hex


def test_who_belongs_to_no_unit_is_asked_nothing_more(town: Town) -> None:
    sql = str(all_of(town["desk"].grants[0]).query)
    assert "barred" not in sql
    who = belongs(town, "desk", "U")
    assert str(all_of(who.grants[0]).query).count("barred") == 2  # itself, and what it is a part of


def test_a_list_is_still_one_statement(town: Town) -> None:
    grant = belongs(town, "desk", "U").grants[0]
    list(all_of(grant))  # who belongs to whom is looked up every few seconds, not for every list
    with CaptureQueriesContext(connection) as asked:
        list(all_of(grant)[:50])
    assert len(asked) == 1


# --- photos, programs, search, sheets


def test_its_photo_is_not_there_for_them(town: Town) -> None:
    order = complaint(town, photo=[picture(town.people["resident"])])
    photo = order.photos.get()
    assert visible_photo(photo.pk, town["worker"]) == photo
    with pytest.raises(Refused, match="no_photo"):
        visible_photo(photo.pk, belongs(town, "worker", "B"))


ADDRESSES: dict[str, Callable[[Order], str]] = {
    "order": lambda order: f"/orders/{order.number}",
    "events": lambda order: f"/orders/{order.number}/events",
}


@pytest.mark.parametrize("address", ADDRESSES.values(), ids=ADDRESSES)
def test_programs_are_told_the_same(town: Town, address: Callable[[Order], str]) -> None:
    order = complaint(town)
    caller = Caller(town.token("desk"))
    assert caller.get(address(order)).status_code == 200
    belongs(town, "desk", "S")
    assert code(caller.get(address(order))) == "not_found"
    for post in caller.get("/me").json()["grants"]:
        for turn in ({}, {"turn": "mine"}):
            rows = caller.get("/orders", **{"as": post["as"], **turn}).json()["items"]
            assert order.number not in [row["number"] for row in rows]


def test_a_program_names_whom_it_is_against_by_the_same_doors(town: Town) -> None:
    filed = Caller().post(
        "/orders",
        {"flow": "five-orders", "door": "file_up", "place": {"id": town.grid.pk},
         "answers": {"text": WORDS, "matter": "complain", "whom": "网格员"}},
        key="a-key-of-nobody-else",
    )  # fmt: skip
    order = Order.objects.get(number=filed.json()["number"])
    assert order.path == town["street_desk"].grants[0].path
    assert not shown(town["desk"], order) and not shown(town["worker"], order)
    street = Caller(town.token("street_desk"))
    assert street.step(order.number, "establish", against=["V"]).status_code == 200
    assert code(street.step(order.number, "dispatch", unit="S")) == "same_house"
    assert street.step(order.number, "dispatch", unit="U").status_code == 200


@pytest.mark.parametrize("address", ["/orders?q=执法", "/orders.csv", "/desk", "/orders?open=1"])
def test_no_page_of_rows_has_it(town: Town, address: str) -> None:
    order = complaint(town)
    page = as_(town, "desk").get(address).content.decode("utf-8-sig")
    assert order.number in page
    belongs(town, "desk", "V")
    page = as_(town, "desk").get(address).content.decode("utf-8-sig")
    assert order.number not in page and WORDS not in page


def test_an_import_is_not_undone_under_a_unit_that_was_named(town: Town) -> None:
    """The row that keeps an order from a unit is a use of that unit like any other."""
    complaint(town)
    batch = Batch.objects.create(what="units", sha256="0" * 64, at=timezone.now())
    for unit in ("V", "T"):
        BatchRow.objects.create(batch=batch, model="registry.unit", key=town.units[unit].pk)
    assert list(in_use("registry.unit", batch.made.all())) == [town.units["V"].pk]
