"""Which leader is tied to what: the table, tying and untying, visits, and who lacks what."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from town import COMMUNITY, COUNTY, DAY, GRID, STREET, Town, settled

from lianxin.core.step.refused import Refused
from lianxin.orders.models import Order
from lianxin.orders.visits import came
from lianxin.registry import contact_table
from lianxin.registry.actions import Stamp
from lianxin.registry.actions.contact_points import log_visit, tie, untie
from lianxin.registry.contact_table import BrokenTable, read
from lianxin.registry.models import Area, ContactPoint, Entry, Person, Post, Visit
from lianxin.registry.queries.contact_points import lines, own_points, visits_of, who_works
from lianxin.registry.refusal import NotPossible

pytestmark = pytest.mark.django_db
SINCE = date(2025, 3, 1)
NOW = datetime(2025, 9, 10, 12, tzinfo=timezone.get_default_timezone())
TODAY = NOW.date()
GOOD = 'zh = "领导"\nen = "Leader"\nties = { street = 1 }\ndays = 30\n'


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with settled(request) as town:
        yield town


@pytest.fixture
def stamp(town: Town) -> Stamp:
    return Stamp(town.people["desk"], NOW)


def refused(code: str, action: Any, *given: Any, **named: Any) -> None:
    before = Entry.objects.count(), ContactPoint.objects.count(), Visit.objects.count()
    with pytest.raises(NotPossible) as no:
        action(*given, **named)
    assert no.value.code == code
    assert (Entry.objects.count(), ContactPoint.objects.count(), Visit.objects.count()) == before


def tied(town: Town, stamp: Stamp, path: str = GRID, name: str = "leader") -> ContactPoint:
    return tie(stamp, town.people[name], "leader", town.areas[path], SINCE)


# --- the table


def test_the_table_says_what_leaders_are_tied_to() -> None:
    table = contact_table.contact_table(SINCE)
    assert table.ranks["leader"].ties == {"street": 1, "community": 1, "grid": 1}
    assert [r.name for r in table.ranks.values() if r.example] == ["bureau", "street"]
    assert table.of_role("leader") is table.ranks["leader"]
    assert table.of_role("desk") is None
    with pytest.raises(LookupError):
        contact_table.contact_table(date(2016, 12, 31))


@pytest.mark.parametrize(
    ("day", "text", "says"),
    [
        ("2025-01-01", "", "it wants ranks"),
        ("someday", f"[ranks.a]\n{GOOD}", "is no day"),
        ("2025-01-01", "[ranks", "2025-01-01"),
        ("2025-01-01", f"[rank.a]\n{GOOD}", "it wants ranks, and nothing else"),
        ("2025-01-01", "[ranks]\na = 1", "no row of a table"),
        ("2025-01-01", f"[ranks.a]\n{GOOD}\nvisit = 3", "no such field"),
        ("2025-01-01", '[ranks.a]\nzh = "领导"\nties = { street = 1 }\ndays = 1', "both languages"),
        ("2025-01-01", f"[ranks.a]\n{GOOD.replace('street = 1', '')}", "at least one place"),
        ("2025-01-01", f"[ranks.a]\n{GOOD.replace('street = 1', 'planet = 1')}", "kind of area"),
        ("2025-01-01", f"[ranks.a]\n{GOOD.replace('street = 1', 'street = 0')}", "from 1 up"),
        ("2025-01-01", f"[ranks.a]\n{GOOD.replace('30', '-1')}", "from 1 up"),
        ("2025-01-01", f"[ranks.a]\n{GOOD.replace('30', 'true')}", "from 1 up"),
        ("2025-01-01", f'[ranks.a]\n{GOOD}role = "king"', "no role"),
        ("2025-01-01", f'[ranks.a]\n{GOOD}example = "yes"', "true or false"),
        ("2025-01-01", f'[ranks.a]\n{GOOD}role = "leader"\n[ranks.b]\n{GOOD}role = "leader"',
         "of two ranks"),
    ],
)  # fmt: skip
def test_a_broken_table_is_refused_with_its_row(day: str, text: str, says: str) -> None:
    with pytest.raises(BrokenTable, match=says):
        read(day, text)


def test_a_later_table_of_the_place_replaces_ours(tmp_path: Any, settings: Any) -> None:
    folder = tmp_path / "contact_points"
    folder.mkdir()
    (folder / "2026-01-01.toml").write_text(f"[ranks.mayor]\n{GOOD}")
    settings.PARAMS = tmp_path
    assert set(contact_table.contact_table(date(2025, 12, 31)).ranks) > {"leader"}
    assert set(contact_table.contact_table(date(2026, 1, 1)).ranks) == {"mayor"}


# --- tying and untying


def test_a_leader_is_tied_to_one_of_each(town: Town, stamp: Stamp) -> None:
    for path in (STREET, COMMUNITY, GRID):
        tied(town, stamp, path)
    entry = Entry.objects.latest("pk")
    assert (entry.verb, entry.model, entry.who) == (
        "tie", "registry.contactpoint", town.people["desk"],
    )  # fmt: skip
    second = Area.objects.create(kind_id="grid", path=GRID[:-1] + "2", name="二", since=DAY)
    refused("too_many", tie, stamp, town.people["leader"], "leader", second, SINCE)


def test_what_tying_refuses(town: Town, stamp: Stamp) -> None:
    leader, grid = town.people["leader"], town.grid
    tied(town, stamp)
    refused("tied_already", tie, stamp, leader, "leader", grid, SINCE)
    refused("no_rank", tie, stamp, leader, "king", grid, SINCE)
    refused("no_rank", tie, stamp, leader, "leader", town.areas[STREET], date(2016, 1, 1))
    refused("rank_not_here", tie, stamp, leader, "leader", town.areas[COUNTY], SINCE)
    refused("other_rank", tie, stamp, leader, "bureau", town.areas[COMMUNITY], SINCE)
    Area.objects.filter(path=STREET).update(until=SINCE)
    refused("closed", tie, stamp, leader, "leader", town.areas[STREET], SINCE)


def test_a_tie_that_ended_makes_room_for_another(town: Town, stamp: Stamp) -> None:
    point = tied(town, stamp)
    refused("not_after", untie, stamp, point, SINCE - timedelta(days=1))
    log_visit(stamp, point, date(2025, 5, 5))
    refused("visited_after", untie, stamp, point, date(2025, 5, 5))
    untie(stamp, point, date(2025, 6, 1))
    refused("untied", untie, stamp, point, TODAY)
    tied(town, stamp)  # the same again, from a later day on
    assert ContactPoint.objects.filter(until=None).count() == 1


def test_a_place_that_ended_leaves_a_gap(town: Town, stamp: Stamp) -> None:
    tied(town, stamp)
    Area.objects.filter(path=GRID).update(until=TODAY)
    [line] = lines(town["supervisor"].grants[0], COUNTY, TODAY)
    assert (line.ties, line.missing["grid"]) == ([], 1)
    second = Area.objects.create(kind_id="grid", path=GRID[:-1] + "2", name="二", since=DAY)
    tie(stamp, town.people["leader"], "leader", second, SINCE)


# --- visits


def test_a_visit_is_logged_once_a_day(town: Town, stamp: Stamp) -> None:
    point = tied(town, stamp)
    visit = log_visit(stamp, point, TODAY, "  灯不亮  ")
    assert (visit.text, Entry.objects.latest("pk").verb) == ("灯不亮", "visit")
    refused("visit_twice", log_visit, stamp, point, TODAY)
    refused("visit_ahead", log_visit, stamp, point, TODAY + timedelta(days=1))
    refused("not_tied_then", log_visit, stamp, point, SINCE - timedelta(days=1))
    refused("long_text", log_visit, stamp, point, SINCE, "长" * 401)
    untie(stamp, point, TODAY + timedelta(days=1))
    log_visit(stamp, point, SINCE)  # what was before the end can still be written down


def test_what_was_taken_away_becomes_an_order_at_that_place(town: Town) -> None:
    stamp = Stamp(town.people["leader"], timezone.now())
    point = tie(stamp, town.people["leader"], "leader", town.grid, DAY)
    done = came(stamp, point, stamp.day, "路灯不亮", town["leader"], order=True)
    order = Order.objects.get(number=done.number)
    assert (order.path, done.visit.order or Visit.objects.get().order) == (GRID, order.pk)
    entry = Entry.objects.latest("pk")
    assert (entry.verb, entry.after) == ("became", {"order": order.pk.hex})


def test_an_order_that_is_refused_leaves_no_visit(town: Town) -> None:
    stamp = Stamp(town.people["leader"], timezone.now())
    point = tie(stamp, town.people["leader"], "leader", town.grid, DAY)
    with pytest.raises(Refused):
        came(stamp, point, stamp.day, "", town["leader"], order=True)
    assert (Visit.objects.count(), Order.objects.count()) == (0, 0)


# --- who lacks what, who is overdue


def test_a_leader_without_ties_lacks_all_that_the_table_says(town: Town) -> None:
    [line] = lines(town["supervisor"].grants[0], COUNTY, TODAY)
    assert (line.name, line.stands) == ("leader", COUNTY)
    assert line.missing == {"street": 1, "community": 1, "grid": 1}


def test_gaps_and_overdue_by_the_days_of_the_rank(town: Town, stamp: Stamp) -> None:
    point = tied(town, stamp)
    tied(town, stamp, STREET)
    log_visit(stamp, point, TODAY - timedelta(days=90))
    [line] = lines(town["supervisor"].grants[0], COUNTY, TODAY)
    assert line.missing == {"community": 1}
    told = {tie.kind: (tie.last, tie.overdue) for tie in line.ties}
    assert told == {"grid": (TODAY - timedelta(days=90), False), "street": (None, True)}
    [line] = lines(town["supervisor"].grants[0], COUNTY, TODAY + timedelta(days=1))
    assert (line.overdue, line.never) == (2, 1)


def test_a_desk_sees_who_is_tied_to_its_place_and_nothing_of_elsewhere(
    town: Town, stamp: Stamp
) -> None:
    for path in (STREET, COMMUNITY, GRID):
        tied(town, stamp, path)
    [line] = lines(town["desk"].grants[0], COMMUNITY, TODAY)
    assert (line.stands, line.missing) == ("", {})
    assert {tie.path for tie in line.ties} == {COMMUNITY, GRID}
    assert lines(town["stranger"].grants[0], "522602001001", TODAY) == []
    assert visits_of(town.people["leader"].pk, town["stranger"].grants) == []


def test_ties_outside_the_readers_place_are_no_gap_there(town: Town, stamp: Stamp) -> None:
    other = Area.objects.get(path="522602001001")
    tie(stamp, town.people["leader"], "leader", other, SINCE)
    [line] = lines(town["supervisor"].grants[0], COUNTY, TODAY)
    assert (line.ties, line.missing) == ([], {"street": 1, "grid": 1})


def test_a_leaders_own_places_with_who_works_there(town: Town, stamp: Stamp) -> None:
    tied(town, stamp)
    tied(town, stamp, COMMUNITY)
    own = own_points(town["leader"], TODAY)
    assert [tie.kind for tie in own] == ["community", "grid"]
    assert own_points(town["worker"], TODAY) == []
    assert who_works(own, TODAY) == {
        COMMUNITY: [("desk", "desk")], GRID: [("grid_worker", "worker")],
    }  # fmt: skip


def test_a_hundred_leaders_take_as_many_queries_as_one(
    town: Town, stamp: Stamp, django_assert_num_queries: Any
) -> None:
    grids = [
        Area.objects.create(kind_id="grid", path=f"{GRID[:-3]}{n:03d}", name=f"{n}", since=DAY)
        for n in range(2, 102)
    ]
    for n, grid in enumerate(grids):
        who = Person.objects.create(username=f"l{n}", name=f"l{n}", password="!")
        Post.objects.create(person=who, role="leader", area=town.areas[COUNTY], since=DAY)
        ContactPoint.objects.create(person=who, rank="leader", area=grid, since=SINCE)
    grant = town["supervisor"].grants[0]
    with django_assert_num_queries(3):
        assert len(lines(grant, COUNTY, TODAY)) == 101
