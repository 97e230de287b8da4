"""A crowd that presses at random: people with all posts or none, and an answer for every field."""

from __future__ import annotations

import json
from datetime import timedelta
from itertools import product
from random import Random
from typing import Any

from stage import COMMUNITY, COUNTY, HERE, PREFECTURE, UNIT_NAMES, ZONE, book
from stage import UNITS as ALL_UNITS

from lianxin.core.flow.page import Field, Page, Step
from lianxin.core.step.chain import head
from lianxin.core.step.facts import SIDES, side, unside
from lianxin.core.step.family import Family
from lianxin.core.step.order import Event, Order
from lianxin.core.step.who import Grant, Who

UNITS = [ALL_UNITS[name] for name in UNIT_NAMES[:5]]


def posts(unit: str, path: str) -> tuple[Grant, ...]:
    """All there are: some at the community, some at the county; whoever acts above sits above."""
    roles = book().roles.values()
    placed = (
        Grant(r.name, PREFECTURE if r.acts == "above" else path) for r in roles if r.acts != "unit"
    )
    return (*placed, *(Grant(r.name, unit=unit) for r in roles if r.acts == "unit"))


DESKS = (COMMUNITY, COUNTY)
OFFICIALS = [
    Who(str(n), posts(unit, path)) for n, (unit, path) in enumerate(product(UNITS, DESKS), 1)
]
CROWD = [*OFFICIALS, *(Who(str(n)) for n in range(11, 14))]


def one(field: Field, rnd: Random, family: Family, now: Any) -> Any:
    """An answer that its field accepts, or, for persons and orders, one that may be refused."""
    if field.of:
        return rnd.choice(field.choices)
    low = int(field.min or 1)
    answers = {
        "number": low + rnd.randrange(3), "money": 5,
        "hours": rnd.choice([5, int(field.max or 700)]),
        "rating": rnd.randrange(1, 6), "person": rnd.choice(CROWD).id,
        "unit": rnd.choice(UNITS), "place": HERE, "area": HERE, "point": [107.9, 26.5],
        "moment": (now + timedelta(hours=rnd.randrange(-5, 200))).isoformat(),
        "date": now.astimezone(ZONE).date().isoformat(),
        "order": rnd.choice([*family.orders, "none"]),
        "cover": [rnd.randrange(9), rnd.randrange(9), 5, 5],
    }  # fmt: skip
    return answers.get(field.type, f"{field.name}-{rnd.randrange(9)}")


def answers(page: Page, step: Step, rnd: Random, family: Family, now: Any) -> dict[str, Any]:
    given = {}
    for ask in step.asks:
        if ask.optional and rnd.random() < 0.5:
            continue
        field = page.field(ask.name)
        times = rnd.randrange(1, 3) if field.many else 1
        values = [one(field, rnd, family, now) for _ in range(times)]
        given[ask.name] = values if field.many else values[0]
    return given


def meant(name: str, value: Any) -> Any:
    """A fact of the log by its meaning: the same moment may be written in two zones."""
    return unside(name, value) if value else None


class Reader:
    """Reads a family's journal as it grows, and believes nothing: gaps, chains, sides, times."""

    def __init__(self, family: Family) -> None:
        self.family, self.read = family, 0
        self.heads: dict[str, str] = {}
        self.present: dict[str, dict[str, Any]] = {}
        self.last: dict[str, Event] = {}

    def go_on(self) -> None:
        for change in self.family.journal[self.read :]:
            self._event(change.event)
        self.read = len(self.family.journal)
        assert self.last.keys() == self.family.orders.keys()
        for id, present in self.present.items():
            self._order(self.family.orders[id], present)

    def _event(self, event: Event) -> None:
        id, last = event.order, self.last.get(event.order)
        present = self.present.setdefault(id, {})
        assert event.nth == (last.nth + 1 if last else 1)
        assert event.source == present.get("state"), f"{event.verb} skips a step"
        assert event.head == head(self.heads.get(id, ""), event)
        assert (last.at if last else event.at) <= event.at <= event.recorded
        for name, value in event.was.items():
            assert meant(name, present.get(name)) == meant(name, value), f"{event.verb}: {name}"
        present |= event.now
        self.heads[id], self.last[id] = event.head, event

    def _order(self, order: Order, present: dict[str, Any]) -> None:
        """What the events add up to is where the order stands, and JSON can hold it."""
        stands = {name: value for name in SIDES if (value := side(order, name))}
        told = {name: meant(name, value) for name, value in present.items() if value}
        assert told == {name: getattr(order, name) for name in stands}
        last = self.last[order.id]
        assert (order.nth, order.head, order.at) == (last.nth, last.head, last.at)
        for name, value in json.loads(json.dumps(stands)).items():
            assert unside(name, value) == getattr(order, name), name


def whole(family: Family) -> None:
    """Every order's story is without gaps, chained, and adds up to where the order stands."""
    Reader(family).go_on()


def seated(family: Family) -> None:
    """No party has outgrown its seats."""
    for order in family.orders.values():
        for step in family.page(order).steps.values():
            if not step.seats or order.state not in step.sources:
                continue  # a unit that does it itself names as many as it likes
            source = family.orders[order.parent or ""] if step.seats_of_parent else order
            sharing = family.siblings(order) if step.seats_of_parent else [order]
            taken = sum(len(o.party(step.casts[0])) for o in sharing if o.state != "void")
            assert taken <= int(source.fields.get(step.seats) or 0), f"{order.flow}: {taken} seats"
