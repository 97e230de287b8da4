"""The parts of a flow page, as the kernel holds them after the loader has checked them.

Grammar and meaning of every key: `docs/kernel.md`. All parts are frozen; a page is never changed
after it was read, so it may be shared between threads and orders.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Unit = Literal["urgent hours", "working hours", "working days", "days", "months", "years"]
Holds = Literal["person", "unit"]
BARRED = "barred"


@dataclass(frozen=True, slots=True)
class Words:
    """One text in the two languages of the house."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Party:
    """Whom an order binds: the filer, the unit, the holder of a seat.

    A party that does not see (`sees = false`: the one complained of) neither reads nor acts.
    """

    name: str
    words: Words
    holds: Holds
    many: bool = False
    apart: tuple[str, ...] = ()
    among: str | None = None
    veil: bool = False
    sees: bool = True

    @property
    def index(self) -> str | None:
        """How its hands stand in the index that lists are read by: as whom they bind, or as a unit
        that the order is kept from."""
        return self.holds if self.sees else BARRED if self.holds == "unit" else None


@dataclass(frozen=True, slots=True)
class Field:
    """What a step may ask. `erasable` values live outside the event, which keeps their digest.

    `fixed`: choices which only a step can fix (an outcome "refused"); no form offers them.
    `home`: it leads to somebody's door or ear; see `core/step/seen.py`.
    """

    name: str
    words: Words
    type: str
    of: tuple[tuple[str, Words], ...] = ()
    many: bool = False
    min: float | None = None
    max: float | None = None
    among: str | None = None
    seen: tuple[str, ...] | None = None
    erasable: bool = False
    fixed: tuple[tuple[str, Words], ...] = ()
    home: bool = False

    @property
    def choices(self) -> tuple[str, ...]:
        return tuple(key for key, _ in self.of)


@dataclass(frozen=True, slots=True)
class Span:
    """`4 working hours`: so many of one unit."""

    number: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class Within:
    """How long a limit lasts: a span, or where to find it.

    `field`: a moment (due then) or hours (so many from entry) given by that field.
    `day` ("MM-DD") of the year in `field`. `category`: dated rows, looked up by the caller.
    """

    span: Span | None = None
    category: bool = False
    field: str | None = None
    day: str | None = None


@dataclass(frozen=True, slots=True)
class Rung:
    """A word that fires once for each due time, `offset` before (negative) or after it."""

    offset: Span
    word: str


@dataclass(frozen=True, slots=True)
class Limit:
    """A clock over one state (`own`) or several."""

    name: str
    words: Words
    over: tuple[str, ...]
    within: Within
    late: str | None = None
    ladder: tuple[Rung, ...] = ()
    own: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """Where an order stands, and whose turn it is there."""

    name: str
    words: Words
    turn: str | None = None
    final: bool = False
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class Child:
    """What an order may open beneath itself, and what the child's end does to it."""

    name: str
    flow: str
    each: str | None = None
    gives: tuple[tuple[str, str], ...] = ()
    on: tuple[tuple[str, str], ...] = ()
    waits: bool | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """One field or party asked by a step; `optional` may be left empty."""

    name: str
    optional: bool = False


@dataclass(frozen=True, slots=True)
class AtMost:
    """`2 per subject per month`: how often a step may be taken within a scope."""

    number: int
    per: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Quorum:
    """So many stand in a party now, told apart by `by`: who, unit or as (their capacity)."""

    party: str
    at_least: int
    by: str = "who"


@dataclass(frozen=True, slots=True)
class To:
    """Where a step leads: a state, back out of a stopped one, or by the choice in a field."""

    state: str | None = None
    back: bool = False
    field: str | None = None
    choices: tuple[tuple[str, str], ...] = ()

    @property
    def states(self) -> tuple[str, ...]:
        return tuple(s for _, s in self.choices) or ((self.state,) if self.state else ())


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the loop. `sources` is the page's `from`, with "open" spelled out; none = a door.

    `bars` is the page's `not`. `to` None = a note: no turn changes, no clock moves. `stands`: kinds
    of area; by such a door the order stands there, above the place that was answered.
    """

    name: str
    words: Words
    by: tuple[str, ...]
    sources: tuple[str, ...] = ()
    to: To | None = None
    asks: tuple[Ask, ...] = ()
    casts: tuple[str, ...] = ()
    drops: tuple[str, ...] = ()
    clears: tuple[str, ...] = ()
    if_none: str | None = None
    seats: str | None = None
    seats_of_parent: bool = False
    count: int | None = None
    each: tuple[str, ...] = ()
    same: tuple[str, ...] = ()
    quorum: Quorum | None = None
    bars: tuple[str, ...] = ()
    at_most: AtMost | None = None
    before: str | None = None
    window: Span | None = None
    has: str | None = None
    children: str | None = None
    opens: tuple[str, ...] = ()
    closes: tuple[str, ...] = ()
    extends: str | None = None
    excuses: tuple[str, ...] = ()
    reopens: bool = False
    lifts: int = 0
    stands: tuple[str, ...] = ()
    joins: str | None = None
    leaves: str | None = None
    swaps: str | None = None
    erases: str | None = None
    paints: str | None = None
    bares: str | None = None
    unveils: bool = False
    alone: bool = False
    outcome: str | None = None
    then: tuple[str, ...] = ()

    @property
    def door(self) -> bool:
        return not self.sources

    @property
    def one_press(self) -> bool:
        """Whether it is taken without a form: nothing is asked, or what is asked is known."""
        return not self.asks or bool(self.swaps)

    @property
    def picture(self) -> str | None:
        """The answer that names a photo to be painted over, or to be laid bare again."""
        return self.paints or self.bares

    @property
    def asked(self) -> tuple[str, ...]:
        return tuple(a.name for a in self.asks)


@dataclass(frozen=True, slots=True)
class Role:
    """A post's kind (`params/roles.toml`) and where it acts.

    at: at the desk in charge or over it · above: strictly over it · place: over the order's own
    place · unit: in the unit that is party to the order. A role that `sees`
    reads whatever lies at its place, the others what is theirs to do; a `silent` one takes no step.
    """

    name: str
    words: Words
    acts: Literal["at", "above", "place", "unit"]
    silent: bool = False
    sees: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """A whole loop, in force from `since`. `meaning` hashes everything but the words."""

    flow: str
    since: date
    words: Words
    kind: Literal["case", "paper"]
    about: str
    desk: tuple[str, ...]
    wall: Literal["place", "desk", "parties"]
    detail: str | None
    parties: dict[str, Party]
    fields: dict[str, Field]
    states: dict[str, State]
    limits: dict[str, Limit]
    children: dict[str, Child]
    steps: dict[str, Step]
    meaning: str

    @property
    def doors(self) -> tuple[Step, ...]:
        return tuple(s for s in self.steps.values() if s.door)

    def field(self, name: str) -> Field:
        """What is asked under this name; a party is a field of its name. KeyError if neither."""
        if name in self.fields:
            return self.fields[name]
        party = self.parties[name]
        return Field(name, party.words, party.holds, many=party.many, among=party.among)

    def ends(self) -> tuple[str, ...]:
        """Final states, and `void`, which the kernel alone can reach."""
        return (*(n for n, s in self.states.items() if s.final), "void")
