"""The replay itself: what happens when, in the order of time, pressed through the bulk lane."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from random import Random
from zlib import crc32

from lianxin.core.step.order import Order
from lianxin.core.step.refused import Refused
from lianxin.core.step.who import Who
from lianxin.demo.replay.answers import Tale, answers
from lianxin.demo.replay.cast import Cast
from lianxin.demo.replay.manners import Manner, chosen, manners, when
from lianxin.demo.replay.messages import Message
from lianxin.orders import world
from lianxin.orders.actions import Key
from lianxin.orders.lane import Lane
from lianxin.registry.models import Area

FLOW, DOOR = "five-orders", "file"
KEEPER = "replay"  # whom the keys of replayed messages belong to
RESIDENT = Who("")
AT_ONCE = 4_000  # changes written together
GONE = ("refused", "withdrawn", "merged", "split", "void")
TWINS = timedelta(days=60)  # how far back a message about the same place is looked for


@dataclass(frozen=True, slots=True)
class Turn:
    """What somebody means to do with an order while it is where it is (`visit`)."""

    order: str
    visit: int
    manner: Manner
    hand: int = 0


@dataclass
class Replay:
    """Files messages and lets the cast act on them up to the horizon; `steps` and `no` are counted.

    Each message has a chance of its own (`seed` and its number), so that a part of a file is
    replayed as it would be in the whole.
    """

    lane: Lane
    cast: Cast
    grids: list[Area]
    horizon: datetime
    seed: int
    told: Callable[[int], object] = lambda n: None
    queue: list[tuple[datetime, int, Message | Turn]] = field(default_factory=list)
    tales: dict[str, Tale] = field(default_factory=dict)
    twins: dict[str, list[str]] = field(default_factory=dict)
    late: set[str] = field(default_factory=set)
    no: Counter[str] = field(default_factory=Counter)
    order: Iterator[int] = field(default_factory=count)  # of events of the same moment
    read: int = 0
    steps: int = 0

    def run(self, messages: Iterable[Message]) -> None:
        """All messages and all that follows, in the order of time; the caller commits."""
        for message in messages:
            self.push(message.at, message)
        while self.queue and self.queue[0][0] <= self.horizon:
            at, _, event = heappop(self.queue)
            if isinstance(event, Message):
                self.file(event)
            else:
                self.act(event, at)
            if len(self.lane.family.journal) >= AT_ONCE:
                self.write()
        for id in [o.id for o in self.lane.family.orders.values()]:
            self.lane.let_time(id, self.horizon)
        self.write()

    def push(self, at: datetime, event: Message | Turn) -> None:
        heappush(self.queue, (at, next(self.order), event))

    def write(self) -> None:
        self.steps += len(self.lane.flush(quiet=True))
        self.read = 0

    # ── what happens ─────────────────────────────────────────────────────────────────────────

    def file(self, message: Message) -> None:
        """A resident without an account files it where the place it names lies."""
        place = self.grids[crc32((message.spot or message.key).encode()) % len(self.grids)]
        given = {"text": message.words, "category": message.category, "matter": message.matter}
        once = Key(KEEPER, message.key, message.key)
        order = self.lane.file(FLOW, DOOR, RESIDENT, given, at=message.at, area=place, once=once)
        self.tales[order.id] = Tale(message, Random(f"{self.seed} {message.id}"))
        self.told(1)
        self.follow()
        if message.spot:
            self.twins.setdefault(message.spot, []).append(order.id)

    def act(self, turn: Turn, at: datetime) -> None:
        """Somebody gets round to it, if time or others have not moved the order on."""
        if self.lane.family.orders[turn.order].visit == turn.visit:
            self.lane.let_time(turn.order, at)
            self.follow()
        order, tale = self.lane.family.orders[turn.order], self.tale(turn.order)
        if order.visit != turn.visit:
            return
        who = self.cast.who(turn.manner.by, order, tale.rng, turn.hand)
        if who is None:
            self.no["nobody"] += 1
            return
        page, twin = self.lane.family.page(order), self.twin(order)
        given = answers(turn.manner, order, page, tale, self.cast, twin)
        try:
            self.lane.step(order.id, turn.manner.do, who, given, at=at)
        except Refused as no:
            self.no[no.code] += 1
            if turn.manner.weight and not turn.hand:
                self.plan(order, at, without=turn.manner.do)
        self.follow()

    def follow(self) -> None:
        """Whoever's turn has come through the last press makes a plan."""
        journal = self.lane.family.journal
        for change in journal[self.read :]:
            if change.event.over:
                self.late.add(change.order.id)
            if change.event.target:
                self.plan(change.order, change.event.at)
        self.read = len(journal)

    def plan(self, order: Order, since: datetime, without: str = "") -> None:
        tale, family = self.tale(order.id), self.lane.family
        rows = [m for m in manners().of(order) if m.do != without and self.fits(m, order)]
        if without:
            rows = [m for m in rows if m.weight]
        for manner in chosen(tale.rng, rows):
            for hand in range(manner.hands):
                at = when(manner, family.page(order), order, since, family.rules, tale.rng)
                self.push(at, Turn(order.id, order.visit, manner, hand))

    # ── what a choice may hang on ────────────────────────────────────────────────────────────

    def fits(self, manner: Manner, order: Order) -> bool:
        if manner.when == "twin":
            return self.twin(order) is not None
        if manner.when == "late":
            return order.id in self.late
        if manner.when in ("pair", "single"):
            return (order.paired or world.pair(order)) == (manner.when == "pair")
        if manner.when == "long":
            return order.parent is None and len(self.tale(order.id).message.text) > 300
        return True

    def twin(self, order: Order) -> str | None:
        """The last earlier order about the same place that is not out of the way itself."""
        if order.parent or order.entered is None:
            return None
        since, orders = order.entered - TWINS, self.lane.family.orders
        for id in reversed(self.twins.get(self.tale(order.id).message.spot or "", [])):
            other = orders[id]
            if id != order.id and other.state not in GONE and (other.entered or since) > since:
                return id
        return None

    def tale(self, id: str) -> Tale:
        """The message behind an order, its papers and its parts."""
        while id not in self.tales:
            id = self.lane.family.orders[id].parent or ""
        return self.tales[id]
