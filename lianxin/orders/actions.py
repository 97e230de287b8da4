"""The only code that changes orders: file, step, undo, tick. One press, one transaction."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from lianxin.core.flow.page import Page
from lianxin.core.step.family import Family
from lianxin.core.step.refused import Refused
from lianxin.core.step.scene import listed
from lianxin.core.step.who import Who
from lianxin.orders import beside, saying, used
from lianxin.orders.book import book, calendar, categories
from lianxin.orders.fetch import rows_of
from lianxin.orders.heard import lately
from lianxin.orders.log import last_act
from lianxin.orders.reach import Reach, reached
from lianxin.orders.rows import order_in
from lianxin.orders.shelf import SELECT, Shelf, lock
from lianxin.orders.store import flush
from lianxin.orders.world import rules
from lianxin.registry.models import Area, Person

LONGEST_ROW = 20  # orders merged one into the next; more can only be a circle
UNDO = "undo"
NOBODY = "link"  # whom a key belongs to when its bearer has no account


@dataclass(frozen=True, slots=True)
class Done:
    """What a press came to. `again` is true when the same key had already done it."""

    id: str
    number: str
    nth: int
    state: str
    again: bool = False


@dataclass(frozen=True, slots=True)
class Key:
    """A key made by the caller: one press sent twice is done once (`key_reused` for another)."""

    who: str
    key: str
    body: str

    @classmethod
    def of(cls, who: Who, key: str | None, *said: Any) -> Key | None:
        if not key:
            return None
        if len(key) > 100:
            raise Refused("bad_key")
        body = json.dumps(said, sort_keys=True, ensure_ascii=False, default=str)
        return cls(bearer(who), key, hashlib.sha256(body.encode()).hexdigest())

    def row(self, order: str, nth: int, at: datetime) -> dict[str, Any]:
        return {
            "who": self.who, "key": self.key, "body": self.body, "order_id": order, "nth": nth,
            "at": at,
        }  # fmt: skip

    def answer(self) -> Done | None:
        """What this key did before, if anything. Raises Refused("key_reused")."""
        found = rows_of(
            "SELECT k.body, k.nth, o.id, o.number, o.state FROM orders_key k"
            " JOIN orders_order o ON o.id = k.order_id WHERE k.who = %s AND k.key = %s",
            [self.who, self.key],
        )
        if not found:
            return None
        row = found[0]
        if row["body"] != self.body:
            raise Refused("key_reused")
        return Done(row["id"].hex, row["number"], row["nth"], row["state"], again=True)


def bearer(who: Who) -> str:
    """Whose a key is: a person's, a link's, or nobody's in particular."""
    return who.id or (f"{NOBODY} {who.party[0]}" if who.party else NOBODY)


def pressed(who: Who, key: str) -> UUID | None:
    """The order that somebody pressed with a key, if they did."""
    found = rows_of(
        "SELECT order_id FROM orders_key WHERE who = %s AND key = %s", [bearer(who), key]
    )
    return found[0]["order_id"] if found else None


def file(
    flow: str, door: str, who: Who, given: Mapping[str, Any], *, area: Area | None = None,
    subject: str | None = None, at: datetime | None = None, key: str | None = None,
    now: datetime | None = None,
) -> Done:  # fmt: skip
    """Open an order by a door of its page. One statement: order, event, words, parties, key.

    Raises Refused. With a key that was used before, answers as then: also where it would be refused
    by now, because two weeks have passed or a post has ended.
    """
    now = now or timezone.now()
    once = Key.of(who, key, flow, door, given, area and area.pk, subject, at)
    try:
        return _file(flow, door, who, given, area, subject, at, once, now)
    except (Refused, IntegrityError):
        if once and (before := once.answer()):
            return before
        raise


