"""Whatever is put into an address or a form of the registers, the house answers and stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern
from django.urls.converters import IntConverter
from organised import organised
from team_town import last_year, with_teams
from town import Town, settled
from web_town import as_

from lianxin.growth.models import Course, Fact
from lianxin.registry.models import CheckIn, Organisation, Person, Unit
from lianxin.registry.rolls import rolls
from lianxin.web.urls import urlpatterns

ROOTS = (
    "rolls", "organisations", "coverage", "people", "check-in", "partners", "units/", "cases",
    "certificates", "career", "me/", "corrections", "contact-points", "graph", "eligible",
    "courses", "c/", "accounts/<int:key>/same", "reserves",
)  # fmt: skip
HUGE, LONG = str(10**30), "9" * 5000
READERS = ("street_desk", "clerk", "resident")
ASKED = {
    "as": LONG, "page": "-1", "year": "99999999", "on": "0001-01-01", "since": "9999-12-31",
    "path": "x" * 300, "q": "\0%_\\' sxm", "after": LONG, "sort": "-person__password", "at": "o-0",
    "show": "\0", "kind": "branch", "area": "²", "parent": LONG, "building": LONG, "show_all": "1",
}  # fmt: skip
SENT = {
    "row": LONG, "key": LONG, "seat": LONG, "stars": LONG, "take": "\0", "drop": LONG, "pair": LONG,
    "line": LONG, "text": "a\0b", "reason": "a\0b", "kind": "need\0", "number": "a\0b",
    "since": "9999-12-31", "on": "9999-12-31", "until": "9999-12-31", "term": "0001-01-01",
    "username": "a\0b", "name": "a\0b", "born": "9999-12-31", "identity": "\0" * 18, "what": "\0",
    "who": LONG, "leaving": LONG, "q": "\0", "p": f"{LONG}:1", "unit_said": "a\0b", "days": LONG,
    "home_said": "a\0b", "community_said": "a\0b", "unit": LONG, "home": LONG, "community": LONG,
    "area": "\0", "rank": "\0", "person": "a\0b", "office": "\0", "into": LONG, "minutes": LONG,
    "seats": LONG, "back": "\0", "verb": "step_down", "n": LONG, "leader": "\0",
    "members": "、" * 9,
}  # fmt: skip
# What can be pressed, by how the address begins; the rest have one button.
DEEDS = {
    "/check-ins": ("decline", "confirm", "end"), "/courses": ("sign_up", "rate", "came"),
    "/units": ("begin", "add", "done", "order"), "/careers/p": ("back", "all"),
    "/accounts": ("part", "merge"),
}  # fmt: skip


def deeds(address: str) -> tuple[str, ...]:
    if "/facts/" in address:
        return ("save", "void")
    return next((found for root, found in DEEDS.items() if address.startswith(root)), ("go",))


def addresses(value: str) -> Iterator[str]:
    """Every address of the registers, with this wherever something is to be put in."""
    for pattern in urlpatterns:
        if isinstance(pattern, URLPattern) and str(pattern.pattern).startswith(ROOTS):
            path = str(pattern.pattern)
            for name, converter in pattern.pattern.converters.items():
                kind = "int" if isinstance(converter, IntConverter) else type(converter).__name__
                said = value if kind == "int" or not value.isdecimal() else f"x{value}"
                for mark in ("int", "str", "slug"):
                    path = path.replace(f"<{mark}:{name}>", said)
            if "<int:" not in str(pattern.pattern) or value.isdecimal():
                yield f"/{path}"


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with settled(request) as town:
        with_teams(town)
        last_year(town)
        organised(town)
        yield town


def stands(answer: Any, address: str) -> None:
    assert answer.status_code < 500, (address, answer.status_code)


def test_there_are_addresses_to_try() -> None:
    assert len(list(addresses(HUGE))) > 60
    assert f"/check-ins/{HUGE}" in list(addresses(HUGE))


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("value", [HUGE, "0", "%00", "a" * 3000])
def test_no_address_breaks_the_house(town: Town, name: str, value: str) -> None:
    client = as_(town, name)
    for address in addresses(value):
        stands(client.get(address), address)


@pytest.mark.parametrize("name", READERS)
def test_no_question_does(town: Town, name: str) -> None:
    client = as_(town, name)
    for address in [*addresses("1"), *(f"/rolls/{roll}" for roll in rolls())]:
        for asked in (ASKED, {k: v for k, v in ASKED.items() if k not in ("path", "as")}):
            stands(client.get(address, asked), address)


def keys() -> Iterator[str]:
    """Addresses of rows that are there."""
    for row in Organisation.objects.all():
        yield from (f"/organisations/{row.pk}/press", f"/organisations/{row.pk}")
        for verb in ("rename", "move", "merge", "end", "elect", "admit", "note", "cover"):
            yield f"/organisations/{row.pk}/{verb}"
    for row in CheckIn.objects.all():
        yield f"/check-ins/{row.pk}"
    for row in Course.objects.all():
        yield from (f"/courses/{row.pk}/press", f"/c/{row.code}")
    for row in Unit.objects.all():
        yield f"/units/{row.pk}/communities"
    for row in Person.objects.filter(username__in=("worker", "w2", "m1")):
        yield from (f"/accounts/{row.pk}/same", f"/careers/{row.pk}/born")
        yield from (f"/contact-points/{row.pk}/tie", f"/careers/{row.pk}/particulars")
        for kind in Fact.Kind.values:
            yield f"/careers/{row.pk}/add/{kind}"
        for fact in row.career.all():
            yield f"/careers/{row.pk}/facts/{fact.pk}"
    yield from ("/courses/new", "/careers/new", "/careers/proposals", "/careers/assess")
    yield from ("/check-in", "/check-ins")
    yield from ("/check-in/move", "/check-in/tasks", "/me/data/erase", "/me/data/wrong")
    yield from (f"/people/grids/{path}" for path in ("522601001001001001", "%00"))


@pytest.mark.parametrize("name", [*READERS, "w2"])
def test_no_form_does(town: Town, name: str) -> None:
    client = as_(town, name)
    for address in keys():
        for do in deeds(address):
            stands(client.post(address, SENT | {"do": do}), address)
        blank = dict.fromkeys(SENT, "")
        stands(client.post(address, blank), address)


def test_a_level_has_one_key(town: Town) -> None:
    """A number with noughts before it opens no level, nor breaks one."""
    group = Organisation.objects.get(kind="group")
    client = as_(town, "desk")
    assert client.get(f"/graph/o-{group.pk}.json").json()["below"]
    for odd in (f"o-0{group.pk}", f"o-{group.pk}-", f"O-{group.pk}", f"o-{group.pk:018d}9"):
        assert client.get(f"/graph/{odd}.json").status_code == 404, odd
        assert client.get("/graph", {"at": odd}).status_code == 404, odd
