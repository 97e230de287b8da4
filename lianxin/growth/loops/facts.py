"""Facts of a career as the loops write them: one made, the one that lasts ended."""

from __future__ import annotations

from datetime import date
from typing import Any

from lianxin.core.step.refused import Refused
from lianxin.growth.loops.writing import Done
from lianxin.growth.models import Fact
from lianxin.registry.models import Person

COMMUNITY = 12  # digits


def note(done: Done, person: Person, kind: str, **values: Any) -> Fact:
    """One more fact, from the day of the step unless it says another."""
    row = Fact.objects.create(
        person=person, kind=kind, order=done.key, **({"since": done.day} | values)
    )
    done.stamp.made("add", row)
    return row


def lasting(person: int, kind: str, on: date) -> Fact | None:
    """The one of this kind that holds on that day."""
    found: Fact | None = (
        Fact.objects.on(on).filter(person=person, kind=kind).order_by("-since").first()
    )
    return found


def works(person: str | None, on: date) -> None:
    """Raises Refused("no_career") for somebody who is no community worker on that day."""
    if not person or lasting(int(person), Fact.Kind.WORKED, on) is None:
        raise Refused("no_career")


def here(person: str, path: str, on: date) -> None:
    """Raises Refused("works_elsewhere") for somebody who works at another community than a case of
    this place is about: what it comes to would be written into a career that others keep."""
    spell = lasting(int(person), Fact.Kind.WORKED, on)
    if spell and spell.area and not spell.area.path.startswith(path[:COMMUNITY]):
        raise Refused("works_elsewhere")


def into_post(done: Done, person: Person, name: str) -> None:
    """From that day in another post; who had no service begins it in the community of the order."""
    if lasting(person.pk, Fact.Kind.WORKED, done.day) is None:
        note(done, person, Fact.Kind.WORKED, area=done.area)
    now = lasting(person.pk, Fact.Kind.POST, done.day)
    if now is None or now.name != name:
        note(done, person, Fact.Kind.POST, name=name)