def _file(
    flow: str, door: str, who: Who, given: Mapping[str, Any], area: Area | None,
    subject: str | None, at: datetime | None, once: Key | None, now: datetime,
) -> Done:  # fmt: skip
    lately(at, now)
    page = book().page(flow, local(at or now))
    known(page, door, given, local(at or now))
    used.remember(page)
    given, place = placed(page, door, who, given, area)
    shelf = Shelf(rules({str(area.pk): area.path} if area else None))
    order = shelf.family.file(
        flow, door, who, given, now, at=at, subject=subject, act=uuid4().hex, **place
    )
    with nullcontext() if alone(shelf) else transaction.atomic():
        write(shelf, once.row(order.id, order.nth, now) if once else None)
    return Done(order.id, shelf.numbers[order.id], order.nth, order.state or "")


def step(
    number: str, verb: str, who: Who, given: Mapping[str, Any], *, visit: int | None = None,
    at: datetime | None = None, key: str | None = None, now: datetime | None = None,
    offline: bool = False, reach: Reach | None = None,
) -> Done:  # fmt: skip
    """Take a step of an order. The family's root is locked, and nothing else.

    Two people may press *grab* in the same second: the second waits for the first, reads what
    became of it, and is told. A step made `offline` that comes too late is kept as a note.
    `reach`: what `reached` has said of this number and person, where the caller has asked already.
    Raises Refused.
    """
    once = Key.of(who, key, number, verb, given, at)
    try:
        reach, now = reach or reached(number, who), now or timezone.now()
        lately(None if offline else at, now)  # what comes late from outdoors is kept as a note
        return _step(reach, number, verb, who, given, visit, at, once, now, offline)
    except (Refused, IntegrityError):
        if once and (before := once.answer()):  # whoever returned an order sees it no more
            return before
        raise


def _step(
    reach: Reach, number: str, verb: str, who: Who, given: Mapping[str, Any], visit: int | None,
    at: datetime | None, once: Key | None, now: datetime, offline: bool,
) -> Done:  # fmt: skip
    id, page = reach.id, reach.page
    known(page, verb, given, local(at or now))
    given, others = merging(page, verb, given, who, id)
    with transaction.atomic():
        shelf = lock([reach.root, *others], rules())
        now = after_last(shelf, id, now)
        try:
            order = shelf.family.step(
                id, verb, who, given, now, at=at, visit=visit, act=uuid4().hex
            )
        except Refused as no:
            if not offline or no.code not in ("too_late", "out_of_turn"):
                raise
            order = shelf.family.keep(id, verb, who, given, now, at=at or now)
        write(shelf, once.row(id, order.nth, now) if once else None)
    return Done(id, number, order.nth, order.state or "")


def undo(
    number: str, who: Who, *, nth: int | None = None, key: str | None = None,
    now: datetime | None = None,
) -> Done:  # fmt: skip
    """Take back the last press on an order while nobody has acted on it. Raises Refused.

    With `nth`, the number of the event that was seen last: that one or none. With a key that was
    used before, answers as then: whoever lost the answer does not take back one press more.
    """
    once = Key.of(who, key, number, UNDO, nth)
    try:
        return _undo(reached(number, who), number, who, nth, once, now or timezone.now())
    except (Refused, IntegrityError):
        if once and (before := once.answer()):
            return before
        raise


def _undo(
    reach: Reach, number: str, who: Who, nth: int | None, once: Key | None, now: datetime
) -> Done:
    id, root = reach.id, reach.root
    with transaction.atomic():
        _, roots = last_act(UUID(id))
        shelf = lock({root, *roots}, rules())
        act, others = last_act(UUID(id))  # what it was when the lock was ours
        stale = nth is not None and shelf.family.orders[id].nth != nth
        if stale or not others <= {root, *roots}:
            raise Refused("undo_too_late")
        now = after_last(shelf, id, now)
        order = shelf.family.undo(act, who, now, act=uuid4().hex)
        write(shelf, once.row(order.id, order.nth, now) if once else None)
    return Done(order.id, number, order.nth, order.state or "")


def after_last(shelf: Shelf, id: str, now: datetime) -> datetime:
    """Now, but not before the order's last event: whoever waited for the lock looked at the clock
    before the one who held it, and the clocks of two machines never quite agree."""
    last = shelf.family.orders[id].at
    return max(now, last) if last else now


