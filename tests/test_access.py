"""Every address says who may open it, and the door keeps to what it says."""

import json
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import ninja
import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, path
from django_htmx.middleware import HtmxDetails
from ninja.operation import PathView

from lianxin.core.step.who import Grant, Who
from lianxin.web import who
from lianxin.web.access import access, opens, roles

# Addresses that are not ours to mark, each with its reason. Keep it short.
EXEMPT: frozenset[str] = frozenset()


def addresses(within: object, before: str = "") -> Iterator[tuple[str, object]]:
    """Every address below, with what answers it; an API's operations one by one."""
    for entry in within:
        where = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from addresses(entry.url_patterns, where)
        elif isinstance(entry, URLPattern):
            yield from ((where, view) for view in answers(entry.callback))


def answers(callback: Callable[..., object]) -> list[object]:
    cells = [cell.cell_contents for cell in getattr(callback, "__closure__", None) or ()]
    paths = [cell for cell in cells if isinstance(cell, PathView)]
    return [operation.view_func for p in paths for operation in p.operations] or [callback]


def unmarked(within: object) -> list[str]:
    found = [where for where, view in addresses(within) if not hasattr(view, "access")]
    return [where for where in found if where not in EXEMPT]


def test_every_address_declares_access() -> None:
    patterns = get_resolver().url_patterns
    assert len(list(addresses(patterns))) >= 5
    assert unmarked(patterns) == []


def test_an_unmarked_address_is_found() -> None:
    """The walk above sees pages and API operations alike."""
    api = ninja.NinjaAPI(urls_namespace="test_access", docs_url=None, openapi_url=None)

    @api.get("/open")
    @access("anyone")
    def marked(request: HttpRequest) -> str:
        return "ok"

    @api.get("/forgotten")
    def forgotten(request: HttpRequest) -> str:
        return "ok"

    found = unmarked([path("api/", api.urls), path("page", lambda request: HttpResponse())])
    assert {"api/forgotten", "page"} <= set(found)
    assert "api/open" not in found


@pytest.mark.parametrize("doors", [(), ("desks",), ("desk", "nobody")])
def test_an_unknown_door_is_refused_when_the_module_is_read(doors: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="knows no door"):
        access(*doors)


def test_the_roles_are_those_of_the_table() -> None:
    assert {"desk", "clerk", "grid_worker", "operator"} <= roles()


def request_of(role: str | None, *, signed_in: bool = True, **asked: object) -> HttpRequest:
    request = RequestFactory().get("/orders?late", **asked)
    person = SimpleNamespace(is_authenticated=True, is_operator=False)
    request.user = person if signed_in else AnonymousUser()
    request.htmx = HtmxDetails(request)
    request.who = Who("7", (Grant(role),) if role else ())
    return request


@pytest.mark.parametrize(
    ("doors", "role", "signed_in", "comes_in"),
    [
        (("anyone",), None, False, True),
        (("person",), None, False, False),
        (("person",), None, True, True),
        (("desk",), None, True, False),
        (("desk",), "desk", True, True),
        (("desk", "clerk"), "clerk", True, True),
        (("desk",), "grid_worker", True, False),
        (("desk",), "desk", False, False),
    ],
)
def test_who_opens_which_door(
    doors: tuple[str, ...], role: str | None, signed_in: bool, comes_in: bool
) -> None:
    view = access(*doors)(lambda request: HttpResponse("in"))
    request = request_of(role, signed_in=signed_in)
    if comes_in:
        assert view(request).content == b"in"
    elif signed_in:
        with pytest.raises(PermissionDenied):
            view(request)
    else:
        assert view(request)["Location"] == "/login?next=%2Forders%3Flate"


def test_a_fragment_is_sent_to_the_login_as_a_whole_page() -> None:
    asked = {"HX-Request": "true", "HX-Current-URL": "http://testserver/desk?q=1"}
    view = access("person")(lambda request: HttpResponse("in"))
    answer = view(request_of(None, signed_in=False, headers=asked))
    assert (answer.status_code, answer["HX-Redirect"]) == (401, "/login?next=%2Fdesk%3Fq%3D1")


def test_a_program_is_told_in_both_languages() -> None:
    request = request_of(None, signed_in=False)
    request.path = "/api/v1/orders"
    answer = access("person")(lambda request: HttpResponse("in"))(request)
    assert answer.status_code == 401
    assert set(json.loads(answer.content)) == {"code", "zh", "en"}


def test_a_request_knows_its_actor_after_one_look(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = []
    monkeypatch.setattr(who, "grants", lambda person, now: looks.append(person) or (Grant("desk"),))
    request = RequestFactory().get("/")
    request.user = SimpleNamespace(is_authenticated=True, pk=7)
    who.Presence(lambda request: HttpResponse())(request)
    assert looks == []
    assert (request.who.id, request.who.grants, request.who.units) == ("7", (Grant("desk"),), ())
    assert len(looks) == 1


def test_a_passer_by_is_nobody() -> None:
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    who.Presence(lambda request: HttpResponse())(request)
    assert request.who == who.NOBODY


@pytest.mark.parametrize("flag", [True, False])
def test_an_operator_needs_no_post(flag: bool) -> None:
    request = request_of(None)
    request.user.is_operator = flag
    assert opens(request, ("operator",)) is flag
