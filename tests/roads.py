"""The road to each state of the five orders: who takes which step, in the one small town."""

from __future__ import annotations

from typing import Any

from town import Town

from lianxin.orders import actions
from lianxin.orders.models import Order

Act = tuple[str, str, dict[str, Any]]
DONE = {"outcome": "solved", "text": "好了"}
SENT: list[Act] = [("desk", "dispatch", {"unit": "U"})]
OPENED: list[Act] = [*SENT, ("clerk", "accept", {"seats": 2})]
TAKEN: list[Act] = [*OPENED, ("m1", "grab", {}), ("m2", "grab", {})]
KEPT: list[Act] = [*SENT, ("clerk", "keep", {})]
HANDLED: list[Act] = [*TAKEN, ("m1", "handle", DONE)]
RATED: list[Act] = [*HANDLED, ("resident", "rate", {"rating": 2})]
CALLED: list[Act] = [*RATED, ("desk", "call_back", {"callback": "solved"})]
ROADS: dict[str, list[Act]] = {
    "filed": [],
    "returned": [*SENT, ("clerk", "return", {"reason": "不归我们"})],
    "dispatched": SENT,
    "accepted": OPENED,
    "kept": KEPT,
    "grabbed": TAKEN,
    "parked": [*KEPT, ("clerk", "ask_park", {"reason": "冬季"}), ("supervisor", "-1 grant", {})],
    "done": HANDLED,
    "rated": RATED,
    "unsolved": [*RATED, ("desk", "call_back", {"callback": "unsolved"})],
    "called": CALLED,
    "struck": [*CALLED, ("desk", "strike_off", {})],
    "refused": [("desk", "refuse", {"reason": "不属于本县"})],
    "withdrawn": [("resident", "withdraw", {})],
    "merged": [("desk", "merge", {"into": "another"})],
    "split": [("desk", "split", {"parts": ["一", "二"]})],
}


def drive(town: Town, state: str, **answers: Any) -> str:
    """File an order and walk it to a state; gives its number."""
    number = actions.file(
        "five-orders", "file", town["resident"], {"text": "路灯不亮", **answers}, area=town.grid
    ).number
    for who, verb, given in ROADS[state]:
        paper, _, step = verb.rpartition(" ")
        said = {name: answer(town, name, value) for name, value in given.items()}
        actions.step(f"{number}{paper}", step, town[who], said)
    assert Order.objects.get(number=number).state == state
    return number


def answer(town: Town, name: str, value: Any) -> Any:
    if name == "unit":
        return str(town.units[value].pk)
    return town.file("neighbour").number if name == "into" else value