def tick(root: str, now: datetime) -> int:
    """Let time do to one family what is due. Returns how many events that made."""
    with transaction.atomic():
        shelf = lock([root], rules())
        shelf.family.tick(now, act=uuid4().hex)
        made = len(shelf.family.journal)
        write(shelf)
    return made


def alone(shelf: Shelf) -> bool:
    """Whether one statement writes it all: that needs no transaction around it, and saves two trips
    to the database. Too many of what is counted are only known once they are written."""
    journal = shelf.family.journal
    more = any(c.counts or beside.there_is(c) for c in journal)
    return not more and not connection.in_atomic_block


def write(shelf: Shelf, key: dict[str, Any] | None = None) -> None:
    """Write a family's journal with its photos and its words; the caller holds a transaction, if
    one is needed."""
    journal = list(shelf.family.journal)
    flush(shelf, key)
    for change in journal:
        if beside.there_is(change):
            beside.write(change)
            saying.queue(change)


def merging(
    page: Page, verb: str, given: Mapping[str, Any], who: Who, id: str
) -> tuple[Mapping[str, Any], list[str]]:
    """Orders named in the answers, by number, as ids; roots of all they were merged into, or of
    those that the order itself is to leave."""
    step = page.steps.get(verb)
    named = [n for n in (step.asked if step else ()) if page_asks_order(page, n) and given.get(n)]
    answers, roots = dict(given), []
    for name in named:
        reach = reached(str(given[name]), who)
        answers[name] = reach.id
        roots += [reach.root, *led_on(reach.id)]
    if step and step.leaves:
        roots += led_on(id)
    return answers, roots


def known(page: Page, verb: str, given: Mapping[str, Any], day: date) -> None:
    """Categories are rows of their own, persons and units keys of the registry: what is none of
    these is refused before the kernel binds anybody."""
    step = page.steps.get(verb)
    for name in step.asked if step else ():
        kind = page.field(name).type
        for value in listed(given.get(name)):
            if kind == "category" and value:
                table = categories().on(day).categories
                if str(value) not in table:
                    raise Refused("no_choice", field=name, value=str(value)[:40], of=tuple(table))
            if kind in ("person", "unit") and value and not is_key(value):
                raise Refused("unknown", field=name, value=str(value)[:40])


def is_key(value: Any) -> bool:
    text = str(value)
    return text.isascii() and text.isdecimal() and len(text) < 19


def local(moment: datetime) -> date:
    return moment.astimezone(calendar().zone).date()


def page_asks_order(page: Page, name: str) -> bool:
    return name in page.fields and page.fields[name].type == "order"


def led_on(id: str) -> list[str]:
    """Roots of the orders that this one was merged into, one after the other."""
    roots: list[str] = []
    family = Family(rules())
    while id and len(roots) < LONGEST_ROW:
        row = rows_of(f"{SELECT} WHERE id = %s", [UUID(id)])[0]
        roots.append(row["root_id"].hex)
        id = family.merged_into(order_in(row)) or ""
    return roots[1:]


def placed(
    page: Page, door: str, who: Who, given: Mapping[str, Any], area: Area | None
) -> tuple[Mapping[str, Any], dict[str, Any]]:
    """The answers, with the area among them where the door asks for a place, and where the order
    then stands. Raises Refused("missing"): nobody's desk would see an order without a place."""
    if area is None:
        path = home(who)
        if not path and needs_desk(page, door):
            raise Refused("missing", field="place")
        return given, {"path": path}
    step = page.steps.get(door)
    if step is None or "place" in step.asked:
        given = {**given, "place": str(area.pk)}
    return given, {"path": area.path, "area": str(area.pk)}


def needs_desk(page: Page, door: str) -> bool:
    """Whether a post has the first turn of an order that comes in by this door."""
    to = page.steps[door].to if door in page.steps else None
    turns = (page.states[state].turn for state in (to.states if to else ()))
    return any(turn in book().roles for turn in turns)


def home(who: Who) -> str:
    """The place of an order that names none: where its filer's first post stands, else lives."""
    path = next((g.path for g in who.grants if g.path and not g.unit), "")
    if path or not who.id:
        return path
    lives = Person.objects.filter(pk=who.id).values_list("home__path", flat=True)
    return lives.first() or ""
