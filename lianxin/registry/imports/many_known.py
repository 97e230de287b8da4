"""The units and the people that a large sheet speaks of, found once for all its rows."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import Q

from lianxin.registry import secret
from lianxin.registry.imports.known_units import POOL
from lianxin.registry.imports.many_places import of_parts
from lianxin.registry.imports.outcome import Problem
from lianxin.registry.imports.places import SUGGESTED
from lianxin.registry.imports.take_people import masked
from lianxin.registry.models import Unit


class ManyUnits:
    """Units by code or name; one that has closed is called by name."""

    def __init__(self) -> None:
        self.found: dict[str, list[Unit]] = {}
        self.closed: dict[str, Unit] = {}
        self.names: list[str] | None = None
        self.guesses = 0

    def look(self, said: Iterable[str]) -> None:
        words = sorted({text for text in said if text})
        for part in of_parts(words):
            for unit in Unit.objects.filter(Q(code__in=part) | Q(name__in=part)).order_by("pk"):
                for word in {unit.code, unit.name}:
                    if unit.until is None:
                        self.found.setdefault(word, []).append(unit)
                    else:
                        self.closed[word] = unit

    def find(self, text: str, name: str) -> Unit:
        """Problems: unknown_unit, ambiguous_unit, refused.closed."""
        found = self.found.get(text, [])
        if len(found) == 1:
            return found[0]
        if found:
            among = "、".join(f"{u.name} {u.code}" for u in found[:3])
            raise Problem("ambiguous_unit", name, name=text, among=among)
        if text in self.closed:
            unit = self.closed[text]
            raise Problem("refused.closed", name, name=unit.name, until=unit.until)
        raise Problem("unknown_unit", name, name=text, near=self._near(text))

    def _near(self, text: str) -> str:
        self.guesses += 1
        if self.guesses > SUGGESTED:
            return ""
        if self.names is None:
            rows = Unit.objects.filter(until=None).order_by("pk")
            self.names = list(rows.values_list("name", flat=True)[:POOL])
        return "、".join(difflib.get_close_matches(text, self.names, 3, 0.5))


@dataclass(slots=True)
class Somebody:
    """A person of the register as a sheet needs them; `home` is a path, "" without one; `blind`: of
    their phone, where they were looked up by username."""

    key: int
    name: str
    home_id: int | None
    home: str
    blind: str = ""


@dataclass
class ManyPeople:
    """People by phone, whoever became another as that other; the rows are held until the end, so
    that nobody else changes them."""

    sharing: dict[str, list[Somebody]] = field(default_factory=dict)
    blinds: dict[str, str] = field(default_factory=dict)
    named: dict[str, Somebody] = field(default_factory=dict)

    def look(self, phones: Iterable[str], usernames: Iterable[str] = ()) -> None:
        self.blinds = {p: secret.blind(secret.PHONE, p) for p in phones if p}
        with connection.cursor() as cursor:
            cursor.execute(
                """SELECT said.phone_blind, person.id, said.name, person.home_id,
                    coalesce(area.path, '')
                FROM registry_person said
                JOIN registry_person person ON person.id = coalesce(said.became_id, said.id)
                LEFT JOIN registry_area area ON area.id = person.home_id
                WHERE said.phone_blind = ANY(%s) ORDER BY person.id FOR UPDATE OF person""",
                [list(self.blinds.values())],
            )
            for blind, *rest in cursor.fetchall():
                self.sharing.setdefault(blind, []).append(Somebody(*rest))
            if not (names := sorted({name for name in usernames if name})):
                return
            cursor.execute(
                """SELECT said.username, person.id, said.name, person.home_id,
                    coalesce(area.path, ''), coalesce(person.phone_blind, '')
                FROM registry_person said
                JOIN registry_person person ON person.id = coalesce(said.became_id, said.id)
                LEFT JOIN registry_area area ON area.id = person.home_id
                WHERE said.username = ANY(%s) ORDER BY person.id FOR UPDATE OF person""",
                [names],
            )
            self.named = {name: Somebody(*rest) for name, *rest in cursor.fetchall()}

    def keys(self) -> list[int]:
        found = [one for sharing in self.sharing.values() for one in sharing]
        return [one.key for one in (*found, *self.named.values())]

    def called(self, username: str, name: str, phone: str) -> Somebody:
        """Who has this username; a phone beside it is theirs. Problems: unknown_person,
        person_differs, phone_differs."""
        one = self.named.get(username)
        if one is None:
            raise Problem("unknown_person", "username", name=username)
        if one.name != name:
            raise Problem("person_differs", "name", name=name)
        if phone and one.blind != self.blinds[phone]:
            raise Problem("phone_differs", "phone", name=masked(name))
        return one

    def find(self, phone: str, name: str) -> Somebody | None:
        """Who has this phone and this name. Problem: phone_of_other."""
        sharing = self.sharing.get(self.blinds[phone], [])
        same = [one for one in sharing if one.name == name]
        if sharing and not same:
            raise Problem("phone_of_other", "phone", name=masked(sharing[0].name))
        return same[0] if same else None
