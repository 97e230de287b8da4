"""`/today`: the grid worker's day: what is due, what was promised, what else is open near by."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from lianxin.core.flow.page import Step
from lianxin.core.step.who import Grant, Who
from lianxin.orders.phones import askable
from lianxin.orders.queries import Row, all_of, rows
from lianxin.orders.queries.first import own_rows
from lianxin.orders.queries.lists import SEVERE, most_urgent
from lianxin.orders.queries.narrow import Narrow
from lianxin.orders.sight import OrderQuerySet
from lianxin.web.access import access
from lianxin.web.asking.wishes import of_row
from lianxin.web.desk.cards import Card, card, press, steps_for
from lianxin.web.posts import reading
from lianxin.web.words import say

WORKER = "grid_worker"
FIRST = ("check", "visit")  # what a worker most often does with an order that others handle
MOST = 100


@access(WORKER)
def today(request: HttpRequest) -> HttpResponse:
    """All that is open in the worker's grids, in three parts; what is due first."""
    now = timezone.now()
    read = reading(request, (WORKER,))
    who, narrow = request.who, Narrow.of(request.GET, "due")  # type: ignore[attr-defined]
    if narrow.nothing:
        shown = own_rows(open_cases, read.grant, who, "", now, limit=MOST)
    else:
        found = narrow.take(open_cases(read.grant, who, ""))
        shown = rows(found.order_by(*most_urgent()), now, limit=MOST, whole=True)
    called = askable(shown[:MOST], who)
    parts: dict[str, list[Card]] = {"due": [], "promised": [], "near": []}
    for row in shown[:MOST]:
        parts[part_of(row)].append(made(row, row.id in called))
    asked = f"?as={read.at}&after={narrow.mark(shown[MOST - 1])}" if len(shown) > MOST else ""
    return render(request, "lists/today.html", {
        **read.facts, "title": say("lists.today.title"), "next": asked, "day": now,
        "parts": [(say(f"lists.today.{name}"), cards) for name, cards in parts.items() if cards],
    })  # fmt: skip


def open_cases(grant: Grant, who: Who, home: str) -> OrderQuerySet:
    return all_of(grant).filter(open=True, kind="case").order_by(*most_urgent())


def part_of(row: Row) -> str:
    """Due: what must not wait, is late, or ends today. Promised: the asker has named a time."""
    today = timezone.localdate()
    if row.severity == SEVERE or row.late or (row.due and timezone.localdate(row.due) <= today):
        return "due"
    return "promised" if of_row(row)[1] else "near"


def made(row: Row, phone: bool) -> Card:
    words, when = of_row(row)
    steps = sorted(steps_for(row, {WORKER}), key=rank)
    more: dict[str, Any] = {"main": press(row, steps[0])} if steps else {}
    if told := " ".join(words.split()):
        more["title"] = told[:56] + ("…" if len(told) > 56 else "")
    return card(
        row, phone=phone, more=tuple(press(row, s) for s in steps[1:]),
        notes=(say("lists.pool.when", when=when),) if when else (), **more,
    )  # fmt: skip


def rank(step: Step) -> int:
    return FIRST.index(step.name) if step.name in FIRST else len(FIRST)
