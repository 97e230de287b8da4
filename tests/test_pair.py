"""Two vetted people where a minor or a home is involved: in the kernel, the registry, at once."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from api_client import Caller
from django.db import connections
from django.utils import timezone
from stage import DESK, HERE, MEMBERS, PEOPLE, RESIDENT, Stage, U, clerk
from town import Town, settled
from web_town import as_

from lianxin.core.step.order import Order as Kernel
from lianxin.core.step.refused import Refused
from lianxin.core.step.who import Who
from lianxin.orders import actions, world
from lianxin.orders.models import Event, Order
from lianxin.registry.actions import Stamp, unvet, vet
from lianxin.registry.models import Person, Vetting
from lianxin.registry.queries import grants
from lianxin.registry.refusal import NotPossible

# ── the rule in memory ───────────────────────────────────────────────────────────────────────────

FIT = {PEOPLE[f"member-{n}-{U}"] for n in (0, 1, 2)}


def cared(order: Kernel) -> bool:
    return bool(order.fields.get("care"))


def fit(who: Who) -> Who:
    return replace(who, grants=tuple(replace(g, vetted=True) for g in who.grants))


FIRST, SECOND, THIRD = (fit(MEMBERS[n]) for n in range(3))
UNFIT = MEMBERS[3]


@pytest.fixture
def paired() -> Stage:
    return Stage(pair=cared, vetted=lambda people: people & frozenset(FIT))


def sent(stage: Stage, **more: Any) -> str:
    id = stage.file("five-orders", RESIDENT, place=HERE, text="接孩子放学", **more)
    stage.step(id, "dispatch", DESK, unit=U)
    return id


def test_without_care_one_is_enough(paired: Stage) -> None:
    id = sent(paired)
    paired.step(id, "accept", clerk(U), seats=1)
    paired.step(id, "grab", UNFIT)
    paired.step(id, "handle", UNFIT, outcome="solved", text="好了")
    assert paired.state(id) == "done"


def test_only_the_vetted_take_it_and_two_begin(paired: Stage) -> None:
    id = sent(paired, care=["minor"])
    paired.no("pair_seats", id, "accept", clerk(U), seats=1)
    paired.step(id, "accept", clerk(U), seats=2)
    paired.no("not_vetted", id, "grab", UNFIT)
    assert paired.buttons(id, UNFIT)["grab"] == "not_vetted"
    paired.step(id, "grab", FIRST)
    assert paired.state(id) == "accepted"
    paired.no("pair_short", id, "start", clerk(U))
    paired.no("not_vetted", id, "assign", clerk(U), holder=[UNFIT.id])
    paired.step(id, "assign", clerk(U), holder=[SECOND.id])
    assert paired.state(id) == "grabbed"


def test_the_desk_says_so_when_it_dispatches(paired: Stage) -> None:
    id = paired.file("five-orders", RESIDENT, place=HERE, text="帮老人洗澡")
    paired.step(id, "dispatch", DESK, unit=U, care=["home"])
    paired.no("pair_seats", id, "accept", clerk(U), seats=1)
    paired.no("pair_short", id, "keep", clerk(U))


def test_one_who_is_left_alone_neither_finishes_nor_is_refused_the_way_out(paired: Stage) -> None:
    id = sent(paired, care=["home"])
    paired.step(id, "accept", clerk(U), seats=2)
    for who in (FIRST, SECOND):
        paired.step(id, "grab", who)
    paired.step(id, "release", SECOND, reason="病了")
    paired.no("pair_short", id, "handle", FIRST, outcome="solved", text="好了")
    paired.no("pair_short", id, "handle", clerk(U), outcome="solved", text="好了")
    paired.no("not_vetted", id, "grab", UNFIT)
    paired.step(id, "grab", THIRD)
    paired.step(id, "handle", FIRST, outcome="solved", text="好了")
    assert paired.state(id) == "done"


def test_the_unit_doing_it_itself_names_two(paired: Stage) -> None:
    id = sent(paired, care=["minor"])
    paired.no("pair_short", id, "keep", clerk(U))
    assert paired.buttons(id, clerk(U))["keep"] == "pair_short"
    assert paired.buttons(id, clerk(U))["keep_named"] is None
    paired.no("pair_short", id, "keep_named", clerk(U), holder=[FIRST.id])
    paired.no("not_vetted", id, "keep_named", clerk(U), holder=[FIRST.id, UNFIT.id])
    paired.step(id, "keep_named", clerk(U), holder=[FIRST.id, SECOND.id])
    paired.step(id, "handle", clerk(U), outcome="solved", text="好了")
    assert paired.state(id) == "done"


def test_time_is_not_refused_and_what_it_moved_waits_for_two(paired: Stage) -> None:
    id = sent(paired, care=["minor"])
    paired.step(id, "accept", clerk(U), seats=2)
    paired.step(id, "grab", FIRST)
    paired.wait(days=3)
    assert paired.state(id) == "kept"
    paired.no("pair_short", id, "handle", clerk(U), outcome="solved", text="好了")
    paired.no("not_vetted", id, "staff", clerk(U), holder=[UNFIT.id])
    paired.step(id, "staff", clerk(U), holder=[THIRD.id])
    paired.step(id, "handle", FIRST, outcome="solved", text="好了")
    assert paired.state(id) == "done"


def test_a_merge_does_not_lose_it(paired: Stage) -> None:
    with_care, plain = sent(paired, care=["home"]), sent(paired)
    paired.no("pair_into", with_care, "merge", DESK, into=plain)
    paired.step(plain, "merge", DESK, into=with_care)
    assert paired.state(plain) == "merged"


# ── the registry, the categories, the pages ──────────────────────────────────────────────────────


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with settled(request) as town:
        vetted(town, "m1", "m2")
        yield town


def vetted(town: Town, *names: str) -> None:
    now = timezone.now()
    for name in names:
        vet(Stamp(None, now), town.people[name], timezone.localdate(now))


def open_to_two(town: Town, category: str = "0604", seats: int = 2) -> str:
    given = {"text": "孩子放学没人接", "category": category}
    number = actions.file("five-orders", "file", town["resident"], given, area=town.grid).number
    actions.step(number, "dispatch", town["desk"], {"unit": str(town.unit.pk)})
    actions.step(number, "accept", town["clerk"], {"seats": seats})
    return number


def code(town: Town, number: str, verb: str, name: str, **given: Any) -> str:
    try:
        actions.step(number, verb, town[name], given)
    except Refused as no:
        return no.code
    return ""


def test_a_category_says_so_and_its_group_for_all_in_it(town: Town) -> None:
    from lianxin.orders.book import categories

    day = timezone.localdate()
    table = categories()
    assert table.pair("0604", day) and table.pair("0603", day)
    assert not table.pair("0101", day) and not table.pair(None, day)
    with pytest.raises(Refused, match="pair_seats"):
        open_to_two(town, seats=1)


def test_grants_carry_it_from_a_day_up_to_a_day(town: Town) -> None:
    person, today = town.people["m3"], timezone.localdate()
    stamp = Stamp(town.people["desk"], timezone.now())
    vet(stamp, person, today + timedelta(days=1), today + timedelta(days=3))
    found = {n: grants(person, today + timedelta(days=n))[0].vetted for n in range(5)}
    assert found == {0: False, 1: True, 2: True, 3: False, 4: False}
    row = Vetting.objects.get(person=person)
    assert row.by == town.people["desk"]
    assert world.vetted(frozenset({town["m1"].id, town["m3"].id})) == {town["m1"].id}
    unvet(Stamp(None, timezone.now()), town.people["m1"], today)
    assert not grants(town.people["m1"], today)[0].vetted
    with pytest.raises(NotPossible, match="own_vetting"):
        vet(Stamp(person, timezone.now()), person, today)


def test_the_words_of_each_no(town: Town) -> None:
    number = open_to_two(town)
    assert code(town, number, "grab", "m3") == "not_vetted"
    page = as_(town, "m3").post(f"/orders/{number}/grab", follow=True)
    assert "这一单要审核过的人去办" in page.content.decode()
    no = Caller(town.token("m3"), **{"Accept-Language": "en"}).step(number, "grab").json()
    assert (no["code"], "vetted" in no["detail"]) == ("not_vetted", True)
    assert code(town, number, "grab", "m1") == ""
    assert code(town, number, "handle", "m1", outcome="solved", text="x") == "out_of_turn"
    assert code(town, number, "grab", "m2") == ""
    assert Order.objects.get(number=number).state == "grabbed"


def test_who_assigns_is_offered_the_vetted_alone(town: Town) -> None:
    number = open_to_two(town)
    page = as_(town, "clerk").get(f"/orders/{number}/assign").content.decode()
    assert "已审核" in page
    for name, offered in (("m1", True), ("m2", True), ("m3", False), ("m4", False)):
        assert (f'value="{town.people[name].pk}"' in page) == offered
    for name in ("m1", "m3", "desk", "leader", "resident"):
        for address in ("/pool", f"/orders/{number}", "/orders"):
            shown = as_(town, name).get(address, follow=True).content.decode()
            assert "已审核" not in shown, "who was vetted is nobody else's business"


def test_the_pool_says_that_two_go(town: Town) -> None:
    number = open_to_two(town)
    page = as_(town, "m1").get("/pool").content.decode()
    assert number in page and "须两名审核过的人同去" in page
    assert "须两名审核过的人同去" in as_(town, "m1").get(f"/orders/{number}").content.decode()


def test_it_is_set_where_accounts_are_kept(town: Town) -> None:
    keeper, person = town.people["leader"], town.people["m4"]
    Person.objects.filter(pk=keeper.pk).update(is_operator=True)
    client = as_(town, "leader")
    page = client.get(f"/accounts/{person.pk}").content.decode()
    assert "记为已审核" in page
    bad = client.post(f"/accounts/{person.pk}/vetting", {"until": "2001-01-01"})
    assert bad.status_code == 422 and not Vetting.objects.filter(person=person).exists()
    one_day = {"until": timezone.localdate().isoformat()}
    client.post(f"/accounts/{person.pk}/vetting", one_day)
    held = Vetting.objects.on(timezone.localdate()).get(person=person)
    assert held.until == timezone.localdate() + timedelta(days=1), "the day named is the last"
    client.post(f"/accounts/{person.pk}/vetting", {"end": "1"})
    for last in ("9999-12-31", "0001-01-01"):
        far = client.post(f"/accounts/{person.pk}/vetting", {"until": last})
        assert far.status_code == 422
    Vetting.objects.filter(person=person).delete()
    odd = client.post(f"/accounts/{person.pk}/vetting", {"until": "明天"})
    assert odd.status_code == 422 and "不是日期" in odd.content.decode()
    page = client.post(f"/accounts/{person.pk}/vetting", follow=True).content.decode()
    assert "已审核，从" in page and Vetting.objects.get(person=person).by == keeper
    page = client.post(f"/accounts/{person.pk}/vetting", {"end": "1"}, follow=True)
    assert "不再算已审核" in page.content.decode()
    assert not Vetting.objects.on(timezone.localdate()).filter(person=person).exists()
    for name in ("clerk", "m4", "supervisor"):
        assert as_(town, name).post(f"/accounts/{person.pk}/vetting").status_code in (302, 403, 404)
    own = client.post(f"/accounts/{keeper.pk}/vetting")
    assert own.status_code == 404, "nobody keeps their own account, nor vets themselves"


def test_a_part_of_an_order_is_no_less_guarded_than_the_whole(town: Town) -> None:
    given = {"text": "孩子没人接，灯也坏了", "care": ["minor"]}
    number = actions.file("five-orders", "file", town["resident"], given, area=town.grid).number
    actions.step(number, "split", town["desk"], {"parts": ["接孩子", "修灯"]})
    part = Order.objects.filter(parent__number=number).order_by("id")[0]
    actions.step(part.number, "dispatch", town["desk"], {"unit": str(town.unit.pk)})
    assert code(town, part.number, "accept", "clerk", seats=1) == "pair_seats"
    actions.step(part.number, "accept", town["clerk"], {"seats": 2})
    assert code(town, part.number, "grab", "m3") == "not_vetted"
    assert "须两名审核过的人同去" in as_(town, "m1").get(f"/orders/{part.number}").content.decode()


# ── two at once ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("who", [("m1", "m2", "m3", "m4"), ("m3", "m1", "m4", "m2")])
def test_four_grab_at_once_and_two_who_were_vetted_go(
    fresh: str, town: Town, who: tuple[str, ...]
) -> None:
    number, said = open_to_two(town), {}
    people = {name: town[name] for name in who}
    gate = threading.Barrier(len(who))

    def grab(name: str) -> None:
        gate.wait()
        try:
            actions.step(number, "grab", people[name], {})
            said[name] = ""
        except Refused as no:
            said[name] = no.code
        finally:
            connections.close_all()

    threads = [threading.Thread(target=grab, args=(name,)) for name in who]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert said == {"m1": "", "m2": "", "m3": "not_vetted", "m4": "not_vetted"}
    order = Order.objects.get(number=number)
    assert order.state == "grabbed"
    assert Event.objects.filter(order=order, verb="grab").count() == 2
