"""One town through the years: who may act where, which grid a point was in, who answers."""

from __future__ import annotations

import os
import stat
from datetime import UTC, date, datetime, timedelta

import pytest
from cryptography.exceptions import InvalidTag
from django.db import DatabaseError, connection, transaction

from lianxin.core.step.who import Grant
from lianxin.registry import actions, queries, secret
from lianxin.registry.models import Area, Building, Entry, Person, Post
from lianxin.registry.refusal import NotPossible

pytestmark = [pytest.mark.database, pytest.mark.django_db]

NOW = datetime(2025, 6, 2, 8, 0, tzinfo=UTC)
TODAY = date(2025, 6, 2)
START = date(2020, 1, 1)
MARCH = date(2024, 3, 15)
TOWN = (
    ("province", "52", "山省"),
    ("prefecture", "5226", "河州"),
    ("county", "522699", "青江县"),
    ("street", "522699001", "江滨街道"),
    ("community", "522699001001", "榕荫社区"),
    ("community", "522699001002", "东桥社区"),
    ("grid", "522699001001000001", "榕荫第一网格"),
    ("grid", "522699001001000002", "榕荫第二网格"),
)
STREET, COMMUNITY, OTHER = "522699001", "522699001001", "522699001002"
GRID_1, GRID_2 = "522699001001000001", "522699001001000002"


@pytest.fixture
def stamp():
    return actions.Stamp(None, NOW)


@pytest.fixture
def town(stamp):
    """Areas of the town by path."""
    return {p: actions.open_area(stamp, kind, p, name, START) for kind, p, name in TOWN}


@pytest.fixture
def lixue(stamp):
    return actions.add_person(stamp, "李雪", "lixue", phone="138 0000 1234")


def square(west: float, south: float, side: float = 0.01) -> dict:
    east, north = west + side, south + side
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def refused(code: str, action, *given, **named) -> None:
    with pytest.raises(NotPossible) as caught:
        action(*given, **named)
    assert caught.value.code == code


# --- who may act where


def test_a_post_is_a_grant_from_its_first_day_to_the_day_before_its_end(stamp, town, lixue):
    desk = town[COMMUNITY]
    post = actions.appoint(
        stamp, lixue, "desk", date(2025, 1, 1), area=desk, until=date(2025, 7, 1)
    )
    want = (Grant("desk", COMMUNITY, None, post.pk, desk.pk, None),)
    assert queries.grants(lixue, date(2025, 1, 1)) == want
    assert queries.grants(lixue, date(2025, 6, 30)) == want
    assert queries.grants(lixue, date(2024, 12, 31)) == ()
    assert queries.grants(lixue, date(2025, 7, 1)) == ()


def test_the_day_of_a_moment_is_the_day_in_china(stamp, town, lixue):
    actions.appoint(stamp, lixue, "desk", date(2025, 6, 3), area=town[COMMUNITY])
    evening = datetime(2025, 6, 2, 16, 30, tzinfo=UTC)  # half past midnight in China
    assert len(queries.grants(lixue, evening)) == 1
    assert queries.grants(lixue, evening - timedelta(hours=1)) == ()


def test_a_post_in_a_unit_reaches_no_place(stamp, town, lixue):
    unit = actions.add_unit(stamp, "water", "青江水务", START, area=town["522699"])
    actions.appoint(stamp, lixue, "clerk", START, unit=unit)
    (grant,) = queries.grants(lixue, TODAY)
    assert grant.unit == str(unit.pk)
    assert not COMMUNITY.startswith(grant.path)
    assert list(queries.visible_areas([grant], TODAY)) == []
    actions.change_unit(stamp, unit, until=TODAY)
    assert queries.grants(lixue, TODAY) == ()


def test_a_stand_in_acts_between_the_dates_and_names_the_holder(
    stamp, town, lixue, django_assert_num_queries
):
    wang = actions.add_person(stamp, "王强", "wangqiang")
    post = actions.appoint(stamp, lixue, "desk", START, area=town[COMMUNITY])
    actions.stand_in(stamp, post, wang, TODAY, TODAY + timedelta(7))
    with django_assert_num_queries(1):
        (grant,) = queries.grants(wang, TODAY)
    assert (grant.path, grant.behalf) == (COMMUNITY, str(lixue.pk))
    assert queries.grants(wang, TODAY + timedelta(7)) == ()
    actions.end_post(stamp, post, TODAY + timedelta(2))
    assert queries.grants(wang, TODAY + timedelta(2)) == (), "the post stood in for has ended"


