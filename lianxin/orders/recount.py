"""Everything that is kept, recounted from the log: chains, each order's present, words, parties,
counts, photos with their files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from heapq import merge
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from lianxin.core.step.chain import digest, first_break
from lianxin.core.step.facts import SIDES
from lianxin.core.step.order import Event
from lianxin.orders.book import book
from lianxin.orders.fetch import named
from lianxin.orders.log import NAMES, event_in
from lianxin.orders.recount_hands import HANDS, Row, hands_badly, row_in
from lianxin.orders.recount_photos import files_badly, painted_badly
from lianxin.orders.recount_tallies import TALLIES, Tallies
from lianxin.orders.rows import FACTS

AT_ONCE = 2_000  # rows fetched together
ORDERS = """SELECT id, number, flow, since, subject, path, area_id AS area, desk, state, open, turn,
    visit, round, nth, head, at, entered, outcome, category, severity, due, facts
    FROM orders_order ORDER BY id"""
EVENTS = f"SELECT order_id, {', '.join(NAMES)} FROM orders_event ORDER BY order_id, nth"
CONTENTS = (
    "SELECT order_id, nth, name, value, salt, erased FROM orders_content ORDER BY order_id, nth"
)
COUNT = """SELECT count(*) FILTER (WHERE kind = 'case' AND parent_id IS NULL),
    count(*) FILTER (WHERE kind = 'case' AND parent_id IS NOT NULL),
    count(*) FILTER (WHERE kind = 'paper') FROM orders_order"""


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """The first row of an order that is not as the log says: in its chain, its present, its words
    or its parties. A tally over orders has its key for a number; `nth` is what the log counts. A
    photo that no order has yet has its own id for a number.
    """

    number: str
    nth: int
    what: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a recount found. `broken` counts orders and tallies; `first` has the lowest number."""

    cases: int
    parts: int
    papers: int
    events: int
    faults: tuple[Fault, ...] = ()

    @property
    def broken(self) -> int:
        return len(self.faults)

    @property
    def first(self) -> Fault | None:
        return min(self.faults, default=None)


@dataclass(slots=True)
class Kept:
    """An order with all that is kept of it."""

    row: dict[str, Any] | None
    events: list[Event] = field(default_factory=list)
    contents: list[dict[str, Any]] = field(default_factory=list)
    hands: list[Row] = field(default_factory=list)


def verify(progress: Callable[[int], object] | None = None) -> Verdict:
    """Recount every order in one pass over one snapshot. `progress` hears of events passing."""
    with snapshot(), connection.cursor() as cursor:
        cursor.execute(COUNT)
        counts = cursor.fetchone()
        total, faults, tallies = 0, [], Tallies()
        for id, kept in everything():
            total += len(kept.events)
            if fault := fault_of(id, kept):
                faults.append(fault)
            tallies.add(kept.row and kept.row["subject"], kept.events)
            if progress:
                progress(len(kept.events))
        held = ((row["key"], row["n"]) for row in stream(TALLIES))
        faults += [Fault(key, told, "tally") for key, told in tallies.faults(held)]
        faults += [Fault(number, nth, "photo") for number, nth in painted_badly()]
    faults += [Fault(number, nth, "file") for number, nth in files_badly()]
    return Verdict(*counts, events=total, faults=tuple(faults))


# ── one order ────────────────────────────────────────────────────────────────────────────────────


def fault_of(id: UUID, kept: Kept) -> Fault | None:
    """What is wrong with an order, if anything: its chain, its present, its words, its parties."""
    row, events = kept.row, kept.events
    if row is None:
        return Fault(id.hex, 1, "order")
    if not events:
        return Fault(row["number"], 1, "chain")
    if nth := first_break(events, row["head"]):
        return Fault(row["number"], nth, "chain")
    if name := misfit(row, events):
        return Fault(row["number"], row["nth"], name)
    if nth := erased_badly(events, kept.contents):
        return Fault(row["number"], nth, "content")
    nth = hands_badly(book().exact(row["flow"], row["since"]), events, kept.hands)
    return None if nth is None else Fault(row["number"], nth, "hand")


def misfit(row: Mapping[str, Any], events: list[Event]) -> str | None:
    """The name of the first fact of an order's row that does not follow from its events."""
    told: dict[str, Any] = {}
    for event in events:
        told |= event.now
    last, facts = events[-1], row["facts"]
    stands = {name: facts.get(name) if name in FACTS else row[name] for name in SIDES}
    if stands["area"] is not None:
        stands["area"] = str(stands["area"])
    if told.get("entered"):
        told["entered"] = datetime.fromisoformat(told["entered"])
    for name in SIDES:
        if (stands[name] or None) != (told.get(name) or None):
            return name
    follows = {"nth": last.nth, "at": last.at, "flow": last.flow, "since": last.since}
    follows |= shown(last, told)
    return next((name for name, value in follows.items() if row[name] != value), None)


def shown(last: Event, told: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that lists are read by, as they follow from state, fields and limits."""
    page = book().exact(last.flow, last.since)
    state = page.states.get(told["state"])
    closed = state is None or state.final
    fields, limits = told.get("fields") or {}, told.get("limits") or {}
    due = [datetime.fromisoformat(r["due"]) for r in limits.values() if r["due"]]
    return {
        "open": not closed, "turn": None if closed or state is None else state.turn,
        "category": fields.get("category"), "severity": fields.get("severity"),
        "due": min(due, default=None),
    }  # fmt: skip


def erased_badly(events: Iterable[Event], contents: Iterable[Mapping[str, Any]]) -> int | None:
    """The `nth` of the first event whose words are gone or changed without having been erased."""
    words = {(c["nth"], c["name"]): c for c in contents}
    for event in events:
        for name, known in event.digests.items():
            found = words.pop((event.nth, name), None)
            if found is None:
                return event.nth
            blank = found["value"] is None and found["salt"] is None
            if found["erased"] and blank:
                continue
            if found["salt"] is None or digest(found["salt"], found["value"]) != known:
                return event.nth
    return min((nth for nth, _ in words), default=None)


# ── all of them ──────────────────────────────────────────────────────────────────────────────────


@contextmanager
def snapshot() -> Iterator[None]:
    """Several queries see the same moment, while the house goes on working."""
    alone = not connection.in_atomic_block
    with transaction.atomic():
        if alone:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def everything() -> Iterator[tuple[UUID, Kept]]:
    """Orders with their events, words and parties: four sorted streams, each read once."""
    streams = [
        ((row["id"], "row", row) for row in stream(ORDERS)),
        ((row["order_id"], "events", event_in(row)) for row in stream(EVENTS)),
        ((row["order_id"], "contents", row) for row in stream(CONTENTS)),
        ((row["order_id"], "hands", row_in(row)) for row in stream(HANDS)),
    ]
    for id, parts in groupby(merge(*streams, key=itemgetter(0)), key=itemgetter(0)):
        kept = Kept(None)
        for _, name, part in parts:
            if name == "row":
                kept.row = part
            else:
                getattr(kept, name).append(part)
        yield id, kept


def stream(sql: str) -> Iterator[dict[str, Any]]:
    """Rows by column name, fetched in chunks."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql)
        while rows := cursor.fetchmany(AT_ONCE):
            yield from named(cursor.description, rows)
