"""An area closes or goes on in another: every register tied to it has its line of one table."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.apps import apps
from django.utils import timezone
from organised import GRID2, QUARTER2, Organised, organised
from team_town import stamp, with_teams
from town import COMMUNITY, DAY, GRID, QUARTER, STREET, Town, settled

from lianxin.core.flow.page import Words
from lianxin.growth.models import Fact, Reserve, Standing
from lianxin.registry.actions import appoint, close_area, give_duty, merge_area, stand_in
from lianxin.registry.actions.check_ins import take_task
from lianxin.registry.actions.closing import Fate, table
from lianxin.registry.actions.contact_points import log_visit, tie
from lianxin.registry.models import (
    Area,
    CheckIn,
    ContactPoint,
    Duty,
    Post,
    Task,
    Unit,
    UnitCheckIn,
)
from lianxin.registry.refusal import NotPossible
from lianxin.web.why_not import why_not

TODAY = timezone.localdate


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with settled(request) as town:
        yield town


@pytest.fixture
def o(town: Town) -> Organised:
    return organised(town)


def fresh(area: Area) -> Area:
    return Area.objects.get(pk=area.pk)


def test_every_register_that_is_tied_to_an_area_has_its_line() -> None:
    pointing = {
        model._meta.label_lower
        for model in apps.get_models()
        for column in model._meta.concrete_fields
        if column.related_model is Area and model is not Area
    }
    assert pointing == set(table())


def test_what_is_tied_there_ends_with_it(town: Town) -> None:
    leader, today = town.people["leader"], TODAY()
    point = tie(stamp(), leader, "leader", town.grid, DAY)
    log_visit(stamp(), point, today - timedelta(days=3), "灯不亮")
    lives = CheckIn.objects.create(
        person=town.people["m1"], unit=town.unit, area=town.grid, since=DAY, confirmed=DAY
    )
    take_task(stamp(), lives, "mediator")
    close_area(stamp(), town.grid, today)
    assert ContactPoint.objects.get().until == today
    assert CheckIn.objects.get().until == today
    assert Task.objects.get().until == today
    assert not Post.objects.filter(area=town.grid, until=None).exists()
    assert Post.objects.filter(person=town.people["m1"], role="member", until=None).exists()


def test_a_tie_does_not_end_before_its_last_visit(town: Town) -> None:
    today = TODAY()
    point = tie(stamp(), town.people["leader"], "leader", town.grid, DAY)
    log_visit(stamp(), point, today - timedelta(days=3))
    close_area(stamp(), town.grid, today - timedelta(days=40))
    assert ContactPoint.objects.get().until == today - timedelta(days=2)


def test_an_organisation_or_a_unit_there_bars_it_and_is_named(o: Organised) -> None:
    Unit.objects.filter(code="U").update(area=o.town.grid)
    with pytest.raises(NotPossible) as no:
        close_area(stamp(), o.town.grid, TODAY())
    assert (no.value.code, no.value.facts["n"]) == ("area_in_use", 3)
    said = no.value.facts["among"]
    assert isinstance(said, Words)
    assert said.zh == f"组织 2 ({o['group'].name})；单位 1 (供电所)", "no household is named"
    assert "organisations 2" in said.en and "units 1" in said.en
    assert "还有 3 项没有安排" in why_not(no.value, "zh")
    assert "3 rows" in why_not(no.value, "en")
    assert fresh(o.town.grid).until is None
    assert Post.objects.filter(area=o.town.grid, until=None).exists(), "nothing half done"


def test_taken_in_by_another_what_lasts_goes_on_there(o: Organised) -> None:
    """Within one quarter: the branch that the group hangs on holds both grids."""
    Area.objects.filter(path=GRID2).update(path=f"{QUARTER}002")
    into, today = fresh(o.area(GRID2)), TODAY()
    Unit.objects.filter(code="U").update(area=o.town.grid)
    give_duty(stamp(), o.town.unit, "01", o.town.grid)
    lives = CheckIn.objects.create(
        person=o.town.people["m1"], unit=o.town.unit, area=o.town.grid, since=DAY, confirmed=DAY
    )
    take_task(stamp(), lives, "mediator")
    merge_area(stamp(), o.town.grid, into, today)
    assert fresh(o.town.grid).successor == into
    assert {row.area_id for row in (o["group"], o["household"])} == {into.pk}
    assert o["group"].covers.filter(until=None).count() == 2
    assert o["group"].officers.filter(until=None).count() == 1
    assert Unit.objects.get(code="U").area == into
    assert Duty.objects.get().area == into
    assert (CheckIn.objects.get().area, CheckIn.objects.get().until) == (into, None)
    assert Task.objects.get().until is None
    assert not Post.objects.filter(role="grid_worker", until=None).exists(), "posts end"


def test_what_cannot_go_on_there_bars_it(o: Organised) -> None:
    """The group's branch is of another quarter; the other quarter has its own branch."""
    with pytest.raises(NotPossible, match="area_in_use") as no:
        merge_area(stamp(), o.town.grid, o.area(GRID2), TODAY())
    assert no.value.facts["n"] == 1, "the household goes where its group goes"
    three = [o.people["丁"], o.people["戊"], o.town.people["m1"]]
    o.set_up("branch", QUARTER2, parent=o["community"], leader=three[0], members=three)
    Area.objects.filter(path__startswith=QUARTER, kind_id="grid").update(until=TODAY())
    with pytest.raises(NotPossible, match="area_in_use") as no:
        merge_area(stamp(), o.area(QUARTER), o.area(QUARTER2), TODAY())
    assert o["branch"].name in no.value.facts["among"].zh


