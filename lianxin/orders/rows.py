"""An order of the kernel as a row of the table, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lianxin.core.flow.page import Page, Step
from lianxin.core.step.facts import iso, side, unside
from lianxin.core.step.limits import next_at, soonest
from lianxin.core.step.order import Order
from lianxin.core.step.rules import Rules
from lianxin.core.step.swap import open_to

FACTS = (
    "desks", "before", "unveiled", "paired", "excused", "tallies", "fields", "limits", "hands",
)  # fmt: skip
COLUMNS = (
    "id", "number", "flow", "since", "root_id", "parent_id", "child", "in_round", "subject", "path",
    "area_id", "desk", "state", "outcome", "nth", "visit", "round", "head", "at", "entered",
    "facts", "kind",
)  # fmt: skip


def order_in(row: Mapping[str, Any]) -> Order:
    """The kernel's order from a row with `COLUMNS`."""
    facts = row["facts"]
    kept = {name: unside(name, facts[name]) for name in FACTS if name in facts}
    return Order(
        id=row["id"].hex, flow=row["flow"], since=row["since"], path=row["path"], desk=row["desk"],
        area=str(row["area_id"]) if row["area_id"] else None, subject=row["subject"],
        parent=row["parent_id"].hex if row["parent_id"] else None, child=row["child"],
        in_round=row["in_round"], state=row["state"], visit=row["visit"], round=row["round"],
        nth=row["nth"], head=row["head"], at=row["at"], entered=row["entered"],
        outcome=row["outcome"], **kept,
    )  # fmt: skip


def moving(page: Page, order: Order, rules: Rules) -> dict[str, Any]:
    """The columns that a step may change."""
    state = page.states.get(order.state or "")
    closed = state is None or state.final
    facts = {name: side(order, name) for name in FACTS if getattr(order, name)}
    return {
        "path": order.path, "area_id": order.area, "desk": order.desk, "state": order.state,
        "open": not closed, "turn": None if closed or state is None else state.turn,
        "pool": open_to_members(page, order), "outcome": order.outcome,
        "category": order.fields.get("category"), "severity": order.fields.get("severity"),
        "nth": order.nth, "visit": order.visit, "round": order.round, "head": order.head,
        "at": iso(order.at), "entered": iso(order.entered), "due": iso(soonest(order)),
        "next_at": None if closed else iso(next_at(page, order, rules)), "facts": facts,
    }  # fmt: skip


def standing(page: Page, order: Order, root: str, number: str | None) -> dict[str, Any]:
    """The columns that never change after filing. A number of None is drawn by the database."""
    return {
        "id": order.id, "number": number, "flow": order.flow, "since": order.since.isoformat(),
        "kind": page.kind, "root_id": root, "parent_id": order.parent, "child": order.child,
        "in_round": order.in_round, "subject": order.subject, "wall": page.wall, "public": False,
        "has_kids": False,
    }  # fmt: skip


def pooled(page: Page, state: str | None) -> bool:
    """Whether members of the unit may take a step here, if there is room for one more."""
    return any(of_members(s) for s in page.steps.values() if state in s.sources)


def of_members(step: Step) -> bool:
    return any(" of " in entry for entry in step.by)


def open_to_members(page: Page, order: Order) -> bool:
    """Whether something waits for members of the unit, so that they see the order: a seat that is
    left, or one that is offered to whoever can. Where all are taken only those see it who sit."""
    steps = (s for s in page.steps.values() if order.state in s.sources and of_members(s))
    return any(room(page, order, step) for step in steps)


def room(page: Page, order: Order, step: Step) -> bool:
    if step.swaps:
        return bool(open_to(page, order, step, who=""))
    whole = order.fields.get(step.seats) if step.seats and not step.seats_of_parent else None
    return whole is None or int(whole) > len(order.party(step.casts[0]))
