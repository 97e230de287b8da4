"""Reads what the cells of the teams' sheets mean: places, words of a table, numbers, people."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from django.db.models import Exists, OuterRef, Q, QuerySet

from lianxin.core.flow.page import Words
from lianxin.growth.models import Fact, Reserve
from lianxin.registry.actions import Stamp
from lianxin.registry.imports.known_people import known_person
from lianxin.registry.imports.outcome import Problem
from lianxin.registry.imports.places import Places
from lianxin.registry.models import Area, CheckIn, Person, Post
from lianxin.registry.refusal import NotPossible
from lianxin.registry.sheets.table import Row


def place(places: Places, row: Row, at: str, kinds: tuple[str, ...] = ()) -> Area:
    """The area in use that is meant. Problems: those of Places."""
    return places.find(row.get(at), at, kinds=kinds)


def one_of(table: Mapping[str, Words], row: Row, at: str) -> str:
    """The code that a word of the table stands for. Problem: unknown_word."""
    said = row.get(at).strip().lower()
    known = {word.lower(): code for code, w in table.items() for word in (code, w.zh, w.en)}
    if said not in known:
        near = difflib.get_close_matches(said, known, 3, 0.5)
        among = "、".join(words.zh for words in table.values())
        raise Problem("unknown_word", at, name=row.get(at), near="、".join(near), among=among)
    return known[said]


def number(row: Row, at: str) -> Decimal:
    """Problem: no_number."""
    said = row.get(at)
    try:
        found = Decimal(said.replace(",", "").replace("，", ""))
    except InvalidOperation as wrong:
        raise Problem("no_number", at, name=said) from wrong
    if not found.is_finite():
        raise Problem("no_number", at, name=said)
    return found


def whole(row: Row, at: str, otherwise: int | None = None) -> int:
    """Problem: no_number, for what is none or no whole one."""
    if otherwise is not None and not row.get(at):
        return otherwise
    found = number(row, at)
    if found != found.to_integral_value() or abs(found) > 10**9:
        raise Problem("no_number", at, name=row.get(at))
    return int(found)


def not_to_come(row: Row, at: str, today: date) -> date | None:
    """A day that has been. Problem: to_come."""
    on: date | None = row.get(at, None)
    if on is not None and on > today:
        raise Problem("to_come", at, on=on)
    return on


class Once:
    """Each thing stands in one row of a sheet. Problem: row_again."""

    def __init__(self) -> None:
        self.seen: dict[object, int] = {}

    def check(self, row: Row, key: object, at: str) -> None:
        first = self.seen.setdefault(key, row.number)
        if first != row.number:
            raise Problem("row_again", at, first=first)


def person(row: Row, within: str) -> Person:
    """Whoever is meant; in the sheet of a place only of its own people: who live, work, serve or
    are kept there. Problems: those of known_person."""
    return known_person(row, among=people_of(within) if within else None)


def people_of(path: str) -> QuerySet[Person]:
    mine = {"person": OuterRef("pk"), "area__path__startswith": path}
    there = Q(home__path__startswith=path)
    for model in (Post, CheckIn, Fact, Reserve):
        there |= Q(Exists(model._default_manager.filter(**mine)))
    at_units = Post.objects.filter(person=OuterRef("pk"), unit__area__path__startswith=path)
    return Person.objects.filter(there | Q(Exists(at_units)))


def another(stamp: Stamp, person: Person) -> None:
    """Nobody writes down what they themselves are or get. Refuses: of_oneself."""
    if stamp.who is not None and stamp.who.pk == person.pk:
        raise NotPossible("of_oneself")


def at_name(row: Row) -> str:
    return "name" if row.get("name") else "username"