def test_nobodys_service_ends_because_a_line_on_the_map_moves(town: Town) -> None:
    with_teams(town)
    here, today = town.areas[COMMUNITY], TODAY()
    there = town.areas["522601001002"]
    Area.objects.exclude(path=COMMUNITY).filter(path__startswith=COMMUNITY).update(until=today)
    with pytest.raises(NotPossible, match="area_in_use") as no:
        close_area(stamp(), here, today)
    assert no.value.facts["among"].zh == "在岗 3 (worker、w2、w3)；后备力量 2 (w2、w3)"
    UnitCheckIn.objects.create(unit=town.unit, area=here, since=DAY)
    UnitCheckIn.objects.create(unit=town.unit, area=there, since=DAY)
    merge_area(stamp(), here, there, today)
    assert Fact.objects.filter(kind="worked", area=there, until=None).count() == 3
    assert Reserve.objects.filter(area=there, until=None).count() == 2
    assert Standing.objects.filter(person=town.people["w2"]).exists()
    assert UnitCheckIn.objects.get(until=None).area == there, "one of the two has ended"


def test_nothing_bars_and_goes_nowhere() -> None:
    """A row that goes on in another area has somewhere to go; where there is none it ends, bars or
    stays."""
    assert Fate.GOES not in {tied.closed for tied in table().values()}


@pytest.mark.parametrize("until", [None, date(2030, 1, 1)])
def test_a_post_is_not_given_where_the_place_or_the_unit_is_no_more(
    town: Town, until: date | None
) -> None:
    m1, end = town.people["m1"], date(2025, 1, 1)
    held = Post.objects.get(person=town.people["street_desk"])
    Area.objects.filter(path__in=(GRID, STREET)).update(until=end)
    Unit.objects.filter(code="V").update(until=end)
    before = Post.objects.count()
    for how in (
        lambda: appoint(stamp(), m1, "grid_worker", DAY, area=town.grid, until=until),
        lambda: appoint(stamp(), m1, "clerk", DAY, unit=Unit.objects.get(code="V"), until=until),
        lambda: stand_in(stamp(), held, m1, DAY, until or date(2029, 1, 1)),
    ):
        with pytest.raises(NotPossible, match="closed") as no:
            how()
        assert no.value.facts["until"] == end
    assert Post.objects.count() == before
    appoint(stamp(), m1, "grid_worker", DAY, area=town.grid, until=end)  # while it was there
