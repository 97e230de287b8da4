"""Role × area × state × action, decided row by row and read by eye: who sees, and who may press.

`tests/cases/matrix.toml` is the reviewed answer. After a change that is meant, write it anew with
LIANXIN_WRITE_MATRIX=1 and read the difference before it is kept.
"""

import os
import tomllib
from pathlib import Path

import pytest
from api_client import Caller
from django.utils import timezone
from roads import ROADS, drive
from town import CAST, Town, settled

from lianxin.core.step.refused import Refused
from lianxin.orders import actions
from lianxin.orders.models import Order
from lianxin.orders.queries import order_sheet

FILE = Path(__file__).parent / "cases" / "matrix.toml"
UNSEEN = "unseen"
HEAD = """# Who sees an order of the five orders in each state, and what they may press there.
# The place is one grid; `stranger` is a desk in the next county, `against` the clerk of the unit
# complained of. A unit's member who holds no seat sees what can be taken.
"""


@pytest.fixture
def town(request: pytest.FixtureRequest):
    with settled(request) as town:
        yield town


def decided(town: Town, number: str, name: str) -> str:
    """What one person may press on an order, or that they do not see it."""
    try:
        sheet = order_sheet(number, town[name], timezone.now())
    except Refused as no:
        assert no.code == "not_found"
        return UNSEEN
    return " ".join(b.step.name for b in sheet.buttons)


def rows(town: Town, state: str) -> dict[str, str]:
    number = drive(town, state, against=[str(town.units["V"].pk)])
    names = {"other_clerk": "against"}
    return {names.get(name, name): decided(town, number, name) for name in CAST}


def reviewed() -> dict[str, dict[str, str]]:
    return tomllib.loads(FILE.read_text("utf-8")) if FILE.exists() else {}


def write(found: dict[str, dict[str, str]]) -> None:
    lines = [HEAD]
    for state, people in found.items():
        lines.append(f"[{state}]")
        lines += [f'{name:<12}= "{verbs}"' for name, verbs in people.items()]
        lines.append("")
    FILE.write_text("\n".join(lines), "utf-8")


def test_every_state_has_its_rows(town):
    states = set(reviewed())
    assert states == set(ROADS)


@pytest.mark.skipif("LIANXIN_WRITE_MATRIX" not in os.environ, reason="writes the matrix on request")
def test_write_the_matrix(town):
    write({state: rows(town, state) for state in ROADS})
    pytest.fail(f"{FILE.name} is written: read what changed, then run again without the variable")


@pytest.mark.parametrize("state", ROADS)
def test_who_sees_and_who_may_press(town, state):
    assert rows(town, state) == reviewed()[state]


@pytest.mark.parametrize("state", ROADS)
def test_what_is_not_on_the_button_is_refused(town, state):
    """The other way round: a step that is no button of somebody changes nothing when pressed."""
    number = drive(town, state)
    order = Order.objects.get(number=number)
    page = order_sheet(number, town["desk"], timezone.now()).page
    for name in ("resident", "desk", "clerk", "leader"):
        allowed = decided(town, number, name).split()
        for verb in page.steps:
            if verb not in allowed:
                with pytest.raises(Refused):
                    actions.step(number, verb, town[name], {})
    assert Order.objects.get(number=number).nth == order.nth


SAMPLE = ("filed", "dispatched", "accepted", "grabbed", "done", "struck")
ASKED = ("desk", "clerk", "m3", "leader", "stranger", "neighbour")


@pytest.mark.parametrize("state", SAMPLE)
def test_the_same_over_http(town, state):
    """A sample over the wire: the steps offered, 404 for strangers, no for who has no button."""
    number = drive(town, state)
    for name in ASKED:
        caller = Caller(town.token(name))
        row = reviewed()[state][name]
        answer = caller.get(f"/orders/{number}")
        if row == UNSEEN:
            no = caller.step(number, "comment", text="x")
            late = (name, state) == ("m3", "grabbed")  # too late for a seat, and told so
            assert (answer.status_code, no.status_code) == (404, 403 if late else 404)
            assert caller.get(f"/orders/{number}/events").status_code == 404
            continue
        assert [s["step"] for s in answer.json()["steps"]] == row.split()
        if "dispatch" not in row.split():
            unit = town.units["U"].code
            assert caller.step(number, "dispatch", unit=unit).status_code in (403, 409)
