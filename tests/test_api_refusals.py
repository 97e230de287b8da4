"""Every way the API says no, as rows: who, what they send, the code and the status."""

from datetime import timedelta

import pytest
from api_client import Caller, checked, code
from django.db import connection
from django.test import Client
from django.utils import timezone
from town import COMMUNITY, GRID, settled

from lianxin.orders import links
from lianxin.orders.models import Order

LATER = (timezone.now() + timedelta(days=1)).isoformat()
EARLIER = (timezone.now() - timedelta(days=1)).isoformat()
FILE = {"answers": {"text": "井盖坏了"}, "place": {"path": GRID}}


@pytest.fixture
def town(request):
    with settled(request) as town:
        yield town


@pytest.fixture
def call(town):
    return lambda name=None, **headers: Caller(town.token(name) if name else None, **headers)


STEPS = [
    ("resident", "dispatch", {"answers": {"unit": "U"}}, "not_yours", 403),
    ("desk", "strike_off", {}, "out_of_turn", 409),
    ("desk", "nonsense", {}, "unknown_step", 404),
    ("desk", "dispatch", {}, "missing", 422),
    ("desk", "dispatch", {"answers": {"unit": "no such"}}, "unknown", 422),
    ("desk", "dispatch", {"answers": {"unit": ["U", "V"]}}, "unknown", 422),
    ("desk", "dispatch", {"answers": {"unit": {"a": 1}}}, "unknown", 422),
    ("desk", "dispatch", {"answers": {"unit": "U", "seats": 3}}, "not_asked", 422),
    ("desk", "dispatch", {"answers": {"unit": "U", "severity": ["x"]}}, "no_choice", 422),
    ("desk", "dispatch", {"answers": {"unit": "U", "category": "no such"}}, "no_choice", 422),
    ("desk", "dispatch", {"answers": {"unit": "U"}, "visit": 0}, "too_late", 409),
    ("desk", "dispatch", {"answers": {"unit": "U"}, "at": LATER}, "in_future", 422),
    ("desk", "dispatch", {"answers": {"unit": "U"}, "at": EARLIER}, "too_early", 422),
    ("desk", "dispatch", {"answers": {"unit": "U"}, "at": "2025-01-01T08:00"}, "bad_request", 422),
    ("desk", "dispatch", {"answers": {"unit": 1e300}}, "bad_request", 422),
    ("desk", "dispatch", {"answers": "U"}, "bad_request", 422),
    ("desk", "dispatch", {"visit": -1}, "bad_request", 422),
    ("desk", "merge", {"answers": {"into": "no such"}}, "not_found", 404),
    ("desk", "split", {"answers": {"parts": [[[[[[["x"]]]]]]]}}, "bad_request", 422),
    ("desk", "comment", {"answers": {"text": "长" * 10_001}}, "too_long", 422),
    ("desk", "comment", {"answers": {"text": {"a": 1}}}, "not_text", 422),
    ("resident", "withdraw", {"at": EARLIER}, "no_backdating", 403),
    ("leader", "comment", {"answers": {"text": "x"}}, "not_yours", 403),
    ("stranger", "comment", {"answers": {"text": "x"}}, "not_found", 404),
    ("clerk", "accept", {"answers": {"seats": 1}}, "not_found", 404),
]  # fmt: skip


@pytest.mark.parametrize(("who", "step", "body", "said", "status"), STEPS)
def test_a_step_is_refused(call, town, who, step, body, said, status):
    number = town.file().number
    answer = call(who).post(f"/orders/{number}/steps/{step}", body)
    assert (code(answer), answer.status_code) == (said, status), answer.json()
    assert Order.objects.get(number=number).nth == 1, "nothing has changed"


FILINGS = [
    ({"flow": "nonsense"}, "unknown_flow", 404),
    ({"door": "dispatch"}, "unknown_step", 404),
    ({"door": "part"}, "not_yours", 403),
    ({"door": "file_for"}, "not_yours", 403),
    ({"place": {}}, "bad_request", 422),
    ({"place": {"path": GRID, "id": 1}}, "bad_request", 422),
    ({"place": {"id": 2**70}}, "bad_request", 422),
    ({"place": {"id": 2**62}}, "unknown", 422),
    ({"place": {"path": "99"}}, "unknown", 422),
    ({"place": {"door": "no such"}}, "unknown", 422),
    ({"place": {"point": [0, 0]}}, "outside", 422),
    ({"place": {"point": [1]}}, "bad_request", 422),
    ({"place": None}, "missing", 422),
    ({"answers": {}}, "missing", 422),
    ({"answers": {"text": "x", "place": "x"}, "place": None}, "unknown", 422),
    ({"answers": {"text": "x", "against": ["no such"]}}, "unknown", 422),
    ({"answers": {"text": "x", "photo": ["not an id"]}}, "unknown", 422),
    ({"answers": {"text": "x", "point": [181, 0]}}, "not_a_point", 422),
    ({"flow": "talk", "door": "file"}, "unknown_step", 404),
    ({"at": EARLIER}, "no_backdating", 403),
]  # fmt: skip


