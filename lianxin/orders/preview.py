"""What each reader would see of a request that is not there yet: filed in memory, and looked at by
the rules that will hold for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lianxin.core.flow.page import Page
from lianxin.core.step.capacity import CLERK, as_party
from lianxin.core.step.order import Hand, Order
from lianxin.core.step.seen import hidden
from lianxin.core.step.who import Grant, Who
from lianxin.orders.book import book
from lianxin.orders.rows import open_to_members, pooled
from lianxin.orders.shelf import Shelf
from lianxin.orders.world import rules
from lianxin.registry.models import Area

UNIT, MEMBER = "unit", "member"
SOME_UNIT, SOMEBODY, ANOTHER = "0", "-1", "-2"  # nobody in the registry has such a key
GRID = 18  # digits


@dataclass(frozen=True, slots=True)
class View:
    """One reader: whether they see it at all, and which of its answers, by name."""

    reader: str
    sees: bool
    shown: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()


def previews(
    flow: str, door: str, given: Mapping[str, Any], area: Area, now: datetime
) -> list[View]:
    """One view for each of `READERS`. Nothing is written. Raises Refused, as filing would."""
    shelf = Shelf(rules({str(area.pk): area.path}))
    answers = {**given, "place": str(area.pk)}
    order = shelf.family.file(
        flow, door, Who(""), answers, now, path=area.path, area=str(area.pk), act="preview"
    )
    page = shelf.family.page(order)
    named = tuple(n for n in page.steps[door].asked if n in answers)
    return [view(name, page, stage(page, order), who(area.path, order), named)
            for name, (stage, who) in READERS.items()]  # fmt: skip


def view(reader: str, page: Page, order: Order, who: Who, named: tuple[str, ...]) -> View:
    if not sees(page, order, who):
        return View(reader, False, (), named)
    closed = hidden(page, order, who, book().roles)
    return View(
        reader, True, tuple(n for n in named if n not in closed),
        tuple(n for n in named if n in closed),
    )  # fmt: skip


# ── the readers, and how far it must have come for them ──────────────────────────────────────────


def as_filed(page: Page, order: Order) -> Order:
    return order


def taken_up(page: Page, order: Order) -> Order:
    """As it stands once a unit has opened it to its members."""
    new = order.copy()
    new.hands = (*order.hands, Hand(UNIT, SOME_UNIT, UNIT, 2))
    new.state = next((s for s in page.states if pooled(page, s)), order.state)
    return new


def grabbed(page: Page, order: Order) -> Order:
    new = taken_up(page, order)
    new.hands = (*new.hands, Hand("holder", SOMEBODY, MEMBER, 3))
    return new


def post(role: str, path: str) -> Who:
    return Who(ANOTHER, (Grant(role, path),))


Stage = Callable[[Page, Order], Order]
Reader = Callable[[str, Order], Who]
READERS: dict[str, tuple[Stage, Reader]] = {
    "neighbour": (as_filed, lambda path, order: Who(ANOTHER)),
    "grid_worker": (as_filed, lambda path, order: post("grid_worker", path.ljust(GRID, "0"))),
    "community": (as_filed, lambda path, order: post("desk", path[:12])),
    "desk": (as_filed, lambda path, order: post("desk", order.desk)),
    "before": (taken_up, lambda path, order: Who(SOMEBODY, (Grant(MEMBER, unit=SOME_UNIT),))),
    "after": (grabbed, lambda path, order: Who(SOMEBODY, (Grant(MEMBER, unit=SOME_UNIT),))),
    "clerk": (taken_up, lambda path, order: Who(ANOTHER, (Grant(CLERK, unit=SOME_UNIT),))),
}


# ── whether they see it at all ───────────────────────────────────────────────────────────────────


def sees(page: Page, order: Order, who: Who) -> bool:
    """As `sight` decides it on rows; a test holds the two beside each other."""
    party = any(as_party(order, page, name, who) for name in page.parties)
    return party or any(opens(page, order, grant) for grant in who.grants)


def opens(page: Page, order: Order, grant: Grant) -> bool:
    if grant.unit:
        bound = any(p.holds == UNIT and order.holds(n, grant.unit) for n, p in page.parties.items())
        return bound and (grant.role == CLERK or open_to_members(page, order))
    role = book().roles[grant.role]
    if role.sees and page.wall == "place":
        return order.path.startswith(grant.path)
    return bool(role.sees and page.wall == "desk" and order.desk == grant.path)
