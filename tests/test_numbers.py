"""Numbers that are none, or larger than anything here: refused in words by page, API and kernel."""

import re

import pytest
from api_client import Caller, code
from stage import DESK, RESIDENT, U, clerk
from town import settled
from web_town import as_

from lianxin.core.flow.page import Field, Words
from lianxin.core.step.given import LARGEST, number
from lianxin.core.step.refused import Refused
from lianxin.orders import actions
from lianxin.orders.models import Order

DONE = {"outcome": "solved", "text": "已整改"}
SOLVED = {"reached": "yes", "solved": "yes"}
HUGE = 10**400
NONE = [HUGE, float("nan"), float("inf"), True, "一", "0x10", "1e400", [720], {}]
ODD = [*((n, "out_of_range") for n in (1e308, 10**18, 87_841, -5, 0)),
       *((n, "not_a_number") for n in NONE)]  # fmt: skip


@pytest.mark.parametrize(("odd", "wrong"), ODD, ids=lambda v: str(v)[:8])
def test_an_absurd_length_is_refused(stage, odd, wrong):
    loop = stage.file("closed-loop", RESIDENT, text="停车难")
    stage.step(loop, "hand_out", DESK, unit=U, date=stage.at(days=4))
    stage.step(loop, "answer", clerk(U), **DONE)
    stage.step(loop, "call_back", DESK, **SOLVED)
    stage.no(wrong, loop, "strike_off", DESK, looks=[odd])
    stage.step(loop, "strike_off", DESK, looks=[720])
    assert stage.due(stage.kid(loop, "look_backs"), "waiting")


@pytest.mark.parametrize("odd", [10**15, -(10**15), 1e308], ids=lambda v: f"{v:.0e}")
def test_a_number_of_more_than_fifteen_digits_is_refused(odd):
    """It is not exact any more; a field may have no bounds of its own."""
    field = Field("price", Words("价", "Price"), "number")
    with pytest.raises(Refused, match="out_of_range") as no:
        number(odd, field)
    assert no.value.facts == {"field": "price", "min": -LARGEST, "max": LARGEST}
    assert number(LARGEST, field) == LARGEST


@pytest.fixture
def town(request):
    with settled(request) as town:
        yield town


@pytest.fixture
def loop(town):
    """The number of an order that waits to be struck off, with the hours of its look-backs."""
    number = actions.file(
        "closed-loop", "file", town["resident"], {"text": "停车难"}, area=town.grid
    ).number
    given = {"unit": str(town.unit.pk), "date": "2099-03-01T10:00:00+08:00"}
    for verb, who, said in (("hand_out", "desk", given), ("answer", "clerk", DONE),
                            ("call_back", "desk", SOLVED)):  # fmt: skip
        actions.step(number, verb, town[who], said)
    return number


JSON = [
    ("[1e12]", "out_of_range"), ("[-5]", "out_of_range"), ("[0.5]", "out_of_range"),
    ("[1e308]", "bad_request"), ("[1e400]", "bad_request"), (f"[{HUGE}]", "bad_request"),
    ("[NaN]", "bad_request"), ("[-Infinity]", "bad_request"),
    (f"[{'9' * 5000}]", "malformed"), ('["' + "9" * 5000 + '"]', "not_a_number"),
    ("[[1]]", "not_a_number"), ("{}", "not_a_number"), ("[720]", "200"),
]  # fmt: skip


@pytest.mark.parametrize(("sent", "wanted"), JSON, ids=lambda v: v[:12])
def test_the_api_says_so(town, loop, sent, wanted):
    desk = Caller(town.token("desk"))
    answer = desk.post(f"/orders/{loop}/steps/strike_off", f'{{"answers": {{"looks": {sent}}}}}')
    assert code(answer) == wanted, answer.content[:300]
    assert Order.objects.get(number=loop).state == ("struck" if wanted == "200" else "called")


@pytest.mark.parametrize(
    "typed", ["1e308", "-5", "0", "nan", "inf", "1e400", "9" * 400, "9" * 5000, "一个月"],
    ids=lambda v: v[:8],
)  # fmt: skip
def test_the_page_says_so_at_the_field(town, loop, typed):
    desk = as_(town, "desk")
    answer = desk.post(f"/orders/{loop}/strike_off", {"looks": typed, "_go": "1"})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert re.search(r'href="#id_looks[^"]*"', html)
    assert "数字" in html
    assert Order.objects.get(number=loop).state == "called"
