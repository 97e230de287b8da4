"""The database is away: a sentence for people, a code for programs, and nothing is half done."""

import re

import psycopg
import pytest
from api_client import Caller, code
from django.db import OperationalError, connection
from django.test import Client
from served import ORDERS, Wire, served
from town import GRID, settled

from lianxin.logbook import Line
from lianxin.orders import recount
from lianxin.orders.models import Order

pytestmark = [pytest.mark.database, pytest.mark.timeout(180)]
FILE = {"answers": {"text": "停水了"}, "place": {"path": GRID}}
KEY = "one and the same key"


@pytest.fixture
def town(request, fresh):
    with settled(request) as town:
        yield town


@pytest.mark.parametrize("address", ["/healthz", "/today", "/orders/LX-000001"])
@pytest.mark.parametrize(
    ("language", "says"), [("zh", "数据库暂时连不上"), ("en", "Our database is away for a moment")]
)
def test_a_page_says_so(town, monkeypatch, address, language, says):
    client = Client(raise_request_exception=False)
    client.force_login(town.people["desk"])
    client.cookies["language"] = language
    connection.close()
    with monkeypatch.context() as context:
        context.setitem(connection.settings_dict, "HOST", "/nowhere")
        answer = client.get(address)
    connection.close()
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert says in answer.content.decode()


def test_a_program_is_told_too(town, monkeypatch):
    resident = Caller(town.token("resident"))
    connection.close()
    with monkeypatch.context() as context:
        context.setitem(connection.settings_dict, "HOST", "/nowhere")
        for answer in (resident.get("/me"), resident.post("/orders", FILE, key=KEY)):
            assert (code(answer), answer.status_code) == ("database_down", 503)
            assert re.search("同一个键", answer.json()["detail"])
    connection.close()
    assert resident.post("/orders", FILE, key=KEY).status_code == 201


def test_connections_cut_between_two_requests_cost_nobody_an_answer(fresh, town, tmp_path):
    """As after a restart: pools are full of connections that lead nowhere."""
    token = town.token("resident")
    connection.close()
    with served(fresh, tmp_path) as port:
        for n in range(6):
            wire = Wire(port, token)
            assert wire.post(ORDERS, FILE, f"key {n}")[0] == 201
            wire.close()
            with psycopg.connect(fresh, autocommit=True) as other:
                other.execute(
                    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
    assert Order.objects.count() == 6
    assert recount.verify().broken == 0


@pytest.mark.parametrize("then", ["photos", "words"])
def test_cut_in_the_middle_of_a_step_nothing_is_there(fresh, town, monkeypatch, then):
    """The statement has run; its connection is cut before the commit, whatever comes next."""
    number = town.file().number
    desk = Caller(town.token("desk"))

    def cut(change):
        with connection.cursor() as cursor, psycopg.connect(fresh, autocommit=True) as other:
            cursor.execute("SELECT pg_backend_pid()")
            other.execute("SELECT pg_terminate_backend(%s)", cursor.fetchone())
            if then == "photos":
                cursor.execute("SELECT 1")

    with monkeypatch.context() as context:
        context.setattr("lianxin.orders.beside.write", cut)
        answer = desk.step(number, "dispatch", key=KEY, unit=town.unit.code)
        assert (code(answer), answer.status_code) == ("database_down", 503)
    assert Order.objects.get(number=number).state == "filed"
    again = desk.step(number, "dispatch", key=KEY, unit=town.unit.code)
    assert (code(again), again.json()["again"]) == ("200", False)
    assert recount.verify().broken == 0


def test_a_chain_of_errors_that_bites_its_own_tail_can_be_logged():
    """Pools hand the same error to all that wait; a log that fails would lose the answer too."""
    first, second = OperationalError("first"), OperationalError("second")
    first.__context__, second.__context__ = second, first
    assert Line().formatException((OperationalError, first, None)).count("OperationalError") == 2
