"""Takes a row of a sheet of contact points: which leader is tied to which place, from when."""

from __future__ import annotations

import difflib
from datetime import date
from typing import Literal

from django.db.models import Q, QuerySet

from lianxin.registry.actions import Stamp
from lianxin.registry.actions.contact_points import tie, untie
from lianxin.registry.contact_table import contact_table
from lianxin.registry.imports.known_people import known_person, posts_at
from lianxin.registry.imports.outcome import Problem
from lianxin.registry.imports.places import Places
from lianxin.registry.models import Area, ContactPoint, Person
from lianxin.registry.refusal import NotPossible
from lianxin.registry.sheets.finding import Finding
from lianxin.registry.sheets.table import Row

Verdict = Literal["made", "changed", "same"]


class TakeContactPoints:
    def __init__(self, stamp: Stamp, within: str, since: date) -> None:
        self.stamp = stamp
        self.own = nameable(within) if stamp.who else None
        self.places = Places(within)
        self.notes: list[Finding] = []
        self.ranks = _rank_names(stamp.day)
        self.seen: dict[tuple[int, int], int] = {}

    def take(self, row: Row) -> Verdict:
        """Problems beside those of Places and of persons: row_again, unknown_rank; and what tying
        refuses."""
        rank, area, person = self._rank(row), self._area(row), known_person(row, among=self.own)
        first = self.seen.setdefault((person.pk, area.pk), row.number)
        if first != row.number:
            raise Problem("row_again", "area", first=first)
        until = row.get("until", None)
        held = ContactPoint.objects.filter(person=person, area=area, until=None).first()
        if held is not None:
            return self._known(held, rank, until)
        since = row.get("since", None) or self.stamp.day
        over = ContactPoint.objects.filter(person=person, area=area, since=since, until=until)
        if until is not None and over.exists():
            return "same"
        made = tie(self.stamp, person, rank, area, since)
        if until is not None:
            untie(self.stamp, made, until)
        return "made"

    def _known(self, held: ContactPoint, rank: str, until: date | None) -> Verdict:
        if held.rank != rank:
            raise NotPossible("other_rank", name=held.person.name)
        if until is None:
            return "same"
        untie(self.stamp, held, until)
        return "changed"

    def _rank(self, row: Row) -> str:
        said = row.get("rank").lower()
        if said not in self.ranks:
            near = difflib.get_close_matches(said, self.ranks, 3, 0.4)
            raise Problem("unknown_rank", "rank", name=row.get("rank"), near="、".join(near))
        return self.ranks[said]

    def _area(self, row: Row) -> Area:
        """A grid's or quarter's name is looked for in its community, where that is named."""
        community = row.get("community")
        under = self.places.find(community, "community").path if community else ""
        return self.places.find(row.get("area"), "area", under)


def nameable(within: str) -> QuerySet[Person]:
    """Whom an office may name: who holds a post at its place, or is tied to it already, wherever
    their own post is."""
    tied = ContactPoint.objects.filter(until=None, area__path__startswith=within)
    known = Q(pk__in=posts_at(within).values("person")) | Q(pk__in=tied.values("person"))
    return Person.objects.filter(known)


def _rank_names(on: date) -> dict[str, str]:
    """Every way to write a rank → the rank."""
    return {
        word.lower(): rank.name
        for rank in contact_table(on).ranks.values()
        for word in (rank.name, rank.words.zh, rank.words.en)
    }
