"""One small town with its cast, in PostgreSQL: the same people in all stories with a database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from lianxin.core.step.who import Who
from lianxin.orders import actions, used, world
from lianxin.registry.actions import Stamp, issue_token
from lianxin.registry.models import Area, AreaKind, Person, Post, Unit
from lianxin.registry.queries import grants

DAY = date(2020, 1, 1)
COUNTY, STREET, COMMUNITY = "522601", "522601001", "522601001001"
QUARTER, GRID = "522601001001001", "522601001001001001"
PLACES = (
    ("county", COUNTY), ("street", STREET), ("community", COMMUNITY), ("quarter", QUARTER),
    ("grid", GRID), ("county", "522602"), ("community", "522602001001"),
)  # fmt: skip
UNITS = {"U": "供电所", "V": "水务所"}
MEMBERS = ("m1", "m2", "m3", "m4", "m5")
REVIEWERS = ("r1", "r2", "r3")
# name → (role, path or code of the unit); the resident and the neighbour hold no post
CAST: dict[str, tuple[str, str] | None] = {
    "resident": None,
    "neighbour": None,
    "desk": ("desk", COMMUNITY),
    "street_desk": ("desk", STREET),
    "supervisor": ("supervisor", COUNTY),
    "worker": ("grid_worker", GRID),
    "inspector": ("inspector", COUNTY),
    "leader": ("leader", COUNTY),
    "auditor": ("auditor", COUNTY),
    "stranger": ("desk", "522602001001"),
    "clerk": ("clerk", "U"),
    "other_clerk": ("clerk", "V"),
    **dict.fromkeys(MEMBERS, ("member", "U")),
    **dict.fromkeys(REVIEWERS, ("reviewer", COUNTY)),
}


@dataclass
class Town:
    """`town["desk"]` is who acts, `town.unit` and `town.grid` are rows, `token` gives a secret."""

    areas: dict[str, Area] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        if name in ("unit", "grid"):
            return getattr(self, name)
        person = self.people[name]
        return Who(str(person.pk), grants(person, timezone.now()))

    @property
    def unit(self) -> Unit:
        return self.units["U"]

    @property
    def grid(self) -> Area:
        return self.areas[GRID]

    def token(self, name: str) -> str:
        return issue_token(Stamp(None, timezone.now()), self.people[name])[0]

    def file(self, by: str = "resident", text: str = "路灯不亮 𠮷", **more: Any) -> actions.Done:
        return actions.file("five-orders", "file", self[by], {"text": text}, area=self.grid, **more)

    def dispatched(self, by: str = "resident") -> str:
        """The number of an order that waits for the unit to accept."""
        number = self.file(by).number
        actions.step(number, "dispatch", self["desk"], {"unit": str(self.unit.pk)})
        return number

    def leave(self, *names: str) -> None:
        """These hold no post any more."""
        Post.objects.filter(person__in=[self.people[n] for n in names]).delete()
        world.forget()


def build() -> Town:
    town = Town()
    for kind, path in PLACES:
        row = Area(kind=AreaKind.objects.get(code=kind), path=path, name=path, since=DAY)
        town.areas[path] = row
    Area.objects.bulk_create(town.areas.values())
    town.units = {code: Unit(code=code, name=name, since=DAY) for code, name in UNITS.items()}
    Unit.objects.bulk_create(town.units.values())
    town.people = {name: Person(username=name, name=name, password="!") for name in CAST}
    Person.objects.bulk_create(town.people.values())
    Post.objects.bulk_create(
        Post(person=town.people[name], role=post[0], since=DAY,
             area=town.areas.get(post[1]), unit=town.units.get(post[1]))
        for name, post in CAST.items() if post
    )  # fmt: skip
    return town


@contextmanager
def settled(request: pytest.FixtureRequest) -> Iterator[Town]:
    """The town in this test's database: its own where commits are real, else one rolled back."""
    if not {"fresh", "live"} & set(request.fixturenames):
        request.getfixturevalue("db")
    world.forget()
    used.forget()
    yield build()
    world.forget()
    used.forget()