def test_a_token_brings_its_person_and_grants_in_one_query(
    stamp, town, lixue, django_assert_num_queries
):
    actions.appoint(stamp, lixue, "desk", START, area=town[COMMUNITY])
    plain, token = actions.issue_token(stamp, lixue)
    with django_assert_num_queries(1):
        person, held = queries.person_by_token(actions.token_hash(plain), NOW)
    assert (person, person.name, person.phone) == (lixue, "李雪", "13800001234")
    assert held == queries.grants(lixue, NOW)
    assert plain not in str(list(Entry.objects.values())) and plain not in token.hash
    assert queries.person_by_token(actions.token_hash("lx_guess"), NOW) is None
    actions.revoke_token(stamp, token)
    assert queries.person_by_token(actions.token_hash(plain), NOW) is None


def test_a_token_of_somebody_without_posts_is_still_somebody(stamp, lixue):
    plain, _ = actions.issue_token(stamp, lixue, until=NOW + timedelta(1))
    assert queries.person_by_token(actions.token_hash(plain), NOW) == (lixue, ())
    assert queries.person_by_token(actions.token_hash(plain), NOW + timedelta(1)) is None
    actions.change_person(stamp, lixue, is_active=False)
    assert queries.person_by_token(actions.token_hash(plain), NOW) is None


def test_desks_with_somebody_in_them_are_found_in_one_query(
    stamp, town, lixue, django_assert_num_queries
):
    actions.appoint(stamp, lixue, "desk", START, area=town[STREET])
    with django_assert_num_queries(1):
        assert queries.live_post_areas("desk", [COMMUNITY, STREET], TODAY) == {STREET}
    assert queries.live_post_areas("desk", [COMMUNITY, STREET], date(2019, 1, 1)) == set()


@pytest.mark.parametrize(
    ("role", "where", "code"),
    [("desk", (), "needs_area"), ("clerk", ("area",), "needs_unit"), ("mayor", (), "no_role")],
)
def test_a_role_is_given_only_where_it_can_act(stamp, town, lixue, role, where, code):
    place = {"area": town[COMMUNITY]} if "area" in where else {}
    refused(code, actions.appoint, stamp, lixue, role, START, **place)
    assert not Post.objects.exists()


def test_a_post_is_held_once_at_a_time(stamp, town, lixue):
    post = actions.appoint(stamp, lixue, "desk", START, area=town[COMMUNITY])
    refused("held_already", actions.appoint, stamp, lixue, "desk", TODAY, area=town[COMMUNITY])
    refused("same_person", actions.stand_in, stamp, post, lixue, TODAY, TODAY + timedelta(1))
    refused("not_after", actions.end_post, stamp, post, date(2019, 1, 1))
    actions.end_post(stamp, post, TODAY)
    actions.appoint(stamp, lixue, "desk", TODAY, area=town[COMMUNITY])
    assert len(queries.grants(lixue, TODAY)) == 1


# --- where


def test_which_grid_was_this_in_last_march(stamp, town):
    """Grid 2 took over the land of grid 1 on 1 January 2025; the past keeps its answer."""
    one, two = town[GRID_1], town[GRID_2]
    shapes = {one.pk: square(108.00, 26.00), two.pk: square(108.01, 26.00)}
    actions.publish_boundaries(stamp, COMMUNITY, "2020 版", START, shapes)
    point = (108.005, 26.005)
    assert queries.grid_at(*point, on=TODAY) == one
    redrawn = {two.pk: square(108.00, 26.00, 0.02)}
    actions.publish_boundaries(stamp, COMMUNITY, "2025 版", date(2025, 1, 1), redrawn)
    assert queries.grid_at(*point, on=TODAY) == two
    assert queries.grid_at(*point, on=date(2024, 12, 31)) == one
    assert queries.grid_at(*point, on=MARCH) == one
    assert queries.grid_at(*point, on=date(2019, 12, 31)) is None
    assert queries.grid_at(0, 0, on=TODAY) is None


def test_a_nearer_drawing_decides_over_a_wider_one(stamp, town):
    one, two = town[GRID_1], town[GRID_2]
    actions.publish_boundaries(stamp, STREET, "街道", START, {one.pk: square(108, 26, 0.1)})
    actions.publish_boundaries(stamp, COMMUNITY, "社区", START, {two.pk: square(108, 26, 0.02)})
    assert queries.grid_at(108.01, 26.01, TODAY) == two
    assert queries.grid_at(108.05, 26.05, TODAY) == one


BOWTIE = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}


