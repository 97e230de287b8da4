"""A journal sorted into the rows of each table."""

from __future__ import annotations

from typing import Any

from lianxin.core.step.order import Change, Order
from lianxin.orders.rows import moving, standing
from lianxin.orders.shelf import Shelf
from lianxin.orders.statement import EVENT

LONGEST_KEY = 19  # digits: more than any key of a table has


class Parts:
    """`fresh`, `moved`, `events`, `contents`, `bound`, `freed`, `tallies`: a list of rows each.

    `named`: the people bound by somebody else's hand. Hands and subjects point to nobody, so these
    are locked as a key would lock them, and none is taken out of the register meanwhile. Whoever
    acts has signed in or holds a token, and stays for that.
    """

    def __init__(self, shelf: Shelf, journal: list[Change]) -> None:
        self.shelf, self.rules = shelf, shelf.family.rules
        self.fresh: list[dict[str, Any]] = []
        self.moved: list[dict[str, Any]] = []
        self.events: list[dict[str, Any]] = []
        self.contents: list[dict[str, Any]] = []
        self.bound: list[dict[str, Any]] = []
        self.freed: list[dict[str, Any]] = []
        self.counts: dict[str, dict[str, Any]] = {}
        self.held: dict[tuple[str, str, str], dict[str, Any]] = {}
        self.others: set[int] = set()
        first: dict[str, Change] = {}
        for change in journal:
            first.setdefault(change.order.id, change)
            self.happened(change)
            self.hands(change)
            self.tally(change)
        for id, change in first.items():
            self.stands(id, change)

    @property
    def tallies(self) -> list[dict[str, Any]]:
        return [row for row in self.counts.values() if row["n"]]

    @property
    def named(self) -> list[dict[str, Any]]:
        return [{"id": key} for key in sorted(self.others)]

    def tally(self, change: Change) -> None:
        """One more of what a step counts across orders; one less where it was taken back."""
        for key, most in change.counts:
            self.counted(key)["n"] += 1
            self.counted(key)["most"] = most
        for key in change.gives_back:
            self.counted(key)["n"] -= 1

    def counted(self, key: str) -> dict[str, Any]:
        return self.counts.setdefault(key, {"key": key, "most": None, "n": 0})

    def stands(self, id: str, first: Change) -> None:
        order = self.shelf.family.orders[id]
        page = self.shelf.family.page(order)
        row = moving(page, order, self.rules)
        if first.event.nth > 1:
            self.moved.append({"id": id, "was_nth": first.event.nth - 1, **row})
        else:
            root = self.shelf.roots[id]
            number = self.shelf.numbers.get(id)
            filed = {"filed": first.event.at}
            kids = {"has_kids": bool(self.shelf.family.kids.get(id))}
            if page.about == "person" and order.subject != first.event.actor:
                self.others |= keys_of(order.subject)
            self.fresh.append({**standing(page, order, root, number), **kids, **filed, **row})

    def happened(self, change: Change) -> None:
        event = change.event
        row = {name: getattr(event, name) for name in EVENT}
        self.events.append({"order_id": event.order, **row})
        self.contents += [
            {"order_id": event.order, "nth": event.nth, "name": c.name, "value": c.value,
             "salt": c.salt}
            for c in change.contents
        ]  # fmt: skip

    def hands(self, change: Change) -> None:
        """Parties bound and let go by one change. Hands laid on a step stand in the facts alone:
        these rows are what lists are read by, and what keeps an order out of them."""
        order, nth = change.order, change.event.nth
        parties = {n: p.index for n, p in self.shelf.family.page(order).parties.items() if p.index}
        old = {(h.name, h.who): h for h in (change.before.hands if change.before else ())}
        new = {(h.name, h.who): h for h in order.hands}
        for (name, who), hand in old.items():
            if name in parties and new.get((name, who)) != hand:
                self.free(order, name, who, nth)
        for (name, who), hand in new.items():
            if name in parties and old.get((name, who)) != hand:
                row = self.held[order.id, name, who] = {
                    "order_id": order.id, "name": name, "holds": parties[name],
                    "who": int(who), "capacity": hand.capacity, "since": hand.since, "until": None,
                    "veiled": hand.veiled,
                }  # fmt: skip
                self.bound.append(row)
                if parties[name] == "person" and who != change.event.actor:
                    self.others.add(int(who))

    def free(self, order: Order, name: str, who: str, nth: int) -> None:
        row = self.held.pop((order.id, name, who), None)
        if row:  # bound earlier in this very journal: never stood in the table
            row["until"] = nth
        else:
            self.freed.append({"order_id": order.id, "name": name, "who": int(who), "until": nth})


def keys_of(subject: str | None) -> set[int]:
    """Of what an order about a person names, the key: a caller may have sent any words.

    >>> keys_of("12"), keys_of("li"), keys_of("9" * 40), keys_of(None)
    ({12}, set(), set(), set())
    """
    is_key = subject and subject.isascii() and subject.isdecimal() and len(subject) < LONGEST_KEY
    return {int(subject)} if subject and is_key else set()
