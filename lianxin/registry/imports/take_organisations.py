"""Takes a row of a sheet of organisations, or of who was elected to what in them."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Literal

from django.db.models import Exists, OuterRef, Q, QuerySet

from lianxin.core.flow.page import Words
from lianxin.registry.actions import Stamp
from lianxin.registry.actions.officers import elect, step_down
from lianxin.registry.actions.organisations import rename, set_up
from lianxin.registry.imports.known_people import known_person
from lianxin.registry.imports.outcome import Problem
from lianxin.registry.imports.places import Places
from lianxin.registry.models import Area, Building, Cover, Officer, Organisation, Person
from lianxin.registry.models.organisation import HOUSEHOLD
from lianxin.registry.organisations import organisations
from lianxin.registry.queries.at_place import known_at, person_called
from lianxin.registry.refusal import NotPossible
from lianxin.registry.sheets.finding import Finding
from lianxin.registry.sheets.table import Row

Verdict = Literal["made", "changed", "same"]
AND = "、"
COMMUNITY = 12
NAMED = ("group", "household")  # several at a place: told apart by their names


class TakeOrganisations:
    def __init__(self, stamp: Stamp, within: str, since: date) -> None:
        self.stamp = stamp
        self.places = Places(within)
        self.own = own_people(stamp, within)
        self.notes: list[Finding] = []
        self.claimed: set[int] = set()
        self.kinds = {name: row.words for name, row in organisations().kinds.items()}

    def take(self, row: Row) -> Verdict:
        """Problems beside those of Places, and what setting up refuses: kind_unknown, not_enough,
        unknown_organisation, ambiguous_organisation, unknown_building."""
        kind, area = meant(row, "kind", self.kinds), self._area(row)
        known = self._known(row, kind, area)
        if known is None:
            self.claimed.add(self._set_up(row, kind, area).pk)
            return "made"
        self.claimed.add(known.pk)
        changed = bool(row.get("name")) and rename(self.stamp, known, row.get("name"))
        return "changed" if self._led(row, known, area) or changed else "same"

    def _set_up(self, row: Row, kind: str, area: Area) -> Organisation:
        leader = self._person(row, "leader", row.get("leader"), area)
        members = [self._person(row, "members", name, area) for name in apart(row.get("members"))]
        return set_up(
            self.stamp, kind, area, name=row.get("name"), number=row.get("number"),
            on=row.get("since", None), parent=self._parent(row, kind, area), leader=leader,
            term=row.get("term", None), members=[one for one in members if one],
            buildings=self._buildings(row, area),
        )  # fmt: skip

    def _led(self, row: Row, known: Organisation, area: Area) -> bool:
        """Elected where the sheet names another than who is in office."""
        person = self._person(row, "leader", row.get("leader"), area)
        office = organisations().first_office(known.kind)
        held = known.officers.filter(office=office, until=None).first()
        if person is None or (held is not None and held.person_id == person.pk):
            return False
        elect(self.stamp, known, person, office, self.stamp.day, row.get("term", None))
        return True

    def _area(self, row: Row) -> Area:
        """The nearest that is named: the area in its community, else that."""
        community = row.get("community")
        holder = self.places.find(community, "community") if community else None
        if row.get("area"):
            return self.places.find(row.get("area"), "area", holder.path if holder else "")
        if holder is None:
            raise Problem("not_enough", "area", name=row.get("name") or row.get("kind"))
        return holder

    def _known(self, row: Row, kind: str, area: Area) -> Organisation | None:
        found = Organisation.objects.filter(kind=kind, area=area, until=None)
        if kind not in NAMED:
            return found.first()
        if row.get("name"):
            return found.filter(name=row.get("name")).first()
        return self._unnamed(row, found.exclude(pk__in=self.claimed))

    def _unnamed(self, row: Row, found: QuerySet[Organisation]) -> Organisation | None:
        """A row without a name is the one that agrees with its paper, its day and its buildings. Of
        several the one that is led as it says, else the first that no row of this sheet has been;
        where the row names no building, one that covers none before one that does.
        """
        if not (row.get("number") or row.get("buildings")):
            return None
        if row.get("number"):
            found = found.filter(number=row.get("number"))
        if row.get("since", None):
            found = found.filter(since=row.get("since"))
        for name in apart(row.get("buildings")):
            covering = Cover.objects.filter(until=None, building__name=name)
            found = found.filter(pk__in=covering.values("organisation"))
        led = Q(officers__person__name=row.get("leader")) | Q(
            officers__person__username=row.get("leader")
        )
        covers = Cover.objects.filter(until=None, organisation=OuterRef("pk"))
        ordered = found.annotate(covering=Exists(covers)).order_by("covering", "pk")
        own = ordered.filter(led, officers__until=None) if row.get("leader") else ordered.none()
        return own.first() or ordered.first()

    def _parent(self, row: Row, kind: str, area: Area) -> Organisation | None:
        """As it is called in the community, else the only one it can hang on."""
        under = organisations().kinds[kind].under
        if not under:
            return None
        if row.get("parent"):
            return organisation_called(row, "parent", area.path[:COMMUNITY], under)
        over = Organisation.objects.filter(kind__in=under, until=None)
        lies = [one for one in over.filter(area__path__startswith=area.path[:COMMUNITY])
                .select_related("area") if area.path.startswith(one.area.path)]  # fmt: skip
        nearest = max((len(one.area.path) for one in lies), default=0)
        found = [one for one in lies if len(one.area.path) == nearest]
        return found[0] if len(found) == 1 else None

    def _person(self, row: Row, at: str, name: str, area: Area) -> Person | None:
        try:
            path, day = area.path[:COMMUNITY], self.stamp.day
            return person_called(name, path, day, self.own) if name else None
        except NotPossible as no:
            raise Problem(f"refused.{no.code}", at, **no.facts) from no

    def _buildings(self, row: Row, area: Area) -> list[Building]:
        return [self._building(row, name, area) for name in apart(row.get("buildings"))]

    def _building(self, row: Row, name: str, area: Area) -> Building:
        here = Building.objects.filter(doors__area__path__startswith=area.path).distinct()
        if found := here.filter(name=name).order_by("pk").first():
            return found
        names = list(here.values_list("name", flat=True)[:500])
        near = difflib.get_close_matches(name, names, 3, 0.5)
        raise Problem("unknown_building", "buildings", name=name, near=AND.join(near))


class TakeOfficers:
    def __init__(self, stamp: Stamp, within: str, since: date) -> None:
        self.stamp, self.within = stamp, within
        self.places, self.own = Places(within), own_people(stamp, within)
        self.notes: list[Finding] = []
        self.offices = {name: row.words for name, row in organisations().offices.items()}

    def take(self, row: Row) -> Verdict:
        """Problems beside those of Places, known_person and electing: kind_unknown,
        unknown_organisation, ambiguous_organisation."""
        office, person = meant(row, "office", self.offices), known_person(row, among=self.own)
        found = organisation_called(row, "organisation", self._path(row))
        since, until = row.get("since", None) or self.stamp.day, row.get("until", None)
        held = Officer.objects.filter(organisation=found, person=person, office=office)
        if held.filter(since=since, until=until).exists():
            return "same"
        live = held.filter(until=None).first()
        if live is not None and until is not None:
            step_down(self.stamp, live, until)
            return "changed"
        if live is not None and not row.get("since"):
            return "same"
        made = elect(self.stamp, found, person, office, since, row.get("term", None))
        if until is not None:
            step_down(self.stamp, made, until)
        return "made"

    def _path(self, row: Row) -> str:
        for name in ("area", "community"):
            if row.get(name):
                return self.places.find(row.get(name), name).path
        return self.within


def own_people(stamp: Stamp, within: str) -> QuerySet[Person] | None:
    """Whom a sheet of a place may name: who is known there; None for all of the house."""
    return known_at(within, stamp.day) if within else None


def organisation_called(row: Row, at: str, path: str, kinds: Iterable[str] = ()) -> Organisation:
    """The one live organisation of this name under the path."""
    name = row.get(at)
    here = Organisation.objects.filter(until=None, area__path__startswith=path)
    if kinds:
        here = here.filter(kind__in=list(kinds))
    found = list(here.filter(name=name).order_by("pk")[:2])
    if len(found) > 1:
        raise Problem("ambiguous_organisation", at, name=name)
    if found:
        return found[0]
    told = here.exclude(kind=HOUSEHOLD)  # which are read near by alone
    names = list(told.values_list("name", flat=True)[:500])
    near = difflib.get_close_matches(name, names, 3, 0.5)
    raise Problem("unknown_organisation", at, name=name, near=AND.join(near))


def meant(row: Row, at: str, known: Mapping[str, Words]) -> str:
    """The row of a table that a cell names, in whichever language."""
    told = row.get(at).lower()
    for name, words in known.items():
        if told in (name, words.zh.lower(), words.en.lower()):
            return name
    among = AND.join(words.zh for words in known.values())
    raise Problem("kind_unknown", at, kind=row.get(at), among=among)


def apart(text: str) -> list[str]:
    """Names as they are joined in a cell.

    >>> apart("李雪、张伟；王芳, 赵云"), apart("")
    (['李雪', '张伟', '王芳', '赵云'], [])
    """
    return [name for name in re.split(r"[、,，;；\s]+", text.strip()) if name]
