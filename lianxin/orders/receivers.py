"""What a unit without account may do with an order: rows of `params/receivers.toml`, by flow."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

from lianxin.core.flow.page import Page
from lianxin.core.step.family import Family
from lianxin.core.step.order import Order
from lianxin.core.step.who import Who
from lianxin.orders.book import book, texts

FILE = "receivers.toml"
ANSWERS = ("keep", "done", "longer", "back")
SPENDING = ("done", "back")


@dataclass(frozen=True, slots=True)
class Receiver:
    """One flow's row: who answers, the step that hands it out, and a step for each answer."""

    party: str
    give: str
    steps: dict[str, str]

    @property
    def only(self) -> frozenset[str]:
        return frozenset(self.steps.values())

    def spends(self, step: str) -> bool:
        """Whether this step is the answer, after which the link has done its service."""
        return step in {self.steps[name] for name in SPENDING if name in self.steps}


@cache
def table() -> tuple[timedelta, dict[str, Receiver]]:
    """How long a link lives, and the rows. Raises ValueError or LookupError for a table that names
    what its page does not have: that is found at the start, not by a property company."""
    read = tomllib.loads(texts(FILE)[FILE])
    if not 1 <= int(read["days"]) <= 366:
        raise ValueError("days must be from 1 to 366")
    rows = {flow: row_of(flow, row) for flow, row in read.items() if isinstance(row, dict)}
    return timedelta(days=int(read["days"])), rows


def row_of(flow: str, row: dict[str, Any]) -> Receiver:
    found = Receiver(row["party"], row["give"], {n: row[n] for n in ANSWERS if n in row})
    page = book().pages[flow][max(book().pages[flow])]
    if page.parties[found.party].holds != "unit":
        raise ValueError(f"{flow}: {found.party} holds no unit")
    if missing := {found.give, *found.steps.values()} - page.steps.keys():
        raise ValueError(f"{flow} has no step {sorted(missing)}")
    return found


def receiver(flow: str) -> Receiver | None:
    """The row of a flow; None where nothing of it is handed out."""
    return table()[1].get(flow)


def life() -> timedelta:
    return table()[0]


def steps_of(family: Family, order: Order, who: Who, answer: str, now: Any) -> tuple[str, ...]:
    """The steps that make this answer now, in their order; none where it cannot be given."""
    page, row = family.page(order), receiver(order.flow)
    name = row.steps.get(answer) if row else None
    if row is None or name is None or name not in page.steps:
        return ()
    if family.dry(order.id, name, who, now) is None:
        return (name,)
    first = row.steps.get("keep", "")
    if answer != "done" or not leads_to(page, first, name):
        return ()
    return (first, name) if family.dry(order.id, first, who, now) is None else ()


def leads_to(page: Page, first: str, then: str) -> bool:
    """Whether one step takes the order to where the other may be taken."""
    step = page.steps.get(first)
    return bool(step and step.to and step.to.state in page.steps[then].sources)
