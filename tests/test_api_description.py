"""The OpenAPI file tells all that the API does: random requests get no answer it leaves out."""

import re
from pathlib import Path

import pytest
import schemathesis
from django.test.client import ClientHandler
from django.urls import reverse
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from town import settled

from lianxin.orders.book import refusals
from lianxin.web import api
from lianxin.web.api.problems import MEDIA

EXAMPLES = 6  # requests of each operation and caller; the same ones in every run
ROOT = Path(__file__).resolve().parent.parent
CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance,
    response_schema_conformance,
]  # fmt: skip
CONFIG = {"generation": {"deterministic": True, "max-examples": EXAMPLES}, "seed": 7}


def in_process(environ, start_response):
    """The house as Django's own test client asks it: within the test's transaction."""
    answer = ClientHandler(enforce_csrf_checks=True)(environ)
    start_response(f"{answer.status_code} {answer.reason_phrase}", list(answer.items()))
    return [b"".join(answer)]


described = schemathesis.openapi.from_wsgi(
    "/api/v1/openapi.json", in_process, config=schemathesis.Config.from_dict(CONFIG)
)


@pytest.fixture
def town(request):
    with settled(request) as town:
        yield town


@pytest.fixture
def known(town):
    """An order that exists, so that not every answer is "not found", and a caller's headers."""
    return town.file().number, {"desk": {"Authorization": f"Bearer {town.token('desk')}"}}


@pytest.mark.parametrize("name", ["desk", None])
@described.parametrize()
@settings(
    deadline=None, derandomize=True, database=None, max_examples=EXAMPLES,
    phases=(Phase.explicit, Phase.generate), suppress_health_check=list(HealthCheck),
)  # fmt: skip
def test_no_answer_is_undeclared(known, case, name):
    number, headers = known
    if len(str(case.path_parameters.get("number", ""))) % 2:
        case.path_parameters["number"] = number
    case.call_and_validate(headers=headers.get(name, {}), checks=CHECKS)


def operations():
    paths = api.schema()["paths"]
    return [(f"{m} {p}", op) for p, ops in paths.items() for m, op in ops.items()]


def test_the_file_is_served_and_is_openapi(client):
    answer = client.get("/api/v1/openapi.json")
    assert answer.json()["openapi"].startswith("3.1")
    assert len(operations()) >= 14
    names = [op["operationId"] for _, op in operations()]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("where", "operation"), operations(), ids=lambda v: v if isinstance(v, str) else ""
)
def test_every_no_is_declared_as_a_problem(where, operation):
    noes = {s: a for s, a in operation["responses"].items() if s >= 400}
    assert {401, 500, 503} <= set(noes)
    assert all(list(answer["content"]) == [MEDIA] for answer in noes.values())
    assert operation["security"]
    assert operation["description"]


def test_every_operation_has_its_door():
    views = [pattern.callback for pattern in api.urlpatterns]
    found = [op for view in views for op in getattr(view, "operations", ())]
    assert len(found) == len(operations())
    assert all(op.view_func.access and op.auth_callbacks for op in found)


def test_the_guide_names_every_address_and_every_status():
    guide = (ROOT / "docs/api.md").read_text()
    for where, _ in operations():
        method, path = where.split()
        assert f"{method.upper()} {path.removeprefix('/api/v1')}" in guide, where
    for status in {row["status"] for row in refusals().values()}:
        assert re.search(rf"\b{status}\b", guide), status
    assert reverse("api_openapi") in guide
