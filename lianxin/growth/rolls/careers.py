"""The facts of those who work at a place, one a row, and what each career comes to."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from lianxin.core.flow.page import Words
from lianxin.growth.fact_kinds import called, kinds
from lianxin.growth.imports.take_facts import TakeFacts
from lianxin.growth.queries.workers import LOWEST, facts_under, standings
from lianxin.registry.rolls import Roll, Value


def kind(row: Any) -> Value:
    return kinds().get(row.kind, Words(row.kind, row.kind))


def what(row: Any) -> Value:
    return called(row.kind, row.name) if row.name else None


def last_day(row: Any) -> Value:
    return row.until - timedelta(days=1) if row.until else None


CAREERS = Roll(
    name="careers",
    rows=facts_under,
    cells={
        "name": lambda row: row.person.name,
        "username": lambda row: row.person.username,
        "kind": kind,
        "what": what,
        "number": lambda row: row.number,
        "n": lambda row: None if row.n is None else str(row.n),  # a year is no figure
        "community": lambda row: row.area.path if row.area else None,
        "since": lambda row: row.since,
        "until": last_day,
    },
    shown={"community": lambda row: row.area.name if row.area else None},
    apart=("username",),
    lowest=LOWEST,
    path="place",
    href=lambda row: f"/careers/{row.person_id}",
    order=("place", "person__name", "person", "since", "pk"),
    sorts={"what": ("name",), "community": ("place",)},
    taker=TakeFacts,
)
STANDINGS = Roll(
    name="standings",
    rows=standings,
    cells={
        "name": lambda row: row.person.name,
        "username": lambda row: row.person.username,
        "community": lambda row: row.area,
        "post": lambda row: called("post", row.post),
        "grade": lambda row: row.grade,
        "recorded": lambda row: row.recorded,
        "pay": lambda row: row.pay,
        "next_on": lambda row: row.next_on,
        "on": lambda row: row.on,
    },
    apart=("username",),
    path="place",
    keeps=(),
    href=lambda row: f"/careers/{row.person_id}",
    order=("place", "person__name", "pk"),
    sorts={"community": ("place",)},
)
