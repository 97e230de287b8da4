"""The chip of a state: what has come to nothing does not look like what was done."""

from datetime import date

import pytest
from flow_files import book

from lianxin.web.order.states import look_of, without_result

LIGHT = book().exact("five-orders", date(2017, 1, 1))
LOOKS = [
    # state, outcome of the order, and how it looks
    ("filed", None, "waiting"),
    ("grabbed", None, "doing"),
    ("parked", None, "stopped"),
    ("struck", "solved", "done"),
    ("struck", "partly", "done"),
    ("struck", None, "done"),  # told of an event alone, which does not say
    ("struck", "impossible", "stopped"),
    ("refused", "refused", "stopped"),
    ("refused", None, "stopped"),
    ("withdrawn", None, "stopped"),
    ("merged", None, "stopped"),
    ("split", None, "stopped"),
    ("void", None, "stopped"),
    (None, None, ""),
]


@pytest.mark.parametrize(("state", "outcome", "look"), LOOKS)
def test_an_end_looks_by_what_came_of_it(state: str, outcome: str | None, look: str) -> None:
    assert look_of(LIGHT, state, outcome=outcome) == look


def test_late_is_for_what_is_open() -> None:
    assert look_of(LIGHT, "grabbed", late=True) == "late"
    assert look_of(LIGHT, "withdrawn", late=True) == "stopped"


def test_where_a_page_has_no_outcomes_every_end_is_one() -> None:
    for flow in ("approval", "booking", "inspection"):
        assert without_result(book().exact(flow, date(2017, 1, 1))) == frozenset()


def test_the_ends_of_the_house_that_come_to_nothing() -> None:
    pages = [p for dated in book().pages.values() for p in dated.values()]
    found = {page.flow: set(without_result(page)) for page in pages if without_result(page)}
    assert found == {"five-orders": {"refused", "withdrawn", "merged", "split"}}
