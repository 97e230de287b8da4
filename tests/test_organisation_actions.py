"""What is done with an organisation, and why it is refused: one code for each reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from organised import BEGUN, GRID3, NAMES, QUARTER2, Organised, ago, organised, stamp
from town import COMMUNITY, COUNTY, GRID, QUARTER, settled

from lianxin.registry.actions.belongings import admit, leave
from lianxin.registry.actions.covers import cover, uncover
from lianxin.registry.actions.officers import elect, step_down
from lianxin.registry.actions.organisation_merging import merge
from lianxin.registry.actions.organisation_parts import confirm_part, note_part
from lianxin.registry.actions.organisations import end, move, rename
from lianxin.registry.models import Belonging, Cover, Entry, Officer, Organisation, Part
from lianxin.registry.refusal import NotPossible
from lianxin.web.why_not import why_not


@pytest.fixture
def o(request: pytest.FixtureRequest) -> Iterator[Organised]:
    with settled(request) as town:
        yield organised(town)


def refused(act: Callable[[], object]) -> str:
    """The code; it has a sentence in both languages, and nothing was written."""
    before = Entry.objects.count()
    with pytest.raises(NotPossible) as no:
        act()
    assert all(why_not(no.value, lang) for lang in ("zh", "en"))
    assert Entry.objects.count() == before
    return no.value.code


# --- set up


def test_it_stands_where_it_should_with_all_that_was_named(o: Organised) -> None:
    branch = o["branch"]
    assert (branch.parent_id, branch.area.path, branch.since) == (o["community"].pk, QUARTER, BEGUN)
    assert sorted(branch.belongings.values_list("person__name", flat=True)) == sorted(NAMES[:3])
    held = branch.officers.get()
    assert (held.office, held.person.name, held.term) == ("secretary", "甲", date(2024, 3, 1))
    assert o["group"].covers.count() == 2 and o["household"].covers.count() == 1
    assert branch.name == f"{QUARTER}党支部" and o["group"].name == f"{GRID}第1党小组"
    entry = Entry.objects.get(model="registry.organisation", key=branch.pk)
    assert (entry.verb, entry.after["number"]) == ("set_up", "云组〔2021〕1号")


def test_who_leads_a_branch_is_one_of_its_three(o: Organised) -> None:
    Belonging.objects.all().delete()
    three = [o.people[name] for name in NAMES[2:]]
    made = o.set_up("branch", QUARTER2, parent=o["community"], leader=three[0], members=three[1:])
    assert made.belongings.count() == 3


ROWS: list[tuple[str, dict[str, Any], str]] = [
    ("no_kind", {"kind": "cell"}, QUARTER2),
    ("no_number", {"number": "  "}, QUARTER2),
    ("no_day", {"on": None}, QUARTER2),
    ("in_future", {"on": timezone.localdate() + timedelta(1)}, QUARTER2),
    ("wrong_place", {}, COUNTY),
    ("wrong_place", {}, GRID),
    ("no_parent_organisation", {"parent": None}, QUARTER2),
    ("wrong_parent", {"parent": "group"}, QUARTER2),
    ("parent_elsewhere", {"kind": "group", "parent": "branch"}, GRID3),
    ("second_branch", {}, QUARTER),
    ("second_community", {"kind": "community", "parent": None}, COMMUNITY),
    ("few_members", {}, QUARTER2),
    ("few_members", {"members": ["丁", "丁", "戊"]}, QUARTER2),
    ("belongs_already", {"members": ["甲", "丁", "戊"]}, QUARTER2),
    ("building_outside", {"kind": "group", "buildings": [f"{GRID[-6:]}-1栋"]}, GRID3),
    ("building_covered", {"kind": "group", "parent": "branch",
                          "buildings": [f"{GRID[-6:]}-1栋"]}, GRID),
    ("many_buildings", {"kind": "household", "parent": "group",
                        "buildings": [f"{GRID[-6:]}-1栋", f"{GRID[-6:]}-2栋"]}, GRID),
]  # fmt: skip


@pytest.mark.parametrize(("code", "given", "path"), ROWS)
def test_why_it_is_not_set_up(o: Organised, code: str, given: dict[str, Any], path: str) -> None:
    asked: dict[str, Any] = {"kind": "branch", "parent": "community"} | given
    kind, parent = asked.pop("kind"), asked.pop("parent")
    asked["parent"] = o[parent] if parent else None
    asked["members"] = [o.people[name] for name in asked.get("members", ())]
    asked["buildings"] = [o.buildings[name] for name in asked.get("buildings", ())]
    before = Organisation.objects.count()
    assert refused(lambda: o.set_up(kind, path, **asked)) == code
    assert Organisation.objects.count() == before


def test_nothing_is_set_up_at_a_place_or_under_one_that_is_over(o: Organised) -> None:
    area = o.area(QUARTER2)
    area.until = ago(1)
    area.save()
    assert refused(lambda: o.set_up("branch", QUARTER2, parent=o["community"])) == "area_over"
    end(stamp(), o["household"], ago(1))
    end(stamp(), o["group"], ago(1))
    over = o["group"]
    assert refused(lambda: o.set_up("household", GRID, parent=over)) == "organisation_over"


# --- renamed, moved, ended


def test_renamed_with_the_old_name_in_the_log(o: Organised) -> None:
    assert rename(stamp(), o["group"], " 3栋党小组 ")
    assert not rename(stamp(), o["group"], "3栋党小组")
    entry = Entry.objects.get(verb="rename", key=o["group"].pk)
    assert (entry.before, entry.after) == (
        {"name": f"{GRID}第1党小组"}, {"name": "3栋党小组"},
    )  # fmt: skip
    assert refused(lambda: rename(stamp(), o["group"], " ")) == "no_name"


def test_moved_under_another_and_only_with_what_hangs_on_it(o: Organised) -> None:
    assert move(stamp(), o["group"], o.area(GRID), o["community"])
    assert o["group"].parent_id == o["community"].pk
    assert not move(stamp(), o["group"], o.area(GRID), o["community"])
    assert refused(lambda: move(stamp(), o["group"], o.area(GRID3), o["community"])) == (
        "parts_outside"
    )
    assert move(stamp(), o["group"], o.area(QUARTER), o["branch"])  # up, with all of it inside
    for code, name, parent in (
        ("no_parent_organisation", "group", None), ("wrong_place", "branch", o["community"]),
        ("wrong_parent", "group", o["household"]),
    ):  # fmt: skip
        assert refused(lambda n=name, p=parent: move(stamp(), o[n], o.area(GRID), p)) == code


def test_a_branch_follows_its_quarter_into_the_one_it_became(o: Organised) -> None:
    """The quarters were merged: the old one has ended, its grids name it no more."""
    old, new = o.area(QUARTER), o.area(QUARTER2)
    old.until, old.successor = ago(1), new
    old.save()
    grid = o.area(GRID)
    grid.until, grid.successor = ago(1), o.area(f"{QUARTER2}001")
    grid.save()
    assert move(stamp(), o["branch"], new, o["community"])
    assert o["branch"].area.path == QUARTER2


def test_ended_once_nothing_hangs_on_it(o: Organised) -> None:
    assert refused(lambda: end(stamp(), o["branch"], ago(0))) == "parts_hang"
    assert refused(lambda: end(stamp(), o["household"], BEGUN - timedelta(1))) == "not_after"
    for name in ("household", "group", "branch"):
        end(stamp(), o[name], ago(2))
    branch = o["branch"]
    assert branch.until == ago(2)
    for rows in (branch.officers, branch.belongings, o["group"].covers):
        assert set(rows.values_list("until", flat=True)) == {ago(2)}
    assert refused(lambda: rename(stamp(), branch, "再来")) == "organisation_over"
    o.set_up("branch", QUARTER, parent=o["community"],
             members=[o.people[name] for name in NAMES[:3]])  # fmt: skip


# --- merged


def test_merged_with_all_that_was_its_own_and_history_through_the_successor(o: Organised) -> None:
    Belonging.objects.filter(person=o.people["丙"]).delete()
    into = o.set_up(
        "branch", QUARTER2, parent=o["community"],
        members=[o.people["丙"], o.people["丁"], o.people["戊"]],
    )  # fmt: skip
    merge(stamp(), o["branch"], into, ago(3))
    gone = o["branch"]
    assert (gone.until, gone.successor_id) == (ago(3), into.pk)
    assert list(into.merged.all()) == [gone]
    assert o["group"].parent_id == into.pk
    live = Belonging.objects.filter(until=None)
    assert set(live.values_list("organisation", flat=True)) == {into.pk} and live.count() == 5
    assert not Officer.objects.filter(organisation=gone, until=None).exists()
    assert Belonging.objects.filter(organisation=gone).count() == 2, "what was stays where it was"
    assert Entry.objects.get(verb="merge").after["successor_id"] == into.pk


def test_a_group_hands_its_buildings_over_once(o: Organised) -> None:
    into = o.set_up("group", QUARTER, parent=o["branch"])
    merge(stamp(), o["group"], into, ago(1))
    held = Cover.objects.filter(until=None, organisation__kind="group")
    assert set(held.values_list("organisation", flat=True)) == {into.pk} and held.count() == 2
    assert o["household"].parent_id == into.pk


def test_why_it_is_not_merged(o: Organised) -> None:
    assert refused(lambda: merge(stamp(), o["group"], o["group"], ago(0))) == "same"
    assert refused(lambda: merge(stamp(), o["group"], o["branch"], ago(0))) == "other_kind"
    into = o.set_up("group", QUARTER, parent=o["branch"])
    early = BEGUN - timedelta(1)
    assert refused(lambda: merge(stamp(), o["group"], into, early)) == "not_after"
    end(stamp(), into, ago(1))
    assert refused(lambda: merge(stamp(), o["group"], into, ago(0))) == "organisation_over"


# --- officers


def test_one_secretary_at_a_time(o: Organised) -> None:
    elect(stamp(), o["branch"], o.people["乙"], "secretary", ago(10))
    held = o["branch"].officers.order_by("since")
    assert [(x.person.name, x.until) for x in held] == [("甲", ago(10)), ("乙", None)]
    for name in ("甲", "丙"):
        elect(stamp(), o["branch"], o.people[name], "committee", ago(5))
    assert o["branch"].officers.filter(office="committee", until=None).count() == 2
    elect(stamp(), o["branch"], o.people["丙"], "committee", ago(1), ago(-30))
    again = o["branch"].officers.filter(office="committee", person=o.people["丙"])
    assert sorted(again.values_list("until", flat=True), key=str) == sorted([ago(1), None], key=str)
    assert again.get(until=None).term == ago(-30)


@pytest.mark.parametrize(
    ("code", "office", "since", "term"),
    [
        ("wrong_office", "host", 1, None), ("wrong_office", "king", 1, None),
        ("in_future", "secretary", -1, None), ("not_after", "deputy", 5000, None),
        ("not_after", "secretary", 5000, None), ("short_term", "secretary", 1, 1),
    ],
)  # fmt: skip
def test_why_nobody_is_elected(
    o: Organised, code: str, office: str, since: int, term: int | None
) -> None:
    ends = None if term is None else ago(term)
    person = o.people["丁"]
    assert refused(lambda: elect(stamp(), o["branch"], person, office, ago(since), ends)) == code


def test_nobody_is_elected_to_before_who_is_there_now(o: Organised) -> None:
    elect(stamp(), o["branch"], o.people["乙"], "secretary", ago(10))
    late = lambda: elect(stamp(), o["branch"], o.people["丙"], "secretary", ago(20))  # noqa: E731
    assert refused(late) == "not_after"


def test_stepping_down(o: Organised) -> None:
    held = o["branch"].officers.get()
    step_down(stamp(), held, ago(1))
    assert refused(lambda: step_down(stamp(), held, ago(0))) == "officer_over"


# --- members and buildings


def test_a_member_of_one_organisation_at_a_time(o: Organised) -> None:
    again = o.people["甲"]
    assert refused(lambda: admit(stamp(), o["community"], again, ago(1))) == "belongs_already"
    held = o["branch"].belongings.get(person=again)
    leave(stamp(), held, ago(2))
    assert refused(lambda: leave(stamp(), held, ago(1))) == "left_already"
    made = admit(stamp(), o["community"], again, ago(1), full=False)
    assert admit(stamp(), o["community"], again, ago(0)).pk == made.pk
    made.refresh_from_db()
    assert made.full and made.since == ago(1)
    assert refused(lambda: admit(stamp(), o["group"], o.people["丁"], ago(1))) == "no_members_here"
    assert refused(lambda: admit(stamp(), o["branch"], o.people["丁"], ago(-1))) == "in_future"


def test_a_building_has_one_group(o: Organised) -> None:
    group = o.set_up("group", QUARTER, parent=o["branch"])
    building = o.buildings[f"{GRID[-6:]}-1栋"]
    assert refused(lambda: cover(stamp(), group, building, ago(0))) == "building_covered"
    held = o["group"].covers.get(building=building)
    assert refused(lambda: cover(stamp(), o["group"], building, ago(0))) == "building_covered"
    uncover(stamp(), held, ago(1))
    assert refused(lambda: uncover(stamp(), held, ago(0))) == "uncovered_already"
    cover(stamp(), group, building, ago(0))
    assert refused(lambda: cover(stamp(), o["branch"], building, ago(0))) == "no_buildings_here"
    other = o.buildings[f"{GRID3[-6:]}-1栋"]
    assert refused(lambda: cover(stamp(), group, other, ago(0))) == "building_outside"


# --- what it took part in


def test_it_counts_once_somebody_else_confirmed_it(o: Organised) -> None:
    town = o.town
    part = note_part(stamp(town, "desk"), o["branch"], ago(3), "  扫楼道 ")
    assert (part.text, part.by_id) == ("扫楼道", town.people["desk"].pk)
    assert refused(lambda: confirm_part(stamp(town, "desk"), part)) == "own_word"
    assert refused(lambda: confirm_part(stamp(), part)) == "nobody"
    officer = stamp()
    officer = type(officer)(o.people["甲"], officer.at)
    assert refused(lambda: confirm_part(officer, part)) == "own_officer"
    confirm_part(stamp(town, "street_desk"), part)
    part.refresh_from_db()
    assert (part.confirmed, part.confirmed_by_id) == (ago(0), town.people["street_desk"].pk)
    assert refused(lambda: confirm_part(stamp(town, "street_desk"), part)) == "confirmed_already"


def test_who_was_an_officer_on_that_day_does_not_confirm(o: Organised) -> None:
    part = note_part(stamp(o.town, "desk"), o["branch"], ago(30), "扫楼道")
    step_down(stamp(), o["branch"].officers.get(), ago(10))
    now = stamp()
    assert refused(lambda: confirm_part(type(now)(o.people["甲"], now.at), part)) == "own_officer"


@pytest.mark.parametrize(
    ("code", "on", "text"),
    [("no_text", 1, " "), ("long_text", 1, "字" * 401), ("in_future", -1, "扫楼道"),
     ("not_after", 5000, "扫楼道")],
)  # fmt: skip
def test_why_it_is_not_written_down(o: Organised, code: str, on: int, text: str) -> None:
    assert refused(lambda: note_part(stamp(o.town, "desk"), o["group"], ago(on), text)) == code
    assert not Part.objects.exists()
