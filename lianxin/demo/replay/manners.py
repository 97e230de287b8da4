"""What people are likely to do with an order, and when: shares and waits, drawn by chance."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from math import exp, log
from pathlib import Path
from random import Random
from typing import Any

from lianxin.core.clock import Calendar
from lianxin.core.flow.page import Page
from lianxin.core.step.limits import unit
from lianxin.core.step.order import Order
from lianxin.core.step.rules import Rules

AWAKE = (7.5, 22.5)  # hours of the day in which residents are not asleep


@dataclass(frozen=True, slots=True)
class Manner:
    """One line of the table; its keys are explained there."""

    do: str
    by: str
    after: float = 1.0
    clock: str = "office"
    weight: float = 0
    chance: float = 0
    of: str | None = None
    when: str | None = None
    hands: int = 1
    spread: float = 0.8
    given: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Manners:
    """`rows` by (flow, state); `phrases` and `severity` answer what a step asks in words."""

    rows: dict[tuple[str, str], tuple[Manner, ...]]
    phrases: dict[str, list[str]]
    severity: dict[str, float]

    def of(self, order: Order) -> tuple[Manner, ...]:
        return self.rows.get((order.flow, order.state or ""), ())


@cache
def manners() -> Manners:
    table = tomllib.loads(Path(__file__).with_name("manners.toml").read_text("utf-8"))
    spread, phrases, severity = (table.pop(key) for key in ("spread", "phrases", "severity"))
    rows = {
        (flow, state): tuple(Manner(**{"spread": spread, **row}) for row in lines)
        for flow, states in table.items()
        for state, lines in states.items()
    }
    return Manners(rows, phrases, severity)


def weighed(rng: Random, shares: Mapping[str, float]) -> str:
    return rng.choices(list(shares), list(shares.values()))[0]


def chosen(rng: Random, rows: Sequence[Manner]) -> list[Manner]:
    """The one turn that is taken, and what happens beside it."""
    turns = [m for m in rows if m.weight]
    picked = rng.choices(turns, [m.weight for m in turns]) if turns else []
    return [m for m in picked if m.do] + [m for m in rows if m.chance and rng.random() < m.chance]


def when(
    manner: Manner, page: Page, order: Order, since: datetime, rules: Rules, rng: Random
) -> datetime:
    """The moment at which somebody gets round to it."""
    amount = exp(rng.gauss(log(manner.after), manner.spread))
    running = order.limits.get(manner.of or "")
    if running and running.due and running.due > since:
        at = since + (running.due - since) * amount
        urgent = unit(page.limits[manner.of or ""], order, rules) == "urgent hours"
        return at if urgent else opening(at, rules.calendar)
    if manner.clock == "office" or manner.of:
        return worked(since, amount * (8 if manner.of else 1), rules.calendar)
    at = since + timedelta(hours=amount)
    return at if manner.clock == "duty" else awake(at, rng)


def worked(since: datetime, hours: float, calendar: Calendar) -> datetime:
    """So many working hours on."""
    table = calendar.table
    return table.reach(table.sum(calendar.local(since)) + max(60, round(hours * 3600)))


def opening(at: datetime, calendar: Calendar) -> datetime:
    """This moment, or the next at which the house works."""
    return worked(at - timedelta(minutes=1), 0, calendar)


def awake(at: datetime, rng: Random) -> datetime:
    """This moment, or some time after getting up."""
    hour = at.hour + at.minute / 60
    if AWAKE[0] <= hour <= AWAKE[1]:
        return at
    day = at + timedelta(days=hour > AWAKE[1])
    up = day.replace(hour=0, minute=0, second=0) + timedelta(hours=AWAKE[0])
    return up + timedelta(minutes=rng.uniform(0, 120))
