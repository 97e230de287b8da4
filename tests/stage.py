"""A stage for stories: one small town, a cast, and a clock that the story moves by hand.

Persons, units and areas go by the numbers a registry would give them. Persons and units count
from 1 each, so that 1 the person and 1 the unit meet wherever somebody takes one for the other.
"""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from lianxin.core.clock import Calendar, read_calendar
from lianxin.core.flow.book import Book, read_book, read_folders
from lianxin.core.flow.page import Page, Span
from lianxin.core.step.family import Family
from lianxin.core.step.order import Change, Event, Order
from lianxin.core.step.refused import Refused
from lianxin.core.step.rules import Detail, Rules
from lianxin.core.step.seen import hidden
from lianxin.core.step.who import Grant, Who

PARAMS = Path(__file__).parents[1] / "lianxin" / "params"
ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 3, 2, 9, 0, tzinfo=ZONE)  # a Monday at opening time

# ── the town ─────────────────────────────────────────────────────────────────────────────────────

PREFECTURE, COUNTY, STREET = "5226", "522601", "522601001"
COMMUNITY, QUARTER, GRID = "522601001001", "522601001001001", "522601001001001001"
AREAS = {
    str(n): path for n, path in enumerate((PREFECTURE, COUNTY, STREET, COMMUNITY, QUARTER, GRID), 1)
}
HERE = "6"  # the grid, as an answer names it

UNIT_NAMES = ("U", "V", "W", "D1", "D2", "C", "F1", "F2", "O", "N", "S", "BUREAU", "SQUAD")
UNITS = {name: str(n) for n, name in enumerate(UNIT_NAMES, 1)}
U, V, W, BUREAU, SQUAD = (UNITS[name] for name in ("U", "V", "W", "BUREAU", "SQUAD"))
MEMBERS_OF = {U: 5, V: 1}
BELONGS = {SQUAD: BUREAU}

NAMES = (
    "resident", "neighbour", "passer-by", *(f"citizen-{n}" for n in range(8)),
    "desk", "street-desk", "county-desk", "worker", "supervisor", "inspector", "arbiter",
    *(f"reviewer-{n}" for n in range(5)), "secretary", "keeper", "chair", "steward",
    *(f"{which}clerk-{unit}" for unit in UNITS.values() for which in ("", "second-")),
    *(f"member-{n}-{unit}" for unit, many in MEMBERS_OF.items() for n in range(many)),
)  # fmt: skip
PEOPLE = {name: str(n) for n, name in enumerate(NAMES, 1)}


def person(name: str, *grants: Grant) -> Who:
    return Who(PEOPLE[name], grants)


def post(name: str, role: str, path: str = COMMUNITY) -> Who:
    return person(name, Grant(role, path))


def clerk(unit: str, second: bool = False) -> Who:
    return person(f"{'second-' * second}clerk-{unit}", Grant("clerk", unit=unit))


def member(n: int, unit: str) -> Who:
    return person(f"member-{n}-{unit}", Grant("member", unit=unit))


def also(who: Who, role: str, path: str = COMMUNITY) -> Who:
    """The same person with one more post."""
    return replace(who, grants=(*who.grants, Grant(role, path)))


def also_of(who: Who, unit: str, role: str = "member") -> Who:
    """The same person as one of a unit besides."""
    return replace(who, grants=(*who.grants, Grant(role, unit=unit)))


RESIDENT, NEIGHBOUR, PASSER_BY = person("resident"), person("neighbour"), person("passer-by")
CITIZENS = [person(f"citizen-{n}") for n in range(8)]
DESK = post("desk", "desk")
STREET_DESK = post("street-desk", "desk", STREET)
COUNTY_DESK = post("county-desk", "desk", COUNTY)
WORKER = post("worker", "grid_worker", GRID)
SUPERVISOR = post("supervisor", "supervisor", COUNTY)
INSPECTOR = post("inspector", "inspector", COUNTY)
ARBITER = post("arbiter", "arbiter", COUNTY)
REVIEWERS = [post(f"reviewer-{n}", "reviewer", COUNTY) for n in range(5)]
SECRETARY = post("secretary", "secretary")
KEEPER = post("keeper", "keeper")
CHAIR = post("chair", "chair")
STEWARD = post("steward", "steward")
MEMBERS = [member(n, U) for n in range(5)]

