"""An order as the kernel sees it: where it stands, who is bound, what runs, what was given."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import date, datetime
from operator import attrgetter
from typing import Any


@dataclass(frozen=True, slots=True)
class Hand:
    """Somebody bound to an order: a party, or (for steps that count) one hand laid on a step.

    `capacity` is what the hand acted as, `unit` for whom; `since` the event that laid it; `veiled`
    hands came by a merge and see the state of this order, never its words.
    """

    name: str
    who: str
    capacity: str
    since: int
    veiled: bool = False
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Running:
    """A limit that runs (`due`) or stands still (`left`, what remained when the clock stopped).

    `start` is where counting (re)began; `resumed` the remainder it began with, if not the whole;
    `extended` how often the original length was added since (or, while it stands still, is owed);
    `rungs` the ladder's rungs fired for this due time; `fired` whether the late step has run.
    """

    start: datetime
    due: datetime | None
    left: dict[str, int] | None = None
    resumed: dict[str, int] | None = None
    extended: int = 0
    rungs: tuple[int, ...] = ()
    fired: bool = False


@dataclass(slots=True)
class Order:
    """The present of one order. A step writes on a `copy`; an order that is kept never changes.

    It is not frozen because a frozen row of this width costs ten times as much to make.

    `path`, `desk`: area paths of its place and of the desk in charge; `desks` the ladder of desks
    from the first upward. `nth` counts events, `visit` entries into a state, `round` reopenings.
    `at` is when the last event happened, `entered` when the state was entered. `fields` keeps what
    was given and need not be erasable. `tallies` counts steps that may be taken only so often.
    `paired`: two vetted people go although nothing that is answered now asks for it any more.
    """

    id: str
    flow: str
    since: date
    path: str
    desk: str
    desks: tuple[str, ...] = ()
    area: str | None = None
    subject: str | None = None
    parent: str | None = None
    child: str | None = None
    in_round: int = 0
    state: str | None = None
    before: str | None = None
    visit: int = 0
    round: int = 1
    nth: int = 0
    head: str = ""
    at: datetime | None = None
    entered: datetime | None = None
    outcome: str | None = None
    unveiled: bool = False
    hands: tuple[Hand, ...] = ()
    limits: dict[str, Running] = field(default_factory=dict)
    fields: dict[str, Any] = field(default_factory=dict)
    excused: tuple[tuple[str, int], ...] = ()
    tallies: dict[str, int] = field(default_factory=dict)
    paired: bool = False

    def copy(self) -> Order:
        return Order(*ALL(self))

    def party(self, name: str) -> tuple[Hand, ...]:
        return tuple(h for h in self.hands if h.name == name)

    def ids(self, name: str) -> set[str]:
        return {h.who for h in self.hands if h.name == name}

    def holds(self, name: str, *ids: str) -> bool:
        return any(h.name == name and h.who in ids for h in self.hands)


ALL = attrgetter(*(f.name for f in fields(Order)))


@dataclass(slots=True)
class Event:
    """What happened, once and for all. `was` and `now` hold both sides of the order's change.

    `at` is when it happened, `recorded` when we learned it. `given` holds words and ids; `digests`
    stand for the erasable content, which lives outside. `act` is shared by all events of one press.
    `over`: seconds past each limit that this step ended. `head` chains it to the one before.
    """

    order: str
    nth: int
    flow: str
    since: date
    verb: str
    source: str | None
    target: str | None
    visit: int
    round: int
    at: datetime
    recorded: datetime
    actor: str
    capacity: str
    post: int | None
    unit: str | None
    behalf: str | None
    area: str | None
    path: str
    outcome: str | None
    over: dict[str, int]
    given: dict[str, Any]
    digests: dict[str, str]
    was: dict[str, Any]
    now: dict[str, Any]
    act: str
    head: str


@dataclass(frozen=True, slots=True)
class Content:
    """Words that may be erased: the event keeps only `sha256(salt + value)`."""

    name: str
    value: Any
    salt: str


@dataclass(frozen=True, slots=True)
class Change:
    """All that one step does: the order as it is now, its event, and what is still to be done.

    `opens`, `closes`: names of children. `joins`: the field that names the order it was merged
    into, `leaves`: that of the one it is taken out of again. `counts`: tallies across orders as
    (key, at most); `gives_back`: the tallies that an undone step was counted in. `words` run after
    commit. `detail` is what the mechanism's own row is told, None where the page has none.
    """

    before: Order | None
    order: Order
    event: Event
    contents: tuple[Content, ...] = ()
    opens: tuple[str, ...] = ()
    closes: tuple[str, ...] = ()
    joins: str | None = None
    leaves: str | None = None
    words: tuple[str, ...] = ()
    counts: tuple[tuple[str, int], ...] = ()
    gives_back: tuple[str, ...] = ()
    detail: dict[str, Any] | None = None
