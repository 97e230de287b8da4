"""Two rows of one person become one; both keep their past, and it can all be taken back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from careers_town import IDENTITY, fact, hired, person, stamp, stop_the_clock
from town import COMMUNITY, DAY, STREET, Town, settled
from web_town import as_, see

from lianxin.growth.actions import shown
from lianxin.growth.actions.careers import write
from lianxin.growth.actions.particulars import set_particulars
from lianxin.growth.models import Attendance, Course, Fact, Reserve, Standing
from lianxin.orders import actions as orders
from lianxin.registry.actions import appoint, end_post, open_again
from lianxin.registry.actions.merging import merge, part
from lianxin.registry.models import (
    Belonging,
    CheckIn,
    Entry,
    Organisation,
    Person,
    Post,
)
from lianxin.registry.queries.merged import now_called
from lianxin.registry.refusal import NotPossible


@pytest.fixture(autouse=True)
def day(monkeypatch: pytest.MonkeyPatch) -> None:
    stop_the_clock(monkeypatch)


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with settled(request) as town:
        person(town, "one")
        person(town, "two")
        yield town


def of(town: Town, name: str) -> Person:
    return Person.objects.get(pk=town.people[name].pk)


def no(town: Town, code: str, lost: str = "one", stays: str = "two") -> NotPossible:
    """Refused, and nothing has moved."""
    entries = Entry.objects.count()
    with pytest.raises(NotPossible) as refused:
        merge(stamp(), of(town, lost), of(town, stays))
    assert refused.value.code == code
    assert Entry.objects.count() == entries
    assert of(town, lost).became is None
    return refused.value


def checked_in(town: Town, name: str) -> CheckIn:
    return CheckIn.objects.create(
        person=town.people[name], unit=town.unit, area=town.areas[COMMUNITY], since=DAY
    )


def posts(town: Town, name: str) -> list[tuple[str, date | None]]:
    rows = Post.objects.filter(person=town.people[name]).order_by("pk")
    return [(row.role, row.until) for row in rows]


def test_what_lasts_goes_over_and_what_was_stays(town: Town) -> None:
    one, here = of(town, "one"), town.areas[COMMUNITY]
    old = appoint(stamp(), one, "chair", DAY, area=here)
    end_post(stamp(), old, date(2022, 1, 1))
    appoint(stamp(), one, "keeper", DAY, area=here)
    checked_in(town, "one")
    merge(stamp(), one, of(town, "two"))
    assert posts(town, "one") == [("chair", date(2022, 1, 1))]
    assert posts(town, "two") == [("keeper", None)]
    assert CheckIn.objects.get().person_id == town.people["two"].pk
    lost = of(town, "one")
    assert (lost.became_id, lost.is_active) == (town.people["two"].pk, False)
    assert now_called(lost) == of(town, "two")
    entry = Entry.objects.get(model="registry.person", key=lost.pk, verb="merge")
    assert set(entry.after["moved"]) == {"registry.post", "registry.checkin"}
    assert "one" not in str(entry.after), "ids alone"


def test_the_same_post_twice_is_held_once(town: Town) -> None:
    here = town.areas[COMMUNITY]
    for name in ("one", "two"):
        appoint(stamp(), of(town, name), "keeper", DAY, area=here)
    merge(stamp(), of(town, "one"), of(town, "two"))
    assert posts(town, "one") == [("keeper", date(2026, 6, 15))]
    assert posts(town, "two") == [("keeper", None)]
    part(stamp(), of(town, "one"))
    assert posts(town, "one") == [("keeper", None)]


def test_taken_back_it_is_as_it_was(town: Town) -> None:
    one = hired(town, "one")
    appoint(stamp(), one, "keeper", DAY, area=town.areas[COMMUNITY])
    Reserve.objects.create(person=one, area=town.areas[COMMUNITY], door="chosen", since=DAY)
    checked_in(town, "one")
    merge(stamp(), one, of(town, "two"))
    assert Fact.objects.filter(person=town.people["two"]).count() == 2
    assert Standing.objects.get().person_id == town.people["two"].pk
    assert Reserve.objects.get().person_id == town.people["two"].pk
    part(stamp(), of(town, "one"))
    for model in (Fact, Standing, Reserve, CheckIn):
        assert {row.person_id for row in model.objects.all()} == {one.pk}, model
    assert posts(town, "one") == [("keeper", None)]
    assert (of(town, "one").became, of(town, "one").is_active) == (None, True)


def test_what_was_changed_since_is_not_taken_back(town: Town) -> None:
    row = checked_in(town, "one")
    appoint(stamp(), of(town, "one"), "keeper", DAY, area=town.areas[COMMUNITY])
    merge(stamp(), of(town, "one"), of(town, "two"))
    CheckIn.objects.filter(pk=row.pk).update(person=town.people["resident"])
    with pytest.raises(NotPossible) as refused:
        part(stamp(), of(town, "one"))
    assert refused.value.code == "changed_since"
    assert posts(town, "one") == []
    assert of(town, "one").became is not None


def test_two_halves_of_a_career_become_one(town: Town) -> None:
    hired(town, "one", until=date(2021, 1, 1))
    hired(town, "two", since=date(2021, 1, 1), post="deputy")
    merge(stamp(), of(town, "one"), of(town, "two"))
    assert Standing.objects.get().grade == 8  # deputies begin at 6, and six years more
    assert Fact.objects.filter(person=town.people["two"], kind="worked").count() == 2


@pytest.mark.parametrize(("since", "code", "facts"), [
    (date(2020, 1, 1), "career_overlap", {"since": date(2020, 1, 1)}),
    (date(2018, 3, 1), "career_overlap", {"since": date(2018, 3, 1)}),
])  # fmt: skip
def test_two_careers_that_overlap_say_which(
    town: Town, since: date, code: str, facts: dict[str, Any]
) -> None:
    hired(town, "one")
    hired(town, "two", since=since, until=date(2023, 1, 1))
    assert no(town, code).facts == facts


def test_two_check_ins(town: Town) -> None:
    checked_in(town, "one")
    checked_in(town, "two")
    no(town, "two_check_ins")


def test_two_organisations(town: Town) -> None:
    row = Organisation.objects.create(kind="branch", name="甲", area=town.areas[COMMUNITY],
                                      since=DAY)  # fmt: skip
    for name in ("one", "two"):
        Belonging.objects.create(organisation=row, person=town.people[name], since=DAY)
    no(town, "two_belongings")


def test_two_reserves(town: Town) -> None:
    for name in ("one", "two"):
        Reserve.objects.create(
            person=town.people[name], area=town.areas[COMMUNITY], door="chosen", since=DAY
        )
    no(town, "two_reserves")


def test_two_accounts(town: Town) -> None:
    for name in ("one", "two"):
        row = of(town, name)
        row.set_password("lantern-rain-42")
        row.save()
    assert no(town, "two_accounts").facts == {"one": "one", "other": "two"}


def test_who_signs_in_is_the_one_to_stay(town: Town) -> None:
    row = of(town, "one")
    row.set_password("lantern-rain-42")
    row.save()
    no(town, "account_goes")
    merge(stamp(), of(town, "two"), of(town, "one"))


@pytest.mark.parametrize(("one", "two", "code"), [
    ({"born": "1990-05-01"}, {"born": "1990-05-02"}, "two_births"),
    ({"identity": IDENTITY}, {"identity": "110105199003071239"}, "two_births"),
    ({"identity": IDENTITY}, {"identity": "110105194912311110"}, "two_identities"),
])  # fmt: skip
def test_two_people_are_not_one(
    town: Town, one: dict[str, str], two: dict[str, str], code: str
) -> None:
    set_particulars(stamp(), of(town, "one"), **one)
    set_particulars(stamp(), of(town, "two"), **two)
    no(town, code)


def test_birth_and_number_are_found_by_both_rows(town: Town) -> None:
    set_particulars(stamp(), of(town, "one"), identity=IDENTITY)
    merge(stamp(), of(town, "one"), of(town, "two"))
    assert shown.of(of(town, "two")).identity == IDENTITY


def test_an_order_in_hand_is_handed_over_first(town: Town) -> None:
    number = town.dispatched()
    orders.step(number, "accept", town["clerk"], {"seats": 1})
    orders.step(number, "grab", town["m1"], {})
    assert no(town, "in_hand", "m1", "m2").facts == {"name": "m1", "n": 1}


def test_a_seat_in_one_class_stays_where_it_was(town: Town) -> None:
    course = Course.objects.create(area=town.areas[STREET], name="班", seats=9, minutes=60,
                                   since=DAY, until=date(2020, 1, 2), code="c1")  # fmt: skip
    for name in ("one", "two"):
        Attendance.objects.create(course=course, person=town.people[name], signed=DAY)
    merge(stamp(), of(town, "one"), of(town, "two"))
    assert Attendance.objects.filter(person=town.people["one"]).count() == 1


def test_one_row_becomes_another_once(town: Town) -> None:
    no(town, "same_row", "one", "one")
    merge(stamp(), of(town, "one"), of(town, "two"))
    with pytest.raises(NotPossible) as refused:
        merge(stamp(), of(town, "one"), of(town, "resident"))
    assert refused.value.code == "became"
    no(town, "became", "resident", "one")
    with pytest.raises(NotPossible) as refused:
        write(stamp(), of(town, "one"), fact("duty", DAY, name="x"))
    assert refused.value.facts == {"name": "two", "username": "two"}
    with pytest.raises(NotPossible) as refused:
        open_again(stamp(), of(town, "one"))
    assert refused.value.code == "became"
    with pytest.raises(NotPossible) as refused:
        part(stamp(), of(town, "two"))
    assert refused.value.code == "not_merged"


# --- the page


def kept(town: Town) -> None:
    """Both are accounts that the desk looks after."""
    for name in ("one", "two"):
        appoint(stamp(), of(town, name), "keeper", DAY, area=town.areas[COMMUNITY])


def test_a_desk_merges_and_takes_back(town: Town) -> None:
    kept(town)
    desk, address = as_(town, "desk"), f"/accounts/{town.people['one'].pk}/same"
    assert address in see(town, "desk", f"/accounts/{town.people['one'].pk}")
    assert desk.post(address, {"username": "two"}).status_code == 302
    assert of(town, "one").became_id == town.people["two"].pk
    assert address in see(town, "desk", f"/accounts/{town.people['two'].pk}")
    assert "已并走的记录" in see(town, "desk", address)
    assert as_(town, "stranger").post(address, {"do": "part"}).status_code == 404
    assert desk.post(address, {"do": "part"}).status_code == 302
    assert posts(town, "one") == [("keeper", None)]


def test_only_who_keeps_both(town: Town) -> None:
    kept(town)
    address = f"/accounts/{town.people['one'].pk}/same"
    assert as_(town, "stranger").post(address, {"username": "two"}).status_code == 404
    assert as_(town, "worker").get(address).status_code == 403
    for username in ("leader", "nobody", "stranger"):
        answer = as_(town, "desk").post(address, {"username": username})
        assert answer.status_code == 422
    assert of(town, "one").became is None
