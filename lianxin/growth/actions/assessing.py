"""The results of a year of a whole place are written together: all, or those that can be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction

from lianxin.growth.actions.careers import write
from lianxin.growth.actions.quotas import held
from lianxin.growth.models import Fact
from lianxin.growth.queries.assessed import open_cases
from lianxin.growth.queries.rooms import Room, rooms, worked_at
from lianxin.registry.actions import Stamp
from lianxin.registry.actions.told import together
from lianxin.registry.imports.outcome import open_batch
from lianxin.registry.models import Batch, Person
from lianxin.registry.refusal import NotPossible

WHAT = "assess"  # of its batches: each is taken back whole, as a sheet is


@dataclass
class Assessed:
    """`refused`: person → why. `batch` is None where nothing was written."""

    made: int = 0
    refused: dict[int, NotPossible] = field(default_factory=dict)
    batch: Batch | None = None


@transaction.atomic
def assess(
    stamp: Stamp, path: str, chosen: Mapping[int, str], year: int, known: date, *,
    check: bool = False, good: bool = False,
) -> Assessed:  # fmt: skip
    """Person → result, for the year, known from a day on. Nothing is written if anybody is refused,
    unless `good`; nothing ever with `check`. Whoever calls has seen that they all are the place's.

    Refuses all of it: nobody_chosen. Each: own_result, case_open, over_room, and as `write` does.
    """
    if not chosen:
        raise NotPossible("nobody_chosen")
    done = Assessed()
    with transaction.atomic():
        batch = open_batch(stamp, WHAT, f"{year} {path}", b"")
        own = Stamp(stamp.who, stamp.at, batch)
        done.refused = at_once(stamp, path, chosen, year)
        with together():
            for person in Person.objects.filter(pk__in=chosen.keys() - done.refused).order_by("pk"):
                one(own, person, chosen[person.pk], year, known, done)
        if check or not done.made or (done.refused and not good):
            transaction.set_rollback(True)
        else:
            batch.rows, done.batch = done.made, batch
            batch.save(update_fields=["rows"])
    return done


def one(stamp: Stamp, person: Person, result: str, year: int, known: date, done: Assessed) -> None:
    try:
        write(stamp, person, Fact(kind=Fact.Kind.RESULT, name=result, n=year, since=known))
    except NotPossible as no:
        done.refused[person.pk] = no
    else:
        done.made += 1


def at_once(
    stamp: Stamp, path: str, chosen: Mapping[int, str], year: int
) -> dict[int, NotPossible]:
    """What is wrong with them taken together. Where more were chosen than there is room for none of
    them is taken: which of them it is to be, no machine says."""
    refused: dict[int, NotPossible] = {}
    names = held(room.path for room in rooms(path, year))
    if stamp.who is not None and stamp.who.pk in chosen:
        refused[stamp.who.pk] = NotPossible("own_result")
    for person, number in open_cases(chosen, year).items():
        refused[person] = NotPossible("case_open", number=number)
    for room in rooms(path, year, chosen):
        here = wanting(room, chosen, year)
        if len(here) > room.left:
            no = NotPossible(
                "over_room", place=names.get(room.path, room.path), year=year, served=room.served,
                most=room.most, given=room.given, n=len(here),
            )  # fmt: skip
            refused = dict.fromkeys(here, no) | refused
    return refused


def wanting(room: Room, chosen: Mapping[int, str], year: int) -> list[int]:
    """Those for whom this result was chosen and who are counted at this place."""
    wished = [person for person, result in chosen.items() if result == room.result]
    found = []
    for person in wished:
        try:
            at = worked_at(person, year)
        except NotPossible:
            continue  # whoever did not serve is refused by name when it is written
        if at.startswith(room.path):
            found.append(person)
    return found