@pytest.mark.parametrize(
    ("geojson", "code"),
    [
        ({"type": "Point", "coordinates": [1, 2]}, "bad_shape"),
        ({"type": "Polygon", "coordinates": "'); DROP TABLE"}, "bad_shape"),
        ({"type": "Polygon", "coordinates": []}, "bad_shape"),
        ({}, "bad_shape"),
        (square(1080, 26), "bad_shape"),
    ],
)
def test_what_is_no_land_is_not_published(stamp, town, geojson, code):
    refused(code, actions.publish_boundaries, stamp, STREET, "x", START, {town[GRID_1].pk: geojson})


def test_a_shape_that_crosses_itself_is_mended_and_the_log_says_so(stamp, town):
    actions.publish_boundaries(stamp, STREET, "x", START, {town[GRID_1].pk: BOWTIE})
    assert Entry.objects.get(verb="publish").after["mended"] == 1
    assert queries.grid_at(0.5, 0.25, TODAY) is None, "the notch below the crossing"
    assert queries.grid_at(0.1, 0.5, TODAY) == town[GRID_1]
    refused(
        "not_after",
        actions.publish_boundaries,
        stamp,
        STREET,
        "x",
        START,
        {town[GRID_1].pk: BOWTIE},
    )
    refused(
        "outside", actions.publish_boundaries, stamp, OTHER, "x", TODAY, {town[GRID_1].pk: BOWTIE}
    )


def test_a_path_can_be_used_again_and_each_day_knows_whose_it_was(stamp, town):
    actions.close_area(stamp, town[GRID_1], date(2024, 1, 1))
    fresh = actions.open_area(stamp, "grid", GRID_1, "新第一网格", date(2024, 1, 1))
    assert queries.area_at(GRID_1, date(2023, 12, 31)) == town[GRID_1]
    assert queries.area_at(GRID_1, date(2024, 1, 1)) == fresh
    assert [a.name for a in queries.ancestors(GRID_1, TODAY)] == [
        "山省",
        "河州",
        "青江县",
        "江滨街道",
        "榕荫社区",
    ]


def test_a_merged_area_lives_on_in_its_successor(stamp, town, lixue):
    actions.appoint(stamp, lixue, "grid_worker", START, area=town[GRID_1])
    actions.merge_area(stamp, town[GRID_1], town[GRID_2], TODAY)
    merged = Area.objects.get(pk=town[GRID_1].pk)
    assert queries.successor_of(merged) == town[GRID_2]
    assert queries.grants(lixue, TODAY) == ()
    assert len(queries.grants(lixue, TODAY - timedelta(1))) == 1
    refused("closed", actions.merge_area, stamp, town[GRID_2], merged, TODAY)
    refused("same", actions.merge_area, stamp, town[GRID_2], town[GRID_2], TODAY)
    refused("not_empty", actions.close_area, stamp, town[COMMUNITY], TODAY)


@pytest.mark.parametrize(
    ("kind", "path", "name", "code"),
    [
        ("grid", COMMUNITY + "000003", "  ", "no_name"),
        ("grid", "52269900100", "短", "bad_path"),
        ("grid", COMMUNITY + "003", "x", "wrong_kind"),
        ("community", "522699009001", "x", "no_parent"),
        ("grid", GRID_1, "又一个", "path_taken"),
        ("grid", "'; DROP TABLE--", "x", "bad_path"),
        ("park", "P522698001", "x", "no_parent"),
    ],
)
def test_an_area_must_fit_where_it_is_put(stamp, town, kind, path, name, code):
    refused(code, actions.open_area, stamp, kind, path, name, START)


def test_a_park_stands_on_its_own_path(stamp, town, lixue):
    park = actions.open_area(stamp, "park", "P522699001", "青江园区", START)
    actions.appoint(stamp, lixue, "steward", START, area=park)
    assert list(queries.visible_areas(queries.grants(lixue, TODAY), TODAY)) == [park]


def test_a_prefix_is_one_range_of_the_index(town):
    plan = Area.objects.under("5226").explain()
    assert "Index Cond" in plan and "'5227'" in plan


def test_the_sticker_on_a_door_leads_to_todays_grid(stamp, town):
    house = actions.add_building(stamp, "3 栋", "江滨路", "8", 108.005, 26.005, 24)
    door = actions.add_door(stamp, house, town[GRID_1], "一单元")
    other = actions.add_door(stamp, house, town[GRID_2], "二单元")
    assert door.code != other.code
    actions.merge_area(stamp, town[GRID_1], town[GRID_2], TODAY)
    found = queries.door(door.code.upper())
    assert (found.building, found.area) == (house, town[GRID_2])
    assert queries.door("' OR 1=1") is None


