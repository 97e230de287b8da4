"""Sentences that are written again and again, as rows: which step, which state, which category."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from lianxin.core.flow.page import Words
from lianxin.orders.book import book, texts

FILE = "replies.toml"
KEYS = {"flow", "steps", "states", "category", "since", "until", "name", "text"}
MOST = 6  # that stand under one field; more nobody reads


@dataclass(frozen=True, slots=True)
class Reply:
    """One row; what is empty fits everything. `key` is its place in the file."""

    key: int
    steps: tuple[str, ...]
    name: Words
    text: Words
    flow: str = ""
    states: tuple[str, ...] = ()
    category: str = ""
    since: date = date.min
    until: date = date.max

    def fits(self, flow: str, step: str, state: str, category: str, day: date) -> bool:
        return (
            self.flow in ("", flow) and step in self.steps and self.since <= day <= self.until
            and (not self.states or state in self.states) and category.startswith(self.category)
        )  # fmt: skip


@cache
def replies() -> tuple[Reply, ...]:
    """All rows of `params/replies.toml`. Raises ValueError: a row that could never be offered."""
    rows = tomllib.loads(texts(FILE)[FILE])["replies"]
    return tuple(read(n, row) for n, row in enumerate(rows, 1))


def read(n: int, row: dict[str, Any]) -> Reply:
    if extra := sorted(row.keys() - KEYS):
        raise ValueError(f"{FILE}: row {n} has no key {', '.join(extra)}")
    words = {name: Words(row[name]["zh"], row[name]["en"]) for name in ("name", "text")}
    found = Reply(
        n, tuple(row["steps"]), flow=row.get("flow", ""), states=tuple(row.get("states", ())),
        category=row.get("category", ""), since=row.get("since", date.min),
        until=row.get("until", date.max), **words,
    )  # fmt: skip
    pages = [d[max(d)] for flow, d in book().pages.items() if found.flow in ("", flow)]
    if not all(any(step in page.steps for page in pages) for step in found.steps):
        raise ValueError(f"{FILE}: row {n} names a step that no page has")
    if not all(any(state in page.states for page in pages) for state in found.states):
        raise ValueError(f"{FILE}: row {n} names a state that no page has")
    return found


def fitting(
    flow: str, step: str, state: str | None, category: str | None, day: date
) -> list[Reply]:
    """Those in force for a step, what is more to the point first."""
    found = [r for r in replies() if r.fits(flow, step, state or "", category or "", day)]
    return sorted(found, key=_aim)[:MOST]


def _aim(reply: Reply) -> tuple[int, bool, int]:
    return -len(reply.category), not reply.states, reply.key


def by_key(key: str) -> Iterator[Reply]:
    """The row of this key, if it is one."""
    return (r for r in replies() if str(r.key) == key)