@pytest.mark.parametrize(("change", "said", "status"), FILINGS)
def test_a_filing_is_refused(call, town, change, said, status):
    answer = call("resident").post("/orders", FILE | change)
    assert (code(answer), answer.status_code) == (said, status), answer.json()
    assert Order.objects.count() == 0


def test_a_strangers_order_is_not_there_at_all(call, town):
    number = town.file().number
    for who in ("stranger", "neighbour", "clerk", "other_clerk", "m1"):
        caller = call(who)
        answers = [
            caller.get(f"/orders/{number}"), caller.get(f"/orders/{number}/events"),
            caller.step(number, "urge"), caller.post(f"/orders/{number}/undo"),
        ]  # fmt: skip
        assert [code(a) for a in answers] == ["not_found"] * 4, who
        assert caller.get("/orders", path=COMMUNITY).json()["items"] == []
    assert code(call().get(f"/orders/{number}")) == "not_signed_in"


ADDRESSES = [
    ("get", "/nonsense", "no_such_address", 404),
    ("get", "/", "no_such_address", 404),
    ("put", "/orders", "wrong_method", 405),
    ("delete", "/me", "wrong_method", 405),
    ("get", "/orders/LX-1/undo", "wrong_method", 405),
    ("get", "/orders", "not_signed_in", 401),
    ("get", "/me", "not_signed_in", 401),
    ("get", "/orders/%00", "not_signed_in", 401),
    ("get", "/photos/not-an-id", "no_such_address", 404),
    ("get", "/flows/%00", "unknown_flow", 404),
    ("get", "/flows/five-orders?on=yesterday", "bad_request", 422),
    ("get", "/places?lon=181&lat=0", "bad_request", 422),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path", "said", "status"), ADDRESSES)
def test_an_address_is_refused(town, method, path, said, status):
    answer = checked(getattr(Client(), method)("/api/v1" + path))
    assert (code(answer), answer.status_code) == (said, status)
    if status == 405:
        assert "POST" in answer["Allow"] or "GET" in answer["Allow"]
    if status == 401:
        assert answer["WWW-Authenticate"].startswith("Bearer")


QUERIES = ["after=x", "limit=0", "limit=51", "turn=yours", "open=maybe", "state=" + "x" * 101]


@pytest.mark.parametrize("query", QUERIES)
def test_a_question_is_refused_and_told_where(call, query):
    answer = call("desk").get(f"/orders?{query}")
    assert code(answer) == "bad_request"
    assert answer.json()["facts"]["where"] == [f"query.{query.split('=')[0]}"]


@pytest.mark.parametrize("body", ["{", "\x00", b"\xff\xfe", "[" * 100_000, "1" * 5_000])
def test_a_body_that_is_no_json_is_refused(call, body):
    assert code(call("desk").post("/orders", body)) in ("malformed", "bad_request")


def test_a_body_that_is_too_large_is_refused(call):
    assert code(call("desk").post("/orders", '"' + "x" * 11 * 2**20 + '"')) == "too_large"
    assert code(call("desk").post("/orders", '"' + "x" * 14 * 2**20 + '"')) == "too_large"


def test_a_secret_that_does_not_work(call, town):
    number = town.file().number
    assert code(Caller("lx_nonsense").get("/me")) == "bad_token"
    assert code(Caller("nonsense").get(f"/orders/{number}")) == "bad_token"
    once = links.make(Order.objects.get().pk.hex, "filer", timezone.now(), once=True)
    assert code(Caller(once).step(number, "withdraw")) == "200"
    assert code(Caller(once).get(f"/orders/{number}")) == "link_spent"


def test_a_browser_needs_its_csrf_token(town):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(town.people["resident"], backend="lianxin.web.session.Backend")
    assert browser.get("/api/v1/me").json()["name"] == "resident"
    assert code(checked(browser.post("/api/v1/orders", FILE, "application/json"))) == "stale_form"
    browser.get("/login")
    token = {"X-CSRFToken": browser.cookies["csrftoken"].value}
    taken = browser.post("/api/v1/orders", FILE, "application/json", headers=token)
    assert taken.status_code == 201


@pytest.mark.parametrize(
    ("asked", "begins"),
    [
        ("en-GB,zh;q=0.5", "Please sign in"),
        ("zh-CN", "请先登录"),
        ("fr", "请先登录"),
        ("", "请先登录"),
    ],
)
def test_a_no_speaks_the_language_asked_for(call, asked, begins):
    answer = call(**{"Accept-Language": asked}).get("/me")
    assert answer.json()["detail"].startswith(begins)
    assert answer["Content-Language"] == ("en" if begins[0] == "P" else "zh-CN")


def test_a_no_uses_the_words_of_its_page(call, town):
    number = town.file().number
    said = call("desk").step(number, "dispatch").json()
    assert "“接单单位”" in said["detail"] and said["facts"] == {"field": "unit"}


def test_no_database_is_said_and_nothing_is_lost(fresh, town, monkeypatch):
    resident = Caller(town.token("resident"))
    connection.close()
    with monkeypatch.context() as away:
        away.setitem(connection.settings_dict, "HOST", "/nowhere")
        answer = resident.post("/orders", FILE, key="one and the same key")
        assert (code(answer), answer["Retry-After"]) == ("database_down", "5")
    connection.close()
    assert resident.post("/orders", FILE, key="one and the same key").status_code == 201