def test_an_address_is_chosen_by_street_number_and_building(stamp, town):
    for number in ("2", "10", "8"):
        house = actions.add_building(stamp, f"{number} 号楼", "江滨路", number)
        actions.add_door(stamp, house, town[GRID_1])
    nowhere = actions.add_building(stamp, "别处", "江北路", "1")
    assert queries.streets(COMMUNITY, "江") == ["江滨路"]
    actions.add_door(stamp, nowhere, town[GRID_2])
    assert queries.streets(COMMUNITY, "江") == ["江北路", "江滨路"]
    assert queries.streets(OTHER) == []
    assert queries.numbers(COMMUNITY, "江滨路") == ["2", "8", "10"]
    assert [a.building.name for a in queries.buildings(COMMUNITY, "江滨路", "10")] == ["10 号楼"]
    assert queries.streets(COMMUNITY, "%") == []


def test_the_nearest_and_most_specific_unit_answers(stamp, town, django_assert_num_queries):
    def unit(code: str):
        return actions.add_unit(stamp, code, code, START)

    county, near, special = unit("county"), unit("near"), unit("special")
    actions.give_duty(stamp, county, "01", town["522699"])
    actions.give_duty(stamp, near, "01", town[COMMUNITY])
    duty = actions.give_duty(stamp, special, "0103", town[COMMUNITY])
    actions.give_duty(stamp, special, "02", town[COMMUNITY])
    with django_assert_num_queries(1):
        found = queries.who_answers("010305", GRID_1, TODAY)
    assert [u for u, _ in found] == [special, near, county]
    assert found[0][1] == duty and found[0][1].area == town[COMMUNITY]
    actions.drop_duty(stamp, duty)
    assert [u for u, _ in queries.who_answers("010305", GRID_1, TODAY)] == [near, county]
    assert queries.who_answers("010305", OTHER, TODAY) == [(county, found[2][1])]


# --- what must stay secret, and what must stay


def test_a_phone_is_sealed_and_found_by_itself_and_by_its_end(stamp, lixue, settings):
    row = Person.objects.filter(pk=lixue.pk).values().get()
    assert "13800001234" not in str(row)
    assert b"00001234" not in bytes(row["phone_sealed"])
    for written in ("13800001234", "+86 138-0000-1234", "１３８００００１２３４"):
        assert Person.objects.with_phone(written).get() == lixue
    assert Person.objects.with_phone_tail("1234").get() == lixue
    assert not Person.objects.with_phone("13800001235").exists()
    key = settings.VAR / "keys" / "fields"
    assert stat.S_IMODE(os.stat(key).st_mode) == 0o600
    with pytest.raises(InvalidTag):
        secret.unseal("person.mail", bytes(row["phone_sealed"]))


def test_the_log_keeps_ids_of_people_and_never_their_names(stamp, lixue):
    actions.change_person(stamp, lixue, name="李雪梅", phone="13900005678", language="en")
    assert not actions.change_person(stamp, lixue, phone="139 0000 5678")
    entries = Entry.objects.filter(model="registry.person")
    change = entries.get(verb="change")
    assert change.before == {"language": "zh", "fields": ["name", "phone_sealed"]}
    told = str(list(entries.values()))
    assert not any(word in told for word in ("李雪", "lixue", "1234", "5678"))


def test_the_log_refuses_every_way_of_forgetting(town):
    entry = Entry.objects.first()
    ways = (
        "UPDATE registry_entry SET verb = 'x'",
        "DELETE FROM registry_entry",
        "TRUNCATE registry_entry CASCADE",
    )
    for way in ways:
        with (
            pytest.raises(DatabaseError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(way)
    assert Entry.objects.first() == entry


def test_a_rename_keeps_the_id_and_the_log_knows_the_old_name(stamp, town):
    assert actions.rename_area(stamp, town[COMMUNITY], "榕荫新社区")
    assert not actions.rename_area(stamp, town[COMMUNITY], "榕荫新社区")
    entry = Entry.objects.get(verb="rename")
    assert (entry.before, entry.after) == ({"name": "榕荫社区"}, {"name": "榕荫新社区"})
    assert entry.key == town[COMMUNITY].pk


def test_hostile_text_is_only_text(stamp, town):
    name = "'; DROP TABLE registry_area; --<script>𠮷\u202e"
    person = actions.add_person(stamp, name, skills=["<b>", ""])
    house = actions.add_building(stamp, name, name)
    assert Person.objects.get(pk=person.pk).name == name.removesuffix("\u202e")
    assert Building.objects.get(pk=house.pk).street == name
    assert [s.skill for s in person.skills.all()] == ["<b>"]
    refused("username_taken", actions.add_person, stamp, "x", person.username)
