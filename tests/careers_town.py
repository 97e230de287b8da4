"""The town's workers with careers, written as their desk writes them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.utils import timezone
from town import COMMUNITY, Town

from lianxin.growth.actions.careers import write
from lianxin.growth.models import Fact
from lianxin.registry.actions import Stamp
from lianxin.registry.models import Person

ENTERED = date(2018, 3, 1)
NOW = datetime(2026, 6, 15, 4, 0, tzinfo=UTC)
IDENTITY = "11010519491231002X"


def stop_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Grades rise as years pass: here it is always June of 2026."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def stamp(by: Person | None = None) -> Stamp:
    return Stamp(by, timezone.now())


def person(town: Town, name: str, **more: Any) -> Person:
    """Somebody more, who is nobody's desk."""
    town.people[name] = Person.objects.create(username=name, name=name, password="!", **more)
    return town.people[name]


def hired(
    town: Town, name: str = "worker", since: date = ENTERED, post: str = "worker",
    place: str = COMMUNITY, until: date | None = None,
) -> Person:  # fmt: skip
    who = town.people.get(name) or person(town, name)
    write(
        stamp(), who, Fact(kind="worked", area=town.areas[place], since=since, until=until),
        Fact(kind="post", name=post, since=since),
    )  # fmt: skip
    return who


def fact(kind: str, since: date, **more: Any) -> Fact:
    return Fact(kind=kind, since=since, **more)
