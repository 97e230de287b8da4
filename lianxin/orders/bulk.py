"""The bulk lane: hundreds of presses in one transaction, each through the kernel like any other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import chain
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from lianxin.circles import not_sought
from lianxin.core.flow.page import Page
from lianxin.core.step.order import Order as Kernel
from lianxin.core.step.refused import Refused
from lianxin.core.step.who import Who
from lianxin.orders.actions import Done, Key, after_last, local, merging
from lianxin.orders.book import book
from lianxin.orders.fetch import rows_of
from lianxin.orders.lane import Lane
from lianxin.orders.models import Photo
from lianxin.orders.photos import CARRIERS
from lianxin.orders.reach import all_reached
from lianxin.registry.models import Area

TRIES = 3  # somebody took a key or the last of a tally while we were at it: look again
OLD_KEYS = """SELECT k.who, k.key, k.body, k.nth, o.id, o.number, o.state
    FROM orders_key k JOIN orders_order o ON o.id = k.order_id
    WHERE (k.who, k.key) IN (SELECT * FROM unnest(%s::text[], %s::text[]))"""


@dataclass(frozen=True, slots=True)
class Press:
    """One press: a step of the order `number`, or without a number a door of `flow`.

    As in `actions.file` and `actions.step`; `at` is when it happened (now, if not given).
    """

    who: Who
    verb: str
    given: Mapping[str, Any] = field(default_factory=dict)
    number: str = ""
    flow: str = ""
    area: Area | None = None
    subject: str | None = None
    at: datetime | None = None
    visit: int | None = None
    key: str | None = None

    def once(self) -> Key | None:
        """The same key as the single lane makes, so that either knows what the other has done."""
        if self.number:
            return Key.of(self.who, self.key, self.number, self.verb, self.given, self.at)
        said = (self.flow, self.verb, self.given, self.area and self.area.pk, self.subject, self.at)
        return Key.of(self.who, self.key, *said)


@dataclass(frozen=True, slots=True)
class Seen:
    """An order as its presser may see it, with the roots of all that the press will touch."""

    id: str
    page: Page
    given: dict[str, Any]
    roots: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class How:
    """What holds for all presses of one call, as `take_many` says."""

    now: datetime
    quiet: bool
    as_live: bool


def take_many(
    presses: Iterable[Press], *, now: datetime | None = None, quiet: bool = False,
    as_live: bool = False,
) -> list[Done | Refused]:  # fmt: skip
    """Press one after the other; the answers come in the same order.

    A refused press changes nothing and harms no other; all the rest is written in one
    transaction. `quiet` leaves the words of `then` unsaid: history is no news. `as_live`, for
    generated history alone: each press is recorded at the moment when it happens.
    """
    row, how = list(presses), How(now or timezone.now(), quiet, as_live)
    for _ in range(TRIES - 1):
        try:
            return _take(row, how)
        except (IntegrityError, Refused):
            continue
    return _one_by_one(row, how)


@transaction.atomic
def _one_by_one(presses: Sequence[Press], how: How) -> list[Done | Refused]:
    """Some can only be refused when they are written: then each is asked alone."""
    return [_alone(press, how) for press in presses]


def _alone(press: Press, how: How) -> Done | Refused:
    try:
        return _take([press], how)[0]
    except Refused as no:
        return no


@transaction.atomic
def _take(presses: Sequence[Press], how: How) -> list[Done | Refused]:
    """Batch after batch: one ends before a press whose presser has yet to be shown the order."""
    answers: list[Done | Refused] = []
    with not_sought():
        while len(answers) < len(presses):
            answers += Batch(presses[len(answers) :], how).take()
    return answers


class Batch:
    """Presses as they come in: by number, with keys, each by somebody with a sight of their own."""

    def __init__(self, presses: Sequence[Press], how: How) -> None:
        self.presses, self.how, self.now = presses, how, how.now
        self.answers: dict[int, Done | Refused] = {}
        self.made: dict[int, Kernel] = {}
        self.repeats: dict[int, int] = {}
        self.onces: dict[int, Key] = {}
        self.first: dict[tuple[str, str], int] = {}
        self.seen: dict[int, Seen] = {}
        self.free: set[UUID] = set()

    def take(self) -> list[Done | Refused]:
        """Answers from the first press on, to the end or to where sight may have changed.

        Raises what a flush raises.
        """
        self._read_keys()
        self._see()
        lane = Lane(self.now, self._roots(), self.how.as_live)
        end = self._press_all(lane)
        lane.flush(self.how.quiet)
        for n, order in self.made.items():
            number = lane.shelf.numbers[order.id]
            self.answers[n] = Done(order.id, number, order.nth, order.state or "")
        for n, earlier in self.repeats.items():
            self.answers[n] = replace(self.answers[earlier], again=True)
        return [self.answers[n] for n in range(end)]

    def _press_all(self, lane: Lane) -> int:
        """Returns how many were answered, one at least."""
        touched: set[str] = set()
        for n, press in enumerate(self.presses):
            if n in self.answers:
                continue
            if n in self.seen:
                self._refusing(n, lambda n=n, press=press: self._press(lane, n, press))
                touched.add(press.number)
            elif press.number in touched:
                return n  # it may have been dispatched to them just now
            else:
                self.answers[n] = Refused("not_found", number=press.number)
        return len(self.presses)

    def _roots(self) -> list[str]:
        return sorted({root for seen in self.seen.values() for root in seen.roots})

    def _refusing(self, n: int, act: Any) -> None:
        """A refusal is the answer to this press and nobody else's trouble."""
        try:
            act()
        except Refused as no:
            self.answers[n] = no

    def _press(self, lane: Lane, n: int, press: Press) -> None:
        once = self.onces.get(n)
        earlier = self.first.setdefault((once.who, once.key), n) if once else n
        if once and earlier != n:
            if self.onces[earlier].body != once.body:
                raise Refused("key_reused")
            if earlier in self.made:
                self.repeats[n] = earlier
                return
        seen = self.seen[n]
        photos = self._photos(seen)
        if press.number:
            at = press.at or after_last(lane.shelf, seen.id, self.now)
            order = lane.step(
                seen.id, press.verb, press.who, seen.given, at=at, visit=press.visit, once=once
            )
        else:
            order = lane.file(
                press.flow, press.verb, press.who, seen.given, at=press.at or self.now,
                area=press.area, subject=press.subject, once=once,
            )  # fmt: skip
        self.free -= photos
        self.made[n] = order

    # ── what is looked up for all at once ────────────────────────────────────────────────────

    def _read_keys(self) -> None:
        """Presses whose key was used before are answered as then."""
        for n, press in enumerate(self.presses):
            self._refusing(n, lambda n=n, press=press: self._keep_key(n, press.once()))
        whos, keys = [k.who for k in self.onces.values()], [k.key for k in self.onces.values()]
        found = rows_of(OLD_KEYS, [whos, keys]) if keys else []
        old = {(row["who"], row["key"]): row for row in found}
        for n, once in self.onces.items():
            row = old.get((once.who, once.key))
            if row and row["body"] != once.body:
                self.answers[n] = Refused("key_reused")
            elif row:
                self.answers[n] = Done(
                    row["id"].hex, row["number"], row["nth"], row["state"], again=True
                )

    def _keep_key(self, n: int, once: Key | None) -> None:
        if once:
            self.onces[n] = once

    def _see(self) -> None:
        """The orders, one query for each presser; what a merge leads on to; the free photos."""
        numbers: dict[Who, set[str]] = {}
        for n, press in enumerate(self.presses):
            if n not in self.answers and press.number:
                numbers.setdefault(press.who, set()).add(press.number)
        rows = {
            (who, row[-1]): row
            for who, wanted in numbers.items()
            for row in all_reached(wanted, who)
        }
        for n, press in enumerate(self.presses):
            row = rows.get((press.who, press.number))
            if n not in self.answers and (row or not press.number):
                self._refusing(n, lambda n=n, press=press, row=row: self._see_one(n, press, row))
        named = chain.from_iterable(map(photo_ids, self.seen.values()))
        ids = {one for one in named if isinstance(one, UUID)}
        photos = Photo.objects.select_for_update().filter(pk__in=ids, order=None).order_by("pk")
        self.free = set(photos.values_list("pk", flat=True)) if ids else set()

    def _see_one(self, n: int, press: Press, row: Any) -> None:
        given = dict(press.given)
        if not press.number:
            page = book().page(press.flow, local(press.at or self.now))
            self.seen[n] = Seen("", page, given, ())
            return
        id, root, flow, since, _ = row
        page = book().exact(flow, since)
        led, others = merging(page, press.verb, given, press.who, id.hex)
        self.seen[n] = Seen(id.hex, page, dict(led), (root.hex, *others))

    def _photos(self, seen: Seen) -> set[UUID]:
        """The photos a press brings, which nobody else has taken in. Raises Refused."""
        ids = photo_ids(seen)
        for strange in ids - self.free:
            raise Refused("unknown", field="photo", value=str(strange)[:40])
        return ids


def as_id(value: Any) -> Any:
    try:
        return UUID(str(value))
    except ValueError:
        return value


def photo_ids(seen: Seen) -> set[Any]:
    """Ids of photos among the answers; what cannot be an id stays as it is and is never free."""
    found: set[Any] = set()
    for name, value in seen.given.items():
        field = seen.page.fields.get(name)
        if field and field.type in CARRIERS and value:
            found |= {as_id(v) for v in (value if isinstance(value, list | tuple) else [value])}
    return found
