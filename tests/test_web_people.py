"""A desk hands a grid over in a real browser, on a phone and on a desktop."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from conftest import Live
from team_town import stamp, with_teams
from test_teams_page import WIDE, accessible
from town import GRID, Town, settled

from lianxin.orders import actions
from lianxin.registry.actions import appoint


@pytest.fixture
def town(request: pytest.FixtureRequest, live: Live) -> Iterator[Town]:
    with settled(request) as town:
        yield with_teams(town)


def in_hand(town: Town) -> str:
    """An order at the grid that its worker has in hand, as a member of the unit."""
    for name in ("worker", "w2"):
        appoint(stamp(), town.people[name], "member", town.grid.since, unit=town.unit)
    number = town.dispatched()
    actions.step(number, "accept", town["clerk"], {"seats": 1})
    actions.step(number, "grab", town["worker"], {})
    return number


@pytest.mark.parametrize("size", [WIDE, {}])
def test_a_desk_hands_a_grid_over(
    town: Town, open_as: Callable[..., Any], size: dict[str, Any]
) -> None:
    number = in_hand(town)
    page = open_as("desk", bypass_csp=True, **size)
    page.goto("/people")
    accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator("a[href*='/people/grids?']").first.click()
    page.wait_for_url("**/people/grids?**")
    accessible(page)
    page.get_by_role("link", name="交接").click()
    page.wait_for_url(f"**/people/grids/{GRID}")
    accessible(page)
    page.locator(".choice", has_text="w2").click()
    page.locator("main form[method=post] button.main").click()
    page.wait_for_url("**/people/grids?**")
    assert "1 件没办完的单交给了w2" in page.locator("body").inner_text()
    assert "w2" in page.locator(".grids").inner_text()
    page.goto(f"/orders/{number}")
    assert "交接给接手的人" in page.locator("main").inner_text()


def test_a_leader_opens_a_number_down_to_its_people(
    town: Town, open_as: Callable[..., Any]
) -> None:
    page = open_as("leader", **WIDE)
    page.goto("/people")
    page.get_by_role("link", name="队伍").first.wait_for()
    page.locator(".big[href*=reserves]").click()
    page.wait_for_url("**/rolls/reserves?**")
    assert page.locator("tbody tr").count() == 2