DESKS = {"desk": COMMUNITY, "street-desk": STREET, "county-desk": COUNTY}
SITS = {path: name for name, path in DESKS.items()}  # who sits at each desk, and nobody else
ALSO_OF = {"desk": (W,)}  # the units they are members of besides
LEVELS = {"prefecture": 4, "county": 6, "street": 9, "community": 12, "quarter": 15, "grid": 18}

# ── its rules ────────────────────────────────────────────────────────────────────────────────────


@cache
def book() -> Book:
    return read_folders(PARAMS)


def book_of(**pages: str) -> Book:
    """A book of pages written for one test, under the house's own roles, fields and notes.

    `~` stands for words in both languages; a page without a kind is a case.
    """
    texts = []
    for name, text in pages.items():
        top = "name = { ~ }\nsince = 2017-01-01\n" + 'kind = "case"\n' * ("kind =" not in text)
        whole = (top + text).replace("\n~\n", '\nzh = "某"\nen = "Some"\n')
        whole = whole.replace("~", 'zh = "某", en = "Some"')
        texts.append((name, f"{name}/2017-01-01.toml", whole))
    shared = [(PARAMS / f"{name}.toml").read_text("utf-8") for name in ("roles", "fields", "notes")]
    found = read_book(texts, *shared)
    assert not found.problems, [str(p) for p in found.problems]
    return found


def calendar_texts() -> dict[int, str]:
    return {int(p.stem): p.read_text("utf-8") for p in (PARAMS / "calendars").glob("*.toml")}


@cache
def calendar() -> Calendar:
    return read_calendar(calendar_texts(), (PARAMS / "clocks.toml").read_text("utf-8"), str(ZONE))


def belongs(role: str, units: frozenset[str], id: str) -> bool:
    members = {PEOPLE[f"member-{n}-{u}"] for u in units for n in range(MEMBERS_OF.get(u, 0))}
    return role != "member" or id in members


def over(path: str, kinds: tuple[str, ...]) -> tuple[str, str] | None:
    lengths = {LEVELS[kind] for kind in kinds}
    keys = {p: n for n, p in AREAS.items() if path.startswith(p) and len(p) in lengths}
    nearest = max(keys, key=len, default="")
    return (nearest, keys[nearest]) if nearest else None


def house(units: frozenset[str]) -> frozenset[str]:
    """Each with what it belongs to and what belongs to it; here the tree has two storeys."""
    return units | {kin for pair in BELONGS.items() for kin in pair if not units.isdisjoint(pair)}


def impartial(desks: tuple[str, ...], units: frozenset[str]) -> tuple[str, ...]:
    """The one who sits at each desk, unless they are of one of these units."""
    return tuple(d for d in desks if units.isdisjoint(ALSO_OF.get(SITS[d], ())))


def rules(**more: Any) -> Rules:
    ids, salts = itertools.count(1), itertools.count(1)
    facts: dict[str, Any] = {
        "book": book(), "calendar": calendar(),
        "span": lambda order: Span(2, "working days"),
        "desks": lambda page, path: tuple(d for d in DESKS.values() if path.startswith(d)),
        "tallies": lambda key: 0,
        "new_id": lambda at: f"o{next(ids)}",
        "salt": lambda: f"{next(salts):032x}",
        "places": AREAS.get, "among": belongs, "over": over, "house": house,
        "impartial": impartial,
    }  # fmt: skip
    return Rules(**(facts | more))


