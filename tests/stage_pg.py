"""The stage of the stories on PostgreSQL: the same people, places and clock; rows and locks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from stage import ALSO_OF, AREAS, BELONGS, DESKS, HERE, MEMBERS_OF, PEOPLE, START, UNITS

from lianxin.core.flow.page import Page
from lianxin.core.step.order import Event
from lianxin.core.step.order import Order as Kernel
from lianxin.core.step.refused import Refused
from lianxin.core.step.rules import Detail
from lianxin.core.step.scene import listed
from lianxin.core.step.seen import hidden
from lianxin.core.step.who import Who
from lianxin.orders import actions, clockwork, log, photos, recount, used, world
from lianxin.orders.book import book
from lianxin.orders.models import Event as Row
from lianxin.orders.models import Order, Photo
from lianxin.orders.photos import CARRIERS
from lianxin.orders.shelf import look
from lianxin.registry.models import Area, AreaKind, Person, Post, Unit

LONG_AGO = date(2017, 1, 1)
KINDS = {4: "prefecture", 6: "county", 9: "street", 12: "community", 15: "quarter", 18: "grid"}


class Stage:
    """Orders on PostgreSQL. It answers to what `stage.Stage` answers to, in the same words."""

    nobody = Who("")

    def __init__(self) -> None:
        self.now = START
        self.here = Area.objects.get(pk=HERE)

    def file(
        self, flow: str, who: Who, door: str = "file", *, subject: str | None = None,
        as_of: datetime | None = None, **given: Any,
    ) -> str:  # fmt: skip
        page = book().page(flow, actions.local(as_of or self.now))
        return actions.file(
            flow, door, who, self.answers(page, given), area=self.here, subject=subject, at=as_of,
            now=self.now,
        ).id  # fmt: skip

    def step(
        self, id: str, verb: str, who: Who, visit: int | None = None, *,
        as_of: datetime | None = None, **given: Any,
    ) -> None:  # fmt: skip
        answers = self.answers(self.page(id), given)
        number = Order.objects.get(pk=UUID(id)).number
        actions.step(number, verb, who, answers, visit=visit, at=as_of, now=self.now)

    def answers(self, page: Page, given: dict[str, Any]) -> dict[str, Any]:
        """Orders by their numbers, photos by rows that were taken in."""
        said = dict(given)
        for name, field in page.fields.items():
            if field.type == "order" and said.get(name):
                said[name] = Order.objects.get(pk=UUID(said[name])).number
        return with_photos(page, said, self.now)

    def undo(self, id: str, who: Who) -> None:
        actions.undo(Order.objects.get(pk=UUID(id)).number, who, now=self.now)

    def no(self, code: str, id: str, verb: str, who: Who, **given: Any) -> None:
        """As in memory; who cannot reach the order is told nothing but that it is not there."""
        reached = Order.objects.within_reach(who).filter(pk=UUID(id)).exists()
        before, events = self.order(id), Row.objects.count()
        try:
            self.step(id, verb, who, **given)
        except Refused as refused:
            assert refused.code == (code if reached else "not_found"), f"{verb}: {refused}"
            after = self.order(id)
            assert (after.hands, after.state) == (before.hands, before.state)
            assert Row.objects.count() == events
            return
        raise AssertionError(f"{verb} by {who.id} should be refused: {code}")

    def no_file(self, code: str, flow: str, who: Who, door: str = "file", **given: Any) -> None:
        before = Order.objects.count()
        try:
            self.file(flow, who, door, **given)
        except Refused as refused:
            assert refused.code == code, f"{door}: {refused} instead of {code}"
            assert Order.objects.count() == before
            return
        raise AssertionError(f"{door} by {who.id} should be refused: {code}")

    # ── time ─────────────────────────────────────────────────────────────────────────────────

    def wait(self, **span: float) -> None:
        self.until(self.now + timedelta(**span))

    def until(self, when: datetime) -> None:
        """The hand of the clock finds by itself what is due."""
        self.now = when
        clockwork.sweep(when)
        assert clockwork.due(when) == [], "what was due is done"

    def at(self, **span: float) -> str:
        return (self.now + timedelta(**span)).isoformat()

    # ── looking ──────────────────────────────────────────────────────────────────────────────

    def order(self, id: str) -> Kernel:
        root = Order.objects.get(pk=UUID(id)).root_id
        return look([root.hex], world.rules()).family.orders[id]

    def state(self, id: str) -> str | None:
        return Order.objects.get(pk=UUID(id)).state

    def due(self, id: str, limit: str) -> datetime | None:
        return self.order(id).limits[limit].due

    def kid(self, id: str, name: str, n: int = -1) -> str:
        return self.kids(id, name)[n]

    def kids(self, id: str, name: str) -> list[str]:
        rows = Order.objects.filter(parent=UUID(id), child=name).order_by("id")
        return [pk.hex for pk in rows.values_list("pk", flat=True)]

    def verbs(self, id: str) -> list[str]:
        return [event.verb for event in self.events(id)]

    def events(self, id: str) -> list[Event]:
        rows = Row.objects.filter(order_id=UUID(id)).order_by("nth")
        return log.events(rows.values("order_id", *log.NAMES))

    def buttons(self, id: str, who: Who) -> dict[str, str | None]:
        root = Order.objects.get(pk=UUID(id)).root_id
        found = look([root.hex], world.rules()).family.buttons(id, who, self.now)
        return {name: no and no.code for name, no in found.items()}

    def hidden(self, id: str, who: Who) -> frozenset[str]:
        return hidden(self.page(id), self.order(id), who, book().roles)

    def page(self, id: str) -> Page:
        row = Order.objects.get(pk=UUID(id))
        return book().exact(row.flow, row.since)


def with_photos(page: Page, given: dict[str, Any], now: datetime) -> dict[str, Any]:
    """The answers, with a photo taken in for each that a field of photos names."""
    said = dict(given)
    for name, field in page.fields.items():
        if field.type in CARRIERS and said.get(name):
            ids = [taken_in(now) for _ in listed(said[name])]
            said[name] = ids if isinstance(said[name], list) else ids[0]
    return said


def taken_in(now: datetime) -> str:
    """A photo's row and its file, whatever stands in that: nobody looks at it here."""
    data = b"a picture"
    photos.keep(photos.digest(data), data)
    row = Photo.objects.create(
        id=uuid4(), sha256=photos.digest(data), width=1, height=1, size=len(data), by=None, at=now
    )
    return str(row.pk)


