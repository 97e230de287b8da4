"""Whatever people write comes back as it was, or is refused in words; it becomes nothing else."""

import pytest
from api_client import Caller, code
from town import GRID, settled

from lianxin.orders.models import Event, Order

HARMLESS = [
    "<script>alert(1)</script>", "=1+1", "@SUM(A1)", "'; DROP TABLE orders_order; --", "𠮷龘",
    "{0.__class__}", "{{ settings.SECRET_KEY }}", "\u202eكلام", "👨\u200d👩\u200d👧", "长" * 10_000,
    "null", "%s %(x)s", "\\u0000",
]  # fmt: skip
CHANGED = [("a\0b", "ab"), ("a\x1bb", "ab"), ("a\ud800b", "ab"), ("e\u0301", "é"), ("  x\n", "x")]


@pytest.fixture
def town(request):
    with settled(request) as town:
        yield town


@pytest.fixture
def desk(town):
    return Caller(town.token("desk"))


def said_about(caller, number):
    entries = caller.get(f"/orders/{number}/events").json()
    return [line["value"] for line in entries[0]["answers"] if line["name"] == "text"]


@pytest.mark.parametrize("text", HARMLESS, ids=lambda t: ascii(t[:12]))
def test_words_come_back_as_they_were(desk, town, text):
    body = {"answers": {"text": text}, "place": {"path": GRID}}
    number = desk.post("/orders", body).json()["number"]
    assert said_about(desk, number) == [text]
    assert desk.get("/orders").json()["items"][0]["text"] == text[:120]


@pytest.mark.parametrize(("text", "kept"), CHANGED, ids=ascii)
def test_signs_that_nobody_can_read_fall_out(desk, town, text, kept):
    number = town.file().number
    desk.step(number, "comment", text=text)
    assert said_about(desk, number) == [kept]


ANYWHERE = ["\0", "\ud800", "𠮷", "' OR 1=1", "../../etc/passwd", "x" * 100, "-1", "9" * 30]


@pytest.mark.parametrize("bad", ANYWHERE, ids=lambda t: ascii(t[:12]))
def test_no_name_is_believed(desk, town, bad):
    """In keys of answers, names, numbers, filters, ids: a no in words, and nothing written."""
    number = town.file().number
    said = [
        desk.post("/orders", {"flow": bad, "answers": {}}),
        desk.post("/orders", {"door": bad, "answers": {}}),
        desk.post("/orders", {"answers": {"text": "x", bad: bad}, "place": {"path": GRID}}),
        desk.post("/orders", {"answers": {"text": "x"}, "place": {"path": bad}}),
        desk.post("/orders", {"answers": {"text": "x"}, "place": {"door": bad}}),
        desk.post("/orders", {"answers": {"text": "x", "place": bad}}),
        desk.step(number, "dispatch", unit=bad),
        desk.step(number, "merge", into=bad),
        desk.step(number, "pass_down", reason={bad: bad}),
    ]  # fmt: skip
    assert all(400 <= answer.status_code < 500 for answer in said), [code(a) for a in said]
    assert (Order.objects.count(), Event.objects.count()) == (1, 1)


@pytest.mark.parametrize("bad", ["\0x", *ANYWHERE[2:]], ids=lambda t: ascii(t[:12]))
def test_no_question_is_believed(desk, town, bad):
    assert code(desk.get("/orders", **{"as": bad})) in ("not_your_grant", "bad_request")
    for name in ("flow", "state", "category", "path"):
        assert desk.get("/orders", **{name: bad}).json()["items"] == []
    for name in ("q", "within", "door"):
        assert desk.get("/places", **{name: bad}).json() == []
