"""What the kernel must be told from outside to decide: pages, roles, clocks, desks, tallies."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from lianxin.core.clock import Calendar
from lianxin.core.flow.page import Page, Role, Span
from lianxin.core.step.order import Change, Order


class Book(Protocol):
    """The pages: the one in force on a day, or the one an order was filed under."""

    roles: Mapping[str, Role]

    def page(self, flow: str, on: date) -> Page: ...
    def exact(self, flow: str, since: date) -> Page: ...


class Detail(Protocol):
    """A mechanism's own row beside an order, written in the same transaction.

    `check` refuses (raises `Refused`); it runs last, after every other guard, and before an undo
    too (verb "undo", given the step's name as "of"). `write` is called by whoever keeps the orders
    for every change with a `detail`: the page's steps, and "void" and "undo".
    """

    def check(self, order: Order, verb: str, given: Mapping[str, Any]) -> None: ...
    def write(self, change: Change) -> None: ...


@dataclass(frozen=True)
class Rules:
    """The facts that hold for a whole family of orders.

    `span(order)`: length of a limit by category. `desks(page, path)`: paths of the desks that may
    be in charge, nearest first. `tallies(key)`: how often a thing was done across orders.
    `salt()`: 16 random bytes in hex; chance comes in like the time does. `places(area)`: the path
    of an area named in an answer; None: unknown. `among(role, units, person)`: whether somebody
    holds a role in one of these units. `over(path, kinds)`: (path, area) of the nearest such area,
    at a place or above it. `house(units)`: all that are one house with these. `impartial(desks,
    units)`: those of the desks where somebody sits who belongs to none of these units.
    `pair(order)`: whether a minor or a home is involved, so that two vetted people go.
    `vetted(people)`: those of them who are vetted today. Without these, answers are taken as they
    come and each unit is a house of its own.
    """

    book: Book
    calendar: Calendar
    span: Callable[[Order], Span]
    desks: Callable[[Page, str], tuple[str, ...]]
    tallies: Callable[[str], int]
    new_id: Callable[[Any], str]
    salt: Callable[[], str]
    details: Mapping[str, Detail] = field(default_factory=dict)
    places: Callable[[str], str | None] | None = None
    among: Callable[[str, frozenset[str], str], bool] | None = None
    over: Callable[[str, tuple[str, ...]], tuple[str, str] | None] | None = None
    house: Callable[[frozenset[str]], frozenset[str]] | None = None
    impartial: Callable[[tuple[str, ...], frozenset[str]], tuple[str, ...]] | None = None
    pair: Callable[[Order], bool] | None = None
    vetted: Callable[[frozenset[str]], frozenset[str]] | None = None