class Stage:
    """The kernel in memory. Stories speak to it as they do to the one on PostgreSQL.

    `details`: a mechanism's row by the name its page gives it; written as soon as a press is done.
    """

    nobody = Who("")  # a visitor without an account

    def __init__(self, details: dict[str, Detail] | None = None, **facts: Any) -> None:
        self.now = START
        self.details = details or {}
        self.family = Family(rules(details=self.details, **facts))
        self.seen = 0
        self.acts = (f"act-{n}" for n in itertools.count(1))

    def file(
        self, flow: str, who: Who, door: str = "file", *, subject: str | None = None,
        as_of: datetime | None = None, **given: Any,
    ) -> str:  # fmt: skip
        order = self.family.file(
            flow, door, who, given, self.now, path=GRID, area=HERE, subject=subject, at=as_of,
            act=next(self.acts),
        )  # fmt: skip
        self._flush()
        return order.id

    def step(
        self, id: str, verb: str, who: Who, visit: int | None = None, *,
        as_of: datetime | None = None, **given: Any,
    ) -> None:  # fmt: skip
        act = next(self.acts)
        self.family.step(id, verb, who, given, self.now, visit=visit, at=as_of, act=act)
        self._flush()

    def undo(self, id: str, who: Who) -> None:
        """Take back the last act on an order, with all that followed from it."""
        last = self.events(id)[-1].act
        events = [c.event for c in self.family.journal if c.event.act == last]
        self.family.undo(events, who, self.now, act=next(self.acts))
        self._flush()

    def no(self, code: str, id: str, verb: str, who: Who, **given: Any) -> None:
        """This press must be refused with this code, and nothing may have changed."""
        before = self.order(id)
        try:
            self.step(id, verb, who, **given)
        except Refused as refused:
            assert refused.code == code, f"{verb}: {refused} instead of {code}"
            after = self.order(id)
            assert (after.hands, after.state) == (before.hands, before.state)
            return
        raise AssertionError(f"{verb} by {who.id} should be refused: {code}")

    def no_file(self, code: str, flow: str, who: Who, door: str = "file", **given: Any) -> None:
        """This door must stay shut, and no order may be there afterwards."""
        before = len(self.family.orders)
        try:
            self.file(flow, who, door, **given)
        except Refused as refused:
            assert refused.code == code, f"{door}: {refused} instead of {code}"
            assert len(self.family.orders) == before
            return
        raise AssertionError(f"{door} by {who.id} should be refused: {code}")

    def wait(self, **span: float) -> None:
        self.until(self.now + timedelta(**span))

    def until(self, when: datetime) -> None:
        self.now = when
        self.family.tick(when, act=next(self.acts))
        self._flush()

    def at(self, **span: float) -> str:
        """A moment so far from now, as a form would give it."""
        return (self.now + timedelta(**span)).isoformat()

    def order(self, id: str) -> Order:
        return self.family.orders[id]

    def state(self, id: str) -> str | None:
        return self.order(id).state

    def due(self, id: str, limit: str) -> datetime | None:
        return self.order(id).limits[limit].due

    def kid(self, id: str, name: str, n: int = -1) -> str:
        return self.kids(id, name)[n]

    def kids(self, id: str, name: str) -> list[str]:
        """All children of that name, oldest first."""
        return [o.id for o in self.family.orders.values() if (o.parent, o.child) == (id, name)]

    def verbs(self, id: str) -> list[str]:
        return [event.verb for event in self.events(id)]

    def buttons(self, id: str, who: Who) -> dict[str, str | None]:
        """Steps that are this person's here, with the code of why not now, if not."""
        found = self.family.buttons(id, who, self.now)
        return {name: no and no.code for name, no in found.items()}

    def events(self, id: str) -> list[Event]:
        return [c.event for c in self.family.journal if c.order.id == id]

    def hidden(self, id: str, who: Who) -> frozenset[str]:
        """Fields and parties whose answers are not for these eyes."""
        return hidden(self.page(id), self.order(id), who, book().roles)

    def page(self, id: str) -> Page:
        return self.family.page(self.order(id))

    def _flush(self) -> None:
        for change in self.family.journal[self.seen :]:
            self._write(change)
        self.seen = len(self.family.journal)

    def _write(self, change: Change) -> None:
        name = self.family.page(change.order).detail
        if name in self.details and change.detail is not None:
            self.details[name].write(change)