def settle() -> None:
    """The town of the stories under the numbers it has in memory."""
    kinds = AreaKind.objects.in_bulk(KINDS.values())
    Area.objects.bulk_create(
        Area(pk=pk, kind=kinds[KINDS[len(path)]], path=path, name=path, since=LONG_AGO)
        for pk, path in AREAS.items()
    )
    Unit.objects.bulk_create(
        Unit(pk=pk, code=name, name=name, since=LONG_AGO) for name, pk in UNITS.items()
    )
    for unit, parent in BELONGS.items():
        Unit.objects.filter(pk=unit).update(parent=parent)
    Person.objects.bulk_create(
        Person(pk=pk, username=name, name=name, password="!") for name, pk in PEOPLE.items()
    )
    places = {path: pk for pk, path in AREAS.items()}
    Post.objects.bulk_create(
        Post(person_id=PEOPLE[name], role="desk", area_id=places[path], since=LONG_AGO)
        for name, path in DESKS.items()
    )
    Post.objects.bulk_create(
        Post(person_id=PEOPLE[f"member-{n}-{unit}"], role="member", unit_id=unit, since=LONG_AGO)
        for unit, many in MEMBERS_OF.items() for n in range(many)
    )  # fmt: skip
    Post.objects.bulk_create(
        Post(person_id=PEOPLE[name], role="member", unit_id=unit, since=LONG_AGO)
        for name, units in ALSO_OF.items() for unit in units
    )  # fmt: skip


@contextmanager
def opened(details: dict[str, Detail]) -> Iterator[Stage]:
    """A stage in this test's database; afterwards all that was played is recounted."""
    world.forget()
    used.forget()
    settle()
    before = dict(world.DETAILS)
    world.DETAILS.update(details)
    try:
        yield Stage()
        assert recount.verify().faults == ()
    finally:
        world.DETAILS.clear()
        world.DETAILS.update(before)
        world.forget()
        used.forget()
